using Abm.Decisions;

namespace Abm.Configuration;

/// <summary>One line of the decision list: when the condition is true, the lead goes there.</summary>
public sealed record RoutingRule
{
    /// <summary>Short name in words, unique among the routing rules.</summary>
    public required string Name { get; init; }

    /// <summary>Without a condition the rule always holds; the last rule must be such a catch-all, and no other may.</summary>
    public Predicate? When { get; init; }
    public required RouteTarget To { get; init; }

    /// <summary>The catch-all used when nothing is configured.</summary>
    public static RoutingRule Unassigned { get; } = new() { Name = "Nobody configured", To = new RouteTarget.Queue("unassigned") };
}

/// <summary>Where a routing rule sends a lead.</summary>
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
public sealed record ConflictRules
{
    /// <summary>Consent entries that forbid contact when they are true, in any case.</summary>
    public IReadOnlyList<string> DoNotContactWhenTrue { get; init; } = ["doNotContact", "do_not_contact", "optOut", "opt_out"];

    /// <summary>Consent entries that forbid contact when they are false, in any case.</summary>
    public IReadOnlyList<string> DoNotContactWhenFalse { get; init; } = ["contact"];

    /// <summary>Leads of competitors go to nobody.</summary>
    public bool SuppressCompetitors { get; init; } = true;

    /// <summary>Leads of customers go to the account's owner.</summary>
    public bool CustomersToOwner { get; init; } = true;

    /// <summary>Leads of accounts with an open opportunity go to whoever works it; the account's owner is told.</summary>
    public bool OpenOpportunityToItsOwner { get; init; } = true;

    /// <summary>Leads of 1:1 accounts go to the named owner without exception.</summary>
    public bool OneToOneToOwner { get; init; } = true;

    /// <summary>A person whom a rep had this recently goes to the same rep, if still eligible. Zero switches it off.</summary>
    public TimeSpan StickyFor { get; init; } = TimeSpan.FromDays(90);
}

/// <summary>People who take turns. Who is in it stands with the reps; how they take turns stands here.</summary>
public sealed record PoolRules
{
    /// <summary>The key it stands under.</summary>
    public string Name { get; init; } = "";

    /// <summary>IANA zone in which periods and caps begin.</summary>
    public string Zone { get; init; } = "Etc/UTC";
    public PoolMode Mode { get; init; } = PoolMode.Flexible;
    public PoolPeriod Period { get; init; } = PoolPeriod.Month;

    /// <summary>Turns relative to others: weight 2 gets twice as many. By rep id; 1 for whoever is not named. More than 0, at most 100.</summary>
    public IReadOnlyDictionary<string, double> Weights { get; init; } = new Dictionary<string, double>();

    /// <summary>Order for ties, by rep id; members not named come after, by id.</summary>
    public IReadOnlyList<string> Order { get; init; } = [];

    /// <summary>Whether members are skipped outside their working hours. Default no.</summary>
    public bool RespectSchedule { get; init; }

    /// <summary>Most leads for one member in an hour, day, week or month of the pool's zone, on the clock, not rolling.</summary>
    public IReadOnlyList<PoolCap> Caps { get; init; } = [];
    public AwayCredit AwayCredit { get; init; } = AwayCredit.Normalise;

    /// <summary>Where a lead waits when nobody is eligible; null = <c>pool-{name}</c>.</summary>
    public string? WaitingQueue { get; init; }
}

/// <summary>Most leads for one member in a period.</summary>
public sealed record PoolCap
{
    public required CapPeriod Per { get; init; }

    /// <summary>1 or more.</summary>
    public required int Max { get; init; }
}

public enum PoolMode
{
    /// <summary>The next who is eligible.</summary>
    Flexible,

    /// <summary>Whoever is next in line, or the lead waits.</summary>
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
    Normalise,

    /// <summary>The missed turns are made up for.</summary>
    CatchUp,
}
