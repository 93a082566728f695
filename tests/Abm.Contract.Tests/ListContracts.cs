using Abm.Accounts;
using Abm.Clocks;
using Abm.Decisions;
using Abm.Functions.Storage;
using Abm.Local.Azurite;
using Abm.Ports;
using Abm.TestKit;

namespace Abm.Contract.Tests;

/// <summary>What every list of leads, of waiting leads and of clocks does.</summary>
public abstract class ListContract
{
    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected abstract Task<(ILeadList Leads, IReviewList Waiting, IClockBoard Clocks)> ListsAsync();

    [Fact]
    public async Task Leads_are_listed_newest_first_page_by_page_each_once()
    {
        (ILeadList list, _, _) = await ListsAsync();
        string source = Stores.Unique("source");
        LeadListItem[] items = [.. Enumerable.Range(0, 25).Select(i => Item(source, Decisions.Now.AddHours(-7 * i)))];
        foreach (LeadListItem item in items.Reverse())
            await list.PutAsync(item, Ct);

        List<LeadListItem> read = [];
        string? after = null;
        do
        {
            ListPage<LeadListItem> page = await list.ListAsync(new LeadListFilter(Source: source), 4, after, Ct);
            Assert.True(page.Items.Count <= 4);
            read.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);

        Assert.Equal(items, read);
    }

    [Fact]
    public async Task A_lead_put_again_is_listed_once_as_it_is_now()
    {
        (ILeadList list, _, _) = await ListsAsync();
        string source = Stores.Unique("source");
        LeadListItem item = Item(source, Decisions.Now);
        await list.PutAsync(item, Ct);

        await list.PutAsync(item with { OwnerId = null, AccountId = null, Play = null }, Ct);

        LeadListItem read = Assert.Single((await list.ListAsync(new LeadListFilter(Source: source), 10, null, Ct)).Items);
        Assert.Equal(item with { OwnerId = null, AccountId = null, Play = null }, read);
    }

    [Fact]
    public async Task Leads_are_filtered_by_outcome_owner_account_and_source()
    {
        (ILeadList list, _, _) = await ListsAsync();
        string source = Stores.Unique("sou'rce");
        LeadListItem mine = Item(source, Decisions.Now) with { OwnerId = RepId.Parse("R'1") };
        LeadListItem other = Item(source, Decisions.Now) with { Outcome = "review", OwnerId = RepId.Parse("R2"), AccountId = AccountId.Parse("A2") };
        await list.PutAsync(mine, Ct);
        await list.PutAsync(other, Ct);

        foreach (LeadListFilter filter in new LeadListFilter[] { new(Outcome: "matched"), new(OwnerId: "R'1"), new(AccountId: "A1") })
            Assert.Equal([mine], (await list.ListAsync(filter with { Source = source }, 10, null, Ct)).Items);
        Assert.Empty((await list.ListAsync(new LeadListFilter("matched", "R2", null, source), 10, null, Ct)).Items);
    }

    [Fact]
    public async Task A_cursor_of_another_kind_is_refused()
    {
        (ILeadList list, _, IClockBoard clocks) = await ListsAsync();

        await Assert.ThrowsAsync<FormatException>(() => list.ListAsync(new LeadListFilter(), 10, "not a cursor of ours", Ct));
        await Assert.ThrowsAsync<FormatException>(() => clocks.ListAsync(new ClockFilter(), 10, "not a cursor of ours", Ct));
    }

    [Fact]
    public async Task Waiting_leads_are_listed_until_they_are_removed()
    {
        (_, IReviewList list, _) = await ListsAsync();
        ReviewItem review = Waiting("review");
        ReviewItem matched = Waiting("matched");
        await list.PutAsync(review, Ct);
        await list.PutAsync(matched, Ct);

        ReviewItem found = Assert.Single(await AllAsync(null), w => w.LeadId == review.LeadId);
        Assert.Equal((review.Why, review.Source, review.ReceivedAt), (found.Why, found.Source, found.ReceivedAt));
        Assert.Equal(review.Candidates.Select(c => (c.AccountId, c.Name, c.Confidence, c.Points)), found.Candidates.Select(c => (c.AccountId, c.Name, c.Confidence, c.Points)));
        Assert.DoesNotContain(await AllAsync(null), w => w.LeadId == matched.LeadId);
        Assert.Contains(await AllAsync("matched"), w => w.LeadId == matched.LeadId);

        await list.RemoveAsync(review.LeadId, review.ReceivedAt, Ct);
        await list.RemoveAsync(review.LeadId, review.ReceivedAt, Ct);
        Assert.DoesNotContain(await AllAsync(null), w => w.LeadId == review.LeadId);

        Task<List<ReviewItem>> AllAsync(string? outcome) => Everything(after => list.ListAsync(new ReviewFilter(Decisions.Now, outcome), 100, after, Ct));
    }

    [Fact]
    public async Task Open_clocks_come_by_deadline_then_closed_ones_by_latest_deadline()
    {
        (_, _, IClockBoard board) = await ListsAsync();
        RepId owner = RepId.Parse(Stores.Unique("R"));
        ClockRecord soon = Clock(owner, 1);
        ClockRecord late = Clock(owner, 2);
        ClockRecord met = Clock(owner, 3) with { State = ClockState.Met, StoppedAt = Decisions.Now };
        ClockRecord cancelled = Clock(owner, 4) with { State = ClockState.Cancelled, StoppedAt = Decisions.Now };
        foreach (ClockRecord clock in new[] { late, met, soon, cancelled })
            await board.PutAsync([clock], Ct);

        List<ClockRecord> all = await Everything(after => board.ListAsync(new ClockFilter(OwnerId: owner.Value), 1, after, Ct));

        Assert.Equal([soon, late, cancelled, met], all);
    }

    [Fact]
    public async Task A_clock_that_closes_leaves_the_open_ones()
    {
        (_, _, IClockBoard board) = await ListsAsync();
        RepId owner = RepId.Parse(Stores.Unique("R"));
        ClockRecord clock = Clock(owner, 1);
        await board.PutAsync([clock], Ct);

        ClockRecord breached = clock with { State = ClockState.BreachedOpen, BreachedAt = clock.DueAt };
        await board.PutAsync([breached], Ct);
        Assert.Equal([breached], await ListAsync("breached"));
        Assert.Empty(await ListAsync("running"));

        ClockRecord closed = breached with { State = ClockState.BreachedClosed, StoppedAt = clock.DueAt.AddHours(1) };
        await board.PutAsync([closed], Ct);
        await board.PutAsync([closed], Ct);
        Assert.Equal([closed], await ListAsync("breached"));
        Assert.Equal([closed], await ListAsync(null));
        Assert.Empty(await ListAsync("met"));

        Task<List<ClockRecord>> ListAsync(string? state) => Everything(after => board.ListAsync(new ClockFilter(state, owner.Value), 10, after, Ct));
    }

    [Fact]
    public async Task Clocks_are_filtered_by_deadline_the_end_excluded()
    {
        (_, _, IClockBoard board) = await ListsAsync();
        RepId owner = RepId.Parse(Stores.Unique("R"));
        await board.PutAsync([Clock(owner, 1)], Ct);
        ClockRecord second = Clock(owner, 2);
        await board.PutAsync([second], Ct);

        ListPage<ClockRecord> page = await board.ListAsync(new ClockFilter("running", owner.Value, second.DueAt), 10, null, Ct);

        Assert.Equal([1], page.Items.Select(c => (int)(c.DueAt - Decisions.Now).TotalHours));
    }

    [Fact]
    public async Task A_deadline_that_moved_stands_on_the_board_once()
    {
        (_, _, IClockBoard board) = await ListsAsync();
        RepId owner = RepId.Parse(Stores.Unique("R"));
        ClockRecord clock = Clock(owner, 1);
        await board.PutAsync([clock], Ct);
        ClockRecord moved = clock with { DueAt = clock.DueAt.AddHours(5), History = [new DeadlineChange(clock.DueAt, clock.Budget, Decisions.Now, "calendar", "v1")] };

        await board.PutAsync([moved], Ct);
        Assert.Equal([moved.DueAt], (await board.ListAsync(new ClockFilter(OwnerId: owner.Value), 10, null, Ct)).Items.Select(c => c.DueAt));

        await board.PutAsync([moved with { State = ClockState.Met, StoppedAt = Decisions.Now }], Ct);
        ClockRecord met = Assert.Single((await board.ListAsync(new ClockFilter(OwnerId: owner.Value), 10, null, Ct)).Items);
        Assert.Equal((ClockState.Met, "calendar"), (met.State, Assert.Single(met.History).Code));
    }

    [Fact]
    public async Task A_clock_is_found_by_its_id_while_it_is_open_and_after()
    {
        (_, _, IClockBoard board) = await ListsAsync();
        ClockRecord open = Clock(RepId.Parse("R1"), 1);
        ClockRecord closed = Clock(RepId.Parse("R1"), 1) with { State = ClockState.Met, StoppedAt = Decisions.Now, AccountId = AccountId.Parse("A1") };
        await board.PutAsync([open, closed], Ct);

        Assert.Equal(new ClockPlace(open.ClockId, "play-1", open.LeadId, null), await board.FindAsync(open.ClockId, Ct));
        Assert.Equal(new ClockPlace(closed.ClockId, "play-1", closed.LeadId, closed.AccountId), await board.FindAsync(closed.ClockId, Ct));
        Assert.Null(await board.FindAsync(Stores.Unique("clk"), Ct));
    }

    [Fact]
    public async Task Clocks_are_filtered_by_everything_that_they_are_counted_by()
    {
        (_, _, IClockBoard board) = await ListsAsync();
        RepId owner = RepId.Parse(Stores.Unique("R"));
        string team = Stores.Unique("team");
        ClockRecord clock = Clock(owner, 1) with { Team = team, Tier = AccountTier.OneToFew, Kind = ClockKind.HandOff, Policy = "hand-off" };
        ClockRecord paused = Clock(owner, 2) with { Team = team, State = ClockState.Paused, Pauses = [new ClockPause("legalReview", Decisions.Now, null) { By = "R1" }] };
        await board.PutAsync([clock, paused, Clock(owner, 3) with { Team = team, Scope = "account", State = ClockState.Met, StoppedAt = Decisions.Now }], Ct);

        Assert.Equal([1, 2, 3], await HoursAsync(new ClockFilter()));
        Assert.Equal([1], await HoursAsync(new ClockFilter { Tier = "oneToFew" }));
        Assert.Equal([1], await HoursAsync(new ClockFilter { Kind = "handOff" }));
        Assert.Equal([1], await HoursAsync(new ClockFilter { Policy = "hand-off" }));
        Assert.Equal([1, 2], await HoursAsync(new ClockFilter { IsOpen = true }));
        Assert.Equal([1], await HoursAsync(new ClockFilter { IsOpen = true, IsNotPaused = true }));
        Assert.Equal([3], await HoursAsync(new ClockFilter { Scope = "account" }));
        Assert.Equal([2, 3], await HoursAsync(new ClockFilter { DueFrom = paused.DueAt }));
        Assert.Equal([2], await HoursAsync(new ClockFilter { DueFrom = paused.DueAt, DueBefore = paused.DueAt.AddTicks(1) }));
        Assert.Equal([2], await HoursAsync(new ClockFilter { LeadId = paused.LeadId!.Value }));
        Assert.Equal("legalReview", Assert.Single((await board.ListAsync(new ClockFilter("paused", owner.Value), 10, null, Ct)).Items).Pauses[0].Reason);

        async Task<IEnumerable<int>> HoursAsync(ClockFilter filter) =>
            (await Everything(after => board.ListAsync(filter with { Team = team }, 2, after, Ct))).Select(c => (int)(c.DueAt - Decisions.Now).TotalHours).Order();
    }

    [Fact]
    public async Task Open_clocks_are_counted_by_rep()
    {
        (_, _, IClockBoard board) = await ListsAsync();
        RepId owner = RepId.Parse(Stores.Unique("R"));
        await board.PutAsync(
            [
                Clock(owner, 1), Clock(owner, 5), Clock(owner, -1), Clock(owner, -2) with { State = ClockState.BreachedOpen, BreachedAt = Decisions.Now },
                Clock(owner, -3) with { State = ClockState.Paused }, Clock(owner, 2) with { State = ClockState.Met, StoppedAt = Decisions.Now },
            ],
            Ct);

        ClockCount count = Assert.Single((await board.SummaryAsync(Decisions.Now, Ct)).By["rep"], c => c.Key == owner.Value);

        Assert.Equal(new ClockCount(owner.Value, Running: 2, DueSoon: 1, Paused: 1, Overdue: 2, Decisions.Now.AddHours(1)), count);
    }

    private static async Task<List<T>> Everything<T>(Func<string?, Task<ListPage<T>>> read)
    {
        List<T> all = [];
        string? after = null;
        do
        {
            ListPage<T> page = await read(after);
            all.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);
        return all;
    }

    private static LeadListItem Item(string source, DateTimeOffset receivedAt) => new(
        Stores.UniqueLead(), receivedAt, receivedAt.AddSeconds(1), "matched", source, "inbound", AccountId.Parse("A1"), RepId.Parse("R1"), "dec-1", "config-1");

    private static ReviewItem Waiting(string outcome) => new(
        Stores.UniqueLead(), Decisions.Now, Decisions.Now.AddSeconds(1), outcome, "ambiguous", "web",
        [new ReviewCandidate(AccountId.Parse("A1"), "Ä GmbH", 0.61), new ReviewCandidate(AccountId.Parse("A2"), "B", 0.6)]);

    protected static ClockRecord Clock(RepId owner, int hours) => new()
    {
        ClockId = Stores.Unique("clk"),
        LeadId = Stores.UniqueLead(),
        PlayId = "play-1",
        Policy = "first-touch",
        Scope = "owner",
        State = ClockState.Running,
        StartedAt = Decisions.Now,
        DueAt = Decisions.Now.AddHours(hours),
        Budget = TimeSpan.FromHours(4),
        Calendar = "office",
        OwnerId = owner,
    };
}

public sealed class InMemoryListTests : ListContract
{
    protected override Task<(ILeadList Leads, IReviewList Waiting, IClockBoard Clocks)> ListsAsync()
    {
        InMemoryLists lists = new();
        return Task.FromResult<(ILeadList, IReviewList, IClockBoard)>((lists, lists, lists));
    }
}

public sealed class TableListTests : ListContract
{
    protected override async Task<(ILeadList Leads, IReviewList Waiting, IClockBoard Clocks)> ListsAsync() => (
        new TableLeadList(await Stores.TablesAsync()), new TableUnmatchedList(await Stores.TablesAsync()), new TableClockBoard(await Stores.TablesAsync()));

    /// <summary>In a storage of its own: what others put on the board must not be counted.</summary>
    [Fact]
    public async Task Open_clocks_beyond_two_thousand_are_counted_once_for_all_who_ask_and_again_when_that_is_old()
    {
        const int Many = 2_030;
        await using AzuriteServer storage = await AzuriteServer.StartAsync(new AzuriteOptions(), Ct);
        Azure.Data.Tables.TableServiceClient tables = new(storage.ConnectionString);
        await tables.CreateTableIfNotExistsAsync(TableNames.Clocks, Ct);
        TableClockBoard board = new(tables);
        RepId owner = RepId.Parse("R1");
        ClockRecord[] clocks = [.. Enumerable.Range(0, Many).Select(_ => Clock(owner, 1))];
        await board.PutAsync(clocks[..^1], Ct);
        DateTimeOffset now = Decisions.Now;

        ClockSummary first = await board.SummaryAsync(now, Ct); // nobody has counted yet
        await board.PutAsync([clocks[^1]], Ct);
        ClockSummary kept = await board.SummaryAsync(now.AddSeconds(90), Ct);
        ClockSummary old = await board.SummaryAsync(now.AddSeconds(121), Ct);
        await board.PutAsync([clocks[0] with { State = ClockState.Met, StoppedAt = now }], Ct);
        await board.CountAsync(now.AddSeconds(150), Ct);
        ClockSummary counted = await board.SummaryAsync(now.AddSeconds(160), Ct);

        Assert.Equal((Many - 1, now), (first.All.Open, first.CountedAt));
        Assert.Equal((Many - 1, now), (kept.All.Open, kept.CountedAt)); // as it was, and it says so
        Assert.Equal((Many, now.AddSeconds(121)), (old.All.Open, old.CountedAt));
        Assert.Equal((Many - 1, now.AddSeconds(150)), (counted.All.Open, counted.CountedAt));
        Assert.Equal(Many - 1, Assert.Single(counted.By["rep"]).Running);

        await board.PutAsync([.. clocks[1..60].Select(c => c with { State = ClockState.Met, StoppedAt = now })], Ct);
        ClockSummary few = await board.SummaryAsync(now.AddSeconds(170), Ct);
        Assert.Equal((Many - 60, now.AddSeconds(170)), (few.All.Open, few.CountedAt)); // few enough to be counted at once
    }
}
