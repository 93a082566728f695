namespace Abm.Functions.Storage.Feeds;

/// <summary>Where a feed stands.</summary>
/// <param name="Version">Number of the last change set; 0 = none yet.</param>
/// <param name="Snapshot">The snapshot in force; null = none.</param>
/// <param name="Previous">The one before it, kept with the change sets since, for when the one in force cannot be read; null = none.</param>
/// <param name="Tag">Tells this state from every other one; empty before the first change.</param>
public sealed record FeedHead(long Version, SnapshotHead? Snapshot, SnapshotHead? Previous, string Tag)
{
    /// <summary>A feed that nothing was written to.</summary>
    public static readonly FeedHead Empty = new(0, null, null, "");

    /// <summary>The change set that the snapshot in force includes; 0 = no snapshot.</summary>
    public long SnapshotVersion => Snapshot?.Version ?? 0;

    /// <summary>Change sets up to this one may be gone; a reader that knows less starts at a snapshot.</summary>
    public long Floor => Previous?.Version ?? 0;
}

/// <summary>A snapshot as its feed's head names it.</summary>
/// <param name="Version">The change set that it includes last.</param>
/// <param name="Parts">How many parts it has.</param>
/// <param name="Name">Tells it from every other one, also from one of the same version that another writer began.</param>
/// <param name="Hash">Over the contents of all its parts, in order.</param>
public sealed record SnapshotHead(long Version, int Parts, string Name, string Hash);

/// <summary>Numbered sets of changes, and snapshots that make the older ones unnecessary. Contents are bytes: what they mean is the reader's business.</summary>
/// <remarks>A change set and the head's new version are one transaction: what the head counts is there, and what is there is counted.</remarks>
public interface IChangeFeed
{
    /// <summary>One point read.</summary>
    Task<FeedHead> HeadAsync(CancellationToken cancellationToken);

    /// <summary>The change sets in [first, last], in order; ends early when one is missing because it was cleaned away meanwhile.</summary>
    IAsyncEnumerable<byte[]> ReadAsync(long first, long last, CancellationToken cancellationToken);

    /// <summary>Adds the next change set, in one transaction, if the head is still the expected one.</summary>
    /// <param name="content">At most <see cref="FeedContent.MaxLength"/> bytes.</param>
    /// <returns>The new head; null when another writer was first.</returns>
    Task<FeedHead?> AppendAsync(FeedHead expected, byte[] content, CancellationToken cancellationToken);

    /// <summary>The parts of a snapshot in order.</summary>
    /// <exception cref="InvalidDataException">They are not the ones that the head speaks of: some are missing, because it was replaced and cleaned away meanwhile or because it is torn, or have another content.</exception>
    IAsyncEnumerable<byte[]> ReadSnapshotAsync(SnapshotHead snapshot, CancellationToken cancellationToken);

    /// <summary>Writes a snapshot of the state at the expected head's version, makes it the one in force and cleans away what nobody needs any more. Two writers never write to the same one.</summary>
    /// <returns>The new head; null when another writer was first, and then this snapshot does not count.</returns>
    Task<FeedHead?> SnapshotAsync(FeedHead expected, IEnumerable<byte[]> parts, CancellationToken cancellationToken);
}

/// <summary>Bounds of what one row of a feed holds.</summary>
public static class FeedContent
{
    /// <summary>Well below an entity's 1 MiB, since base64 and names count as well.</summary>
    public const int MaxLength = 512 * 1024;
}
