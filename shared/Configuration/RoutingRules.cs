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

    /// <summary>Put on the lead on its way; caps of pools may count leads of one tag only.</summary>
    [Says("tag"), Pattern("[A-Za-z0-9-]{1,40}", "A tag has 1 to 40 letters, digits and hyphens.")]
    public string? Tag { get; init; }

    /// <summary>Why the rule is there, for whoever reads the rule book.</summary>
    [Says("why")]
    public string? Why { get; init; }

    /// <summary>A rule that sends to an owner decides only for accounts that have one; one that sends to a territory or pod only for what these cover. The others go on to the next rule.</summary>
    Predicate? IRule.Decides => To switch
    {
        RouteTarget.AccountOwner or RouteTarget.OpportunityOwner => And(new Predicate.Test("account.owner", PredicateOp.Exists, [])),
        RouteTarget.Territory or RouteTarget.Pod => And(new Predicate.Test("lead.isTest", PredicateOp.In, [])), // how much they cover, the rule does not know
        _ => When,
    };

    private Predicate.All And(Predicate other) => new([.. When is null ? [] : new[] { When }, other]);

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

    /// <summary>To whoever the lead's territory says. No territory takes it: the next rule is tried.</summary>
    public sealed record Territory : RouteTarget;

    /// <summary>To the pod of the lead's segment: the pool of the first pod that holds. None holds: the next rule is tried.</summary>
    public sealed record Pod : RouteTarget;

    /// <summary>To a queue where people look first, such as <c>review</c>.</summary>
    public sealed record Queue(string Name) : RouteTarget;

    /// <summary>To nobody, on purpose.</summary>
    public sealed record Suppress : RouteTarget;
}
