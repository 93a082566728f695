using Abm.Decisions;
using Abm.People;
using Abm.Ports;
using Abm.Routing;
using Abm.TestKit;

namespace Abm.Functions.Tests.Routing;

public sealed class WaitingLeadTests
{
    private readonly RoutingWorld _routing = new();

    private static CancellationToken None => CancellationToken.None;

    private ManualTimeProvider Clock => _routing.World.Clock;

    [Fact]
    public async Task What_nobody_can_take_waits_and_is_given_out_when_somebody_can()
    {
        DateTimeOffset back = Clock.GetUtcNow().AddHours(3);
        foreach (string rep in new[] { "R1", "R2", "R3" })
            _routing.Change(rep, r => r.Away(Clock.GetUtcNow(), back));
        LeadFile file = await _routing.DecideAsync("1");

        Assert.Null(file.Lead.OwnerId);
        Assert.Equal(RoutingWorld.Pool, Assert.Single(_routing.World.Desk.Waiting).Pool);
        Assert.Equal("queued:pool-sales", Assert.Single(_routing.World.Lists.Waiting).Why);
        Assert.Equal(3, Assert.Single(_routing.World.Pools.Ledger).Lines.Count(l => l.Kind == LedgerKind.Skip));

        await _routing.Drain.RunAsync(_routing.World.Plays, None);
        Assert.Null((await _routing.FileAsync(file.Lead.Lead.Id)).Lead.OwnerId);
        Assert.Equal(1, _routing.World.Leads.DecisionCount);

        Clock.MoveTo(back);
        await Task.WhenAll(_routing.Drain.RunAsync(_routing.World.Plays, None), _routing.Drain.RunAsync(_routing.World.Plays, None));

        LeadFile given = await _routing.FileAsync(file.Lead.Lead.Id);
        Assert.NotNull(given.Lead.OwnerId);
        Assert.Empty(_routing.World.Desk.Waiting);
        Assert.Empty(_routing.World.Lists.Waiting);
        Assert.Equal(2, _routing.World.Leads.DecisionCount);
        Assert.Single(_routing.World.Plays.Started);
        Assert.Equal("R1", Assert.Single(_routing.World.Pools.Turns).Assignment.Owner.Value);
        Assert.Contains(await _routing.World.Leads.EventsAsync(file.Lead.Lead.Id, None), e => e.Kind == "drained");
    }

    [Fact]
    public async Task The_first_who_comes_does_not_get_everything_and_the_oldest_go_first()
    {
        _routing.Change(p => p with { DrainPerHour = 2 });
        DateTimeOffset back = Clock.GetUtcNow().AddHours(5);
        foreach (string rep in new[] { "R1", "R2", "R3" })
            _routing.Change(rep, r => r.Away(Clock.GetUtcNow(), back.AddDays(rep == "R1" ? 0 : 1)));
        List<LeadId> leads = [];
        for (int i = 0; i < 5; i++)
        {
            leads.Add((await _routing.DecideAsync($"{i}")).Lead.Lead.Id);
            Clock.Advance(TimeSpan.FromMinutes(1));
        }

        Clock.MoveTo(back);
        for (int i = 0; i < 3; i++)
            await _routing.Drain.RunAsync(_routing.World.Plays, None);

        Assert.Equal(["R1", "R1", "-", "-", "-"], await OwnersAsync(leads));
        Clock.MoveTo(back.AddHours(1));
        await _routing.Drain.RunAsync(_routing.World.Plays, None);
        Assert.Equal(["R1", "R1", "R1", "R1", "-"], await OwnersAsync(leads));
        Clock.MoveTo(back.AddHours(2));
        await _routing.Drain.RunAsync(_routing.World.Plays, None);
        Assert.Equal(5, (await OwnersAsync(leads)).Count(o => o == "R1"));
    }

    [Fact]
    public async Task What_waited_too_long_goes_to_the_fallback_queue_and_its_people_are_told_once()
    {
        _routing.Change(p => p with { HoldFor = TimeSpan.FromHours(10), FallbackQueue = "desk" });
        foreach (string rep in new[] { "R1", "R2", "R3" })
            _routing.Change(rep, r => r.Away(Clock.GetUtcNow(), Clock.GetUtcNow().AddHours(9)));
        LeadFile file = await _routing.DecideAsync("1");
        foreach (string rep in new[] { "R1", "R2", "R3" })
            _routing.Change(rep, r => r.Inactive());

        Clock.Advance(TimeSpan.FromHours(11));
        await _routing.Drain.RunAsync(_routing.World.Plays, None);
        await _routing.Drain.RunAsync(_routing.World.Plays, None);

        Assert.Empty(_routing.World.Desk.Waiting);
        Assert.Equal("queued:desk", Assert.Single(_routing.World.Lists.Waiting).Why);
        Assert.Equal("pool-alert", Assert.Single(_routing.World.Outbox.Items).Kind);
        Assert.Single(await _routing.World.Leads.EventsAsync(file.Lead.Lead.Id, None), e => e.Kind == "unrouted" && e.Details["queue"] == "desk");
    }

    [Fact]
    public async Task What_nobody_will_ever_take_is_told_at_once()
    {
        foreach (string rep in new[] { "R1", "R2", "R3" })
            _routing.Change(rep, r => r.Inactive());

        await _routing.DecideAsync("1");

        Assert.Empty(_routing.World.Desk.Waiting);
        Assert.Equal("queued:unassigned", Assert.Single(_routing.World.Lists.Waiting).Why);
        Assert.Equal("pool-alert", Assert.Single(_routing.World.Outbox.Items).Kind);
    }

    [Fact]
    public async Task A_lead_that_a_person_gave_away_meanwhile_waits_no_more()
    {
        foreach (string rep in new[] { "R1", "R2", "R3" })
            _routing.Change(rep, r => r.Away(Clock.GetUtcNow(), Clock.GetUtcNow().AddHours(3)));
        LeadFile file = await _routing.DecideAsync("1");
        await _routing.GiveAsync(file.Lead.Lead.Id.Value, """{"ownerId":"M1","reason":"urgent"}""");

        Clock.Advance(TimeSpan.FromHours(4));
        await _routing.Drain.RunAsync(_routing.World.Plays, None);

        Assert.Empty(_routing.World.Desk.Waiting);
        Assert.Equal("M1", (await _routing.FileAsync(file.Lead.Lead.Id)).Lead.OwnerId!.Value);
        Assert.Empty(_routing.World.Pools.Turns);
    }

    [Fact]
    public async Task An_open_lead_that_was_ended_without_a_word_does_not_block_its_member_for_ever()
    {
        _routing.Change(p => p with { OpenCap = 1 });
        _routing.Change("R2", r => r.Inactive());
        _routing.Change("R3", r => r.Inactive());
        LeadFile first = await _routing.DecideAsync("1");
        LeadFile second = await _routing.DecideAsync("2");
        Assert.Null(second.Lead.OwnerId);

        // The touch is kept, but its process died before it told the pool.
        LeadFile touched = await _routing.FileAsync(first.Lead.Lead.Id);
        await _routing.World.Leads.SaveAsync(touched with { FirstTouchAt = Clock.GetUtcNow() }, new LeadEvent("e1", "touch", Clock.GetUtcNow(), "R1", new Dictionary<string, string>()), None);
        await _routing.Drain.RunAsync(_routing.World.Plays, None);

        Assert.Equal("R1", (await _routing.FileAsync(second.Lead.Lead.Id)).Lead.OwnerId!.Value);
    }

    private async Task<string[]> OwnersAsync(IEnumerable<LeadId> leads)
    {
        List<string> owners = [];
        foreach (LeadId lead in leads)
            owners.Add((await _routing.FileAsync(lead)).Lead.OwnerId?.Value ?? "-");
        return [.. owners];
    }
}
