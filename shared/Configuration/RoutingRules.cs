using Abm.Decisions;

namespace Abm.Configuration;

/// <summary>One line of the decision list: when the condition is true, the lead goes there.</summary>
[Says("routing rule")]
public sealed record RoutingRule : IRule
{
    /// <summary>Short name in words, unique among the routing rules.</summary>
    [Says("name")]
    public required string Name { get; init; }

    /// <summary>Without a condition the rule always holds; the last rule must be such a catch-all, and no other may.</summary>
    [Says("when")]
    public Predicate? When { get; init; }
    [Says("goes to")]
    public required RouteTarget To { get; init; }

    /// <summary>Why the rule is there, for whoever reads the rule book.</summary>
    [Says("why")]
    public string? Why { get; init; }

    /// <summary>A rule that sends to an owner decides only for accounts that have one; the others go on to the next rule.</summary>
    Predicate? IRule.Decides => To is RouteTarget.AccountOwner or RouteTarget.OpportunityOwner
        ? new Predicate.All([.. When is null ? [] : new[] { When }, new Predicate.Test("account.owner", PredicateOp.Exists, [])])
        : When;

    /// <summary>The catch-all used when nothing is configured.</summary>
    public static RoutingRule Unassigned { get; } = new() { Name = "Nobody configured", To = new RouteTarget.Queue("unassigned") };
}

/// <summary>Where a routing rule sends a lead.</summary>
[WrittenAs(typeof(TargetForm))]
public abstract record RouteTarget
{
    private RouteTarget()
    {
    }

    /// <summary>To the account's owner, or the delegate or manager when the owner is out. An account without an owner: the next rule is tried.</summary>
    public sealed record AccountOwner : RouteTarget;

    /// <summary>To whoever works the open opportunity, or the account's owner. Neither: the next rule is tried.</summary>
    public sealed record OpportunityOwner : RouteTarget;

    /// <summary>To one named person, or the delegate or manager when that person is out.</summary>
    public sealed record NamedRep(RepId Rep) : RouteTarget;

    /// <summary>To the next in turn of a pool. Nobody eligible: the pool's waiting queue.</summary>
    public sealed record Pool(string Name) : RouteTarget;

    /// <summary>To a queue where people look first, such as <c>review</c>.</summary>
    public sealed record Queue(string Name) : RouteTarget;

    /// <summary>To nobody, on purpose.</summary>
    public sealed record Suppress : RouteTarget;
}

/// <summary>Conflict checks that come before every routing rule. Each is logged even when it did nothing.</summary>
[Says("conflict checks")]
public sealed record ConflictRules
{
    /// <summary>Consent entries that forbid contact when they are true, in any case.</summary>
    [Says("no contact when one of these consents is true")]
    public IReadOnlyList<string> DoNotContactWhenTrue { get; init; } = ["doNotContact", "do_not_contact", "optOut", "opt_out"];

    /// <summary>Consent entries that forbid contact when they are false, in any case.</summary>
    [Says("no contact when one of these consents is false")]
    public IReadOnlyList<string> DoNotContactWhenFalse { get; init; } = ["contact"];

    /// <summary>Leads of competitors go to nobody.</summary>
    [Says("leads of competitors go to nobody")]
    public bool SuppressCompetitors { get; init; } = true;

    /// <summary>Leads of customers go to the account's owner.</summary>
    [Says("leads of customers go to the account's owner")]
    public bool CustomersToOwner { get; init; } = true;

    /// <summary>Leads of accounts with an open opportunity go to whoever works it; the account's owner is told.</summary>
    [Says("leads with an open opportunity go to whoever works it")]
    public bool OpenOpportunityToItsOwner { get; init; } = true;

    /// <summary>Leads of 1:1 accounts go to the named owner without exception.</summary>
    [Says("leads of 1:1 accounts go to the named owner without exception")]
    public bool OneToOneToOwner { get; init; } = true;

    /// <summary>A person whom a rep had this recently goes to the same rep, if still eligible. Zero switches it off.</summary>
    [Says("the same person goes to the same rep for", More = "Zero switches it off."), Between("0s", "3660d")]
    public TimeSpan StickyFor { get; init; } = TimeSpan.FromDays(90);
}

/// <summary>People who take turns. Who is in it stands with the reps; how they take turns stands here.</summary>
[Says("pool")]
public sealed record PoolRules
{
    /// <summary>The key it stands under.</summary>
    [NotWritten]
    public string Name { get; init; } = "";

    /// <summary>IANA zone in which periods and caps begin.</summary>
    [Says("time zone"), Format(TextFormat.Zone)]
    public string Zone { get; init; } = "Etc/UTC";
    [Says("when the next in line is not there")]
    public PoolMode Mode { get; init; } = PoolMode.Flexible;
    [Says("counts begin anew each")]
    public PoolPeriod Period { get; init; } = PoolPeriod.Month;

    /// <summary>Turns relative to others: weight 2 gets twice as many. By rep id; 1 for whoever is not named. More than 0, at most 100.</summary>
    [Says("turns relative to others", More = "By rep id; 1 for whoever is not named."), Between(0, 100, MoreThanLeast = true), Format(TextFormat.Rep)]
    public IReadOnlyDictionary<string, double> Weights { get; init; } = new Dictionary<string, double>();

    /// <summary>Order for ties, by rep id; members not named come after, by id.</summary>
    [Says("order for ties"), UniqueBy(null, "member"), Format(TextFormat.Rep)]
    public IReadOnlyList<string> Order { get; init; } = [];

    /// <summary>Whether members are skipped outside their working hours. Default no.</summary>
    [Says("members are skipped outside their working hours")]
    public bool RespectSchedule { get; init; }

    /// <summary>Most leads for one member in an hour, day, week or month of the pool's zone, on the clock, not rolling.</summary>
    [Says("most leads for one member")]
    public IReadOnlyList<PoolCap> Caps { get; init; } = [];
    [Says("turns missed while away")]
    public AwayCredit AwayCredit { get; init; } = AwayCredit.Normalise;

    /// <summary>Where a lead waits when nobody is eligible; null = <c>pool-{name}</c>.</summary>
    [Says("where leads wait when nobody can take them")]
    public string? WaitingQueue { get; init; }
}

/// <summary>Most leads for one member in a period.</summary>
[Says("cap")]
public sealed record PoolCap
{
    [Says("per")]
    public required CapPeriod Per { get; init; }

    /// <summary>1 or more.</summary>
    [Says("at most"), Between(1, 100_000)]
    public required int Max { get; init; }
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
}

/// <summary>What happens to the turns missed while away.</summary>
public enum AwayCredit
{
    /// <summary>Back at everyone's level: the median of the others.</summary>
    [Says("back at the level of the others")]
    Normalise,

    /// <summary>The missed turns are made up for.</summary>
    [Says("made up for")]
    CatchUp,
}
