namespace Abm.Plays;

/// <summary>How far a play has come. Kept in its file; immutable, every change is a new value.</summary>
public sealed record PlayProgress
{
    /// <summary>Nothing has happened yet.</summary>
    public static PlayProgress Start { get; } = new();

    /// <summary>What was done, skipped and gone through, in order.</summary>
    public IReadOnlyList<DoneStep> DoneSteps { get; init; } = [];

    /// <summary>What stopped it; null while nothing did.</summary>
    public PlayStop? Stop { get; init; }

    /// <summary>Name of the step where it stands; null before the first and after the last one.</summary>
    public string? At { get; init; }

    /// <summary>How many steps it has come to: tells two visits of one step apart. 0: it has not begun.</summary>
    public int Visit { get; init; }

    /// <summary>When it came to that step, UTC.</summary>
    public DateTimeOffset EnteredAt { get; init; }

    /// <summary>What it was told, oldest first.</summary>
    public IReadOnlyList<PlayEvent> Events { get; init; } = [];

    /// <summary>Ids of events that a wait was answered by.</summary>
    public IReadOnlyList<string> AnsweredBy { get; init; } = [];

    /// <summary>Who works it, and who did before, where that stands nowhere else: of an account or opportunity.</summary>
    public string? OwnerId { get; init; }
    public IReadOnlyList<string> FormerOwnerIds { get; init; } = [];

    /// <summary>How often it changed hands, of an account or opportunity.</summary>
    public int Hop { get; init; }

    /// <summary>How often a missed deadline gave it away, of an account or opportunity.</summary>
    public int Reassigned { get; init; }

    /// <summary>What it waits for; null: it is working, or over.</summary>
    public PlayWaiting? Waiting { get; init; }

    /// <summary>How it ended; null while it runs.</summary>
    public PlayOutcome? Outcome { get; init; }

    /// <summary>The outcome that the play itself names; null: none.</summary>
    public string? Result { get; init; }
    public DateTimeOffset? EndedAt { get; init; }

    /// <summary>Whether this step was done.</summary>
    public bool HasDone(string stepId) => DoneSteps.Any(d => string.Equals(d.Id, stepId, StringComparison.Ordinal));
}

/// <summary>A step that was done.</summary>
/// <param name="Id">Unique in the play.</param>
/// <param name="At">When, UTC.</param>
/// <param name="Code">What became of it, such as <c>done, skipped, nobody, begun, answered, timeUp, branched</c>.</param>
/// <param name="Says">In a sentence, without personal data; null: the code says all.</param>
public sealed record DoneStep(string Id, DateTimeOffset At, string Code, string? Says = null);

/// <summary>Something that a play was told.</summary>
/// <param name="Id">Derived from what happened: the same told twice is one.</param>
/// <param name="At">When it happened, UTC.</param>
/// <param name="By">Who told it: a rep's id, or a system's name.</param>
/// <param name="Reason">What the person wrote; null: nothing.</param>
public sealed record PlayEvent(string Id, string Name, DateTimeOffset At, string? By, string? Reason);

/// <summary>What became of doing a step.</summary>
/// <param name="Code">See <see cref="DoneStep.Code"/>.</param>
/// <param name="OwnerId">Who works it from now on, when the step gave it to somebody; null: nothing changed.</param>
public sealed record PlayStepResult(string Code, string? Says = null, string? OwnerId = null)
{
    public static PlayStepResult Done { get; } = new("done");
}
