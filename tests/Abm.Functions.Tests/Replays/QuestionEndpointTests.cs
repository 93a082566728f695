using System.Text;
using System.Text.Json.Nodes;
using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Replays;
using Abm.Functions.Tests.Plays;
using Abm.Journeys;
using Abm.Plays;
using Abm.Ports;
using Abm.Replays;
using Abm.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;

namespace Abm.Functions.Tests.Replays;

/// <summary>Replay and why-not as they are asked over HTTP, and the lines of a dry run.</summary>
public sealed class QuestionEndpointTests
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task A_decision_replayed_without_naming_a_version_is_the_same_whatever_changed_since()
    {
        PlayWorld world = new();
        PlayStartInput start = await world.DecideAsync();
        world.Facts.Accounts = AccountIndex.Empty;
        world.Facts.Reps = new Dictionary<RepId, Abm.People.Rep>();
        world.Facts.Config = A.Config() with { Version = "later" };

        JsonNode answer = await ReplayAsync(world, start.DecisionId!);

        Assert.Equal(("same", false, start.DecisionId, start.LeadId, "test", "test"), ((string?)answer["result"], (bool)answer["isAnotherDecision"]!, (string?)answer["decisionId"], (string?)answer["leadId"], (string?)answer["configVersion"], (string?)answer["replayedUnder"]));
        Assert.Null(answer["firstDifference"]);
        Assert.Empty(answer["notRecorded"]!.AsArray());
        Assert.Equal(start.OwnerId, (string?)answer["after"]!["ownerId"]);
    }

    [Fact]
    public async Task Under_the_version_in_force_the_first_difference_is_told()
    {
        PlayWorld world = new();
        PlayStartInput start = await world.DecideAsync();
        world.Facts.Config = A.Config().Routing(new RoutingRule { Name = "Desk", To = new RouteTarget.Queue("desk") }) with { Version = "later" };

        JsonNode answer = await ReplayAsync(world, start.DecisionId!, "?config=active");

        Assert.Equal(("different", true, "later"), ((string?)answer["result"], (bool)answer["isAnotherDecision"]!, (string?)answer["replayedUnder"]));
        Assert.Equal(("score", "route"), ("score", (string?)answer["firstDifference"]!["step"]));
        Assert.Contains(answer["changes"]!.AsArray(), c => (string?)c!["facet"] == "owner" && (string?)c["after"] == "queue:desk");
        Assert.Equal(("assigned", "queued", "desk"), ((string?)answer["before"]!["route"], (string?)answer["after"]!["route"], (string?)answer["after"]!["queue"]));
    }

    [Theory]
    [InlineData("nothing", "", 404)]
    [InlineData("dec-1-lead-nobody", "", 404)]
    [InlineData("dec-1-", "?lead=nobody", 404)]
    [InlineData(null, "?config=nothing", 404)]
    [InlineData(null, "", 200)]
    public async Task Unknown_decisions_and_versions_are_not_found(string? id, string query, int status)
    {
        PlayWorld world = new();
        PlayStartInput start = await world.DecideAsync();

        Assert.Equal(status, (await ApiAnswer.OfAsync(await new ReplayDecision(Questions(world)).RunAsync(ApiAnswer.Request(query), id ?? start.DecisionId!, None))).Status);
    }

    [Fact]
    public async Task Without_the_people_of_then_todays_decide_and_that_is_told()
    {
        PlayWorld world = new();
        PlayStartInput start = await world.DecideAsync();
        DecisionQuestions forgetful = new(world.Leads, world.Leads, new InMemoryRepSnapshots(), world.Facts, world.Facts, world.Facts);

        ApiAnswer answer = await ApiAnswer.OfAsync(await new ReplayDecision(forgetful).RunAsync(ApiAnswer.Request(), start.DecisionId!, None));

        Assert.Equal("reps", (string?)Assert.Single(answer.Json["notRecorded"]!.AsArray()));
    }

    [Theory]
    [InlineData("""{"leadId":"LEAD","rep":"M1"}""", 200, "whyNot.rep.target")]
    [InlineData("""{"decisionId":"DECISION","account":"A9"}""", 200, "whyNot.account.known")]
    [InlineData("""{"leadId":"LEAD","play":"outbound"}""", 200, "whyNot.play.known")]
    [InlineData("""{"leadId":"LEAD"}""", 400, null)]
    [InlineData("""{"rep":"R1"}""", 400, null)]
    [InlineData("""{"leadId":"LEAD","rep":"R1","account":"A1"}""", 400, null)]
    [InlineData("""{"leadId":"LEAD","rep":7}""", 400, null)]
    [InlineData("""{"leadId":"LEAD","who":"R1"}""", 400, null)]
    [InlineData("""[]""", 400, null)]
    [InlineData("""{"leadId":"nobody","rep":"R1"}""", 404, null)]
    [InlineData("""{"leadId":"LEAD","rep":"R1","config":"nothing"}""", 404, null)]
    public async Task Why_not_is_asked_about_one_thing(string body, int status, string? code)
    {
        PlayWorld world = new();
        PlayStartInput start = await world.DecideAsync();
        string text = body.Replace("LEAD", start.LeadId, StringComparison.Ordinal).Replace("DECISION", start.DecisionId, StringComparison.Ordinal);

        ApiAnswer answer = await ApiAnswer.OfAsync(await new AskWhyNot(Questions(world)).RunAsync(Json(text), None));

        Assert.Equal(status, answer.Status);
        if (code is not null)
            Assert.Equal(code, (string?)answer.Json["firstFailed"]!["code"]);
    }

    [Fact]
    public async Task A_dry_run_ends_with_its_report_and_notes_it_for_the_gate_when_the_window_is_whole()
    {
        PlayWorld world = new();
        for (int i = 0; i < 5; i++)
            await world.DecideAsync(A.Lead($"form-{i}"));
        DateTimeOffset now = world.Clock.GetUtcNow().AddMinutes(1);
        AbmConfig draft = world.Facts.Config.Routing(new RoutingRule { Name = "Desk", To = new RouteTarget.Queue("desk") }) with { Version = "draft" };
        Gate gate = new();

        JsonNode whole = await DryRunAsync(world, gate, draft, new DryRunWindow(now.AddDays(-31), now, 100), isWhole: true);
        JsonNode part = await DryRunAsync(world, gate, draft with { Version = "other" }, new DryRunWindow(now.AddDays(-31), now, 2), isWhole: true);

        Assert.Equal((5, 5, 100.0, true, false), ((int)whole["decisions"]!, (int)whole["flips"]!, (double)whole["flipPercent"]!, (bool)whole["countsForGate"]!, (bool)whole["isCut"]!));
        Assert.Equal((2, true, false), ((int)part["decisions"]!, (bool)part["isCut"]!, (bool)part["countsForGate"]!));
        Assert.Equal(5, whole["load"]!.AsArray().Sum(l => (int)l!["before"]!));
        Assert.Equal(0, whole["load"]!.AsArray().Sum(l => (int)l!["after"]!));
        Assert.Equal(5, whole["top"]!.AsArray().Count);
        DryRunSummary noted = Assert.Single(gate.Noted);
        Assert.Equal(("draft", "test", 5, 5), (noted.DraftVersion, noted.BaseVersion, noted.Decisions, noted.Flips));
    }

    private static async Task<JsonNode> DryRunAsync(PlayWorld world, Gate gate, AbmConfig draft, DryRunWindow window, bool isWhole)
    {
        using MemoryStream output = new();
        DryRunner runner = new(world.Leads, world.Snapshots, world.Facts, world.Facts, world.Clock);
        await new DryRunStream(runner, gate, world.Facts.Config, draft, window, isWhole, world.Clock.GetUtcNow(), NullLogger.Instance).RunAsync(output, None);
        string[] lines = Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        return JsonNode.Parse(lines[^1])!["report"]!;
    }

    private static async Task<JsonNode> ReplayAsync(PlayWorld world, string decisionId, string query = "") =>
        (await ApiAnswer.OfAsync(await new ReplayDecision(Questions(world)).RunAsync(ApiAnswer.Request(query), decisionId, None))).Json;

    private static DecisionQuestions Questions(PlayWorld world) => new(world.Leads, world.Leads, world.Snapshots, world.Facts, world.Facts, world.Facts);

    private static HttpRequest Json(string body)
    {
        HttpRequest request = ApiAnswer.Request();
        request.Method = "POST";
        request.ContentType = "application/json";
        request.Body = new MemoryStream(Encoding.UTF8.GetBytes(body));
        return request;
    }

    private sealed class Gate : IPublishGate
    {
        public List<DryRunSummary> Noted { get; } = [];

        public Task NoteAsync(DryRunSummary summary, CancellationToken cancellationToken)
        {
            Noted.Add(summary);
            return Task.CompletedTask;
        }

        public Task<DryRunSummary?> FindAsync(string draftVersion, string baseVersion, CancellationToken cancellationToken) =>
            Task.FromResult(Noted.LastOrDefault(n => n.DraftVersion == draftVersion && n.BaseVersion == baseVersion));
    }
}
