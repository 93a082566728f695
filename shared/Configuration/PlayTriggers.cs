namespace Abm.Configuration;

/// <summary>What starts a play.</summary>
public enum PlayTrigger
{
    /// <summary>A lead got an owner.</summary>
    [Says("a lead got an owner")]
    RouteAssigned,

    /// <summary>An event of one of the names under <c>events</c>.</summary>
    [Says("an event happens")]
    Event,

    /// <summary>All the events under <c>events</c>, in this order, not more than <c>within</c> apart from the first to the last.</summary>
    [Says("events happen in a row")]
    Sequence,

    /// <summary>The points reach <c>atLeast</c> and were below it before.</summary>
    [Says("the points reach a mark")]
    Score,

    /// <summary>The level becomes one of <c>levels</c> and was none of them before.</summary>
    [Says("a level is reached")]
    Level,

    /// <summary>Interest surges, with a strength of <c>atLeast</c> and on one of <c>topics</c> where these are given.</summary>
    [Says("interest surges")]
    Surge,

    /// <summary>The stage becomes one of <c>stages</c>, coming from one of <c>fromStages</c> where these are given.</summary>
    [Says("a stage is reached")]
    Stage,

    /// <summary>An opportunity changed in one of the ways under <c>changes</c>.</summary>
    [Says("an opportunity changes")]
    Opportunity,

    /// <summary>A day that lies <c>days</c> away from the date in <c>field</c> has come; negative: before it.</summary>
    [Says("a date comes near")]
    Date,

    /// <summary>Somebody or another play starts it.</summary>
    [Says("it is started by hand or by another play")]
    Manual,
}

/// <summary>More about what starts a play. Each trigger reads its own lines.</summary>
[Says("trigger")]
public sealed record PlayTriggerRule
{
    /// <summary>For events: any of these. For a sequence: all, in this order.</summary>
    [Says("events"), Pattern(PlayNames.Pattern, PlayNames.Says)]
    public IReadOnlyList<string> Events { get; init; } = [];

    /// <summary>The longest time from the first to the last event of a sequence; null = 30 days. One second to 366 days.</summary>
    [Says("within"), Between("1s", "366d")]
    public TimeSpan? Within { get; init; }

    /// <summary>The mark that points, or the strength of a surge, must reach; null = any.</summary>
    [Says("at least"), Between(0, 1_000_000)]
    public double? AtLeast { get; init; }

    [Says("levels"), RefersTo("scoring.levels", "level")]
    public IReadOnlyList<string> Levels { get; init; } = [];

    /// <summary>In any case; none = any topic.</summary>
    [Says("topics")]
    public IReadOnlyList<string> Topics { get; init; } = [];

    [Says("stages")]
    public IReadOnlyList<string> Stages { get; init; } = [];

    /// <summary>None = from any.</summary>
    [Says("from the stages")]
    public IReadOnlyList<string> FromStages { get; init; } = [];

    /// <summary>Such as <c>opened</c>, <c>won</c>, <c>lost</c>, <c>reopened</c>, <c>changed</c>; none = any change.</summary>
    [Says("changes"), Pattern(PlayNames.Pattern, PlayNames.Says)]
    public IReadOnlyList<string> Changes { get; init; } = [];

    /// <summary>Name of the date, such as <c>renewalDate</c>.</summary>
    [Says("date"), Pattern(PlayNames.Pattern, PlayNames.Says)]
    public string? Field { get; init; }

    /// <summary>Days from the date: -90 is 90 days before it. -3660 to 3660.</summary>
    [Says("days from the date"), Between(-3660, 3660)]
    public IReadOnlyList<int> Days { get; init; } = [];

    /// <summary>How often it may start about the same account or opportunity.</summary>
    [Says("how often")]
    public PlayFireMode Fire { get; init; } = PlayFireMode.Always;
}

/// <summary>How often a trigger may fire about one account or opportunity.</summary>
public enum PlayFireMode
{
    /// <summary>Each time, when none runs and the rest after the last one is over.</summary>
    [Says("each time")]
    Always,

    /// <summary>Once and never again.</summary>
    [Says("once")]
    Once,
}
