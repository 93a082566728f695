using Abm.Accounts;
using Abm.Clocks;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Corrections;
using Abm.Functions.Delivery;
using Abm.Functions.Explain;
using Abm.Functions.Http;
using Abm.Functions.Journeys;
using Abm.Functions.Plays;
using Abm.Functions.Tests.Plays;
using Abm.Leads;
using Abm.Plays;
using Abm.Ports;
using Abm.Replays;
using Abm.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Abm.Functions.Tests.Corrections;

public sealed class CorrectionTests
{
    private static readonly DateTimeOffset Begin = ManualTimeProvider.WednesdayMorning;
    private readonly PlayWorld _world = new();
    private readonly InMemoryCases _cases = new();

    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task A_person_places_a_lead_and_is_shown_what_the_matcher_would_have_said()
    {
        PlayStartInput start = await DecideAsync();
        AddAccount("B1");

        ApiAnswer answer = await AssociateAsync(start.LeadId!, """{"accountId":"B1","by":"R1","reason":"Same holding"}""");

        Assert.Equal((200, false, true), (answer.Status, (bool)answer.Json["duplicate"]!, (bool)answer.Json["isCaseKept"]!));
        Assert.Equal(("B1", "matched"), ((string?)answer.Json["lead"]!["accountId"], (string?)answer.Json["lead"]!["outcome"]));
        Assert.Equal(("matched", "A1"), ((string?)answer.Json["wouldHaveBeen"]!["outcome"], (string?)answer.Json["wouldHaveBeen"]!["accountId"]));
        LeadEvent happened = Assert.Single(await _world.EventsAsync(start), e => e.Kind == "associated");
        Assert.Equal(("R1", "B1", "A1", "Same holding"), (happened.By, happened.Details["accountId"], happened.Details["formerAccountId"], happened.Details["note"]));
        Assert.Equal("B1", _world.Lists.Leads.Single().AccountId!.Value);
        LabelledCase kept = Assert.Single(_cases.Cases);
        Assert.Equal(("account", "B1", "A1", start.LeadId), (kept.Facet, kept.Expected, kept.Was, kept.Lead.Value));
        Assert.True((bool)(await AssociateAsync(start.LeadId!, """{"accountId":"B1","by":"R1"}""")).Json["duplicate"]!);
        Assert.Single(_cases.Cases);
    }

    [Fact]
    public async Task A_lead_that_is_placed_before_its_decision_is_decided_with_that_account()
    {
        AddAccount("B1");
        Lead lead = A.Lead();
        await _world.Leads.AdmitAsync(lead, "f", None);

        ApiAnswer answer = await AssociateAsync(lead.Id.Value, """{"accountId":"B1","by":"R1"}""");
        await _world.DecideAsync(lead);

        Assert.False((bool)answer.Json["isCaseKept"]!);
        LeadFile file = (await _world.Leads.ReadAsync(lead.Id, None))!;
        Assert.Equal(("B1", "matched"), (file.Lead.AccountId!.Value, file.Lead.Outcome));
        Assert.Equal("B1", (await _world.Leads.FindAsync(lead.Id, file.Lead.DecisionId!, None))!.Inputs!.PinnedAccount!.Value);
    }

    [Theory]
    [InlineData("{}", 400)]
    [InlineData("""{"accountId":"nobody","by":"R1"}""", 400)]
    [InlineData("""{"accountId":7}""", 400)]
    [InlineData("""{"accountId":"a/b"}""", 400)]
    public async Task A_placing_that_is_wrong_changes_nothing(string json, int status)
    {
        PlayStartInput start = await DecideAsync();

        Assert.Equal(status, (await AssociateAsync(start.LeadId!, json)).Status);
        Assert.Equal(404, (await AssociateAsync("nobody", """{"accountId":"A1"}""")).Status);
        Assert.Empty(await _world.EventsAsync(start));
    }

    [Fact]
    public async Task A_lead_that_a_person_gives_away_has_the_new_owners_clock_and_its_play_goes_on_with_the_new_owner()
    {
        PlayStartInput start = await DecideAsync();
        PlayedContext context = new(_world, start);
        Task<PlayOutput?> play = PlayOrchestrator.RunAsync(context);
        await context.UntilAsync(play, Begin.AddMinutes(10));

        ApiAnswer answer = await GiveAsync(start.LeadId!, """{"ownerId":"M1","by":"boss","reason":"Knows them"}""");
        PlayOutput output = await context.ToTheEndAsync(play);

        Assert.Equal((200, false, start.OwnerId, "M1"), (answer.Status, (bool)answer.Json["duplicate"]!, (string?)answer.Json["formerOwnerId"], (string?)answer.Json["ownerId"]));
        LeadEvent[] events = [.. await _world.EventsAsync(start)];
        LeadEvent given = Assert.Single(events, e => e is { Kind: "reassigned", By: "boss" });
        Assert.Equal((Begin.AddMinutes(10), start.OwnerId, "M1", "Knows them"), (given.At, given.Details["formerOwnerId"], given.Details["ownerId"], given.Details["note"]));
        LeadFile file = (await _world.FileAsync(start))!;
        ClockRecord[] owners = [.. file.Clocks.Where(c => c.Scope == "owner").OrderBy(c => c.StartedAt)];
        Assert.Equal((ClockState.Cancelled, Begin.AddMinutes(10)), (owners[0].State, owners[0].StoppedAt));
        Assert.Equal(("M1", Begin.AddMinutes(10), Begin.AddMinutes(70)), (owners[1].OwnerId!.Value, owners[1].StartedAt, owners[1].DueAt));

        // The new owner misses it: that is noted at the new deadline, once, and nothing was noted of the former one.
        LeadEvent[] breaches = [.. events.Where(e => e.Kind == "breach" && e.Details["scope"] == "owner")];
        Assert.DoesNotContain(breaches, b => b.Details["ownerId"] == start.OwnerId && b.At == Begin.AddMinutes(60));
        Assert.Equal(Begin.AddMinutes(70), Assert.Single(breaches, b => b.Details["ownerId"] == "M1").At);
        Assert.Single(events, e => e.Kind == "breach" && e.Details["scope"] == "account");
        Assert.True(output.Hops >= 1);
        Assert.NotEqual(start.OwnerId, file.Lead.OwnerId!.Value);

        // Told at once, and once.
        Assert.Single(_world.Outbox.Items, i => i.Kind == "context-card" && i.Body.Contains("\"M1\"", StringComparison.Ordinal) && i.CreatedAt == Begin.AddMinutes(10));
        Assert.Equal(("owner", "M1"), (_cases.Cases.Single().Facet, _cases.Cases.Single().Expected));
    }

    [Fact]
    public async Task Giving_it_twice_is_done_once_and_a_touch_in_between_is_kept()
    {
        PlayStartInput start = await DecideAsync();
        PlayedContext context = new(_world, start);
        Task<PlayOutput?> play = PlayOrchestrator.RunAsync(context);
        await context.UntilAsync(play, Begin.AddMinutes(10));
        await GiveAsync(start.LeadId!, """{"ownerId":"M1","by":"boss","reason":"x"}""");
        ApiAnswer again = await GiveAsync(start.LeadId!, """{"ownerId":"M1","by":"boss","reason":"x"}""");
        await _world.TouchAsync(start);
        context.Raise();
        PlayOutput output = await context.ToTheEndAsync(play);
        ApiAnswer after = await GiveAsync(start.LeadId!, """{"ownerId":"R2","by":"boss","reason":"x"}""");

        Assert.True((bool)again.Json["duplicate"]!);
        Assert.Equal(PlayOutcome.Touched, output.Outcome);
        LeadFile file = (await _world.FileAsync(start))!;
        Assert.Equal("R2", file.Lead.OwnerId!.Value);
        Assert.All(file.Clocks, c => Assert.False(c.IsOpen));
        Assert.Equal(2, file.Clocks.Count(c => c.Scope == "owner"));
        Assert.Equal(200, after.Status);
        Assert.Equal(2, (await _world.EventsAsync(start)).Count(e => e.Kind == "reassigned"));
    }

    [Theory]
    [InlineData("""{"ownerId":"M1","by":"boss"}""", 400)]
    [InlineData("""{"ownerId":"nobody","by":"boss","reason":"x"}""", 400)]
    [InlineData("""{"by":"boss","reason":"x"}""", 400)]
    [InlineData("""{"ownerId":"M1","reason":"x"}""", 409)]
    public async Task A_giving_that_is_wrong_or_too_early_changes_nothing(string json, int status)
    {
        PlayStartInput start = await DecideAsync(); // its play has not begun

        Assert.Equal(status, (await GiveAsync(start.LeadId!, json)).Status);
        Assert.Equal(404, (await GiveAsync("nobody", """{"ownerId":"M1","reason":"x"}""")).Status);
        Assert.Empty(await _world.EventsAsync(start));
    }

    [Fact]
    public async Task Drafts_are_held_against_what_people_corrected()
    {
        for (int i = 0; i < 4; i++)
            await _world.DecideAsync(A.Lead($"form-{i}"));
        AddAccount("B1");
        string[] leads = [.. _world.Plays.Started.Select(s => s.LeadId!)];
        foreach (string lead in leads.Take(3))
            await AssociateAsync(lead, $$"""{"accountId":"{{(lead == leads[2] ? "A1" : "B1")}}","by":"R1"}""");
        AbmConfig blind = _world.Facts.Config with { Version = "blind", Matching = _world.Facts.Config.Matching with { AutomaticFrom = 1_000 } };
        RegressConfig regress = new(_cases, null!, _world.Facts, _world.Snapshots, _world.Facts, _world.Facts, Callers());

        RegressionReport same = await regress.RunAsync(_world.Facts.Config, _world.Facts.Config with { Version = "same" }, None);
        RegressionReport worse = await regress.RunAsync(_world.Facts.Config, blind, None);

        Assert.Equal((3, 1, 1, 0, 0), (same.Cases, same.ActiveRight, same.DraftRight, same.BetterCount, same.WorseCount));
        Assert.Equal((3, 1, 0, 0, 1), (worse.Cases, worse.ActiveRight, worse.DraftRight, worse.BetterCount, worse.WorseCount));
        CaseOutcome outcome = Assert.Single(worse.Worse);
        Assert.Equal(("account", "A1", "A1", null), (outcome.Facet, outcome.Expected, outcome.Active, outcome.Draft));
    }

    [Fact]
    public async Task The_story_tells_who_placed_and_gave_it()
    {
        PlayStartInput start = await DecideAsync();
        PlayedContext context = new(_world, start);
        await context.UntilAsync(PlayOrchestrator.RunAsync(context), Begin.AddMinutes(10));
        AddAccount("B1");
        await AssociateAsync(start.LeadId!, """{"accountId":"B1","by":"R1"}""");
        await GiveAsync(start.LeadId!, """{"ownerId":"M1","by":"boss","reason":"x"}""");

        string story = (await ApiAnswer.OfAsync(await new WhyLead(_world.Leads).RunAsync(ApiAnswer.Request(), start.LeadId!, None))).Body;

        Assert.Contains("R1 said that it belongs to B1, not to A1.", story, StringComparison.Ordinal);
        Assert.Contains($"boss gave it from {start.OwnerId} to M1.", story, StringComparison.Ordinal);
    }

    private Task<PlayStartInput> DecideAsync() => _world.DecideAsync();

    private void AddAccount(string id) =>
        _world.Facts.Accounts = AccountIndex.Build([A.Account() with { Name = "Acme", Domains = ["acme.example"] }, A.Account(id).Named("Blue Lantern")], [], 8);

    private async Task<ApiAnswer> AssociateAsync(string lead, string json) => await ApiAnswer.OfAsync(await new AssociateLead(
        _world.Changes, _world.Leads, new DecisionLists(_world.Lists, _world.Lists), Keeper, _world.Facts, _world.Facts, Callers(), _world.Clock).RunAsync(ApiAnswer.Request("", json), lead, None));

    private async Task<ApiAnswer> GiveAsync(string lead, string json)
    {
        PlayFacts facts = new(_world.Facts, _world.Facts);
        return await ApiAnswer.OfAsync(await new GiveLead(
            _world.ByHand, _world.HandOver, _world.Memory, _world.Credits, _world.Leads, facts, _world.Facts, Keeper, Callers(), _world.Clock,
            NullLogger<GiveLead>.Instance).RunAsync(ApiAnswer.Request("", json), lead, None));
    }

    private CaseKeeper Keeper => new(_world.Leads, _cases);

    private static Callers Callers() => new(Options.Create(new AuthOptions()));
}
