namespace Abm.Functions.Storage.Feeds;

/// <summary>How changes become a state in memory, and back. Pure.</summary>
/// <typeparam name="TState">Immutable.</typeparam>
/// <typeparam name="TChange">One change.</typeparam>
/// <typeparam name="TRow">One change as it is stored.</typeparam>
internal interface IFeedModel<TState, TChange, TRow>
{
    TState Empty { get; }

    TState Apply(TState state, IReadOnlyCollection<TChange> changes, long version);

    TRow ToRow(TChange change);

    TChange FromRow(TRow row);

    /// <summary>The state as parts of a snapshot, one after the other.</summary>
    IEnumerable<byte[]> Pack(TState state);

    /// <summary>Begins to read a snapshot.</summary>
    /// <param name="parts">How many parts it has.</param>
    ISnapshotLoad<TState> Load(int parts);
}

/// <summary>A snapshot as it is being read.</summary>
internal interface ISnapshotLoad<out TState>
{
    /// <summary>Takes a part; in any order, from several threads.</summary>
    /// <exception cref="InvalidDataException">It is damaged, or of a format that this build does not know.</exception>
    void Add(byte[] part);

    /// <summary>The state, when all parts are there.</summary>
    TState Finish(long version);

    /// <summary>Whether the next start would be quicker if the snapshot were written anew: another build wrote it.</summary>
    bool IsOutdated { get; }
}

/// <summary>A snapshot that holds nothing but rows, as change sets do.</summary>
internal sealed class RowsLoad<TState, TChange, TRow>(IFeedModel<TState, TChange, TRow> model) : ISnapshotLoad<TState>
{
    private readonly Lock _gate = new();
    private readonly List<TChange> _changes = [];

    public bool IsOutdated => false;

    public void Add(byte[] part)
    {
        TChange[] changes = [.. FeedPacking.Unpack<TRow>(part).Select(model.FromRow)];
        lock (_gate)
            _changes.AddRange(changes);
    }

    public TState Finish(long version) => model.Apply(model.Empty, _changes, version);
}
