namespace Abm.Functions.Storage.Feeds;

/// <summary>How changes become a state in memory, and back. Pure.</summary>
/// <typeparam name="TState">Immutable.</typeparam>
/// <typeparam name="TChange">One change.</typeparam>
/// <typeparam name="TRow">One change as it is stored.</typeparam>
internal interface IFeedModel<TState, TChange, TRow>
{
    TState Empty { get; }

    TState Apply(TState state, IReadOnlyCollection<TChange> changes, long version);

    /// <summary>The changes that make the state out of nothing, in an order that depends on the state alone.</summary>
    IEnumerable<TChange> Everything(TState state);

    TRow ToRow(TChange change);

    TChange FromRow(TRow row);
}
