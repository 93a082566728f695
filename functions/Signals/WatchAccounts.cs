using Abm.Accounts;
using Abm.Configuration;
using Abm.Functions.Storage;
using Abm.Functions.Storage.Accounts;
using Abm.Ports;
using Abm.Signals;
using Azure.Data.Tables;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Signals;

/// <summary>Looks once a day at what no event tells: dates that come near, accounts that went quiet, events that are too old to keep.</summary>
public sealed class WatchAccounts(
    IAccountCatalogue accounts, IAccountTimelines timelines, IWaitingEvents waiting, SignalRun run, SignalNotices notices, IConfigSource config, IDayMarks marks, TimeProvider clock, ILogger<WatchAccounts> logger)
{
    /// <summary>How long events wait for an account that nobody knows.</summary>
    public static readonly TimeSpan WaitsFor = TimeSpan.FromDays(30);

    private const string Mark = "accounts";
    private const int AtOnce = 8;
    private const int PurgeStep = 500;

    /// <summary>Every hour, so that the day begins early wherever the company is; what a day needs is done once.</summary>
    [Function(nameof(WatchAccounts))]
    public Task RunAsync([TimerTrigger("0 7 * * * *")] TimerInfo timer, CancellationToken cancellationToken) => RunAsync(cancellationToken);

    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        AbmConfig current = await config.CurrentAsync(cancellationToken);
        AccountsState state = await accounts.CurrentAsync(cancellationToken);
        await notices.HappenedAsync(await run.AdoptAsync(state, cancellationToken), cancellationToken);
        DateOnly today = AccountWatch.Today(current, now);
        DateOnly last = await marks.ReadAsync(Mark, cancellationToken) ?? today.AddDays(-1);
        if (last >= today)
            return;

        int dates = await DatesAsync(state, current, last, today, now, cancellationToken);
        (int live, int purged) = await LiveAsync(current, now, cancellationToken);
        await waiting.PurgeAsync(now - WaitsFor, cancellationToken);

        // Last: a day that was not looked at to its end is looked at again, and finds what was noted.
        await marks.SaveAsync(Mark, today, cancellationToken);
        logger.DayWatched(today, dates, live, purged);
    }

    private async Task<int> DatesAsync(AccountsState state, AbmConfig current, DateOnly last, DateOnly today, DateTimeOffset now, CancellationToken cancellationToken)
    {
        IReadOnlyCollection<(string Field, int Days)> fields = AccountWatch.DatesOf(current);
        if (fields.Count == 0)
            return 0;
        bool starts = EventIntake.StartsPlays(current);
        int near = 0;
        List<string> told = [];
        foreach (Account account in state.Accounts.Values)
        {
            cancellationToken.ThrowIfCancellationRequested();
            IReadOnlyList<TimelineEntry> entries = AccountWatch.Dates(account, fields, last, today, starts, now);
            foreach (TimelineEntry[] some in entries.Chunk(IAccountTimelines.MostAtOnce))
                await timelines.ChangeAsync(account.Id.Value, [.. some.Select(e => e.Event.EventId)], (known, fresh) => EventIntake.Heard(new TimelineChange(known, [.. some.Where(e => fresh.Contains(e.Event.EventId))], []), current), cancellationToken);
            near += entries.Count;
            if (entries.Count > 0)
                told.Add(account.Id.Value);
        }

        await notices.HappenedAsync(told, cancellationToken);
        return near;
    }

    /// <summary>Accounts that events came for: who went quiet is told, what is too old goes, and what was left waiting by a crash is asked about.</summary>
    private async Task<(int Live, int Purged)> LiveAsync(AbmConfig current, DateTimeOffset now, CancellationToken cancellationToken)
    {
        bool starts = EventIntake.StartsPlays(current);
        DateTimeOffset before = now - current.Signals.EventsFor;
        int live = 0, purged = 0;
        string? after = null;
        do
        {
            ListPage<LiveAccount> page = await timelines.LiveAsync(PageOf, after, cancellationToken);
            List<string> told = [];
            Lock gate = new();
            await Parallel.ForEachAsync(page.Items, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken }, async (account, token) =>
            {
                TimelineSaved saved = await timelines.ChangeAsync(
                    account.AccountId,
                    [],
                    (state, _) =>
                    {
                        TimelineChange day = AccountWatch.Daily(state, account.AccountId, current.Signals, starts, now);
                        return day.Entries.Count == 0 && day.State == state ? null : EventIntake.Heard(day, current);
                    },
                    token);
                int gone = await PurgeAsync(account, before, token);
                lock (gate)
                {
                    purged += gone;
                    if (saved.State.Pending.Count > 0)
                        told.Add(account.AccountId);
                }
            });
            live += page.Items.Count;
            await notices.HappenedAsync(told, cancellationToken);
            after = page.Next;
        }
        while (after is not null);
        return (live, purged);
    }

    private const int PageOf = 500;

    private async Task<int> PurgeAsync(LiveAccount account, DateTimeOffset before, CancellationToken cancellationToken)
    {
        int purged = 0;
        while (true)
        {
            int some = await timelines.PurgeAsync(account.AccountId, before, PurgeStep, cancellationToken);
            purged += some;
            if (some < PurgeStep)
                break;
        }

        if (account.LastDay < DateOnly.FromDateTime(before.UtcDateTime))
            await timelines.ForgetAsync(account.AccountId, cancellationToken);
        return purged;
    }
}

/// <summary>Days up to which something was done.</summary>
public interface IDayMarks
{
    Task<DateOnly?> ReadAsync(string mark, CancellationToken cancellationToken);

    Task SaveAsync(string mark, DateOnly day, CancellationToken cancellationToken);
}

/// <summary>Marks in the table of marks.</summary>
public sealed class TableDayMarks(TableServiceClient service) : IDayMarks
{
    private const string Partition = "days";
    private readonly TableClient _table = service.GetTableClient(AccountTables.Marks);

    /// <inheritdoc/>
    public async Task<DateOnly?> ReadAsync(string mark, CancellationToken cancellationToken) =>
        await _table.GetEntityIfExistsAsync<TableEntity>(Partition, mark, cancellationToken: cancellationToken) is { HasValue: true } row && row.Value!.GetString("Day") is { } day
            ? DateOnly.ParseExact(day, "yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture)
            : null;

    /// <inheritdoc/>
    public Task SaveAsync(string mark, DateOnly day, CancellationToken cancellationToken) => _table.UpsertEntityAsync(
        new TableEntity(Partition, mark) { ["Day"] = day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture) }, TableUpdateMode.Replace, cancellationToken);
}
