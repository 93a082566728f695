using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Journeys;
using Abm.Ports;
using Abm.Routing;
using Abm.TestKit;

namespace Abm.Functions.Tests.Journeys;

public sealed class LeadProcessingTests
{
    [Fact]
    public async Task A_lead_is_decided_listed_and_followed_up()
    {
        JourneyWorld world = new();
        LeadId lead = await world.AdmitAsync(A.Lead());

        await world.RunAsync(lead);

        LeadFile file = (await world.Leads.ReadAsync(lead, CancellationToken.None))!;
        Assert.Equal((LeadState.Decided, "matched", "A1"), (file.Lead.State, file.Lead.Outcome, file.Lead.AccountId!.Value));
        Assert.Equal(file.Lead.OwnerId, Assert.Single(world.Lists.Leads).OwnerId);
        Assert.Equal(lead.Value, Assert.Single(world.Plays.Started).LeadId);
        Assert.Empty(world.Lists.Waiting);
    }

    [Fact]
    public async Task A_lead_without_an_account_waits_for_a_person()
    {
        JourneyWorld world = new();
        LeadId lead = await world.AdmitAsync(A.Lead().From("gmail.com"));

        await world.RunAsync(lead);

        ReviewItem waiting = Assert.Single(world.Lists.Waiting);
        Assert.Equal((lead, "unmatched"), (waiting.LeadId, waiting.Outcome));
        Assert.Equal("freemailNoCompany", waiting.Why);
    }

    [Fact]
    public async Task Reps_take_turns()
    {
        JourneyWorld world = new();

        for (int i = 0; i < 6; i++)
            await world.RunAsync(await world.AdmitAsync(A.Lead($"form-{i}")));

        Assert.Equal([3, 3], (await world.Pools.ReadAsync([JourneyWorld.Pool], CancellationToken.None)).Single().Value.State.Members.Select(m => m.Assigned));
    }

    [Fact]
    public async Task A_redelivered_lead_ends_as_the_first_delivery_left_it()
    {
        JourneyWorld world = new();
        LeadId lead = await world.AdmitAsync(A.Lead());
        await world.RunAsync(lead);
        string before = await world.EndStateAsync(lead);

        world.Clock.Advance(TimeSpan.FromHours(1));
        await world.RunAsync(lead);

        Assert.Equal(before, await world.EndStateAsync(lead));
    }

    [Theory]
    [InlineData("acme.example")]
    [InlineData("gmail.com")]
    public async Task A_crash_after_any_call_and_a_redelivery_give_the_same_end(string domain)
    {
        JourneyWorld unharmed = new();
        LeadId lead = await unharmed.AdmitAsync(A.Lead().From(domain));
        unharmed.Faults.Off();
        await unharmed.RunAsync(lead);
        int calls = unharmed.Faults.Calls.Count;
        string expected = await unharmed.EndStateAsync(lead);
        Assert.True(calls >= 8);

        for (int crash = 1; crash <= calls; crash++)
        {
            JourneyWorld world = new();
            await world.AdmitAsync(A.Lead().From(domain));
            world.Faults.CrashAfter(crash);
            await Assert.ThrowsAsync<InjectedCrashException>(() => world.RunAsync(lead));
            string died = world.Faults.Calls[^1];
            world.Faults.Off();

            await world.RunAsync(lead);

            Assert.True(expected == await world.EndStateAsync(lead), $"after {died} (call {crash}):\n{await world.EndStateAsync(lead)}\nexpected:\n{expected}");
        }
    }

    [Fact]
    public async Task After_a_crash_the_lead_stays_with_its_rep_even_if_the_rules_have_changed_meanwhile()
    {
        JourneyWorld world = new();
        LeadId lead = await world.AdmitAsync(A.Lead());
        while (world.Pools.Turns.Count == 0)
        {
            world.Faults.CrashAfter(world.Faults.Calls.Count + 1); // one call further each time
            await Assert.ThrowsAsync<InjectedCrashException>(() => world.RunAsync(lead));
        }

        RepId given = Assert.Single(world.Pools.Turns).Assignment.Owner;
        world.Faults.Off();
        world.Facts.Config = A.Config() with { Version = "other", Routing = [new RoutingRule { Name = "All to R9", To = new RouteTarget.Queue("q") }] };

        await world.RunAsync(lead);

        LeadFile file = (await world.Leads.ReadAsync(lead, CancellationToken.None))!;
        Assert.Equal((given, "test"), (file.Lead.OwnerId, file.Lead.ConfigVersion));
        Assert.Single(world.Pools.Turns);
    }

    [Fact]
    public async Task Two_deliveries_at_once_decide_once()
    {
        JourneyWorld world = new();
        LeadId lead = await world.AdmitAsync(A.Lead());

        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() => world.RunAsync(lead))));

        Assert.Equal(1, world.Leads.DecisionCount);
        Assert.Single(world.Pools.Turns);
        Assert.Single(world.Plays.Started);
    }

    [Fact]
    public async Task Turns_that_others_spoil_are_taken_again_until_they_hold()
    {
        JourneyWorld world = new();
        SpoiledPools pools = new(world.Pools, spoil: 3);
        using PoolTurns turns = new(pools);
        StoredAssignment turn = new(new Assignment("asg-1", A.Lead().Id, RepId.Parse("R1"), JourneyWorld.Pool, "rule", world.Clock.GetUtcNow()), null);

        (int tries, StoredAssignment? stands) = await turns.TakeAsync(
            [JourneyWorld.Pool],
            states => new Turn<int>(pools.Saves, PoolState.Empty(JourneyWorld.Pool, "2026-11"), turn),
            CancellationToken.None);

        Assert.Equal((3, turn), (tries, stands));
    }

    [Fact]
    public async Task A_turn_that_never_holds_is_given_up_loudly()
    {
        JourneyWorld world = new();
        using PoolTurns turns = new(new SpoiledPools(world.Pools, spoil: int.MaxValue));
        StoredAssignment turn = new(new Assignment("asg-1", A.Lead().Id, RepId.Parse("R1"), JourneyWorld.Pool, "rule", world.Clock.GetUtcNow()), null);

        await Assert.ThrowsAsync<PoolContentionException>(() => turns.TakeAsync(
            [JourneyWorld.Pool], _ => new Turn<int>(0, PoolState.Empty(JourneyWorld.Pool, "2026-11"), turn), CancellationToken.None));

        Assert.Empty(world.Pools.Turns);
    }

    [Fact]
    public async Task An_unknown_lead_is_an_error_not_a_decision()
    {
        JourneyWorld world = new();

        await Assert.ThrowsAsync<LeadMissingException>(() => world.RunAsync(LeadId.From("web", "nobody")));
    }

    /// <summary>Another process that is faster the first few times.</summary>
    private sealed class SpoiledPools(IPoolStore inner, int spoil) : IPoolStore
    {
        public int Saves { get; private set; }

        public Task<IReadOnlyDictionary<string, PoolSnapshot>> ReadAsync(IReadOnlyCollection<string> pools, CancellationToken cancellationToken) =>
            inner.ReadAsync(pools, cancellationToken);

        public Task<StoredAssignment?> FindAssignmentAsync(string assignmentId, CancellationToken cancellationToken) =>
            inner.FindAssignmentAsync(assignmentId, cancellationToken);

        public Task<SaveOutcome> SaveAsync(PoolState after, string? tag, StoredAssignment assignment, CancellationToken cancellationToken) =>
            Saves++ < spoil ? Task.FromResult(SaveOutcome.Conflict) : inner.SaveAsync(after, tag, assignment, cancellationToken);
    }
}
