using Abm.Clocks;
using Abm.Configuration;
using Abm.Plays;
using Abm.Ports;
using Azure;
using Azure.Data.Tables;

namespace Abm.Functions.Storage;

/// <summary>Instances of plays: each in a partition of its own; a line of each in the list of those that run or of those that are over; and for each account which play runs about it.</summary>
/// <remarks>The file's own row is written last: until then a repeat does the rest again.</remarks>
public sealed class TablePlayFiles(TableServiceClient service) : IPlayFiles
{
    private const string FileRow = "file";
    private const string Open = "!open";
    private const string Closed = "!closed";
    private const int MaxLooks = 8;
    private readonly TableClient _table = service.GetTableClient(TableNames.Plays);

    /// <inheritdoc/>
    public async Task<PlayBegun> BeginAsync(PlayFile file, CancellationToken cancellationToken)
    {
        if (file.Start.LeadId is null)
        {
            (string holder, DateTimeOffset since) = await ClaimAsync(file, cancellationToken);
            if (holder != file.Start.PlayId)
                return new PlayBegun(null, holder);

            // Whoever tries to begin it, and however often, it began when its place was taken: it has one line in the list.
            file = file with { Start = file.Start with { RoutedAt = since } };
        }

        PlayFile listed = file with { Listed = Listing(file) };
        await _table.UpsertEntityAsync(LineRow(file.Line, Open), TableUpdateMode.Replace, cancellationToken);
        try
        {
            Response added = await _table.AddEntityAsync(Row(listed), cancellationToken);
            return new PlayBegun(listed with { Tag = added.Headers.ETag!.Value.ToString() }, null);
        }
        catch (RequestFailedException known) when (known.Status == 409)
        {
            PlayFile before = (await FindAsync(file.Start.PlayId, cancellationToken))!;
            if (LineKey(before.Line) != LineKey(file.Line))
                await _table.DeleteEntityAsync(Open, LineKey(file.Line), cancellationToken: cancellationToken);
            return new PlayBegun(await RelistedAsync(before, cancellationToken), null);
        }
    }

    /// <summary>It had begun before: what was just written again for it stands as it did.</summary>
    private async Task<PlayFile> RelistedAsync(PlayFile known, CancellationToken cancellationToken)
    {
        for (int look = 0; look < MaxLooks && !known.IsOver; look++)
        {
            await _table.UpsertEntityAsync(LineRow(known.Line, Open), TableUpdateMode.Replace, cancellationToken);
            PlayFile now = (await FindAsync(known.Start.PlayId, cancellationToken))!;
            if (!now.IsOver && now.Listed == known.Listed)
                return now;
            known = now; // it went on meanwhile
        }

        if (known.IsOver)
        {
            await _table.DeleteEntityAsync(Open, LineKey(known.Line), cancellationToken: cancellationToken);
            await ReleaseAsync(known, cancellationToken);
        }

        return known;
    }

    /// <inheritdoc/>
    public async Task<PlayFile?> FindAsync(string playId, CancellationToken cancellationToken)
    {
        NullableResponse<TableEntity> row = await _table.GetEntityIfExistsAsync<TableEntity>(playId, FileRow, cancellationToken: cancellationToken);
        return row.HasValue ? Read(row.Value!) : null;
    }

    /// <inheritdoc/>
    public async Task<(SaveOutcome Outcome, PlayFile File)> SaveAsync(PlayFile changed, CancellationToken cancellationToken)
    {
        PlayFile file = changed with { Listed = Listing(changed) };
        if (file.Listed != changed.Listed)
        {
            await _table.UpsertEntityAsync(LineRow(file.Line, file.IsOver ? Closed : Open), TableUpdateMode.Replace, cancellationToken);
            if (file.IsOver)
            {
                await _table.DeleteEntityAsync(Open, LineKey(file.Line), cancellationToken: cancellationToken);
                await ReleaseAsync(file, cancellationToken);
            }
        }

        try
        {
            Response saved = await _table.UpdateEntityAsync(Row(file), new ETag(changed.Tag), TableUpdateMode.Replace, cancellationToken);
            return (SaveOutcome.Saved, file with { Tag = saved.Headers.ETag!.Value.ToString() });
        }
        catch (RequestFailedException faster) when (faster.Status == 412)
        {
            return (SaveOutcome.Conflict, changed);
        }
    }

    /// <inheritdoc/>
    public async Task<IReadOnlyList<KnownPlay>> OfAccountAsync(string accountId, CancellationToken cancellationToken)
    {
        List<KnownPlay> known = [];
        await foreach (TableEntity row in _table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey eq {AccountPartition(accountId)}"), cancellationToken: cancellationToken))
            known.Add(Known(row));
        return known;
    }

    /// <inheritdoc/>
    public async Task<ListPage<PlayLine>> ListAsync(PlayFilter filter, int limit, string? after, CancellationToken cancellationToken)
    {
        bool readsOpen = filter.IsRunning is null or true;
        bool readsClosed = filter.IsRunning is null or false;
        List<PlayLine> items = [];
        string? inClosed = null;
        if (after is null ? readsOpen : after.StartsWith('o'))
        {
            ListPage<PlayLine> open = await PageAsync(Open, filter, limit, after?[1..], cancellationToken);
            if (open.Next is not null)
                return open with { Next = "o" + open.Next };
            items.AddRange(open.Items);
        }
        else if (after is not null)
        {
            inClosed = after.StartsWith('c') ? after[1..] : throw new FormatException("The cursor is none of this list.");
        }

        if (!readsClosed)
            return new ListPage<PlayLine>(items, null);
        if (items.Count >= limit)
            return new ListPage<PlayLine>(items, "c");
        ListPage<PlayLine> closed = await PageAsync(Closed, filter, limit - items.Count, inClosed, cancellationToken);
        return new ListPage<PlayLine>([.. items, .. closed.Items], closed.Next is null ? null : "c" + closed.Next);
    }

    private Task<ListPage<PlayLine>> PageAsync(string partition, PlayFilter filter, int limit, string? after, CancellationToken cancellationToken) => TablePages.ReadAsync(
        _table,
        Filters.All(
            Filters.IsEqual("PartitionKey", partition),
            Filters.IsEqual("Play", filter.Play),
            Filters.IsEqual("Kind", filter.Kind?.ToString()),
            Filters.IsEqual("SubjectId", filter.SubjectId),
            Filters.IsEqual("AccountId", filter.AccountId),
            Filters.IsEqual("OwnerId", filter.OwnerId)),
        ToLine,
        limit,
        after,
        cancellationToken);

    /// <summary>Takes the place of the play about its subject; says who has it, and since when.</summary>
    private async Task<(string Holder, DateTimeOffset Since)> ClaimAsync(PlayFile file, CancellationToken cancellationToken)
    {
        TableEntity claim = KnownRow(file, isActive: true);
        try
        {
            await _table.AddEntityAsync(claim, cancellationToken);
            return (file.Start.PlayId, file.Start.RoutedAt);
        }
        catch (RequestFailedException taken) when (taken.Status == 409)
        {
            NullableResponse<TableEntity> row = await _table.GetEntityIfExistsAsync<TableEntity>(claim.PartitionKey, claim.RowKey, cancellationToken: cancellationToken);
            if (!row.HasValue)
                return await ClaimAsync(file, cancellationToken); // it ended in this very moment
            return (row.Value!.GetString("PlayId")!, row.Value.GetDateTimeOffset("StartedAt")!.Value);
        }
    }

    /// <summary>Lets another instance begin, and keeps when this one ended. Only what this instance holds goes.</summary>
    private async Task ReleaseAsync(PlayFile file, CancellationToken cancellationToken)
    {
        if (file.Start.LeadId is not null)
            return;
        await _table.UpsertEntityAsync(KnownRow(file, isActive: false), TableUpdateMode.Replace, cancellationToken);
        TableEntity claim = KnownRow(file, isActive: true);
        NullableResponse<TableEntity> row = await _table.GetEntityIfExistsAsync<TableEntity>(claim.PartitionKey, claim.RowKey, cancellationToken: cancellationToken);
        if (row.HasValue && row.Value!.GetString("PlayId") == file.Start.PlayId)
            await _table.DeleteEntityAsync(claim.PartitionKey, claim.RowKey, row.Value.ETag, cancellationToken);
    }

    private static string AccountPartition(string accountId) => $"a|{accountId}";

    private static TableEntity KnownRow(PlayFile file, bool isActive)
    {
        PlaySubject subject = file.Start.Subject;
        TableEntity row = new(AccountPartition(file.Start.AccountId ?? subject.Id), $"{(isActive ? "on" : "past")}|{file.Start.Play}|{subject}")
        {
            ["PlayId"] = file.Start.PlayId,
            ["Play"] = file.Start.Play,
            ["Kind"] = subject.Kind.ToString(),
            ["SubjectId"] = subject.Id,
            ["StartedAt"] = file.Start.RoutedAt,
        };
        if (!isActive)
            row["EndedAt"] = file.Progress.EndedAt ?? file.Start.RoutedAt;
        return row;
    }

    private static KnownPlay Known(TableEntity row) => new(
        row.GetString("PlayId")!,
        row.GetString("Play")!,
        new PlaySubject(Enum.Parse<PlaySubjectKind>(row.GetString("Kind")!), row.GetString("SubjectId")!),
        row.GetDateTimeOffset("StartedAt")!.Value,
        row.GetDateTimeOffset("EndedAt"));

    private static string Listing(PlayFile file) => $"{file.Status}|{file.OwnerId}|{file.ConfigVersion}";

    private static string LineKey(PlayLine line) => $"{TimeKey.Falling(line.StartedAt)}|{line.PlayId}";

    private static TableEntity LineRow(PlayLine line, string partition)
    {
        TableEntity row = new(partition, LineKey(line))
        {
            ["Play"] = line.Play,
            ["Kind"] = line.Subject.Kind.ToString(),
            ["SubjectId"] = line.Subject.Id,
            ["AccountId"] = line.AccountId ?? "",
            ["OwnerId"] = line.OwnerId ?? "",
        };
        row.SetText("Doc", StoredJson.Write(line));
        return row;
    }

    private static PlayLine ToLine(TableEntity row) => StoredJson.Read<PlayLine>(row.GetText("Doc")!);

    private static TableEntity Row(PlayFile file)
    {
        TableEntity row = new(file.Start.PlayId, FileRow);
        row.SetText("Doc", StoredJson.Write(new PlayDocument(
            1, file.Start, file.Status, file.ConfigVersion, file.Progress, [.. file.Clocks.Select(ClockDocument.From)], file.OwnerId, file.Occasion, file.Listed)));
        return row;
    }

    private static PlayFile Read(TableEntity row)
    {
        PlayDocument doc = StoredJson.Read<PlayDocument>(row.GetText("Doc")!);
        return new PlayFile(doc.Start, doc.Status, doc.ConfigVersion, doc.Progress, [.. doc.Clocks.Select(c => c.ToClock())], row.ETag.ToString())
        {
            OwnerId = doc.OwnerId,
            Occasion = doc.Occasion,
            Listed = doc.Listed,
        };
    }

    private sealed record PlayDocument(
        int Version,
        PlayStartInput Start,
        PlayStatus Status,
        string ConfigVersion,
        PlayProgress Progress,
        IReadOnlyList<ClockDocument> Clocks,
        string? OwnerId,
        IReadOnlyDictionary<string, string> Occasion,
        string Listed);
}
