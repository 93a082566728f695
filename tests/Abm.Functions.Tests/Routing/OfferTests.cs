using Abm.Configuration;
using Abm.Decisions;
using Abm.Plays;
using Abm.Ports;
using Abm.Routing;
using Abm.TestKit;

namespace Abm.Functions.Tests.Routing;

public sealed class OfferTests
{
    private readonly RoutingWorld _routing = new();

    public OfferTests() => _routing.Change(p => p with { AcceptWithin = TimeSpan.FromMinutes(10) });

    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task Whoever_accepts_in_time_keeps_it()
    {
        LeadFile file = await _routing.DecideAsync("1");
        string lead = file.Lead.Lead.Id.Value;

        ApiAnswer answer = await _routing.AnswerAsync(lead, accepts: true, """{"by":"R1"}""");
        ApiAnswer again = await _routing.AnswerAsync(lead, accepts: true, """{"by":"R1"}""");
        _routing.World.Clock.Advance(TimeSpan.FromMinutes(11));
        await _routing.Passing.RunAsync(None);

        Assert.Equal((200, false, true), (answer.Status, (bool)answer.Json["duplicate"]!, (bool)again.Json["duplicate"]!));
        Assert.Equal("R1", (await _routing.FileAsync(file.Lead.Lead.Id)).Lead.OwnerId!.Value);
        Assert.Single(await _routing.World.Leads.EventsAsync(file.Lead.Lead.Id, None), e => e.Kind == "accepted");
        Assert.Equal(409, (await _routing.AnswerAsync(lead, accepts: false, """{"by":"R1","reason":"No time"}""")).Status);
    }

    [Fact]
    public async Task A_no_gives_the_turn_back_and_the_lead_goes_to_the_next_who_must_accept_too()
    {
        LeadFile file = await _routing.DecideAsync("1");

        ApiAnswer answer = await _routing.AnswerAsync(file.Lead.Lead.Id.Value, accepts: false, """{"by":"R1","reason":"I know them too well"}""");

        Assert.Equal((200, "R2"), (answer.Status, (string?)answer.Json["ownerId"]));
        Assert.Equal((0, 1), (_routing.Member("R1").Assigned, _routing.Member("R2").Assigned));
        LeadOffer offer = Assert.Single(_routing.World.Desk.Offers);
        Assert.Equal(("R2", OfferState.Open), (offer.Owner.Value, offer.State));
        LeadEvent declined = Assert.Single(await _routing.World.Leads.EventsAsync(file.Lead.Lead.Id, None), e => e.Kind == "declined");
        Assert.Equal(("R1", "I know them too well"), (declined.By, declined.Details["note"]));
        Assert.Contains(_routing.World.Pools.Ledger, e => e.Lines.Any(l => l.Kind == LedgerKind.Refund && l.Rep.Value == "R1"));
        Assert.Equal("R2", (await _routing.FileAsync(file.Lead.Lead.Id)).Clocks.Last(c => c.Scope == "owner" && c.IsOpen).OwnerId!.Value);
    }

    [Fact]
    public async Task A_no_that_is_sent_again_finds_the_first_and_a_yes_after_it_is_told_of_it()
    {
        LeadFile file = await _routing.DecideAsync("1");
        string lead = file.Lead.Lead.Id.Value;
        await _routing.AnswerAsync(lead, accepts: false, """{"by":"R1","reason":"I know them too well"}""");
        _routing.World.Clock.Advance(TimeSpan.FromMinutes(3));

        ApiAnswer again = await _routing.AnswerAsync(lead, accepts: false, """{"by":"R1","reason":"I know them too well"}""");
        ApiAnswer other = await _routing.AnswerAsync(lead, accepts: true, """{"by":"R1"}""");
        ApiAnswer stranger = await _routing.AnswerAsync(lead, accepts: true, """{"by":"R3"}""");
        ApiAnswer second = await _routing.AnswerAsync(lead, accepts: true, """{"by":"R2"}""");

        Assert.Equal((200, true, "declined", "R2"), (again.Status, (bool)again.Json["duplicate"]!, (string?)again.Json["answer"], (string?)again.Json["ownerId"]));
        Assert.Equal((409, "urn:abm:problem:answered"), (other.Status, (string?)other.Json["type"]));
        Assert.Contains("I know them too well", (string)other.Json["detail"]!, StringComparison.Ordinal);
        Assert.Equal((409, "urn:abm:problem:not-yours"), (stranger.Status, (string?)stranger.Json["type"]));
        Assert.Equal(200, second.Status);
        Assert.Single(await _routing.World.Leads.EventsAsync(file.Lead.Lead.Id, None), e => e.Kind == "declined");
        Assert.Equal((0, 1), (_routing.Member("R1").Assigned, _routing.Member("R2").Assigned)); // one refund, however often it was sent
    }

    [Fact]
    public async Task Who_let_the_time_go_by_is_told_that_it_was_over_and_when()
    {
        LeadFile file = await _routing.DecideAsync("1");
        _routing.World.Clock.Advance(TimeSpan.FromMinutes(11));
        ApiAnswer before = await _routing.AnswerAsync(file.Lead.Lead.Id.Value, accepts: true, """{"by":"R1"}""");
        await _routing.Passing.RunAsync(None);

        ApiAnswer after = await _routing.AnswerAsync(file.Lead.Lead.Id.Value, accepts: false, """{"by":"R1","reason":"x"}""");

        Assert.All([before, after], a => Assert.Equal((409, "urn:abm:problem:too-late"), (a.Status, (string?)a.Json["type"])));
    }

    [Fact]
    public async Task Preferences_hold_for_whoever_is_next_after_a_no_and_after_a_missed_deadline()
    {
        Predicate real = A.Test("lead.isTest", PredicateOp.Equals, "false");
        _routing.Change(p => p with { Preferences = [new PoolPreference { Member = "R2", When = real }, new PoolPreference { Member = "R3", When = real }] });
        LeadFile declined = await _routing.DecideAsync("1", s => s with { Email = "one@acme.example" });
        Assert.Equal("R2", declined.Lead.OwnerId!.Value);

        ApiAnswer no = await _routing.AnswerAsync(declined.Lead.Lead.Id.Value, accepts: false, """{"by":"R2","reason":"x"}""");
        Assert.Equal("R3", (string?)no.Json["ownerId"]); // R1 has had none, but does not prefer such leads

        _routing.Change(p => p with { AcceptWithin = null });
        LeadFile missed = await _routing.DecideAsync("2", s => s with { Email = "two@acme.example" });
        Assert.Equal("R2", missed.Lead.OwnerId!.Value);
        _routing.World.Clock.Advance(TimeSpan.FromMinutes(76)); // a quarter over the hour
        await _routing.World.TurnAsync(_routing.World.Plays.Started.Single(p => p.LeadId == missed.Lead.Lead.Id.Value));
        LeadFile given = await _routing.FileAsync(missed.Lead.Lead.Id);
        Assert.Equal("R3", given.Lead.OwnerId!.Value);
        Assert.True(given.Clocks.Single(c => c.Scope == "owner" && c.OwnerId!.Value == "R3").IsAfterBreach);
    }

    [Fact]
    public async Task What_a_person_gives_away_leaves_the_reassignments_to_missed_deadlines_and_the_new_owners_clock_has_the_team()
    {
        _routing.Change(p => p with { AcceptWithin = null });
        _routing.Change("M1", r => r with { Team = "leaders" });
        LeadFile file = await _routing.DecideAsync("1");
        LeadId lead = file.Lead.Lead.Id;
        Assert.Equal(200, (await _routing.GiveAsync(lead.Value, """{"ownerId":"M1","reason":"x"}""")).Status);
        Assert.Equal("leaders", (await _routing.FileAsync(lead)).Clocks.Single(c => c.OwnerId!.Value == "M1" && c.Scope == "owner").Team);

        for (int missed = 0; missed < 2; missed++)
        {
            _routing.World.Clock.Advance(TimeSpan.FromMinutes(76));
            await _routing.World.TurnAsync(_routing.World.Plays.Started.Single());
        }

        Assert.Equal("R3", (await _routing.FileAsync(lead)).Lead.OwnerId!.Value); // M1 to R2 and R2 to R3: twice, as the play allows
    }

    [Fact]
    public async Task Silence_passes_it_on_once_and_keeps_the_charge()
    {
        LeadFile file = await _routing.DecideAsync("1");
        _routing.World.Clock.Advance(TimeSpan.FromMinutes(10));

        await _routing.Passing.RunAsync(None);
        await _routing.Passing.RunAsync(None);

        Assert.Equal("R2", (await _routing.FileAsync(file.Lead.Lead.Id)).Lead.OwnerId!.Value);
        Assert.Equal((1, 1, 2), (_routing.Member("R1").Assigned, _routing.Member("R2").Assigned, _routing.World.Pools.Turns.Count));
        Assert.Equal(409, (await _routing.AnswerAsync(file.Lead.Lead.Id.Value, accepts: true, """{"by":"R1"}""")).Status);
    }

    [Fact]
    public async Task When_everybody_is_silent_or_says_no_people_are_told_and_the_clocks_go_on()
    {
        LeadFile file = await _routing.DecideAsync("1");
        for (int i = 0; i < 4; i++)
        {
            _routing.World.Clock.Advance(TimeSpan.FromMinutes(10));
            await _routing.Passing.RunAsync(None);
        }

        Assert.Equal("R3", (await _routing.FileAsync(file.Lead.Lead.Id)).Lead.OwnerId!.Value);
        Assert.Equal("notAccepted:sales", Assert.Single(_routing.World.Lists.Waiting).Why);
        Assert.Single(_routing.World.Outbox.Items, i => i.Kind == "pool-alert");
        Assert.Empty(_routing.World.Desk.Offers);
        Assert.Contains((await _routing.FileAsync(file.Lead.Lead.Id)).Clocks, c => c.Scope == "account" && c.IsOpen);
    }

    [Fact]
    public async Task A_lead_that_was_touched_or_given_away_needs_no_answer_any_more()
    {
        LeadFile touched = await _routing.DecideAsync("1");
        LeadFile given = await _routing.DecideAsync("2");
        await _routing.DisposeAsync(touched, "call", PlayStopKind.Touched);
        await _routing.GiveAsync(given.Lead.Lead.Id.Value, """{"ownerId":"M1","reason":"x"}""");
        _routing.World.Clock.Advance(TimeSpan.FromMinutes(11));

        await _routing.Passing.RunAsync(None);

        Assert.Empty(_routing.World.Desk.Offers);
        Assert.Equal(("R1", "M1"), ((await _routing.FileAsync(touched.Lead.Lead.Id)).Lead.OwnerId!.Value, (await _routing.FileAsync(given.Lead.Lead.Id)).Lead.OwnerId!.Value));
    }

    [Theory]
    [InlineData("""{"by":"R2"}""", 409)]
    [InlineData("""{}""", 400)]
    [InlineData("""{"by":7}""", 400)]
    public async Task An_answer_that_is_wrong_changes_nothing(string json, int status)
    {
        LeadFile file = await _routing.DecideAsync("1");

        Assert.Equal(status, (await _routing.AnswerAsync(file.Lead.Lead.Id.Value, accepts: true, json)).Status);
        Assert.Equal(404, (await _routing.AnswerAsync("nobody", accepts: true, """{"by":"R1"}""")).Status);
        Assert.Equal(400, (await _routing.AnswerAsync(file.Lead.Lead.Id.Value, accepts: false, """{"by":"R1"}""")).Status);
        Assert.Equal(OfferState.Open, Assert.Single(_routing.World.Desk.Offers).State);
    }
}
