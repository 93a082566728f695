using Abm.Decisions;
using Abm.Functions.Storage;
using Abm.Leads;
using Abm.Ports;
using Abm.Routing;
using Abm.TestKit;

namespace Abm.Contract.Tests;

/// <summary>What every store of pools does.</summary>
public abstract class PoolStoreContract
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A store, and another one on the same storage, as another process has it.</summary>
    protected abstract Task<(IPoolStore Mine, IPoolStore Theirs)> StoresAsync();

    [Fact]
    public async Task A_pool_that_was_never_used_is_absent()
    {
        (IPoolStore pools, _) = await StoresAsync();

        Assert.Empty(await pools.ReadAsync([Stores.Unique("pool")], Ct));
        Assert.Null(await pools.FindAssignmentAsync(Stores.Unique("turn"), Ct));
    }

    [Fact]
    public async Task A_turn_is_kept_with_the_pool_and_the_decision_that_gave_it()
    {
        (IPoolStore pools, IPoolStore theirs) = await StoresAsync();
        Lead lead = Decisions.Lead(Stores.UniqueLead());
        var decision = Decisions.Assigned(lead, pool: Stores.Unique("pool"));
        StoredAssignment turn = new(new Assignment(decision.DecisionId, lead.Id, RepId.Parse("R1"), decision.PoolAfter!.Pool, "EMEA", Decisions.Now), decision);

        Assert.Equal(SaveOutcome.Saved, await pools.SaveAsync(decision.PoolAfter, null, turn, Ct));

        foreach (IPoolStore store in new[] { pools, theirs })
        {
            PoolSnapshot state = (await store.ReadAsync([decision.PoolAfter.Pool], Ct))[decision.PoolAfter.Pool];
            MemberState expected = decision.PoolAfter.Members[0];
            MemberState member = Assert.Single(state.State.Members);
            Assert.Equal((expected.Rep, expected.Assigned, expected.Adjustment, expected.LastAt, expected.Weight, expected.WasAway), (member.Rep, member.Assigned, member.Adjustment, member.LastAt, member.Weight, member.WasAway));
            Assert.Equal(expected.Capped, member.Capped);
            StoredAssignment? found = await store.FindAssignmentAsync(decision.DecisionId, Ct);
            Assert.Equal(turn.Assignment, found!.Assignment);
            Assert.Equal(Decisions.Text(decision), Decisions.Text(found.Decision!));
        }
    }

    [Fact]
    public async Task The_same_turn_is_given_once()
    {
        (IPoolStore pools, IPoolStore theirs) = await StoresAsync();
        string pool = Stores.Unique("pool");
        StoredAssignment turn = Turn(pool);
        await pools.SaveAsync(State(pool, 1), null, turn, Ct);
        string tag = (await pools.ReadAsync([pool], Ct))[pool].Tag;

        Assert.Equal(SaveOutcome.AlreadyHappened, await pools.SaveAsync(State(pool, 2), tag, turn, Ct));
        Assert.Equal(SaveOutcome.AlreadyHappened, await theirs.SaveAsync(State(pool, 2), null, turn, Ct));
        Assert.Equal(1, (await theirs.ReadAsync([pool], Ct))[pool].State.Members[0].Assigned);
    }

    [Fact]
    public async Task A_turn_on_an_older_state_is_refused_and_leaves_no_assignment()
    {
        (IPoolStore mine, IPoolStore theirs) = await StoresAsync();
        string pool = Stores.Unique("pool");
        await mine.SaveAsync(State(pool, 1), null, Turn(pool), Ct);
        string tag = (await mine.ReadAsync([pool], Ct))[pool].Tag;
        await theirs.SaveAsync(State(pool, 2), (await theirs.ReadAsync([pool], Ct))[pool].Tag, Turn(pool), Ct);
        StoredAssignment lost = Turn(pool);

        Assert.Equal(SaveOutcome.Conflict, await mine.SaveAsync(State(pool, 99), tag, lost, Ct));
        Assert.Equal(SaveOutcome.Conflict, await mine.SaveAsync(State(pool, 99), null, lost, Ct));

        Assert.Null(await mine.FindAssignmentAsync(lost.Assignment.Id, Ct));
        PoolSnapshot now = (await mine.ReadAsync([pool], Ct))[pool];
        Assert.Equal(2, now.State.Members[0].Assigned);
        Assert.Equal(SaveOutcome.Saved, await mine.SaveAsync(State(pool, 3), now.Tag, lost, Ct));
    }

    [Fact]
    public async Task Many_turns_in_a_row_go_on_from_each_others_state()
    {
        (IPoolStore pools, IPoolStore theirs) = await StoresAsync();
        string pool = Stores.Unique("pool");
        for (int turn = 1; turn <= 5; turn++)
        {
            PoolSnapshot? read = (await pools.ReadAsync([pool], Ct)).GetValueOrDefault(pool);
            Assert.Equal(turn - 1, read?.State.Members[0].Assigned ?? 0);
            Assert.Equal(SaveOutcome.Saved, await pools.SaveAsync(State(pool, turn), read?.Tag, Turn(pool), Ct));
        }

        Assert.Equal(5, (await theirs.ReadAsync([pool], Ct))[pool].State.Members[0].Assigned);
    }

    private static PoolState State(string pool, int assigned) => new(pool, "2026-11", [new MemberState(RepId.Parse("R1"), assigned, 0, null)]);

    private static StoredAssignment Turn(string pool) =>
        new(new Assignment(Stores.Unique("asg"), Stores.UniqueLead(), RepId.Parse("R1"), pool, "rule", Decisions.Now), null);
}

public sealed class InMemoryPoolStoreTests : PoolStoreContract
{
    protected override Task<(IPoolStore Mine, IPoolStore Theirs)> StoresAsync()
    {
        InMemoryPools pools = new();
        return Task.FromResult<(IPoolStore, IPoolStore)>((pools, pools));
    }
}

public sealed class TablePoolStoreTests : PoolStoreContract
{
    protected override async Task<(IPoolStore Mine, IPoolStore Theirs)> StoresAsync() =>
        (new TablePoolStore(await Stores.TablesAsync()), new TablePoolStore(await Stores.TablesAsync()));
}
