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

    /// <summary>A rep works with the person.</summary>
    public const string Worked = "route.check.worked";
    public const string ActiveSequence = "route.check.sequence";
    public const string OpenCase = "route.check.case";

    /// <summary>The lead joins an open play of higher priority.</summary>
    public const string OpenPlay = "route.check.play";
    public const string Partner = "route.check.partner";

    /// <summary>A check that applies only tells somebody; the next one and the rules go on.</summary>
    public const string CheckTells = "route.check.tells";

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

    /// <summary>The territory that won, and those that fit as well.</summary>
    public const string Territory = "route.territory";
    public const string TerritoryLost = "route.territory.lost";
    public const string TerritoryNone = "route.territory.none";

    /// <summary>The pod whose segment holds.</summary>
    public const string Pod = "route.pod";
    public const string PodNone = "route.pod.none";

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

    /// <summary>Whoever knows the person or the account got it; it counts as a turn, or as none.</summary>
    public const string PoolKnown = "route.pool.known";
    public const string PoolSkipped = "route.pool.skipped";

    /// <summary>Members who prefer such leads are asked first.</summary>
    public const string PoolPreferred = "route.pool.preferred";

    /// <summary>Nobody can take it now; it waits for the next who can.</summary>
    public const string PoolWaits = "route.pool.waits";

    /// <summary>Nobody will take it in time: it goes to the fallback queue.</summary>
    public const string PoolFallback = "route.pool.fallback";

    /// <summary>It must be accepted by an instant.</summary>
    public const string PoolOffered = "route.pool.offered";

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
