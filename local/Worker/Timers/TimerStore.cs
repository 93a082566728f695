using Azure;
using Azure.Data.Tables;

namespace Microsoft.Azure.Functions.Worker.Timers;

/// <summary>Where a schedule stands. <paramref name="Last"/> is null before the first run.</summary>
/// <param name="Last">The last run.</param>
/// <param name="Next">The run that comes next.</param>
/// <param name="LastUpdated">When this was written.</param>
internal sealed record TimerStatus(DateTimeOffset? Last, DateTimeOffset Next, DateTimeOffset LastUpdated)
{
    public ScheduleStatus ForFunction() => new() { Last = Last?.UtcDateTime ?? default, Next = Next.UtcDateTime, LastUpdated = LastUpdated.UtcDateTime };
}

/// <summary>Remembers schedules over restarts.</summary>
internal interface ITimerStore
{
    Task<TimerStatus?> ReadAsync(string function, CancellationToken cancellationToken);

    Task WriteAsync(string function, TimerStatus status, CancellationToken cancellationToken);
}

/// <summary>One row for each function in the table <see cref="TableName"/>.</summary>
internal sealed class TableTimerStore(TableClient table, string hostId) : ITimerStore
{
    public const string TableName = "FunctionTimers";

    public async Task<TimerStatus?> ReadAsync(string function, CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> found = await table.GetEntityIfExistsAsync<TableEntity>(hostId, function, cancellationToken: cancellationToken);
        return found.HasValue && found.Value is { } row
            ? new TimerStatus(row.GetDateTimeOffset("Last"), row.GetDateTimeOffset("Next") ?? default, row.GetDateTimeOffset("LastUpdated") ?? default)
            : null;
    }

    public Task WriteAsync(string function, TimerStatus status, CancellationToken cancellationToken)
    {
        var row = new TableEntity(hostId, function) { ["Next"] = status.Next, ["LastUpdated"] = status.LastUpdated };
        if (status.Last is { } last)
            row["Last"] = last;
        return table.UpsertEntityAsync(row, TableUpdateMode.Replace, cancellationToken);
    }
}
