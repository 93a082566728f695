using Abm.Decisions;
using Abm.Functions.Storage;
using Abm.Ports;
using Abm.Routing;
using Abm.TestKit;

namespace Abm.Contract.Tests;

/// <summary>What every ledger of pools does.</summary>
public abstract class PoolLedgerContract
{
    private static readonly RepId R1 = RepId.Parse("R1");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>One storage, as two processes have it.</summary>
    protected abstract Task<(IPoolStore Pools, IPoolLedger Ledger, IPoolStore Others)> StoresAsync();

    [Fact]
    public async Task A_turn_is_in_the_ledger_with_everybody_who_was_skipped_and_is_found_by_its_lead()
    {
        (IPoolStore pools, IPoolLedger ledger, _) = await StoresAsync();
        string pool = Stores.Unique("pool");
        StoredAssignment turn = Turn(pool, Decisions.Now, "hot");
        LedgerEntry entry = turn.Ledger!;

        Assert.Equal(SaveOutcome.Saved, await pools.SaveAsync(State(pool, 1), null, turn, Ct));

        LedgerEntry kept = Assert.Single((await ledger.ReadLedgerAsync(new LedgerFilter(pool), 10, null, Ct)).Items);
        Assert.Equal((entry.Id, entry.Pool, entry.Lead, entry.At, entry.Cause), (kept.Id, kept.Pool, kept.Lead, kept.At, kept.Cause));
        Assert.Equal(entry.Lines, kept.Lines);
        Assert.Equal(turn.Assignment, Assert.Single(await ledger.TurnsOfAsync(turn.Assignment.Lead, Ct)));
        Assert.Empty(await ledger.TurnsOfAsync(Stores.UniqueLead(), Ct));
    }

    [Fact]
    public async Task A_turn_is_given_back_once_and_only_on_the_state_that_was_read()
    {
        (IPoolStore pools, IPoolLedger ledger, IPoolStore others) = await StoresAsync();
        string pool = Stores.Unique("pool");
        StoredAssignment turn = Turn(pool, Decisions.Now);
        await pools.SaveAsync(State(pool, 1), null, turn, Ct);
        string tag = (await pools.ReadAsync([pool], Ct))[pool].Tag;
        LedgerEntry refund = new($"{turn.Assignment.Id}!refund", pool, turn.Assignment.Lead, Decisions.Now.AddHours(1), "junk", [Line(LedgerKind.Refund)]);

        Assert.Equal(SaveOutcome.Conflict, await ledger.CreditAsync(State(pool, 0), "W/\"datetime'2020-01-01T00%3A00%3A00Z'\"", refund, turn.Assignment.Id, Ct));
        Assert.Equal(SaveOutcome.Saved, await ledger.CreditAsync(State(pool, 0), tag, refund, turn.Assignment.Id, Ct));

        string newTag = (await others.RefreshAsync([pool], Ct))[pool].Tag;
        Assert.Equal(SaveOutcome.AlreadyHappened, await ledger.CreditAsync(State(pool, -1), newTag, refund with { At = refund.At.AddHours(1) }, turn.Assignment.Id, Ct));
        Assert.Equal(SaveOutcome.AlreadyHappened, await ledger.CreditAsync(State(pool, -1), newTag, refund, "never-given", Ct));
        Assert.Equal(refund.At, (await pools.FindAssignmentAsync(turn.Assignment.Id, Ct))!.RefundedAt);
        Assert.Equal(0, (await others.RefreshAsync([pool], Ct))[pool].State.Members[0].Assigned);
        Assert.Equal([LedgerKind.Refund, LedgerKind.Credit], (await ledger.ReadLedgerAsync(new LedgerFilter(pool), 10, null, Ct)).Items.Select(e => e.Lines[0].Kind));
    }

    [Fact]
    public async Task The_ledger_is_read_newest_first_by_pool_instant_and_lead_page_by_page_and_forgotten()
    {
        (_, IPoolLedger ledger, _) = await StoresAsync();
        string pool = Stores.Unique("pool");
        LeadId lead = Stores.UniqueLead();
        DateTimeOffset old = new(1990, 1, 1, 0, 0, 0, TimeSpan.Zero);
        for (int i = 0; i < 5; i++)
            await ledger.NoteAsync(new LedgerEntry($"e{i}", pool, i == 2 ? lead : null, old.AddHours(i), "rule", [Line(LedgerKind.Skip)]), Ct);
        await ledger.NoteAsync(new LedgerEntry("e0", pool, null, old, "rule", [Line(LedgerKind.Skip)]), Ct);
        await ledger.NoteAsync(new LedgerEntry("e9", pool + "|x", null, old, "rule", []), Ct);

        ListPage<LedgerEntry> first = await ledger.ReadLedgerAsync(new LedgerFilter(pool), 3, null, Ct);
        ListPage<LedgerEntry> second = await ledger.ReadLedgerAsync(new LedgerFilter(pool), 3, first.Next, Ct);

        Assert.Equal(["e4", "e3", "e2", "e1", "e0"], first.Items.Concat(second.Items).Select(e => e.Id));
        Assert.Equal(["e4", "e3"], (await ledger.ReadLedgerAsync(new LedgerFilter(pool, old.AddHours(3)), 10, null, Ct)).Items.Select(e => e.Id));
        Assert.Equal(["e2"], (await ledger.ReadLedgerAsync(new LedgerFilter(pool, Lead: lead), 10, null, Ct)).Items.Select(e => e.Id));
        Assert.True(await ledger.ForgetAsync(old.AddHours(2), 100, Ct) >= 3);
        Assert.Equal(["e4", "e3", "e2"], (await ledger.ReadLedgerAsync(new LedgerFilter(pool), 10, null, Ct)).Items.Select(e => e.Id));
    }

    [Fact]
    public async Task A_turn_that_another_pool_decided_as_well_is_refused_when_that_one_has_changed()
    {
        (IPoolStore pools, _, IPoolStore others) = await StoresAsync();
        string pool = Stores.Unique("pool"), watched = Stores.Unique("pool");
        await pools.SaveAsync(State(watched, 1), null, Turn(watched, Decisions.Now), Ct);
        PoolSnapshot seen = (await pools.ReadAsync([watched], Ct))[watched];
        StoredAssignment turn = Turn(pool, Decisions.Now) with { Watched = [seen] };

        await others.SaveAsync(State(watched, 2), (await others.ReadAsync([watched], Ct))[watched].Tag, Turn(watched, Decisions.Now), Ct);

        Assert.Equal(SaveOutcome.Conflict, await pools.SaveAsync(State(pool, 1), null, turn, Ct));
        Assert.Null(await pools.FindAssignmentAsync(turn.Assignment.Id, Ct));
        PoolSnapshot now = (await pools.RefreshAsync([watched], Ct))[watched];
        Assert.Equal(SaveOutcome.Saved, await pools.SaveAsync(State(pool, 1), null, turn with { Watched = [now] }, Ct));
        Assert.Equal(2, (await others.RefreshAsync([watched], Ct))[watched].State.Members[0].Assigned);
    }

    private static PoolState State(string pool, int assigned) => new(pool, "2026-11", [new MemberState(R1, assigned, 0, null) { Weight = 1, Open = [LeadId.Parse("lead-1")], Recent = [new TakenLead(Decisions.Now, "hot")], Share = 0.5, Missed = 2, MayMakeUp = true }]);

    private static LedgerLine Line(LedgerKind kind) => new(kind, R1, "because", new MemberStanding(1, 0.5, 2, 0.75), new MemberStanding(2, 0.5, 2, 1.25));

    private static StoredAssignment Turn(string pool, DateTimeOffset at, string? tag = null)
    {
        Assignment assignment = new(Stores.Unique("asg"), Stores.UniqueLead(), R1, pool, "rule", at) { Tag = tag };
        return new StoredAssignment(assignment, null)
        {
            Ledger = new LedgerEntry(assignment.Id, pool, assignment.Lead, at, "rule", [Line(LedgerKind.Credit), Line(LedgerKind.Skip) with { Rep = RepId.Parse("R2") }]),
        };
    }
}

public sealed class InMemoryPoolLedgerTests : PoolLedgerContract
{
    protected override Task<(IPoolStore Pools, IPoolLedger Ledger, IPoolStore Others)> StoresAsync()
    {
        InMemoryPools pools = new();
        return Task.FromResult<(IPoolStore, IPoolLedger, IPoolStore)>((pools, pools, pools));
    }
}

public sealed class TablePoolLedgerTests : PoolLedgerContract
{
    protected override async Task<(IPoolStore Pools, IPoolLedger Ledger, IPoolStore Others)> StoresAsync()
    {
        TablePoolStore pools = new(await Stores.TablesAsync());
        return (pools, pools, new TablePoolStore(await Stores.TablesAsync()));
    }
}
