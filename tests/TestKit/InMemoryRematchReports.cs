using System.Collections.Concurrent;
using Abm.Decisions;
using Abm.Ports;

namespace Abm.TestKit;

/// <summary>Reports of re-matching in memory; keep the contract of the table.</summary>
public sealed class InMemoryRematchReports : IRematchReports
{
    private readonly ConcurrentDictionary<string, RematchReport> _reports = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<(string, LeadId), RematchItem> _items = [];

    public IReadOnlyList<RematchReport> Reports => [.. _reports.Values];

    public IReadOnlyList<RematchItem> Items => [.. _items.Values];

    public Task PutAsync(RematchReport report, CancellationToken cancellationToken)
    {
        _reports[report.ReportId] = report;
        return Task.CompletedTask;
    }

    public Task<RematchReport?> FindAsync(string reportId, CancellationToken cancellationToken) => Task.FromResult(_reports.GetValueOrDefault(reportId));

    public Task<ListPage<RematchReport>> ListAsync(int limit, string? after, CancellationToken cancellationToken) =>
        InMemoryLists.Page(_reports.Values.OrderByDescending(r => r.StartedAt).ThenBy(r => r.ReportId, StringComparer.Ordinal), limit, after);

    public Task PutItemAsync(string reportId, RematchItem item, CancellationToken cancellationToken)
    {
        _items[(reportId, item.Lead)] = item;
        return Task.CompletedTask;
    }

    public Task<RematchItem?> FindItemAsync(string reportId, LeadId lead, CancellationToken cancellationToken) => Task.FromResult(_items.GetValueOrDefault((reportId, lead)));

    public Task<ListPage<RematchItem>> ItemsAsync(string reportId, int limit, string? after, CancellationToken cancellationToken) =>
        InMemoryLists.Page(_items.Where(i => i.Key.Item1 == reportId).Select(i => i.Value).OrderBy(i => i.Lead.Value, StringComparer.Ordinal), limit, after);
}
