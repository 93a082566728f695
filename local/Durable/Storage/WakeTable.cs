using System.Globalization;

namespace Abm.Local.Durable.Storage;

/// <summary>Says that an instance needs a look at an instant, and which process sees to it.</summary>
/// <param name="Key">The row key: the instant in ticks first, so that rows lie in order of time.</param>
/// <param name="InstanceId">The instance.</param>
/// <param name="Owner">The session of the process that sees to it while it lives.</param>
/// <param name="ETag">The row's tag.</param>
internal sealed record Wake(string Key, string InstanceId, string Owner, string? ETag = null)
{
    private const int TicksLength = 19;

    /// <summary>When the look is due.</summary>
    public DateTimeOffset DueAt => DueOf(Key);

    public static string NewKey(DateTimeOffset dueAt, string owner, long number) =>
        string.Create(CultureInfo.InvariantCulture, $"{dueAt.UtcTicks:D19}-{owner}-{number}");

    public static DateTimeOffset DueOf(string key) =>
        new(long.Parse(key.AsSpan(0, TicksLength), CultureInfo.InvariantCulture), TimeSpan.Zero);

    /// <summary>Whether the session wrote the row; another one may have taken it over since.</summary>
    public static bool IsOf(string key, string session)
    {
        ReadOnlySpan<char> rest = key.AsSpan(TicksLength + 1);
        return rest.Length > session.Length && rest.StartsWith(session, StringComparison.Ordinal) && rest[session.Length] == '-';
    }

    /// <summary>Row keys before this one are due by then.</summary>
    public static string KeyAfter(DateTimeOffset instant) => string.Create(CultureInfo.InvariantCulture, $"{instant.UtcTicks + 1:D19}");
}

/// <summary>
/// The index of what is due: a row for each instance that waits for an instant or is being worked on. It is read from its beginning up to
/// now, which is short, however many instances wait for later. Also the sign of life of each process.
/// </summary>
internal sealed class WakeTable(ITable table)
{
    private const string Sessions = "sessions";
    private const string FirstMinute = "000000000000";

    public Task CreateIfMissingAsync(CancellationToken cancellationToken) => table.CreateIfMissingAsync(cancellationToken);

    /// <summary>Writes a row before whatever depends on it is committed.</summary>
    public Task PutAsync(Wake wake, CancellationToken cancellationToken) => table.UpsertAsync(Row(wake), cancellationToken);

    /// <summary>Makes a row one's own, if nobody else did so first.</summary>
    public async Task<bool> AdoptAsync(Wake wake, string owner, CancellationToken cancellationToken) =>
        await table.UpdateAsync(Row(wake with { Owner = owner }), wake.ETag ?? "", merge: false, cancellationToken).ConfigureAwait(false) is not null;

    public Task DeleteAsync(string key, CancellationToken cancellationToken) =>
        table.DeleteAsync(Minute(Wake.DueOf(key)), key, null, cancellationToken);

    /// <summary>The session that sees to a row; null: the row is gone.</summary>
    public async Task<string?> ReadOwnerAsync(string key, CancellationToken cancellationToken) =>
        (await table.GetAsync(Minute(Wake.DueOf(key)), key, ["Owner"], cancellationToken).ConfigureAwait(false))?.Text("Owner");

    /// <summary>The rows that are due by an instant, earliest first, at most so many.</summary>
    public async Task<IReadOnlyList<Wake>> DueAsync(DateTimeOffset until, int atMost, CancellationToken cancellationToken)
    {
        var range = new TableRange { PartitionFrom = FirstMinute, PartitionTo = Minute(until), RowKeyBefore = Wake.KeyAfter(until) };
        var due = new List<Wake>();
        string? continuation = null;
        do
        {
            TablePage page = await table.QueryAsync(range, 1000, continuation, cancellationToken).ConfigureAwait(false);
            due.AddRange(page.Rows.Select(row => new Wake(row.RowKey, row.Text("Instance") ?? "", row.Text("Owner") ?? "", row.ETag)));
            continuation = page.Continuation;
        }
        while (continuation is not null && due.Count < atMost);
        return due;
    }

    /// <summary>Says that a session lives: the number must grow.</summary>
    public Task BeatAsync(string session, int number, CancellationToken cancellationToken) =>
        table.UpsertAsync(new TableRow(Sessions, session) { Properties = { ["Beat"] = number } }, cancellationToken);

    /// <summary>The session's latest number; null: it ended.</summary>
    public async Task<int?> ReadBeatAsync(string session, CancellationToken cancellationToken) =>
        (await table.GetAsync(Sessions, session, null, cancellationToken).ConfigureAwait(false))?.Number("Beat");

    /// <summary>All sessions that have a row, and their latest numbers.</summary>
    public async Task<IReadOnlyDictionary<string, int>> ReadBeatsAsync(CancellationToken cancellationToken)
    {
        var beats = new Dictionary<string, int>(StringComparer.Ordinal);
        string? continuation = null;
        do
        {
            TablePage page = await table.QueryAsync(new TableRange { PartitionKey = Sessions }, 1000, continuation, cancellationToken).ConfigureAwait(false);
            foreach (TableRow row in page.Rows)
                beats[row.RowKey] = row.Number("Beat");
            continuation = page.Continuation;
        }
        while (continuation is not null);
        return beats;
    }

    public Task EndSessionAsync(string session, CancellationToken cancellationToken) =>
        table.DeleteAsync(Sessions, session, null, cancellationToken);

    private static string Minute(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyyMMddHHmm", CultureInfo.InvariantCulture);

    private static TableRow Row(Wake wake) =>
        new(Minute(wake.DueAt), wake.Key) { Properties = { ["Instance"] = wake.InstanceId, ["Owner"] = wake.Owner } };
}
