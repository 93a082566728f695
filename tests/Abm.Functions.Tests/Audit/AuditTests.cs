using System.Globalization;
using System.Text.Json.Nodes;
using Abm.Functions.Audit;
using Abm.Functions.Configuration.Versions;
using Abm.Functions.Http;
using Abm.Functions.OpenApi;
using Abm.Functions.Replays;
using Abm.Functions.Tests.Configuration.Versions;
using Abm.Functions.Tests.Http;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Abm.Functions.Tests.Audit;

public sealed class AuditTests
{
    private static readonly ApiResult Ok = new(200);
    private readonly PublishingWorld _world = new(new AuthOptions { TrustPrincipalHeader = true });

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_looked_at_a_lead_is_written_once_for_ten_minutes()
    {
        await Call("WhyLead", "lead-1", "ana");
        await Call("WhyLead", "lead-1", "ana");
        await Call("WhyLead", "lead-1", "bob");
        await Call("WhyLead", "lead-2", "ana");
        _world.Clock.Advance(AuditTrail.OneLook);
        await Call("WhyLead", "lead-1", "ana");

        Assert.Equal(
            ["ana lead-1", "ana lead-1", "ana lead-2", "bob lead-1"],
            _world.Audit.Entries.Select(e => $"{e.By} {e.Subject}").Order(StringComparer.Ordinal));
        Assert.All(_world.Audit.Entries, e => Assert.Equal((AuditKinds.WhyLook, "request-9"), (e.Kind, e.RequestId)));
        Assert.Equal(4, _world.Audit.Writes);
    }

    [Fact]
    public async Task Two_processes_that_are_asked_by_the_same_person_write_one_entry()
    {
        AuditTrail other = new(_world.Audit, _world.Source, _world.Clock);

        await _world.Trail.LookAsync(AuditKinds.LeadLook, "lead-1", new Actor("ana", "r1"), Token);
        await other.LookAsync(AuditKinds.LeadLook, "lead-1", new Actor("ana", "r2"), Token);

        Assert.Equal("r1", Assert.Single(_world.Audit.Entries).RequestId);
    }

    [Fact]
    public async Task Acts_are_written_one_by_one()
    {
        await Call("TouchLead", "lead-1", "ana", "r1");
        await Call("TouchLead", "lead-1", "ana", "r2");

        Assert.Equal(2, _world.Audit.Entries.Count(e => e.Kind == AuditKinds.Touch));
    }

    [Fact]
    public async Task A_question_whose_lead_stands_in_its_body_is_written_with_that_lead()
    {
        WhyNotResponse answer = new("lead-7", "dec-1-lead-7", "cfg", "rep", "R1", "route", IsSo: true, null, [], []);

        await Note("AskWhyNot", new ApiResult(200, answer), "", "ana");

        Assert.Equal((AuditKinds.WhyLook, "lead-7"), (Assert.Single(_world.Audit.Entries).Kind, _world.Audit.Entries[0].Subject));
    }

    [Fact]
    public async Task What_was_refused_or_not_found_is_not_written()
    {
        await Note("WhyLead", new ApiResult(404), "lead-1", "ana");
        await Note("TouchLead", new ApiResult(409), "lead-1", "ana");
        await Note("ListLeads", Ok, "", "ana");

        Assert.Empty(_world.Audit.Entries);
    }

    [Fact]
    public async Task Without_the_audit_daily_work_goes_on_with_an_alert_and_whole_messages_stay_hidden()
    {
        _world.Audit.IsDown = true;
        Recorder log = new();

        await Note("WhyLead", Ok, "lead-1", "ana", log);
        await Note("TouchLead", Ok, "lead-1", "ana", log);
        foreach (string closed in new[] { "ListQuarantine", "ListDeadNotifications", "GetNotification", "ExportAudit", "ListAudit", "RunDryRun" })
            await Assert.ThrowsAsync<HttpRequestException>(() => Note(closed, Ok, "x", "ana", log));

        Assert.Equal(2, log.Lines.Count(line => line.StartsWith("ALERT the audit could not be written", StringComparison.Ordinal) && line.Contains("ana", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_address_is_written_down_or_known_to_show_nobody()
    {
        // Accounts and people of one's own company, ids and clocks: no personal data of leads. Publications write their own entries. Whoever sends a lead sees what they sent.
        string[] harmless =
        [
            "CancelActivation", "CountDecisions", "DiffConfig", "GetAccount", "GetClock", "GetConfig", "GetConfigFiles", "GetConfigSchema", "GetConfigVersion", "GetHealth", "GetOpenApi", "GetPlay", "GetPool", "GetPoolLedger", "GetRematchReport", "GetRuleBook", "GetSignals", "ImportHolidays",
            "KeepDraft", "ListAccounts", "ListActivations", "ListClocks", "ListConfigVersions", "ListLeads", "ListPlays", "ListPools", "ListRematchReports", "ListReps", "ListUnmatched", "MatchBatch", "MatchLead", "PostEvents", "PreviewRecount", "PublishConfig", "SimulatePlay",
            "RollbackConfig", "SubmitLead", "SummariseClocks", "ValidateConfig",
        ];
        string[] all = [.. OpenApiDocument.Triggers(typeof(AuditCalls).Assembly).Select(f => f.Name)];

        Assert.Empty(AuditedCalls.All.Keys.Except(all, StringComparer.Ordinal));
        Assert.Empty(all.Except(harmless, StringComparer.Ordinal).Except(AuditedCalls.All.Keys, StringComparer.Ordinal));
        Assert.Empty(harmless.Intersect(AuditedCalls.All.Keys, StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_audit_is_shown_newest_first_filtered_and_page_by_page()
    {
        for (int i = 0; i < 5; i++)
        {
            _world.Clock.Advance(TimeSpan.FromHours(1));
            await _world.Trail.ActAsync(i % 2 == 0 ? AuditKinds.Touch : AuditKinds.Pin, $"lead-{i}", new Actor("ana", $"r{i}"), Token);
        }

        DateTimeOffset begun = _world.Clock.GetUtcNow().AddHours(-4);
        Assert.Equal(["lead-4", "lead-3"], await Subjects("?limit=2"));
        Assert.Equal(["lead-4", "lead-2", "lead-0"], await Subjects("?kind=touch"));
        Assert.Equal(["lead-2", "lead-1", "lead-0"], await Subjects($"?to={Text(begun.AddHours(3))}"));
        Assert.Equal(["lead-4", "lead-3"], await Subjects($"?from={Text(begun.AddHours(3))}"));
        Assert.Empty(await Subjects("?by=bob"));
        Assert.Equal(400, (await List($"?from={Text(begun)}&to={Text(begun)}")).Status);
        Assert.Equal(400, (await List("?from=yesterday")).Status);
    }

    [Fact]
    public async Task The_export_has_every_entry_a_line()
    {
        for (int i = 0; i < 1_203; i++)
        {
            _world.Clock.Advance(TimeSpan.FromSeconds(1));
            await _world.Trail.ActAsync(AuditKinds.Touch, $"lead-{i}", new Actor("ana", null), Token);
        }

        Answered answer = await new AuditFunctions(_world.Audit, _world.Callers).ExportAudit(Requests.Get("/api/audit/export"), Token).AnswerAsync();

        string[] lines = answer.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal((1_203, "application/x-ndjson; charset=utf-8"), (lines.Length, answer.ContentType));
        Assert.Equal("lead-1202", (string?)JsonNode.Parse(lines[0])!["subject"]);
    }

    [Fact]
    public async Task Reps_and_viewers_do_not_see_who_looked()
    {
        AuditFunctions functions = new(_world.Audit, _world.Callers);

        foreach (string role in new[] { "rep", "viewer" })
        {
            HttpRequest request = Requests.PostJson("/api/audit", "", CallerTests.Principal("vera", role));
            Assert.Equal(403, (await functions.ListAudit(request, Token).AnswerAsync()).Status);
            Assert.Equal(403, (await functions.ExportAudit(request, Token).AnswerAsync()).Status);
        }
    }

    private async Task<string[]> Subjects(string query) => [.. (await List(query)).Json["items"]!.AsArray().Select(i => (string)i!["subject"]!)];

    private Task<Answered> List(string query) => new AuditFunctions(_world.Audit, _world.Callers).ListAudit(Requests.Get($"/api/audit{query}"), Token).AnswerAsync();

    private Task Call(string function, string id, string who, string requestId = "request-9") => Note(function, Ok, id, who, requestId: requestId);

    private Task Note(string function, object result, string id, string who, ILogger<AuditCalls>? log = null, string requestId = "request-9")
    {
        HttpRequest request = Requests.PostJson("/api/x", "", CallerTests.Principal(who, "rep"));
        request.RouteValues["id"] = id;
        return new AuditCalls(_world.Trail, _world.Callers, log ?? NullLogger<AuditCalls>.Instance).NoteAsync(function, request, result, requestId);
    }

    private static string Text(DateTimeOffset at) => at.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    private sealed class Recorder : ILogger<AuditCalls>
    {
        public List<string> Lines { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) => Lines.Add(formatter(state, exception));
    }
}
