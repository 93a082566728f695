using System.Collections.Concurrent;
using System.Globalization;
using Abm.Clocks;
using Abm.Decisions;
using Abm.Ports;

namespace Abm.TestKit;

/// <summary>The lists of leads, of what waits for people, and of clocks, in memory; keep the contract of the tables.</summary>
public sealed class InMemoryLists(Faults? faults = null) : ILeadList, IReviewList, IClockBoard, IClockRecounts
{
    private readonly ConcurrentDictionary<LeadId, LeadListItem> _leads = [];
    private readonly ConcurrentDictionary<LeadId, ReviewItem> _waiting = [];
    private readonly ConcurrentDictionary<LeadId, ReviewItem> _resolved = [];
    private readonly ConcurrentDictionary<string, ClockRecord> _clocks = [];
    private RecountMark? _recount;

    public IReadOnlyList<LeadListItem> Leads => [.. _leads.Values];

    public IReadOnlyList<ReviewItem> Waiting => [.. _waiting.Values];

    public IReadOnlyList<ReviewItem> Resolved => [.. _resolved.Values];

    public IReadOnlyList<ClockRecord> Clocks => [.. _clocks.Values];

    public Task PutAsync(LeadListItem item, CancellationToken cancellationToken)
    {
        _leads[item.LeadId] = item;
        return Done("LeadList.Put");
    }

    public Task<ListPage<LeadListItem>> ListAsync(LeadListFilter filter, int limit, string? after, CancellationToken cancellationToken) => Page(
        _leads.Values
            .Where(l => filter.Outcome is null || l.Outcome == filter.Outcome)
            .Where(l => filter.OwnerId is null || l.OwnerId?.Value == filter.OwnerId)
            .Where(l => filter.AccountId is null || l.AccountId?.Value == filter.AccountId)
            .Where(l => filter.Source is null || l.Source == filter.Source)
            .OrderByDescending(l => l.ReceivedAt)
            .ThenBy(l => l.LeadId.Value, StringComparer.Ordinal),
        limit,
        after);

    public Task PutAsync(ReviewItem item, CancellationToken cancellationToken)
    {
        _waiting[item.LeadId] = item with { Snooze = _waiting.GetValueOrDefault(item.LeadId)?.Snooze };
        return Done("ReviewList.Put");
    }

    public Task RemoveAsync(LeadId lead, DateTimeOffset receivedAt, CancellationToken cancellationToken)
    {
        _waiting.TryRemove(lead, out _);
        return Done("ReviewList.Remove");
    }

    public Task<ReviewItem?> FindAsync(LeadId lead, DateTimeOffset receivedAt, CancellationToken cancellationToken) => Task.FromResult(_waiting.GetValueOrDefault(lead));

    public Task<bool> SnoozeAsync(LeadId lead, DateTimeOffset receivedAt, ReviewSnooze? snooze, CancellationToken cancellationToken)
    {
        if (!_waiting.TryGetValue(lead, out ReviewItem? item))
            return Task.FromResult(false);
        _waiting[lead] = item with { Snooze = snooze };
        return Task.FromResult(true);
    }

    public Task ResolveAsync(ReviewItem item, ReviewResolution resolution, CancellationToken cancellationToken)
    {
        _resolved[item.LeadId] = item with { Resolution = resolution };
        _waiting.TryRemove(item.LeadId, out _);
        return Done("ReviewList.Resolve");
    }

    public Task<ListPage<ReviewItem>> ListAsync(ReviewFilter filter, int limit, string? after, CancellationToken cancellationToken) => Page(
        (filter.State == ReviewState.Resolved ? _resolved : _waiting).Values
            .Where(w => filter.Outcome is null ? w.Outcome != "matched" : w.Outcome == filter.Outcome)
            .Where(w => w.StateAt(filter.Now) == filter.State)
            .OrderByDescending(w => w.ReceivedAt)
            .ThenBy(w => w.LeadId.Value, StringComparer.Ordinal),
        limit,
        after);

    public Task PutAsync(IReadOnlyList<ClockRecord> clocks, CancellationToken cancellationToken)
    {
        foreach (ClockRecord clock in clocks)
            _clocks[clock.ClockId] = clock;
        return Done("ClockBoard.Put");
    }

    public Task<ListPage<ClockRecord>> ListAsync(ClockFilter filter, int limit, string? after, CancellationToken cancellationToken)
    {
        ClockRecord[] wanted =
        [
            .. _clocks.Values
                .Where(c => filter.State is null || c.State.Text() == filter.State)
                .Where(c => !filter.IsOpen || c.IsOpen)
                .Where(c => !filter.IsNotPaused || c.State != ClockState.Paused)
                .Where(c => filter.OwnerId is null || c.OwnerId?.Value == filter.OwnerId)
                .Where(c => filter.DueBefore is null || c.DueAt < filter.DueBefore)
                .Where(c => filter.DueFrom is null || c.DueAt >= filter.DueFrom)
                .Where(c => filter.Team is null || c.Team == filter.Team)
                .Where(c => filter.Tier is null || ClockNames.Of(c.Tier) == filter.Tier)
                .Where(c => filter.Policy is null || c.Policy == filter.Policy)
                .Where(c => filter.Kind is null || ClockNames.Of(c.Kind) == filter.Kind)
                .Where(c => filter.Scope is null || c.Scope == filter.Scope)
                .Where(c => filter.LeadId is null || c.LeadId?.Value == filter.LeadId)
                .Where(c => filter.AccountId is null || c.AccountId?.Value == filter.AccountId),
        ];
        return Page(
            wanted.Where(c => c.IsOpen).OrderBy(c => c.DueAt).ThenBy(c => c.ClockId, StringComparer.Ordinal)
                .Concat(wanted.Where(c => !c.IsOpen).OrderByDescending(c => c.DueAt).ThenBy(c => c.ClockId, StringComparer.Ordinal)),
            limit,
            after);
    }

    public Task<ClockPlace?> FindAsync(string clockId, CancellationToken cancellationToken) =>
        Task.FromResult(_clocks.TryGetValue(clockId, out ClockRecord? clock) ? new ClockPlace(clockId, clock.PlayId, clock.LeadId, clock.AccountId) : null);

    public Task<ClockSummary> SummaryAsync(DateTimeOffset now, CancellationToken cancellationToken)
    {
        ClockTally tally = new(now);
        foreach (ClockRecord clock in _clocks.Values.Where(c => c.IsOpen))
            tally.Add(new ClockLine(clock.State, clock.DueAt, clock.OwnerId?.Value ?? "", clock.Team ?? "", ClockNames.Of(clock.Tier), clock.Policy, ClockNames.Of(clock.Kind), clock.Scope));
        return Task.FromResult(tally.Result());
    }

    public Task CountAsync(DateTimeOffset now, CancellationToken cancellationToken) => Task.CompletedTask;

    public Task<RecountMark?> ReadAsync(CancellationToken cancellationToken) => Task.FromResult(_recount);

    public Task SaveAsync(RecountMark mark, CancellationToken cancellationToken)
    {
        _recount = mark;
        return Done("ClockRecounts.Save");
    }

    internal static Task<ListPage<T>> Page<T>(IEnumerable<T> all, int limit, string? after)
    {
        int start = 0;
        if (after is not null && !int.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out start))
            throw new FormatException("The cursor is none of this list.");
        T[] rest = [.. all.Skip(start)];
        return Task.FromResult(new ListPage<T>(
            [.. rest.Take(limit)], rest.Length > limit ? (start + limit).ToString(CultureInfo.InvariantCulture) : null));
    }

    private Task Done(string call)
    {
        faults?.Happened(call);
        return Task.CompletedTask;
    }
}
