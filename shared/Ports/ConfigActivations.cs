namespace Abm.Ports;

/// <summary>Why an entry stands in the log of activations.</summary>
public enum ActivationKind
{
    /// <summary>In force at once.</summary>
    Publish,

    /// <summary>In force from an instant to come.</summary>
    Schedule,

    /// <summary>An earlier version again.</summary>
    Rollback,

    /// <summary>Takes an entry back whose instant had not come.</summary>
    Cancel,
}

/// <summary>One entry of the log of activations. Entries are only ever added.</summary>
/// <param name="Sequence">From 1, without gaps: the order in which they were written.</param>
/// <param name="Version">What comes into force; of a cancellation: what does not.</param>
/// <param name="ActiveFrom">The version is in force from this instant on, it included. Of a cancellation: when it was written.</param>
/// <param name="Cancels">The sequence of the entry that a cancellation takes back; else null.</param>
/// <param name="At">When it was written.</param>
/// <param name="AcceptedFlips">The flips that were accepted although the gate would have blocked; null when it would not.</param>
public sealed record Activation(
    long Sequence, ActivationKind Kind, string Version, DateTimeOffset ActiveFrom, long? Cancels, DateTimeOffset At, string By, string Reason, string? Approver, int? AcceptedFlips = null);

/// <summary>Which version is in force when: a pure function of the entries, the same in every process.</summary>
public sealed record ActivationList(IReadOnlyList<Activation> Entries)
{
    /// <summary>Entries already over that are kept at hand: a process whose clock is a little behind still finds what was in force.</summary>
    private const int KeptBehind = 8;

    public static ActivationList Empty { get; } = new([]);

    /// <summary>The entry in force: of those that have begun and were not cancelled, the one that began last; of two that began together, the one written later.</summary>
    /// <returns>Before the first began: the first, since there must be one; null only for the empty list.</returns>
    public Activation? InForceAt(DateTimeOffset instant)
    {
        Activation? inForce = null, first = null;
        foreach (Activation entry in Standing())
        {
            if (entry.ActiveFrom <= instant && (inForce is null || IsLater(entry, inForce)))
                inForce = entry;
            if (first is null || IsLater(first, entry))
                first = entry;
        }

        return inForce ?? first;
    }

    /// <summary>What will come into force after this instant, earliest first.</summary>
    public IReadOnlyList<Activation> PendingAt(DateTimeOffset instant) =>
        [.. Standing().Where(e => e.ActiveFrom > instant).OrderBy(e => e.ActiveFrom).ThenBy(e => e.Sequence)];

    /// <summary>The list with more entries, without what can no longer matter after this instant.</summary>
    public ActivationList With(IReadOnlyList<Activation> entries, DateTimeOffset now)
    {
        ActivationList all = new([.. Entries, .. entries]);
        ILookup<bool, Activation> standing = all.Standing().ToLookup(e => e.ActiveFrom > now);
        IEnumerable<Activation> behind = standing[false].OrderBy(e => e.ActiveFrom).ThenBy(e => e.Sequence).TakeLast(KeptBehind);
        return new ActivationList([.. behind.Concat(standing[true]).OrderBy(e => e.Sequence)]);
    }

    private IEnumerable<Activation> Standing()
    {
        HashSet<long> cancelled = [.. Entries.Select(e => e.Cancels).OfType<long>()];
        return Entries.Where(e => e.Kind != ActivationKind.Cancel && !cancelled.Contains(e.Sequence));
    }

    private static bool IsLater(Activation one, Activation other) =>
        one.ActiveFrom > other.ActiveFrom || (one.ActiveFrom == other.ActiveFrom && one.Sequence > other.Sequence);
}

/// <summary>The log of activations and its head.</summary>
public interface IConfigActivations
{
    /// <summary>The head: one point read.</summary>
    Task<ActivationHead> ReadAsync(CancellationToken cancellationToken);

    /// <summary>Adds entries if the head is still the one that was read. Entries and head are one transaction.</summary>
    /// <param name="read">What was decided on.</param>
    /// <param name="entries">With the sequences after <see cref="ActivationHead.LastSequence"/>; none when only the folder is noted.</param>
    /// <param name="folderContent">Names the files of the folder that are taken over with them; null: as it was.</param>
    /// <param name="now">What is over by then and replaced need not be kept at hand.</param>
    /// <returns><see cref="SaveOutcome.Conflict"/> when somebody was faster.</returns>
    Task<SaveOutcome> AppendAsync(ActivationHead read, IReadOnlyList<Activation> entries, string? folderContent, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>All entries, newest first.</summary>
    /// <exception cref="FormatException"><c>after</c> is none of ours.</exception>
    Task<ListPage<Activation>> LogAsync(int limit, string? after, CancellationToken cancellationToken);

    /// <summary>Whether this version ever came into force, or was to.</summary>
    Task<bool> WasActivatedAsync(string version, CancellationToken cancellationToken);
}

/// <summary>The head of the log as it was read.</summary>
/// <param name="List">Everything that can still matter; not the whole log.</param>
/// <param name="LastSequence">Of the whole log.</param>
/// <param name="FolderContent">Names the files that were last taken over from the folder; null: none were.</param>
/// <param name="Tag">Null: there is no head yet.</param>
public sealed record ActivationHead(ActivationList List, long LastSequence, string? FolderContent, string? Tag)
{
    public static ActivationHead None { get; } = new(ActivationList.Empty, 0, null, null);
}
