using Abm.Functions.Storage.Timelines;
using Abm.Ports;
using Abm.Signals;
using Abm.TestKit;

namespace Abm.Contract.Tests;

/// <summary>Timelines of accounts: the table and its fake keep the same contract.</summary>
public abstract class TimelineContract
{
    private static readonly DateTimeOffset Now = new(2026, 11, 18, 10, 0, 0, TimeSpan.Zero);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected abstract Task<(IAccountTimelines Timelines, IWaitingEvents Waiting)> StoresAsync();

    [Fact]
    public async Task Entries_and_what_is_counted_are_saved_together_and_once()
    {
        (IAccountTimelines timelines, _) = await StoresAsync();
        string account = Stores.Unique("acc");
        AccountEvent[] events = [Event("page.view", 2), Event("pricing.view", 1)];

        Assert.Empty((await KeepAsync(timelines, account, events)).Known);
        TimelineSaved again = await KeepAsync(timelines, account, [events[1], Event("content.download", 0)]);

        Assert.Equal([events[1].EventId], again.Known);
        Assert.Equal(["content.download", "pricing.view", "page.view"], (await timelines.ListAsync(account, 10, null, Ct)).Items.Select(e => e.Entry.Event.Kind));
        SignalState state = await timelines.StateAsync(account, Ct);
        Assert.Equal((3, "3"), (state.Pending.Count, AccountSignals.Facts(state, new(), Now)["signal.events30d"]));
        ListPage<StoredEntry> first = await timelines.ListAsync(account, 2, null, Ct);
        Assert.Single((await timelines.ListAsync(account, 2, first.Next, Ct)).Items);
        Assert.Equal(["page.view", "pricing.view"], (await timelines.BetweenAsync(account, Now.AddDays(-3), Now.AddHours(-1), Ct)).Select(e => e.Entry.Event.Kind));
        Assert.Contains((await timelines.LiveAsync(1_000, null, Ct)).Items, l => l.AccountId == account);
    }

    [Fact]
    public async Task Events_that_come_at_once_are_all_counted()
    {
        (IAccountTimelines timelines, _) = await StoresAsync();
        string account = Stores.Unique("acc");

        await Task.WhenAll(Enumerable.Range(0, 6).Select(i => KeepAsync(timelines, account, [Event("page.view", i)])));

        Assert.Equal("6", AccountSignals.Facts(await timelines.StateAsync(account, Ct), new(), Now)["signal.events30d"]);
    }

    [Fact]
    public async Task An_answered_entry_waits_no_more_and_keeps_what_plays_said()
    {
        (IAccountTimelines timelines, _) = await StoresAsync();
        string account = Stores.Unique("acc");
        string key = (await KeepAsync(timelines, account, [Event("page.view", 0)])).State.Pending.Single();

        await timelines.AnsweredAsync(account, new Dictionary<string, IReadOnlyList<EntryAnswer>> { [key] = [new EntryAnswer("surge", "started", "play.first", "It starts.", "play-1")], ["e|gone"] = [new EntryAnswer("x", "none", "x", "x", null)] }, Ct);

        Assert.Empty((await timelines.StateAsync(account, Ct)).Pending);
        Assert.Equal("play-1", Assert.Single((await timelines.FindAsync(account, [key, "e|nothing"], Ct)).Single().Answers).PlayId);
    }

    [Fact]
    public async Task A_person_is_found_and_erased_and_the_counts_stay()
    {
        (IAccountTimelines timelines, IWaitingEvents waiting) = await StoresAsync();
        (string account, string person) = (Stores.Unique("acc"), Stores.Unique("person-of-the-contract-tests"));
        await KeepAsync(timelines, account, [Event("page.view", 1, person), Event("page.view", 0)]);
        WaitingSubject subject = new(null, Stores.Unique("domain"));
        Assert.True(await waiting.KeepAsync(subject, Event("page.view", 0, person), Ct));

        Assert.Single(await timelines.OfPersonAsync(person, 10, Ct));
        Assert.Single(await waiting.OfPersonAsync(person, Ct));
        Assert.Equal((1, 1), (await timelines.ErasePersonAsync(person, Ct), await waiting.ErasePersonAsync(person, Ct)));

        Assert.Equal((0, 0), (await timelines.ErasePersonAsync(person, Ct), (await timelines.OfPersonAsync(person, 10, Ct)).Count));
        Assert.Single((await timelines.ListAsync(account, 10, null, Ct)).Items);
        Assert.Equal("2", AccountSignals.Facts(await timelines.StateAsync(account, Ct), new(), Now)["signal.events30d"]);
        Assert.DoesNotContain((await waiting.SubjectsAsync(500, null, Ct)).Items, s => s == subject);
    }

    [Fact]
    public async Task A_timeline_moves_with_a_merge_and_comes_back()
    {
        (IAccountTimelines timelines, _) = await StoresAsync();
        (string gone, string stays) = (Stores.Unique("gone"), Stores.Unique("stays"));
        await KeepAsync(timelines, gone, [Event("page.view", 1), Event("page.view", 2)]);
        await KeepAsync(timelines, stays, [Event("pricing.view", 0)]);

        Assert.Equal(2, await timelines.MoveAsync(gone, stays, isBack: false, Now, Ct));
        Assert.Equal(0, await timelines.MoveAsync(gone, stays, isBack: false, Now, Ct));
        Assert.Equal("3", AccountSignals.Facts(await timelines.StateAsync(stays, Ct), new(), Now)["signal.events30d"]);
        Assert.Empty((await timelines.ListAsync(gone, 10, null, Ct)).Items);

        Assert.Equal(2, await timelines.MoveAsync(stays, gone, isBack: true, Now, Ct));
        Assert.Equal(["pricing.view"], (await timelines.ListAsync(stays, 10, null, Ct)).Items.Select(e => e.Entry.Event.Kind));
        Assert.Equal("2", AccountSignals.Facts(await timelines.StateAsync(gone, Ct), new(), Now)["signal.events30d"]);
    }

    [Fact]
    public async Task What_is_too_old_goes()
    {
        (IAccountTimelines timelines, _) = await StoresAsync();
        string account = Stores.Unique("acc");
        await KeepAsync(timelines, account, [Event("page.view", 80), Event("page.view", 70), Event("page.view", 1)]);

        Assert.Equal(1, await timelines.PurgeAsync(account, Now.AddDays(-60), 1, Ct));
        Assert.Equal(1, await timelines.PurgeAsync(account, Now.AddDays(-60), 10, Ct));
        Assert.Single((await timelines.ListAsync(account, 10, null, Ct)).Items);
    }

    [Fact]
    public async Task Events_wait_for_their_account_bounded()
    {
        (_, IWaitingEvents waiting) = await StoresAsync();
        WaitingSubject subject = new(Stores.Unique("unknown"), null);
        AccountEvent first = Event("page.view", 0);

        Assert.True(await waiting.KeepAsync(subject, first, Ct));
        Assert.True(await waiting.KeepAsync(subject, first, Ct));
        Assert.Equal(first.EventId, Assert.Single(await waiting.OfAsync(subject, Ct)).EventId);
        Assert.Contains(subject, (await waiting.SubjectsAsync(500, null, Ct)).Items);

        await waiting.RemoveAsync(subject, [first.EventId], Ct);
        Assert.DoesNotContain(subject, (await waiting.SubjectsAsync(500, null, Ct)).Items);
    }

    private static AccountEvent Event(string kind, double daysAgo, string? person = null) => new(Stores.Unique("evt"), kind, Now.AddDays(-daysAgo), Now) { PersonKey = person };

    private static Task<TimelineSaved> KeepAsync(IAccountTimelines timelines, string account, IReadOnlyList<AccountEvent> events) => timelines.ChangeAsync(
        account,
        [.. events.Select(e => e.EventId)],
        (state, fresh) => new TimelineChange(
            SignalFold.Add(state, account, [.. events.Where(e => fresh.Contains(e.EventId))], new(), true, Now).State,
            [.. events.Where(e => fresh.Contains(e.EventId)).Select(e => new TimelineEntry(e, new Dictionary<string, string>(), true))],
            []),
        Ct);
}

public sealed class TableTimelineTests : TimelineContract
{
    protected override async Task<(IAccountTimelines Timelines, IWaitingEvents Waiting)> StoresAsync() =>
        (new TableAccountTimelines(await Stores.TablesAsync()), new TableWaitingEvents(await Stores.TablesAsync()));
}

public sealed class InMemoryTimelineTests : TimelineContract
{
    protected override Task<(IAccountTimelines Timelines, IWaitingEvents Waiting)> StoresAsync() =>
        Task.FromResult<(IAccountTimelines, IWaitingEvents)>((new InMemoryTimelines(), new InMemoryWaitingEvents()));
}
