using Abm.Local.Hosting;
using Azure;
using Azure.Data.Tables;

namespace Microsoft.Azure.Functions.Worker.Timers;

/// <summary>
/// Exactly one process of an app runs its timers: the one that keeps renewing a row. Another takes over when the row has not changed for
/// <see cref="Length"/> by its own clock, so clocks of different machines need not agree; at once when the process is gone from this machine.
/// </summary>
internal sealed class TimerLease(TableClient table, string hostId, string owner, TimeProvider time)
{
    /// <summary>The row's key; no function can have this name.</summary>
    private const string RowKey = "$lease";

    /// <summary>How long a lease holds without renewal.</summary>
    public static readonly TimeSpan Length = TimeSpan.FromSeconds(15);

    private ETag _held;
    private ETag _seen;
    private DateTimeOffset _seenAt;

    /// <summary>Takes the lease if it is free, released or forgotten.</summary>
    public async Task<bool> TryTakeAsync(CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> found = await table.GetEntityIfExistsAsync<TableEntity>(hostId, RowKey, cancellationToken: cancellationToken);
        var mine = new TableEntity(hostId, RowKey) { ["Owner"] = owner };
        try
        {
            if (!found.HasValue)
            {
                Response added = await table.AddEntityAsync(mine, cancellationToken);
                _held = added.Headers.ETag ?? default;
                return true;
            }

            TableEntity row = found.Value!;
            DateTimeOffset now = time.GetUtcNow();
            if (row.ETag != _seen)
            {
                _seen = row.ETag;
                _seenAt = now;
            }

            // Processes that die again and again before the length is over would never run a timer if they had to wait for it.
            string holder = row.GetString("Owner") ?? "";
            bool isFree = holder.Length == 0 || holder == owner || ProcessName.IsGoneFromThisMachine(holder);
            if (!isFree && now - _seenAt < Length)
                return false;
            Response updated = await table.UpdateEntityAsync(mine, row.ETag, TableUpdateMode.Replace, cancellationToken);
            _held = updated.Headers.ETag ?? default;
            return true;
        }
        catch (RequestFailedException quicker) when (quicker.Status is 409 or 412)
        {
            return false;
        }
    }

    /// <summary>Says that this process is still there; false: another has taken over.</summary>
    public async Task<bool> TryRenewAsync(CancellationToken cancellationToken)
    {
        try
        {
            // A changing value makes a changing ETag, which is what the others watch.
            var mine = new TableEntity(hostId, RowKey) { ["Owner"] = owner, ["RenewedAt"] = time.GetUtcNow() };
            Response updated = await table.UpdateEntityAsync(mine, _held, TableUpdateMode.Replace, cancellationToken);
            _held = updated.Headers.ETag ?? default;
            return true;
        }
        catch (RequestFailedException taken) when (taken.Status is 404 or 412)
        {
            return false;
        }
    }

    /// <summary>Lets another process take over at once.</summary>
    public async Task ReleaseAsync(CancellationToken cancellationToken)
    {
        try
        {
            await table.UpdateEntityAsync(new TableEntity(hostId, RowKey) { ["Owner"] = "" }, _held, TableUpdateMode.Replace, cancellationToken);
        }
        catch (RequestFailedException taken) when (taken.Status is 404 or 412)
        {
        }
    }
}
