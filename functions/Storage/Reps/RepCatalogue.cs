using System.Collections.Immutable;
using Abm.Decisions;
using Abm.Functions.Storage.Feeds;
using Abm.People;
using Abm.Ports;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Storage.Reps;

/// <summary>Everyone who can own leads, at one version. Immutable.</summary>
public sealed record RepsState(ImmutableDictionary<RepId, Rep> Reps)
{
    /// <summary>Nobody.</summary>
    public static readonly RepsState Empty = new(ImmutableDictionary<RepId, Rep>.Empty);
}

/// <summary>Reads and changes the people who can own leads.</summary>
public interface IRepCatalogue
{
    /// <summary>Everything that was committed before this call.</summary>
    ValueTask<RepsState> CurrentAsync(CancellationToken cancellationToken);

    /// <summary>Decides on the current state and commits the new versions of reps that were decided; decides again when somebody else was first.</summary>
    /// <param name="decide">Pure; may be called several times.</param>
    Task<RepsState> SaveAsync(Func<RepsState, IReadOnlyCollection<Rep>> decide, CancellationToken cancellationToken);
}

/// <summary>The reps in memory over their feed in table storage. One instance in the process.</summary>
public sealed class FeedRepCatalogue(IChangeFeed feed, ILogger<FeedRepCatalogue> logger) : IRepCatalogue, IRepDirectory
{
    /// <summary>Name of the feed.</summary>
    public const string Feed = "reps";

    private readonly FeedDirectory<RepsState, Rep, RepRow> _directory = new(feed, new RepsModel(), logger);

    /// <inheritdoc/>
    public ValueTask<RepsState> CurrentAsync(CancellationToken cancellationToken) => _directory.CurrentAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<RepsState> SaveAsync(Func<RepsState, IReadOnlyCollection<Rep>> decide, CancellationToken cancellationToken) =>
        _directory.SaveAsync(decide, cancellationToken);

    async ValueTask<IReadOnlyDictionary<RepId, Rep>> IRepDirectory.CurrentAsync(CancellationToken cancellationToken) => (await CurrentAsync(cancellationToken)).Reps;

    /// <summary>How the reps' feed is read. A rep who has left stays, inactive: what they owned still names them.</summary>
    private sealed class RepsModel : IFeedModel<RepsState, Rep, RepRow>
    {
        public RepsState Empty => RepsState.Empty;

        public RepsState Apply(RepsState state, IReadOnlyCollection<Rep> changes, long version)
        {
            ImmutableDictionary<RepId, Rep>.Builder reps = state.Reps.ToBuilder();
            foreach (Rep rep in changes)
                reps[rep.Id] = rep;
            return new RepsState(reps.ToImmutable());
        }

        public IEnumerable<byte[]> Pack(RepsState state) => FeedPacking.Pack(state.Reps.Values.OrderBy(rep => rep.Id).Select(ToRow));

        public ISnapshotLoad<RepsState> Load(int parts) => new RowsLoad<RepsState, Rep, RepRow>(this);

        public RepRow ToRow(Rep change) => RepRow.From(change);

        public Rep FromRow(RepRow row) => row.ToRep();
    }
}
