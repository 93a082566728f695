namespace Abm.Configuration;

/// <summary>A play: what starts it, who works it, what is done in which order, which clocks run, and what ends it.</summary>
[Says("play"), CheckedBy(typeof(PlayCheck))]
public sealed record PlayRules : IRule
{
    /// <summary>Plays for leads that got an owner compete: the first that fits is started. All others are started each for itself.</summary>
    string? IRule.Group => On == PlayTrigger.RouteAssigned ? On.ToString() : $"{On}/{Name}";

    /// <summary>Lower-case name, unique among the plays; part of the durable instance's id.</summary>
    [Says("name"), Pattern("[a-z0-9-]{1,40}", "A play's name has 1 to 40 lower-case letters, digits and hyphens: it is part of ids.")]
    public required string Name { get; init; }
    [Says("starts when")]
    public PlayTrigger On { get; init; } = PlayTrigger.RouteAssigned;

    /// <summary>More about what starts it; null where there is no more to say.</summary>
    [Says("trigger")]
    public PlayTriggerRule? Trigger { get; init; }

    /// <summary>Started only when this is true; null = always.</summary>
    [Says("when")]
    public Predicate? When { get; init; }

    /// <summary>What one instance is about; null = a lead for <see cref="PlayTrigger.RouteAssigned"/>, an account for everything else.</summary>
    [Says("is about one")]
    public PlaySubjectKind? For { get; init; }

    /// <summary>Who works a play about an account or opportunity: the first of these that there is. A lead's play is its owner's. None: nobody is told, and tasks wait for revenue operations.</summary>
    [Says("worked by")]
    public IReadOnlyList<RouteTarget> Owner { get; init; } = [];

    /// <summary>Off: it starts nothing; instances that run go on.</summary>
    [Says("switched on")]
    public bool IsOn { get; init; } = true;

    /// <summary>Of several plays about one account: the more the higher. 0 to 1000.</summary>
    [Says("priority"), Between(0, 1000)]
    public int Priority { get; init; }

    /// <summary>What happens when a play of the same or a higher priority is running about the same account.</summary>
    [Says("beside other plays")]
    public PlayCompetition BesideOthers { get; init; } = PlayCompetition.Start;

    /// <summary>How long after its end it is not started again about the same account or opportunity; null = at once. 1 second to ten years.</summary>
    [Says("rests after its end for"), Between("1s", "3660d")]
    public TimeSpan? CoolOff { get; init; }

    /// <summary>Which first-touch policy applies to a lead: tried in order, the last one without a condition. Only for plays about leads.</summary>
    [Says("deadline of the first touch"), NamedBy("policy"), DecisionList(Because = "so that every lead has a deadline", MayBeEmpty = true)]
    public IReadOnlyList<SlaChoice> FirstTouch { get; init; } = [];

    /// <summary>What is done, in this order. Steps at the beginning that only tell somebody are done again for each new owner of a lead.</summary>
    [Says("steps")]
    public IReadOnlyList<PlayStepRule> Steps { get; init; } = [new() { Notify = PlayRecipient.Owner, Template = "context-card" }];

    /// <summary>What ends it early, beside a touch, a disposition and a cancellation.</summary>
    [Says("stops when")]
    public IReadOnlyList<PlayStopRule> Stop { get; init; } = [];

    /// <summary>Template of the 50 % reminder and of the owner's part of the 80 % one.</summary>
    [Says("text of reminders"), RefersTo("templates", "template")]
    public string ReminderTemplate { get; init; } = "reminder";
    [Says("text for the backup"), RefersTo("templates", "template")]
    public string BackupTemplate { get; init; } = "backup";
    [Says("text of a missed deadline"), RefersTo("templates", "template")]
    public string BreachTemplate { get; init; } = "breach";
    [Says("text of a reassignment"), RefersTo("templates", "template")]
    public string ReassignedTemplate { get; init; } = "reassigned";
    [Says("text for revenue operations"), RefersTo("templates", "template")]
    public string RevOpsTemplate { get; init; } = "revops";

    /// <summary>Pool for reassignments; null = the pool that the lead came from, or, when it had a named owner, <see cref="FallbackPool"/>.</summary>
    [Says("pool for reassignments"), RefersTo("pools", "pool")]
    public string? ReassignPool { get; init; }

    /// <summary>Pool for reassignments of what did not come from a pool; null = that is not reassigned, but goes to RevOps.</summary>
    [Says("pool for reassignments from a named owner"), RefersTo("pools", "pool")]
    public string? FallbackPool { get; init; }

    /// <summary>How many times it may change hands after breaches. 0 to 5.</summary>
    [Says("most reassignments"), Between(0, 5)]
    public int MaxReassignments { get; init; } = 2;

    /// <summary>Queue where nobody's leads end.</summary>
    [Says("queue where nobody's leads end")]
    public string RevOpsQueue { get; init; } = "revops";

    /// <summary>How long an answer is still waited for, and measured, after the last step of a ladder. One second to 366 days.</summary>
    [Says("an answer is waited for after the last step of a ladder"), Between("1s", "366d")]
    public TimeSpan KeepMeasuringFor { get; init; } = TimeSpan.FromDays(30);

    /// <summary>What one instance is about.</summary>
    [NotWritten]
    public PlaySubjectKind Subject => For ?? (On == PlayTrigger.RouteAssigned ? PlaySubjectKind.Lead : PlaySubjectKind.Account);

    /// <summary>The inbound play with the documented deadlines for each tier.</summary>
    public static PlayRules Inbound { get; } = new()
    {
        Name = "inbound",
        FirstTouch =
        [
            new() { When = new Predicate.Test("account.tier", PredicateOp.Equals, ["oneToOne"]), Policy = "first-touch-1to1" },
            new() { When = new Predicate.Test("account.tier", PredicateOp.Equals, ["oneToFew"]), Policy = "first-touch-1tofew" },
            new() { Policy = "first-touch" },
        ],
    };
}

/// <summary>What an instance of a play is about.</summary>
public enum PlaySubjectKind
{
    [Says("lead")]
    Lead = 0,
    [Says("account")]
    Account = 1,
    [Says("opportunity")]
    Opportunity = 2,
}

/// <summary>What becomes of a play when another of the same or a higher priority runs about the same account.</summary>
public enum PlayCompetition
{
    /// <summary>It is started all the same.</summary>
    [Says("starts beside them")]
    Start,

    /// <summary>The running one hears of it as the event <c>joined</c>, and no second clock runs.</summary>
    [Says("joins the running one")]
    Join,

    /// <summary>Nothing happens.</summary>
    [Says("stays away")]
    Skip,
}

/// <summary>One line of the choice of a policy.</summary>
[Says("choice of a deadline")]
public sealed record SlaChoice : IRule
{
    string IRule.Name => Policy;

    [Says("when")]
    public Predicate? When { get; init; }

    [Says("deadline"), RefersTo("slaPolicies", "SLA policy")]
    public required string Policy { get; init; }
}

/// <summary>Something that ends a play early: an event, or that something has become true.</summary>
[Says("stop"), CheckedBy(typeof(PlayStopCheck))]
public sealed record PlayStopRule
{
    /// <summary>Name of the event; null = not by an event.</summary>
    [Says("event"), Pattern(PlayNames.Pattern, PlayNames.Says)]
    public string? Event { get; init; }

    /// <summary>Looked at before every step and at every event; null = the event alone is enough.</summary>
    [Says("when")]
    public Predicate? When { get; init; }

    /// <summary>How that is called where the play's end is told.</summary>
    [Says("outcome"), Pattern(PlayNames.Pattern, PlayNames.Says)]
    public string Outcome { get; init; } = "stopped";
}

/// <summary>What names of events, steps and outcomes obey.</summary>
public static class PlayNames
{
    public const string Pattern = "[A-Za-z0-9][A-Za-z0-9_.-]{0,59}";
    public const string Says = "It has 1 to 60 letters, digits, hyphens, dots and underscores.";

    /// <summary>Event that a play hears of that another one joined instead of starting.</summary>
    public const string Joined = "joined";
}
