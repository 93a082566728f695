namespace Abm.Configuration;

/// <summary>One step of a play. It does one thing: exactly one of <c>notify, task, sequence, enrich, assign, assignTo, wait, delay, until, branch, webhook, start, end</c> stands in it.</summary>
[Says("step"), CheckedBy(typeof(PlayStepCheck))]
public sealed record PlayStepRule
{
    /// <summary>By which other steps go to it; null = its number, from 1.</summary>
    [Says("name"), Pattern(PlayNames.Pattern, PlayNames.Says)]
    public string? Name { get; init; }

    /// <summary>The step is left out unless this is true, such as a channel that nobody has unsubscribed from; null = always done.</summary>
    [Says("only when")]
    public Predicate? When { get; init; }

    /// <summary>Tell somebody with <c>template</c>.</summary>
    [Says("tell")]
    public PlayRecipient? Notify { get; init; }

    /// <summary>Give somebody a task, described by <c>template</c>. Whoever keeps tasks is sent it.</summary>
    [Says("give a task to")]
    public PlayRecipient? Task { get; init; }

    [Says("text"), RefersTo("templates", "template")]
    public string? Template { get; init; }

    /// <summary>Ask the sequencer to enrol the people in this sequence.</summary>
    [Says("enrol in sequence"), Pattern(PlayNames.Pattern, PlayNames.Says)]
    public string? Sequence { get; init; }

    /// <summary>Ask this provider to enrich, and wait for its event <c>enriched</c>, but not beyond <c>within</c>: it goes on in either case.</summary>
    [Says("enrich with"), Pattern(PlayNames.Pattern, PlayNames.Says)]
    public string? Enrich { get; init; }

    /// <summary>Give it to the account's or opportunity's owner, somebody by name, or the next of a pool.</summary>
    [Says("give it to")]
    public RouteTarget? Assign { get; init; }

    /// <summary>Give it to the owner's manager or backup, or back to who had it before (<c>sender</c>).</summary>
    [Says("give it to the")]
    public PlayRecipient? AssignTo { get; init; }

    /// <summary>Wait for the first of these events; <c>within</c> or <c>deadline</c> says how long.</summary>
    [Says("wait for"), Pattern(PlayNames.Pattern, PlayNames.Says)]
    public IReadOnlyList<string> Wait { get; init; } = [];

    /// <summary>Which of the events need a reason.</summary>
    [Says("with a reason"), Pattern(PlayNames.Pattern, PlayNames.Says)]
    public IReadOnlyList<string> NeedsReason { get; init; } = [];

    /// <summary>The clock that runs while it waits, with its ladder. After the ladder's last step it still waits as long as the play's <c>keepMeasuringFor</c>, unless <c>within</c> is shorter.</summary>
    [Says("deadline"), RefersTo("slaPolicies", "SLA policy")]
    public string? Deadline { get; init; }

    /// <summary>The longest wait, on the wall clock. One second to 366 days.</summary>
    [Says("at most"), Between("1s", "366d")]
    public TimeSpan? Within { get; init; }

    /// <summary>Where it goes on after an event; events not named here: at the next step.</summary>
    [Says("after an event go to")]
    public IReadOnlyDictionary<string, string> On { get; init; } = new Dictionary<string, string>();

    /// <summary>Where it goes on when the time is up; null = at the next step.</summary>
    [Says("when the time is up go to"), Pattern(PlayNames.Pattern, PlayNames.Says)]
    public string? Otherwise { get; init; }

    /// <summary>Do nothing for this time, on the wall clock. One second to 366 days.</summary>
    [Says("pause for"), Between("1s", "366d")]
    public TimeSpan? Delay { get; init; }

    /// <summary>Do nothing until this day begins in the default calendar's zone; a day that is past is not waited for.</summary>
    [Says("wait until")]
    public DateOnly? Until { get; init; }

    /// <summary>Go to the step of the first line that is true; the last line has no condition.</summary>
    [Says("branch"), NamedBy("goTo"), DecisionList(Because = "so that it always goes on somewhere", MayBeEmpty = true)]
    public IReadOnlyList<PlayBranch> Branch { get; init; } = [];

    /// <summary>Send the play's facts to the configured receiver, under this name.</summary>
    [Says("call webhook"), Pattern(PlayNames.Pattern, PlayNames.Says)]
    public string? Webhook { get; init; }

    /// <summary>Start another play about the same account or opportunity.</summary>
    [Says("start play"), RefersTo("plays", "play", NoCycles = true)]
    public string? Start { get; init; }

    /// <summary>End the play, with this outcome.</summary>
    [Says("end with"), Pattern(PlayNames.Pattern, PlayNames.Says)]
    public string? End { get; init; }

    /// <summary>Where it goes on afterwards; null = at the next step, and after the last one the play is over.</summary>
    [Says("then go to"), Pattern(PlayNames.Pattern, PlayNames.Says)]
    public string? Then { get; init; }

    /// <summary>Whether people are told in closed hours as well. Default: it waits for the opening.</summary>
    [Says("does not wait for the opening")]
    public bool Urgent { get; init; }

    /// <summary>What it does.</summary>
    [NotWritten]
    public PlayStepKind Kind =>
        Notify is not null ? PlayStepKind.Notify
        : Task is not null ? PlayStepKind.Task
        : Sequence is not null ? PlayStepKind.Sequence
        : Enrich is not null ? PlayStepKind.Enrich
        : Assign is not null || AssignTo is not null ? PlayStepKind.Assign
        : Wait.Count > 0 ? PlayStepKind.Wait
        : Delay is not null ? PlayStepKind.Delay
        : Until is not null ? PlayStepKind.Until
        : Branch.Count > 0 ? PlayStepKind.Branch
        : Webhook is not null ? PlayStepKind.Webhook
        : Start is not null ? PlayStepKind.Start
        : PlayStepKind.End;
}

/// <summary>What a step does.</summary>
public enum PlayStepKind
{
    Notify,
    Task,
    Sequence,
    Enrich,
    Assign,
    Wait,
    Delay,
    Until,
    Branch,
    Webhook,
    Start,
    End,
}

/// <summary>One way that a play can go on.</summary>
[Says("way")]
public sealed record PlayBranch : IRule
{
    string IRule.Name => GoTo;

    [Says("when")]
    public Predicate? When { get; init; }

    /// <summary>Name of the step.</summary>
    [Says("go to"), Pattern(PlayNames.Pattern, PlayNames.Says)]
    public required string GoTo { get; init; }
}

/// <summary>Who is meant, seen from the play.</summary>
public enum PlayRecipient
{
    [Says("owner")]
    Owner,
    [Says("manager")]
    Manager,

    /// <summary>The owner's delegate, or the manager.</summary>
    [Says("backup")]
    Backup,

    /// <summary>Who had it before the owner.</summary>
    [Says("who had it before")]
    Sender,

    /// <summary>The play's queue of revenue operations.</summary>
    [Says("revenue operations")]
    RevOps,
}
