namespace Abm.Routing;

/// <summary>Codes of reasons that routing gives.</summary>
public static class RouteReasons
{
    /// <summary>A conflict check found nothing.</summary>
    public const string CheckClear = "route.check.clear";
    public const string DoNotContact = "route.check.donotcontact";
    public const string AutomatedSender = "route.check.automated";
    public const string Competitor = "route.check.competitor";
    public const string OpenOpportunity = "route.check.opportunity";
    public const string Customer = "route.check.customer";
    public const string OneToOne = "route.check.onetoone";
    public const string Sticky = "route.check.sticky";

    /// <summary>A check applies, but has nobody to send the lead to: the rules decide.</summary>
    public const string CheckWithoutOwner = "route.check.noowner";

    public const string RuleTrue = "route.rule.true";
    public const string RuleFalse = "route.rule.false";
    public const string RuleMissing = "route.rule.missing";

    /// <summary>The rule is true, but the account has no owner: the next one is tried.</summary>
    public const string RuleWithoutOwner = "route.rule.noowner";

    /// <summary>No rule decided: the configuration has no catch-all.</summary>
    public const string Ignored = "route.ignored";
    public const string NoRule = "route.rule.none";

    /// <summary>It is this person's.</summary>
    public const string Owner = "route.owner";

    /// <summary>The owner is away, inactive, unknown or had it before.</summary>
    public const string OwnerOut = "route.owner.out";
    public const string DelegateTakes = "route.owner.delegate";
    public const string ManagerTakes = "route.owner.manager";

    /// <summary>Neither owner nor delegate nor manager can take it: it waits, it never goes to a pool silently.</summary>
    public const string NobodyForOwner = "route.owner.nobody";

    /// <summary>This member's turn.</summary>
    public const string PoolTurn = "route.pool.turn";
    public const string PoolSkipped = "route.pool.skipped";

    /// <summary>A member was brought to everyone's level.</summary>
    public const string PoolLevelled = "route.pool.levelled";
    public const string PoolNobody = "route.pool.nobody";

    /// <summary>A strict pool waits for whoever is next.</summary>
    public const string PoolHeld = "route.pool.held";
    public const string PoolUnknown = "route.pool.unknown";

    /// <summary>It was assigned by an earlier try of the same decision.</summary>
    public const string Prior = "route.prior";

    /// <summary>A test lead takes no turn.</summary>
    public const string TestNotCharged = "route.test";

    /// <summary>Routing is switched off: nobody was looked for.</summary>
    public const string SwitchedOff = "route.switchedOff";

    public const string Queue = "route.queue";
    public const string Suppressed = "route.suppressed";
}
