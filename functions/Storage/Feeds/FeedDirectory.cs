using Microsoft.Extensions.Logging;

namespace Abm.Functions.Storage.Feeds;

/// <summary>A feed's state in memory: loaded at the first use, then kept current by what was added. One instance in the process.</summary>
internal sealed class FeedDirectory<TState, TChange, TRow>(IChangeFeed feed, IFeedModel<TState, TChange, TRow> model, ILogger logger)
    where TState : class
{
    private const int MaxAttempts = 20;

    /// <summary>Change sets since the last snapshot from which a new one is worth it, beside one for every few parts that must be written.</summary>
    private const int SnapshotAfter = 64;

    private const int PartsForOneMore = 4;

    private readonly Lock _gate = new();
    private Task<Loaded>? _running;
    private Task<Loaded>? _next;
    private Loaded _loaded = new(FeedHead.Empty, model.Empty, 0, false);

    /// <summary>The state with every change that was committed before this call.</summary>
    /// <remarks>
    /// Callers at the same time share a refresh, but never one that had begun before they called: that one may have asked the storage before the
    /// change they know of was committed.
    /// </remarks>
    public async ValueTask<TState> CurrentAsync(CancellationToken cancellationToken) => (await RefreshAsync(cancellationToken)).State;

    /// <summary>Decides on the current state, commits what was decided, and decides again when another writer was first.</summary>
    /// <param name="decide">Pure; may be called several times. No changes = nothing is written.</param>
    /// <returns>The state that includes the changes.</returns>
    public async Task<TState> SaveAsync(Func<TState, IReadOnlyCollection<TChange>> decide, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            Loaded current = await RefreshAsync(cancellationToken);
            IReadOnlyCollection<TChange> changes = decide(current.State);
            if (changes.Count == 0)
                return current.State;
            Loaded? saved = await AppendAsync(current, changes, cancellationToken);
            if (saved is null)
                continue;
            Keep(saved);
            await SnapshotIfWorthwhileAsync(saved, cancellationToken);
            return saved.State;
        }

        throw new InvalidOperationException($"Other writers were first {MaxAttempts} times in a row.");
    }

    /// <summary>One change set, or several where they do not fit in one; null when another writer was first. What was written until then is written again: the same change twice is the same.</summary>
    private async Task<Loaded?> AppendAsync(Loaded current, IReadOnlyCollection<TChange> changes, CancellationToken cancellationToken)
    {
        FeedHead head = current.Head;
        foreach (byte[] content in FeedPacking.Pack(changes.Select(model.ToRow)))
        {
            FeedHead? next = await feed.AppendAsync(head, content, cancellationToken);
            if (next is null)
                return null;
            head = next;
        }

        return current with { Head = head, State = model.Apply(current.State, changes, head.Version) };
    }

    private async Task<Loaded> RefreshAsync(CancellationToken cancellationToken)
    {
        Task<Loaded> mine;
        lock (_gate)
        {
            _next ??= RunNextAsync(_running);
            mine = _next;
        }

        return await mine.WaitAsync(cancellationToken);
    }

    /// <summary>Waits for the refresh that is running, then is the running one itself.</summary>
    private async Task<Loaded> RunNextAsync(Task<Loaded>? before)
    {
        // Leaves the lock of the caller before anything else happens.
        await Task.Yield();
        if (before is not null)
            await before.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        Loaded known;
        lock (_gate)
        {
            _running = _next;
            _next = null;
            known = _loaded;
        }

        Loaded loaded = await CatchUpAsync(known);
        Keep(loaded);
        return loaded;
    }

    /// <summary>Shared by many callers, so no caller's cancellation ends it.</summary>
    private async Task<Loaded> CatchUpAsync(Loaded known)
    {
        for (int attempt = 0; attempt < MaxAttempts; attempt++)
        {
            FeedHead head = await feed.HeadAsync(CancellationToken.None);
            if (head.Version == known.Head.Version)
                return known with { Head = head };

            // Ahead of the head: the storage was emptied or exchanged under us, and what we know is of another life.
            bool isNewLife = known.Head.Version > head.Version;
            Loaded? start = isNewLife ? known with { Life = known.Life + 1 } : known;
            if (known.Head.Version < head.Floor || (known.Head.Version == 0 && head.Snapshot is not null) || isNewLife)
                start = await LoadAsync(head, start.Life);
            if (start is not null && await FollowAsync(start, head) is { } loaded)
                return loaded;
        }

        throw new InvalidOperationException("The feed was rewritten faster than it could be read.");
    }

    /// <summary>The newest snapshot that can be read, or the beginning; null when another one came into force meanwhile.</summary>
    /// <exception cref="InvalidDataException">None can be read, and what came before them is gone.</exception>
    private async Task<Loaded?> LoadAsync(FeedHead head, int life)
    {
        InvalidDataException? damage = null;
        foreach (SnapshotHead snapshot in new[] { head.Snapshot, head.Previous }.OfType<SnapshotHead>())
        {
            try
            {
                ISnapshotLoad<TState> load = model.Load(snapshot.Parts);
                await Parallel.ForEachAsync(feed.ReadSnapshotAsync(snapshot, CancellationToken.None), (part, _) =>
                {
                    load.Add(part);
                    return ValueTask.CompletedTask;
                });
                return new Loaded(head with { Version = snapshot.Version }, load.Finish(snapshot.Version), life, damage is not null || load.IsOutdated);
            }
            catch (InvalidDataException e)
            {
                if ((await feed.HeadAsync(CancellationToken.None)).Snapshot != head.Snapshot)
                    return null;
                damage = e;
                logger.SnapshotUnreadable(snapshot.Name, e);
            }
        }

        if (damage is not null && head.Floor > 0)
            throw new InvalidDataException("No snapshot of the feed can be read, and the change sets before them are gone; the accounts must be imported anew into an empty table.", damage);
        return new Loaded(FeedHead.Empty, model.Empty, life, damage is not null);
    }

    /// <summary>What is known with the change sets up to the head; null when some were cleaned away meanwhile.</summary>
    private async Task<Loaded?> FollowAsync(Loaded known, FeedHead head)
    {
        var changes = new List<TChange>();
        long reached = known.Head.Version;
        if (head.Version > reached)
        {
            await foreach (byte[] content in feed.ReadAsync(reached + 1, head.Version, CancellationToken.None))
            {
                changes.AddRange(FeedPacking.Unpack<TRow>(content).Select(model.FromRow));
                reached++;
            }
        }

        return reached != head.Version ? null
            : known with { Head = head, State = changes.Count == 0 ? known.State : model.Apply(known.State, changes, head.Version) };
    }

    /// <summary>Writes a snapshot when the one in force could not be read or another build wrote it, or when many changes came since.</summary>
    public async Task RenewSnapshotAsync(CancellationToken cancellationToken) => await SnapshotIfWorthwhileAsync(await RefreshAsync(cancellationToken), cancellationToken);

    /// <summary>Forgets the past: afterwards the storage holds the state as it is and nothing of how it came about.</summary>
    /// <exception cref="InvalidOperationException">Other writers were first each time; what was asked for is not done.</exception>
    public async Task ForgetPastAsync(CancellationToken cancellationToken)
    {
        // The first snapshot keeps what readers a little behind it need; a second one of the same state makes that the past, too.
        int done = 0;
        for (int attempt = 0; attempt < MaxAttempts && done < 2; attempt++)
        {
            Loaded current = await RefreshAsync(cancellationToken);
            if (current.Head.Version == 0)
                return;
            FeedHead? head = await feed.SnapshotAsync(current.Head, model.Pack(current.State), cancellationToken);
            done = head is null ? 0 : done + 1;
            if (head is not null)
                Keep(current with { Head = head, IsSnapshotBad = false });
        }

        if (done < 2)
            throw new InvalidOperationException($"Other writers were first {MaxAttempts} times in a row.");
    }

    private async Task SnapshotIfWorthwhileAsync(Loaded saved, CancellationToken cancellationToken)
    {
        if (!saved.IsSnapshotBad && saved.Head.Version - saved.Head.SnapshotVersion < SnapshotAfter + ((saved.Head.Snapshot?.Parts ?? 0) / PartsForOneMore))
            return;
        try
        {
            FeedHead? head = await feed.SnapshotAsync(saved.Head, model.Pack(saved.State), cancellationToken);
            if (head is not null)
                Keep(saved with { Head = head, IsSnapshotBad = false });
        }
        catch (Azure.RequestFailedException e)
        {
            // The changes are committed; a snapshot only makes loading shorter, and the next save tries again.
            logger.SnapshotPutOff(e);
        }
    }

    private void Keep(Loaded loaded)
    {
        lock (_gate)
        {
            if (loaded.Life > _loaded.Life || (loaded.Life == _loaded.Life && loaded.Head.Version >= _loaded.Head.Version))
                _loaded = loaded;
        }
    }

    /// <param name="Life">Grows when the storage was emptied: a version of an earlier life says nothing.</param>
    /// <param name="IsSnapshotBad">The snapshot in force cannot be read, or only slowly: the next one is due.</param>
    private sealed record Loaded(FeedHead Head, TState State, int Life, bool IsSnapshotBad);
}

internal static partial class FeedLog
{
    [LoggerMessage(1050, LogLevel.Warning, "A snapshot could not be written and is put off")]
    public static partial void SnapshotPutOff(this ILogger logger, Exception exception);

    [LoggerMessage(1052, LogLevel.Error, "The snapshot {Snapshot} cannot be read; what came before it is read instead, which takes longer, and a new one is written")]
    public static partial void SnapshotUnreadable(this ILogger logger, string snapshot, Exception exception);
}
