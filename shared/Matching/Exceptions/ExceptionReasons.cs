namespace Abm.Matching;

/// <summary>Codes of what matching exceptions say.</summary>
public static class ExceptionReasons
{
    /// <summary>The rule was tried and does not hold.</summary>
    public const string RuleFalse = "match.exception.false";

    /// <summary>A fact that it needs is not known; it does nothing.</summary>
    public const string RuleMissing = "match.exception.missing";

    /// <summary>It was tried and holds.</summary>
    public const string RuleTrue = "match.exception.true";

    /// <summary>Of many rules, those that cannot concern the lead are not tried one by one.</summary>
    public const string Others = "match.exception.others";

    /// <summary>Its last day is over; it was not tried.</summary>
    public const string Expired = "match.exception.expired";

    /// <summary>It pins to an account that there is not, or that an earlier rule forbids; the next rule is tried.</summary>
    public const string NoEffect = "match.exception.noEffect";
    public const string Pinned = "match.exception.pinned";
    public const string Ignored = "match.exception.ignored";

    /// <summary>An account that is forbidden; its points are told, not counted.</summary>
    public const string Forbidden = "match.exception.forbidden";

    /// <summary>The sender names an account that is forbidden.</summary>
    public const string ClaimForbidden = "match.exception.claimForbidden";

    /// <summary>The domain was not compared.</summary>
    public const string NameNotDomain = "match.exception.nameNotDomain";

    /// <summary>The match would have been automatic; a person looks at it.</summary>
    public const string Review = "match.exception.review";
}
