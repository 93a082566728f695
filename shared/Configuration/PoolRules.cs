namespace Abm.Configuration;

/// <summary>People who take turns. Who is in it stands with the reps; how they take turns stands here.</summary>
[Says("pool"), CheckedBy(typeof(PoolCheck))]
public sealed record PoolRules
{
    /// <summary>The key it stands under.</summary>
    [NotWritten]
    public string Name { get; init; } = "";

    /// <summary>Whose pool it is; says how people speak of it, and nothing more.</summary>
    [Says("kind")]
    public PoolKind Kind { get; init; }

    /// <summary>IANA zone in which periods and caps begin.</summary>
    [Says("time zone"), Format(TextFormat.Zone)]
    public string Zone { get; init; } = "Etc/UTC";
    [Says("when the next in line is not there")]
    public PoolMode Mode { get; init; } = PoolMode.Flexible;
    [Says("who is next")]
    public PoolPick Pick { get; init; } = PoolPick.Fewest;
    [Says("counts begin anew each")]
    public PoolPeriod Period { get; init; } = PoolPeriod.Month;

    /// <summary>Turns relative to others: weight 2 gets twice as many. By rep id; 1 for whoever is not named. More than 0, at most 100.</summary>
    [Says("turns relative to others", More = "By rep id; 1 for whoever is not named."), Between(0, 100, MoreThanLeast = true), Format(TextFormat.Rep)]
    public IReadOnlyDictionary<string, double> Weights { get; init; } = new Dictionary<string, double>();

    /// <summary>Order for ties, by rep id; members not named come after, by id.</summary>
    [Says("order for ties"), UniqueBy(null, "member"), Format(TextFormat.Rep)]
    public IReadOnlyList<string> Order { get; init; } = [];

    /// <summary>Which leads some members prefer, or take only.</summary>
    [Says("preferences of members")]
    public IReadOnlyList<PoolPreference> Preferences { get; init; } = [];

    /// <summary>Whether members are skipped outside their working hours. Default no.</summary>
    [Says("members are skipped outside their working hours")]
    public bool RespectSchedule { get; init; }

    /// <summary>Most leads for one member in a period.</summary>
    [Says("most leads for one member")]
    public IReadOnlyList<PoolCap> Caps { get; init; } = [];

    /// <summary>Leads that are given out whatever the caps say, such as hot ones; null = none.</summary>
    [Says("no cap holds when")]
    public Predicate? CapsSparedWhen { get; init; }

    /// <summary>Most leads of this pool that one member has open: assigned, not touched, not ended. 1 to 200; null = any number.</summary>
    [Says("most open leads for one member"), Between(1, 200)]
    public int? OpenCap { get; init; }

    /// <summary>How many turns a member may be ahead of the member with the fewest for the weight; null = any number. 1 to 1000.</summary>
    [Says("most turns ahead of the others"), Between(1, 1000)]
    public int? MaxLead { get; init; }

    /// <summary>Whether a lead counts as a turn that a member got by a check, because they work with its person or had the person or the account before. Default no: knowing somebody takes no turn away.</summary>
    [Says("leads of people and accounts that a member knows count as turns")]
    public bool ChargeKnown { get; init; }
    [Says("turns missed while away")]
    public AwayCredit AwayCredit { get; init; } = AwayCredit.Normalise;

    /// <summary>Where missed turns are made up for: most extra turns for one member in a day of the pool's zone; null = any number. Never more than one extra beside each turn of one's own.</summary>
    [Says("most extra turns a day"), Between(1, 1000)]
    public int? CatchUpPerDay { get; init; }

    /// <summary>A lead that turns out to be junk, a duplicate, a test or a no-show within this time gives the turn back. Zero: never.</summary>
    [Says("turns of worthless leads are given back within"), Between("0s", "60d")]
    public TimeSpan RefundWithin { get; init; } = TimeSpan.FromHours(24);

    /// <summary>When nobody is eligible, how long a lead may wait for the next who is. Longer than that: the fallback queue at once. Zero: never wait.</summary>
    [Says("leads wait for the next member for"), Between("0s", "60d")]
    public TimeSpan HoldFor { get; init; } = TimeSpan.FromHours(72);

    /// <summary>Where a lead waits when nobody is eligible; null = <c>pool-{name}</c>.</summary>
    [Says("where leads wait when nobody can take them")]
    public string? WaitingQueue { get; init; }

    /// <summary>Where a lead goes that waited too long, or would; people look there. Null = <c>unassigned</c>.</summary>
    [Says("where leads go that nobody will take in time")]
    public string? FallbackQueue { get; init; }

    /// <summary>How many waiting leads one member is given in an hour of the clock, so that the first who comes does not get them all. 1 to 10,000.</summary>
    [Says("waiting leads for one member in an hour"), Between(1, 10_000)]
    public int DrainPerHour { get; init; } = 10;

    /// <summary>A member must accept a lead within this time, or it goes to the next; counted in working hours where the pool respects them. Null = nobody is asked.</summary>
    [Says("a lead must be accepted within"), Between("1s", "30d")]
    public TimeSpan? AcceptWithin { get; init; }
}

/// <summary>Leads that a member prefers: they are offered to those who prefer them first.</summary>
[Says("preference")]
public sealed record PoolPreference
{
    [Says("member"), Format(TextFormat.Rep)]
    public required string Member { get; init; }

    /// <summary>Which leads.</summary>
    [Says("prefers")]
    public required Predicate When { get; init; }

    /// <summary>Whether the member takes no others: a skill that is needed.</summary>
    [Says("takes no others")]
    public bool Only { get; init; }
}

/// <summary>Most leads for one member in a period.</summary>
[Says("cap"), CheckedBy(typeof(PoolCapCheck))]
public sealed record PoolCap
{
    [Says("per")]
    public required CapPeriod Per { get; init; }

    /// <summary>1 or more; at most 500 where the period is rolling.</summary>
    [Says("at most"), Between(1, 100_000)]
    public required int Max { get; init; }
    [Says("counted in")]
    public CapScope Scope { get; init; }

    /// <summary>Only leads of this tag count and are stopped by it; null = all.</summary>
    [Says("of leads tagged"), Pattern("[A-Za-z0-9-]{1,40}", "A tag has 1 to 40 letters, digits and hyphens.")]
    public string? Tag { get; init; }

    /// <summary>Whether the period ends now, instead of beginning on the clock. A rolling month has 30 days.</summary>
    [Says("rolling")]
    public bool Rolling { get; init; }
}

public enum PoolKind
{
    [Says("own people")]
    Team,
    [Says("partners")]
    Partner,
}

public enum PoolMode
{
    /// <summary>The next who is eligible.</summary>
    [Says("whoever is next and can take it")]
    Flexible,

    /// <summary>Whoever is next in line, or the lead waits.</summary>
    [Says("the lead waits for them")]
    Strict,
}

/// <summary>Who of those who can take a lead is next.</summary>
public enum PoolPick
{
    /// <summary>Whoever has the fewest turns of the period for the weight; who could not take some is made even again.</summary>
    [Says("whoever has the fewest turns for the weight")]
    Fewest,

    /// <summary>Each turn is shared among those who can take it then, and whoever has the greatest share open is next; who cannot take it has no share in it.</summary>
    [Says("whoever has the greatest share open, of the turns that they could take")]
    Smooth,
}

/// <summary>When counts begin anew.</summary>
public enum PoolPeriod
{
    Month,
    Day,
    Week,
    Quarter,
    Year,
}

public enum CapPeriod
{
    Hour,
    Day,
    Week,
    Month,
    [Says("half hour")]
    HalfHour,
}

/// <summary>Whose leads a cap counts.</summary>
public enum CapScope
{
    [Says("this pool")]
    Pool,
    [Says("all pools together")]
    AllPools,
}

/// <summary>What happens to the turns missed while away.</summary>
public enum AwayCredit
{
    /// <summary>Back at everyone's level: the median of the others.</summary>
    [Says("back at the level of the others")]
    Normalise,

    /// <summary>The missed turns are made up for, one beside each turn of one's own.</summary>
    [Says("made up for")]
    CatchUp,

    /// <summary>Lost: back at the level of whoever has the most.</summary>
    [Says("lost")]
    None,
}
