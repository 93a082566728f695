using System.Collections.Concurrent;
using System.Globalization;
using System.Runtime.CompilerServices;
using Abm.Decisions;
using Abm.Functions.Storage.Feeds;
using Abm.Functions.Storage.Reps;
using Abm.People;
using Abm.Ports;
using Azure;
using Azure.Data.Tables;

namespace Abm.Functions.Storage.Decisions;

/// <summary>States of the rep directory that decided something, each in a partition of its own, named after its content. Never changed.</summary>
public sealed class TableRepSnapshots(TableServiceClient service) : IRepSnapshots
{
    private const string Content = "In";
    private readonly TableClient _table = service.GetTableClient(TableNames.RepSnapshots);
    private readonly ConditionalWeakTable<IReadOnlyDictionary<RepId, Rep>, string> _kept = [];
    private readonly ConcurrentDictionary<string, WeakReference<IReadOnlyDictionary<RepId, Rep>>> _read = new(StringComparer.Ordinal);

    /// <inheritdoc/>
    /// <remarks>The directory hands out the same object until something changes, so that most calls end at the first line.</remarks>
    public async ValueTask<string> KeepAsync(IReadOnlyDictionary<RepId, Rep> reps, CancellationToken cancellationToken)
    {
        if (_kept.TryGetValue(reps, out string? known))
            return known;
        RepRow[] rows = [.. reps.Values.OrderBy(rep => rep.Id).Select(RepRow.From)];
        string name = DerivedId.From("reps", Convert.ToBase64String(FeedPacking.Bytes(rows)));
        int part = 0;
        foreach (byte[] content in FeedPacking.Pack(rows))
        {
            TableEntity row = new(name, Part(part++));
            row.SetBytes(Content, content);
            await AddAsync(row, cancellationToken);
        }

        // Written last: who finds it finds the parts.
        await AddAsync(new TableEntity(name, Head) { ["Parts"] = part, ["Reps"] = rows.Length }, cancellationToken);
        _kept.AddOrUpdate(reps, name);
        return name;
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyDictionary<RepId, Rep>?> FindAsync(string name, CancellationToken cancellationToken)
    {
        if (_read.TryGetValue(name, out WeakReference<IReadOnlyDictionary<RepId, Rep>>? weak) && weak.TryGetTarget(out IReadOnlyDictionary<RepId, Rep>? known))
            return known;
        Dictionary<RepId, Rep> reps = [];
        int? parts = null;
        string filter = TableClient.CreateQueryFilter($"PartitionKey eq {name}");
        await foreach (TableEntity row in _table.QueryAsync<TableEntity>(filter, maxPerPage: 4, cancellationToken: cancellationToken))
        {
            parts ??= row.RowKey == Head ? row.GetInt32("Parts") : null;
            foreach (RepRow rep in row.GetBytes(Content) is { } content ? FeedPacking.Unpack<RepRow>(content) : [])
                reps[RepId.Parse(rep.Id)] = rep.ToRep();
        }

        if (parts is null)
            return null;
        _read[name] = new WeakReference<IReadOnlyDictionary<RepId, Rep>>(reps);
        return reps;
    }

    private const string Head = "!head";

    private static string Part(int part) => part.ToString("D4", CultureInfo.InvariantCulture);

    private async Task AddAsync(TableEntity row, CancellationToken cancellationToken)
    {
        try
        {
            await _table.AddEntityAsync(row, cancellationToken);
        }
        catch (RequestFailedException known) when (known.Status == 409)
        {
            // named after its content: it is the same
        }
    }
}
