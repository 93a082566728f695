using Abm.Clocks;
using Abm.Decisions;
using Abm.Journeys;
using Abm.Plays;

namespace Abm.Ports;

/// <summary>Everything that is true of a lead now: where it stands, its plays and its clocks. One row; saved under its tag.</summary>
/// <param name="FirstTouchAt">When the first human touch happened, UTC; null: not yet.</param>
/// <param name="Disposition">What came of it; null: open.</param>
/// <param name="Tag">The version that was read. A save with an older one is a <see cref="SaveOutcome.Conflict"/>.</param>
public sealed record LeadFile(
    LeadRecord Lead,
    IReadOnlyList<PlayRecord> Plays,
    IReadOnlyList<ClockRecord> Clocks,
    DateTimeOffset? FirstTouchAt,
    LeadDisposition? Disposition,
    string Tag)
{
    /// <summary>What ends its plays: a touch or a disposition, whichever was first; null while nothing does.</summary>
    public PlayStop? Stop
    {
        get
        {
            PlayStop? closed = Disposition is { } disposition ? new PlayStop(disposition.Kind, disposition.At) : null;
            PlayStop? touched = FirstTouchAt is { } at ? new PlayStop(PlayStopKind.Touched, at) : null;
            return touched is null || closed?.At < touched.At ? closed : touched;
        }
    }
}

/// <summary>The end of a lead, as a person said it.</summary>
public sealed record LeadDisposition(PlayStopKind Kind, DateTimeOffset At);

/// <summary>A play that follows the lead up.</summary>
/// <param name="PlayId">Also the id of the durable instance; see <see cref="PlayStartInput.IdFor(string, string)"/>.</param>
public sealed record PlayRecord(string PlayId, string Name, PlayStatus Status);

/// <summary>How far a play has come.</summary>
public enum PlayStatus
{
    /// <summary>Decided; its first step has not run yet.</summary>
    Pending,
    Running,

    /// <summary>It went through all its steps.</summary>
    Completed,

    /// <summary>A touch or a disposition ended it.</summary>
    Stopped,
}

/// <summary>Something that happened to a lead. Its id is derived from what happened, so telling it twice keeps it once.</summary>
/// <param name="Kind">Such as <c>touch</c>, <c>breach</c>, <c>reassigned</c>, <c>notified</c>.</param>
/// <param name="By">Who did it: a rep's id, or null for the system.</param>
/// <param name="Details">Ids and codes by name; a person's note is the only free text.</param>
public sealed record LeadEvent(string EventId, string Kind, DateTimeOffset At, string? By, IReadOnlyDictionary<string, string> Details)
{
    /// <summary>Oldest first; of the same instant, what people did before what the system did about it.</summary>
    public static IReadOnlyList<LeadEvent> InOrder(IEnumerable<LeadEvent> events) =>
        [.. events.OrderBy(e => e.At).ThenBy(e => e.By is null).ThenBy(e => e.EventId, StringComparer.Ordinal)];
}

/// <summary>What became of a conditional save.</summary>
public enum SaveOutcome
{
    Saved,

    /// <summary>Someone saved first: read again, decide again.</summary>
    Conflict,

    /// <summary>This very event is kept already; nothing was changed.</summary>
    AlreadyHappened,
}

/// <summary>The life of a lead after it was taken in.</summary>
public interface ILeadFileStore
{
    /// <summary>One point read.</summary>
    Task<LeadFile?> ReadAsync(LeadId id, CancellationToken cancellationToken);

    /// <summary>Saves account, owner, plays, clocks, touch and disposition together with the event that changed them, in one transaction under the file's tag.</summary>
    Task<SaveOutcome> SaveAsync(LeadFile changed, LeadEvent happened, CancellationToken cancellationToken);

    /// <summary>One point read.</summary>
    Task<JourneyDecision?> FindDecisionAsync(LeadId id, string decisionId, CancellationToken cancellationToken);

    /// <summary>What happened to the lead, oldest first.</summary>
    Task<IReadOnlyList<LeadEvent>> EventsAsync(LeadId id, CancellationToken cancellationToken);

    /// <summary>Marks an undecided lead as waiting for a person. A decided or unknown lead stays as it is.</summary>
    Task QuarantineAsync(LeadId id, CancellationToken cancellationToken);

    /// <summary>Leads without a decision that were received before an instant, oldest first.</summary>
    /// <param name="state"><see cref="LeadState.Received"/>, or <see cref="LeadState.Quarantined"/> for those that wait for a person.</param>
    /// <param name="after">The last lead of the page before; null: from the beginning.</param>
    Task<IReadOnlyList<UndecidedLead>> UndecidedAsync(LeadState state, DateTimeOffset before, int limit, UndecidedKey? after, CancellationToken cancellationToken);

    /// <summary>Notes that these were put back on the queue.</summary>
    Task NoteRequeuedAsync(IReadOnlyList<UndecidedLead> leads, DateTimeOffset at, CancellationToken cancellationToken);
}

/// <summary>A lead that waits for its decision.</summary>
/// <param name="QueuedAt">When it was last put on the queue, as far as is known.</param>
/// <param name="Requeued">How often it was put back.</param>
public sealed record UndecidedLead(LeadId Id, DateTimeOffset ReceivedAt, string Source, DateTimeOffset QueuedAt, int Requeued);

/// <summary>The place of a lead among the undecided.</summary>
public sealed record UndecidedKey(DateTimeOffset ReceivedAt, LeadId Id);
