using Abm.Clocks;
using Abm.Decisions;
using Abm.Functions.Storage;
using Abm.Functions.Storage.Persons;
using Abm.Journeys;
using Abm.Leads;
using Abm.Plays;
using Abm.Ports;
using Abm.TestKit;

namespace Abm.Contract.Tests;

/// <summary>What every store of leads does.</summary>
public abstract class LeadStoreContract
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected abstract Task<(ILeadStore Leads, ILeadFileStore Files)> StoresAsync();

    [Fact]
    public async Task A_lead_that_was_kept_is_found_with_everything_the_sender_sent()
    {
        (ILeadStore leads, _) = await StoresAsync();
        Lead lead = Decisions.Lead(Stores.UniqueLead());

        Assert.Equal(LeadAdmission.Added, await leads.AdmitAsync(lead, "f1", Ct));

        LeadRecord? found = await leads.FindAsync(lead.Id, Ct);
        Assert.NotNull(found);
        Assert.Equal(LeadState.Received, found.State);
        Assert.Null(found.DecisionId);
        Assert.Equal(lead.ReceivedAt, found.Lead.ReceivedAt);
        Assert.Equal(Json(lead.Submitted), Json(found.Lead.Submitted));
    }

    [Fact]
    public async Task An_unknown_lead_is_not_found()
    {
        (ILeadStore leads, ILeadFileStore files) = await StoresAsync();

        Assert.Null(await leads.FindAsync(Stores.UniqueLead(), Ct));
        Assert.Null(await files.ReadAsync(Stores.UniqueLead(), Ct));
        Assert.Null(await files.FindDecisionAsync(Stores.UniqueLead(), "dec-1", Ct));
        Assert.Empty(await files.EventsAsync(Stores.UniqueLead(), Ct));
    }

    [Fact]
    public async Task The_same_lead_again_is_told_apart_from_another_body_and_from_a_decided_one()
    {
        (ILeadStore leads, _) = await StoresAsync();
        Lead lead = Decisions.Lead(Stores.UniqueLead());
        await leads.AdmitAsync(lead, "f1", Ct);

        Assert.Equal(LeadAdmission.AlreadyReceived, await leads.AdmitAsync(lead, "f1", Ct));
        Assert.Equal(LeadAdmission.DifferentBody, await leads.AdmitAsync(lead, "f2", Ct));
        await leads.AddDecisionAsync(Decisions.Assigned(lead), Ct);
        Assert.Equal(LeadAdmission.AlreadyDecided, await leads.AdmitAsync(lead, "f1", Ct));
        Assert.Equal(LeadAdmission.DifferentBody, await leads.AdmitAsync(lead, "f2", Ct));
    }

    [Fact]
    public async Task Of_many_who_keep_the_same_lead_at_once_one_adds_it()
    {
        (ILeadStore leads, _) = await StoresAsync();
        Lead lead = Decisions.Lead(Stores.UniqueLead());

        LeadAdmission[] answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => leads.AdmitAsync(lead, "f1", Ct)));

        Assert.Equal(1, answers.Count(a => a == LeadAdmission.Added));
        Assert.Equal(7, answers.Count(a => a == LeadAdmission.AlreadyReceived));
    }

    [Theory]
    [InlineData("assigned")]
    [InlineData("review")]
    [InlineData("unmatched")]
    public async Task A_decision_comes_back_whole(string kind)
    {
        (ILeadStore leads, ILeadFileStore files) = await StoresAsync();
        Lead lead = Decisions.Lead(Stores.UniqueLead());
        await leads.AdmitAsync(lead, "f1", Ct);
        JourneyDecision decision = kind switch
        {
            "assigned" => Decisions.Assigned(lead),
            "review" => Decisions.Review(lead),
            _ => Decisions.Unmatched(lead),
        };

        StoredDecision stored = await leads.AddDecisionAsync(decision, Ct);

        Assert.True(stored.WasAdded);
        JourneyDecision? found = await files.FindDecisionAsync(lead.Id, decision.DecisionId, Ct);
        Assert.NotNull(found);
        Assert.Equal(Decisions.Text(decision), Decisions.Text(found));
    }

    [Fact]
    public async Task A_decision_of_two_hundred_thousand_characters_comes_back_whole()
    {
        (ILeadStore leads, ILeadFileStore files) = await StoresAsync();
        Lead lead = Decisions.Lead(Stores.UniqueLead());
        await leads.AdmitAsync(lead, "f1", Ct);
        JourneyDecision decision = Decisions.Assigned(lead, says: string.Concat(Enumerable.Repeat("x🚀ä", 50_000 / 4)));

        await leads.AddDecisionAsync(decision, Ct);

        JourneyDecision? found = await files.FindDecisionAsync(lead.Id, decision.DecisionId, Ct);
        Assert.Equal(decision.Match.Reasons[0].Says, found!.Match.Reasons[0].Says);
    }

    [Fact]
    public async Task The_first_decision_stands_and_the_second_caller_gets_it()
    {
        (ILeadStore leads, ILeadFileStore files) = await StoresAsync();
        Lead lead = Decisions.Lead(Stores.UniqueLead());
        await leads.AdmitAsync(lead, "f1", Ct);
        await leads.AddDecisionAsync(Decisions.Assigned(lead, "R1"), Ct);

        StoredDecision second = await leads.AddDecisionAsync(Decisions.Assigned(lead, "R2"), Ct);

        Assert.False(second.WasAdded);
        Assert.Equal("R1", ((Abm.Routing.RouteDecision.Assigned)second.Decision.Route).Owner.Value);
        Assert.Equal("R1", (await files.ReadAsync(lead.Id, Ct))!.Lead.OwnerId!.Value);
    }

    [Fact]
    public async Task A_decided_lead_shows_its_outcome_owner_account_and_pending_play()
    {
        (ILeadStore leads, ILeadFileStore files) = await StoresAsync();
        Lead lead = Decisions.Lead(Stores.UniqueLead());
        await leads.AdmitAsync(lead, "f1", Ct);
        JourneyDecision decision = Decisions.Assigned(lead);
        await leads.AddDecisionAsync(decision, Ct);

        LeadFile file = (await files.ReadAsync(lead.Id, Ct))!;

        Assert.Equal(LeadState.Decided, file.Lead.State);
        Assert.Equal("matched", file.Lead.Outcome);
        Assert.Equal("A1", file.Lead.AccountId!.Value);
        Assert.Equal("R1", file.Lead.OwnerId!.Value);
        Assert.Equal(decision.DecisionId, file.Lead.DecisionId);
        Assert.Equal("config-1", file.Lead.ConfigVersion);
        Assert.Equal([new PlayRecord(PlayStartInput.IdFor(lead.Id.Value, "inbound"), "inbound", PlayStatus.Pending)], file.Plays);
        Assert.Empty(file.Clocks);
    }

    [Fact]
    public async Task A_change_is_saved_together_with_the_event_and_only_once()
    {
        (ILeadStore leads, ILeadFileStore files) = await StoresAsync();
        LeadFile file = await DecidedAsync(leads, files);
        ClockRecord clock = Clock(file.Lead.Lead.Id);
        LeadFile changed = file with
        {
            Clocks = [clock],
            Plays = [file.Plays[0] with { Status = PlayStatus.Running }],
            Lead = file.Lead with { OwnerId = RepId.Parse("R7") },
            FirstTouchAt = Decisions.Now,
            Disposition = new LeadDisposition(PlayStopKind.Disqualified, Decisions.Now.AddMinutes(1)),
        };
        LeadEvent happened = new("evt-1", "touch", Decisions.Now, "R1", new Dictionary<string, string> { ["note"] = "Called; left a message 🚀" });

        Assert.Equal(SaveOutcome.Saved, await files.SaveAsync(changed, happened, Ct));

        LeadFile read = (await files.ReadAsync(file.Lead.Lead.Id, Ct))!;
        Assert.Equal([clock], read.Clocks);
        Assert.Equal(PlayStatus.Running, read.Plays.Single().Status);
        Assert.Equal("R7", read.Lead.OwnerId!.Value);
        Assert.Equal(Decisions.Now, read.FirstTouchAt);
        Assert.Equal(changed.Disposition, read.Disposition);
        LeadEvent kept = Assert.Single(await files.EventsAsync(file.Lead.Lead.Id, Ct));
        Assert.Equal(("evt-1", "touch", Decisions.Now, "R1", "Called; left a message 🚀"), (kept.EventId, kept.Kind, kept.At, kept.By, kept.Details["note"]));
        Assert.Equal(SaveOutcome.AlreadyHappened, await files.SaveAsync(read, happened, Ct));
        Assert.Equal(SaveOutcome.AlreadyHappened, await files.SaveAsync(file, happened, Ct));
    }

    [Fact]
    public async Task A_change_of_an_older_version_is_refused_and_leaves_no_event()
    {
        (ILeadStore leads, ILeadFileStore files) = await StoresAsync();
        LeadFile file = await DecidedAsync(leads, files);
        await files.SaveAsync(file, Event("evt-1"), Ct);

        Assert.Equal(SaveOutcome.Conflict, await files.SaveAsync(file with { FirstTouchAt = Decisions.Now }, Event("evt-2"), Ct));

        Assert.Equal("evt-1", Assert.Single(await files.EventsAsync(file.Lead.Lead.Id, Ct)).EventId);
        Assert.Null((await files.ReadAsync(file.Lead.Lead.Id, Ct))!.FirstTouchAt);
    }

    [Fact]
    public async Task An_owner_can_be_taken_away_again()
    {
        (ILeadStore leads, ILeadFileStore files) = await StoresAsync();
        LeadFile file = await DecidedAsync(leads, files);

        await files.SaveAsync(file with { Lead = file.Lead with { OwnerId = null } }, Event("evt-1"), Ct);

        Assert.Null((await files.ReadAsync(file.Lead.Lead.Id, Ct))!.Lead.OwnerId);
    }

    [Fact]
    public async Task An_account_that_a_person_chose_stays_whatever_a_decision_says()
    {
        (ILeadStore leads, ILeadFileStore files) = await StoresAsync();
        Lead lead = Decisions.Lead(Stores.UniqueLead());
        await leads.AdmitAsync(lead, "f1", Ct);
        LeadFile undecided = (await files.ReadAsync(lead.Id, Ct))!;
        await files.SaveAsync(undecided with { Lead = undecided.Lead with { AccountId = AccountId.Parse("A7"), PinnedAccountId = AccountId.Parse("A7") } }, Event("evt-1"), Ct);

        Assert.Equal(("A7", null), ((await files.ReadAsync(lead.Id, Ct))!.Lead.PinnedAccountId?.Value, (await files.ReadAsync(lead.Id, Ct))!.Lead.Outcome));
        await leads.AddDecisionAsync(Decisions.Review(lead), Ct);
        LeadRecord decided = (await files.ReadAsync(lead.Id, Ct))!.Lead;
        Assert.Equal(("A7", "A7", "matched"), (decided.PinnedAccountId?.Value, decided.AccountId?.Value, decided.Outcome));
    }

    [Fact]
    public async Task Undecided_leads_are_found_until_they_are_decided()
    {
        (ILeadStore leads, ILeadFileStore files) = await StoresAsync();
        DateTimeOffset at = Decisions.Now.AddYears(-3).AddTicks(Random1());
        Lead first = Decisions.Lead(Stores.UniqueLead(), receivedAt: at);
        Lead second = Decisions.Lead(Stores.UniqueLead(), receivedAt: at.AddMinutes(1));
        await leads.AdmitAsync(second, "f1", Ct);
        await leads.AdmitAsync(first, "f1", Ct);

        IReadOnlyList<UndecidedLead> both = await MineAsync(at.AddMinutes(2));
        Assert.Equal([first.Id, second.Id], both.Select(l => l.Id));
        Assert.Equal([first.Id], (await MineAsync(at.AddMinutes(1))).Select(l => l.Id));
        Assert.Equal(
            [second.Id],
            (await files.UndecidedAsync(LeadState.Received, at.AddMinutes(2), 500, new UndecidedKey(at, first.Id), Ct)).Select(l => l.Id).Where(i => i == first.Id || i == second.Id));

        await files.NoteRequeuedAsync([both[0]], at.AddHours(1), Ct);
        UndecidedLead noted = (await MineAsync(at.AddMinutes(1))).Single();
        Assert.Equal((at.AddHours(1), 1), (noted.QueuedAt, noted.Requeued));

        await leads.AddDecisionAsync(Decisions.Assigned(first), Ct);
        Assert.Equal([second.Id], (await MineAsync(at.AddMinutes(2))).Select(l => l.Id));

        async Task<IReadOnlyList<UndecidedLead>> MineAsync(DateTimeOffset before) =>
            [.. (await files.UndecidedAsync(LeadState.Received, before, 500, null, Ct)).Where(l => l.Id == first.Id || l.Id == second.Id)];
    }

    [Fact]
    public async Task A_quarantined_lead_is_no_longer_swept_but_can_still_be_decided()
    {
        (ILeadStore leads, ILeadFileStore files) = await StoresAsync();
        DateTimeOffset at = Decisions.Now.AddYears(-2);
        Lead lead = Decisions.Lead(Stores.UniqueLead(), receivedAt: at);
        await leads.AdmitAsync(lead, "f1", Ct);

        await files.QuarantineAsync(lead.Id, Ct);

        Assert.Equal(LeadState.Quarantined, (await files.ReadAsync(lead.Id, Ct))!.Lead.State);
        Assert.DoesNotContain(await files.UndecidedAsync(LeadState.Received, at.AddDays(1), 500, null, Ct), l => l.Id == lead.Id);
        Assert.Contains(await files.UndecidedAsync(LeadState.Quarantined, at.AddDays(1), 500, null, Ct), l => l.Id == lead.Id);
        await leads.AddDecisionAsync(Decisions.Assigned(lead), Ct);
        Assert.Equal(LeadState.Decided, (await files.ReadAsync(lead.Id, Ct))!.Lead.State);
        Assert.DoesNotContain(await files.UndecidedAsync(LeadState.Quarantined, at.AddDays(1), 500, null, Ct), l => l.Id == lead.Id);
    }

    [Fact]
    public async Task A_decided_or_unknown_lead_cannot_be_quarantined()
    {
        (ILeadStore leads, ILeadFileStore files) = await StoresAsync();
        LeadFile file = await DecidedAsync(leads, files);

        await files.QuarantineAsync(file.Lead.Lead.Id, Ct);
        await files.QuarantineAsync(Stores.UniqueLead(), Ct);

        Assert.Equal(LeadState.Decided, (await files.ReadAsync(file.Lead.Lead.Id, Ct))!.Lead.State);
    }

    private static int Random1() => Environment.ProcessId % 1000;

    private static string Json<T>(T value) => System.Text.Json.JsonSerializer.Serialize(value);

    private static LeadEvent Event(string id) => new(id, "test", Decisions.Now, null, new Dictionary<string, string>());

    private static ClockRecord Clock(LeadId lead) => new()
    {
        ClockId = "clk-1",
        LeadId = lead,
        PlayId = "play-1",
        Policy = "first-touch",
        Scope = "owner",
        State = ClockState.BreachedOpen,
        StartedAt = Decisions.Now,
        DueAt = Decisions.Now.AddHours(4),
        Budget = TimeSpan.FromHours(4),
        Calendar = "office",
        BreachedAt = Decisions.Now.AddHours(4),
        OwnerId = RepId.Parse("R1"),
    };

    private static async Task<LeadFile> DecidedAsync(ILeadStore leads, ILeadFileStore files)
    {
        Lead lead = Decisions.Lead(Stores.UniqueLead());
        await leads.AdmitAsync(lead, "f1", Ct);
        await leads.AddDecisionAsync(Decisions.Assigned(lead), Ct);
        return (await files.ReadAsync(lead.Id, Ct))!;
    }
}

public sealed class InMemoryLeadStoreTests : LeadStoreContract
{
    protected override Task<(ILeadStore Leads, ILeadFileStore Files)> StoresAsync()
    {
        InMemoryLeads leads = new();
        return Task.FromResult<(ILeadStore, ILeadFileStore)>((leads, leads));
    }
}

public sealed class TableLeadStoreTests : LeadStoreContract
{
    protected override async Task<(ILeadStore Leads, ILeadFileStore Files)> StoresAsync() =>
        (new TableLeadStore(await Stores.TablesAsync(), new PersonHash(await Stores.TablesAsync())), new TableLeadFileStore(await Stores.TablesAsync()));
}
