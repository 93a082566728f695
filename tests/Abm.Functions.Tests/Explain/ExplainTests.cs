using System.Text.Json.Nodes;
using Abm.Functions.Clocks;
using Abm.Functions.Explain;
using Abm.Functions.Plays;
using Abm.Functions.Tests.Plays;
using Abm.Functions.Unmatched;
using Abm.Leads;
using Abm.Plays;
using Abm.TestKit;

namespace Abm.Functions.Tests.Explain;

public sealed class ExplainTests
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task A_lead_shows_where_it_stands()
    {
        PlayWorld world = new();
        PlayStartInput start = await world.DecideAsync();
        await new PlayedContextRun(world, start).BeginAsync();

        ApiAnswer answer = await ApiAnswer.OfAsync(await new GetLead(world.Leads).RunAsync(ApiAnswer.Request(), start.LeadId!, None));

        Assert.Equal(200, answer.Status);
        JsonNode lead = answer.Json;
        Assert.Equal(
            (start.LeadId, "decided", "matched", "A1", start.OwnerId, start.DecisionId, "test"),
            ((string?)lead["leadId"], (string?)lead["state"], (string?)lead["outcome"], (string?)lead["accountId"], (string?)lead["ownerId"], (string?)lead["decisionId"], (string?)lead["configVersion"]));
        Assert.Equal((start.PlayId, "inbound", "running"), ((string?)lead["plays"]![0]!["playId"], (string?)lead["plays"]![0]!["name"], (string?)lead["plays"]![0]!["status"]));
        JsonNode clock = lead["clocks"]![0]!;
        Assert.Equal(("running", "first-touch", start.OwnerId), ((string?)clock["state"], (string?)clock["policy"], (string?)clock["ownerId"]));
        Assert.NotNull(clock["startedAt"]);
        Assert.NotNull(clock["dueAt"]);
        Assert.Null(clock["stoppedAt"]);
        Assert.Equal("ada@acme.example", (string?)lead["submitted"]!["email"]);
    }

    [Fact]
    public async Task An_undecided_lead_is_shown_and_explained_as_such()
    {
        PlayWorld world = new();
        Lead lead = A.Lead();
        await world.Leads.AdmitAsync(lead, "f", None);

        JsonNode shown = (await ApiAnswer.OfAsync(await new GetLead(world.Leads).RunAsync(ApiAnswer.Request(), lead.Id.Value, None))).Json;
        JsonNode why = (await ApiAnswer.OfAsync(await new WhyLead(world.Leads).RunAsync(ApiAnswer.Request(), lead.Id.Value, None))).Json;
        JsonNode list = (await ApiAnswer.OfAsync(await new ListLeads(world.Lists, world.Leads).RunAsync(ApiAnswer.Request("?state=received"), None))).Json;

        Assert.Equal(("received", null), ((string?)shown["state"], (string?)shown["outcome"]));
        Assert.Equal("It is not decided yet.", (string?)why["story"]![1]);
        Assert.Null(why["decision"]);
        Assert.Equal(lead.Id.Value, (string?)list["items"]![0]!["leadId"]);
    }

    [Fact]
    public async Task The_story_is_told_from_what_was_stored_from_arrival_to_touch()
    {
        PlayWorld world = new();
        PlayStartInput start = await world.DecideAsync();
        PlayedContext context = new(world, start);
        Task<PlayOutput?> play = PlayOrchestrator.RunAsync(context);
        await context.UntilAsync(play, ManualTimeProvider.WednesdayMorning.AddMinutes(80));
        await world.TouchAsync(start);
        context.Raise();
        await play;
        world.Facts.Config = A.Config() with { Version = "other" }; // a fresh guess would name another configuration

        JsonNode why = (await ApiAnswer.OfAsync(await new WhyLead(world.Leads).RunAsync(ApiAnswer.Request(), start.LeadId!, None))).Json;
        string[] story = [.. why["story"]!.AsArray().Select(line => (string)line!)];

        Assert.Equal("It came from web at 2026-11-18 10:00:00 UTC.", story[0]);
        Assert.StartsWith("At 2026-11-18 10:00:00 UTC, by configuration test, it was matched to Acme (A1) with a confidence of ", story[1], StringComparison.Ordinal);
        Assert.Contains($"It went to {start.OwnerId}, whose turn it was in pool sales, by rule 'Everybody'.", story);
        Assert.Contains("Play inbound follows it up; the first touch was due by 2026-11-18 11:00:00 UTC (first-touch: 1 h, calendar always).", story);
        Assert.Contains($"At 2026-11-18 11:00:00 UTC the deadline of {start.OwnerId} was missed (first-touch, owner clock).", story);
        Assert.Contains(story, line => line.StartsWith($"At 2026-11-18 11:15:00 UTC it went from {start.OwnerId} to ", StringComparison.Ordinal));
        Assert.Equal(["At 2026-11-18 11:20:00 UTC R1 touched it: call.", "At 2026-11-18 11:20:00 UTC the play ended: Touched."], story[^2..]);
        JsonNode decision = why["decision"]!;
        Assert.NotEmpty(decision["match"]!["candidates"]![0]!["evidence"]!.AsArray());
        Assert.NotNull(decision["score"]!["fitPoints"]);
        Assert.NotEmpty(decision["route"]!["reasons"]!.AsArray());
        Assert.Equal("sales", (string?)decision["poolAfter"]!["pool"]);
        Assert.NotEmpty(decision["play"]!["firstTouch"]!["intervals"]!.AsArray());
        Assert.Equal("ada@acme.example", (string?)decision["submitted"]!["email"]);
    }

    [Fact]
    public async Task Unknown_leads_are_not_found()
    {
        PlayWorld world = new();

        foreach (string id in new[] { "nobody", " ", new string('x', 500) })
        {
            Assert.Equal(404, (await ApiAnswer.OfAsync(await new GetLead(world.Leads).RunAsync(ApiAnswer.Request(), id, None))).Status);
            Assert.Equal(404, (await ApiAnswer.OfAsync(await new WhyLead(world.Leads).RunAsync(ApiAnswer.Request(), id, None))).Status);
        }
    }

    [Fact]
    public async Task Lists_are_paged_and_filtered()
    {
        PlayWorld world = new();
        for (int i = 0; i < 5; i++)
            await world.DecideAsync(A.Lead($"form-{i}"));
        ListLeads list = new(world.Lists, world.Leads);

        List<string> seen = [];
        string? cursor = null;
        do
        {
            JsonNode page = (await ApiAnswer.OfAsync(await list.RunAsync(ApiAnswer.Request($"?limit=2&outcome=matched{(cursor is null ? "" : $"&cursor={cursor}")}"), None))).Json;
            seen.AddRange(page["items"]!.AsArray().Select(i => (string)i!["leadId"]!));
            cursor = (string?)page["next"];
        }
        while (cursor is not null);

        Assert.Equal(5, seen.Distinct().Count());
        Assert.Empty((await ApiAnswer.OfAsync(await list.RunAsync(ApiAnswer.Request("?outcome=review"), None))).Json["items"]!.AsArray());
    }

    [Theory]
    [InlineData("?limit=0", "outOfRange limit")]
    [InlineData("?limit=501&state=lost&outcome=maybe&ownerId=a/b", "outOfRange limit", "unknownValue state", "unknownValue outcome", "invalidId ownerId")]
    [InlineData("?state=received&outcome=matched", "notApplicable state")]
    [InlineData("?cursor=nonsense", "invalidCursor cursor")]
    public async Task What_cannot_be_filtered_by_is_refused_with_all_problems(string query, params string[] problems)
    {
        PlayWorld world = new();

        ApiAnswer answer = await ApiAnswer.OfAsync(await new ListLeads(world.Lists, world.Leads).RunAsync(ApiAnswer.Request(query), None));

        Assert.Equal(400, answer.Status);
        Assert.Equal(problems, answer.Codes);
    }

    [Fact]
    public async Task The_unmatched_show_their_age_and_candidates()
    {
        PlayWorld world = new();
        await world.DecideAsync(A.Lead().From("gmail.com"));
        world.Clock.Advance(TimeSpan.FromHours(2));

        JsonNode item = (await ApiAnswer.OfAsync(await new ListUnmatched(world.Lists, world.Leads, world.Facts, world.Clock).RunAsync(ApiAnswer.Request(), None))).Json["items"]![0]!;

        Assert.Equal(("unmatched", "freemailNoCompany", 7200), ((string?)item["outcome"], (string?)item["why"], (double)item["ageSeconds"]!));
        Assert.NotNull(item["candidates"]);
    }

    [Fact]
    public async Task The_board_shows_clocks_by_state()
    {
        PlayWorld world = new();
        PlayStartInput start = await world.DecideAsync();
        await new PlayedContextRun(world, start).BeginAsync();
        ListClocks board = new(world.Lists, world.Clock);

        JsonNode running = (await ApiAnswer.OfAsync(await board.RunAsync(ApiAnswer.Request($"?state=running&ownerId={start.OwnerId}"), None))).Json;

        Assert.Equal(2, running["items"]!.AsArray().Count);
        Assert.Empty((await ApiAnswer.OfAsync(await board.RunAsync(ApiAnswer.Request("?state=met"), None))).Json["items"]!.AsArray());
        Assert.Equal(
            ["unknownValue state", "wrongType dueBefore"],
            (await ApiAnswer.OfAsync(await board.RunAsync(ApiAnswer.Request("?state=late&dueBefore=soon"), None))).Codes);
    }

    /// <summary>Begins a play and leaves it waiting.</summary>
    private sealed class PlayedContextRun(PlayWorld world, PlayStartInput start)
    {
        public async Task BeginAsync()
        {
            PlayedContext context = new(world, start);
            await context.UntilAsync(PlayOrchestrator.RunAsync(context), ManualTimeProvider.WednesdayMorning.AddMinutes(1));
        }
    }
}
