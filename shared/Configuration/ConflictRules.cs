namespace Abm.Configuration;

/// <summary>Conflict checks that come before every routing rule, in this order. Each is logged even when it did nothing.</summary>
/// <remarks>Facts that this product does not keep itself are taken from custom fields of the lead or the account, in any case; the fields' names stand here.</remarks>
[Says("conflict checks")]
public sealed record ConflictRules
{
    /// <summary>Consent entries that forbid contact when they are true, in any case.</summary>
    [Says("no contact when one of these consents is true")]
    public IReadOnlyList<string> DoNotContactWhenTrue { get; init; } = ["doNotContact", "do_not_contact", "optOut", "opt_out"];

    /// <summary>Consent entries that forbid contact when they are false, in any case.</summary>
    [Says("no contact when one of these consents is false")]
    public IReadOnlyList<string> DoNotContactWhenFalse { get; init; } = ["contact"];

    /// <summary>A person whom a rep owns and has touched within this time stays with that rep. Zero switches it off.</summary>
    [Says("a person stays with whoever worked with them within", More = "Zero switches it off."), Between("0s", "3660d")]
    public TimeSpan WorkedFor { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Leads of accounts with an open opportunity go to whoever works it; the account's owner is told.</summary>
    [Says("leads with an open opportunity go to whoever works it")]
    public bool OpenOpportunityToItsOwner { get; init; } = true;

    /// <summary>Custom field, of the lead or else of the account, with the id of the rep whose sequence runs; null = not looked at.</summary>
    [Says("field that names the rep whose sequence runs")]
    public string? SequenceOwnerField { get; init; } = "activeSequenceOwner";

    /// <summary>Custom field with the instant until which the sequence runs; without a value it runs. Null = not looked at.</summary>
    [Says("field with the end of the sequence")]
    public string? SequenceUntilField { get; init; } = "activeSequenceUntil";

    /// <summary>Leads of customers go to the account's manager, or else to its owner.</summary>
    [Says("leads of customers go to the account's manager or owner")]
    public bool CustomersToOwner { get; init; } = true;

    /// <summary>Custom field of the account with the id of its account manager or customer success manager; null = the account's owner is that.</summary>
    [Says("field that names a customer's manager")]
    public string? CustomerOwnerField { get; init; } = "accountManager";

    /// <summary>Custom field of the account that is true while a support case is open; null = not looked at.</summary>
    [Says("field that is true while a case is open")]
    public string? OpenCaseField { get; init; } = "openCase";

    /// <summary>A lead of an account that a play of higher priority follows joins it: the play's owner gets it and no second deadline runs.</summary>
    [Says("leads join an open play of higher priority")]
    public bool JoinOpenPlays { get; init; } = true;

    /// <summary>Leads of competitors go to nobody.</summary>
    [Says("leads of competitors go to nobody")]
    public bool SuppressCompetitors { get; init; } = true;

    /// <summary>Leads of partners go to this pool; null = partners are left to the rules.</summary>
    [Says("leads of partners go to pool"), RefersTo("pools", "pool")]
    public string? PartnerPool { get; init; }

    /// <summary>Leads of 1:1 accounts go to the named owner without exception.</summary>
    [Says("leads of 1:1 accounts go to the named owner without exception")]
    public bool OneToOneToOwner { get; init; } = true;

    /// <summary>A person, or else an account, whom a rep had this recently goes to the same rep, if still eligible. Zero switches it off.</summary>
    [Says("the same person or account goes to the same rep for", More = "Zero switches it off."), Between("0s", "3660d")]
    public TimeSpan StickyFor { get; init; } = TimeSpan.FromDays(90);

    /// <summary>Checks that only tell whom they would send the lead to; the next check and the rules go on.</summary>
    [Says("checks that only tell"), UniqueBy(null, "check")]
    public IReadOnlyList<ConflictCheck> NotifyOnly { get; init; } = [ConflictCheck.OpenCase];

    /// <summary>Checks that keep the lead from everybody when they apply.</summary>
    [Says("checks that keep the lead from everybody"), UniqueBy(null, "check")]
    public IReadOnlyList<ConflictCheck> Block { get; init; } = [];
}

/// <summary>A check that sends a lead to somebody, unless it only tells or blocks.</summary>
public enum ConflictCheck
{
    [Says("worked by somebody")]
    Worked,
    [Says("open opportunity")]
    OpenOpportunity,
    [Says("active sequence")]
    ActiveSequence,
    [Says("customer")]
    Customer,
    [Says("open case")]
    OpenCase,
    [Says("open play")]
    OpenPlay,
}
