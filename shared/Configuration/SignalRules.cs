namespace Abm.Configuration;

/// <summary>How what accounts do is read: who decides, whom a purchase needs, when interest counts as gone or as high.</summary>
[Says("signals")]
public sealed record SignalRules
{
    /// <summary>Personas whose interest alone can be a surge. Default: Executive.</summary>
    [Says("personas who decide")]
    public IReadOnlyList<string> DecisionMakers { get; init; } = ["Executive"];

    /// <summary>Topics, in any case, whose research means that a competitor is being looked at.</summary>
    [Says("topics about competitors")]
    public IReadOnlyList<string> CompetitorTopics { get; init; } = [];

    /// <summary>Whom a purchase needs. Default: an economic buyer, a technical evaluator, an end user and a champion.</summary>
    [Says("roles of a buying group", More = "A person engaged in the last 90 days fills the roles of their persona."), NamedBy("role")]
    public IReadOnlyList<BuyingRole> BuyingGroup { get; init; } = BuyingRole.Defaults;

    /// <summary>Without any engagement for so long an account is dormant. Default 60 days. 1 to 365 days.</summary>
    [Says("an account is dormant after"), Between("1d", "365d")]
    public TimeSpan DormantAfter { get; init; } = TimeSpan.FromDays(60);

    /// <summary>A topic's score, as providers tell it from 0 to 100, from which on interest in it surges. Default 60, as Bombora reads it.</summary>
    [Says("interest in a topic surges from"), Between(0, 100)]
    public double TopicSurgesFrom { get; init; } = 60;

    /// <summary>How long the events of accounts are kept. Default 400 days. 91 days, which counting needs, to ten years.</summary>
    [Says("events of accounts are kept for"), Between("91d", "3660d")]
    public TimeSpan EventsFor { get; init; } = TimeSpan.FromDays(400);
}

/// <summary>Somebody whom a purchase needs.</summary>
[Says("role")]
public sealed record BuyingRole
{
    [Says("role"), Pattern("[A-Za-z0-9-]{1,40}", "A role's name has 1 to 40 letters, digits and hyphens.")]
    public required string Role { get; init; }

    /// <summary>People of any of these personas fill it.</summary>
    [Says("filled by the personas")]
    public required IReadOnlyList<string> Personas { get; init; }

    /// <summary>How many people it needs. 1 to 20; default 1.</summary>
    [Says("people needed"), Between(1, 20)]
    public int AtLeast { get; init; } = 1;

    /// <summary>Whether a group without it is incomplete. Default yes.</summary>
    [Says("is required")]
    public bool IsRequired { get; init; } = true;

    /// <summary>With the personas of the samples.</summary>
    public static IReadOnlyList<BuyingRole> Defaults { get; } =
    [
        new() { Role = "economic-buyer", Personas = ["Executive"] },
        new() { Role = "technical-evaluator", Personas = ["Technology"] },
        new() { Role = "end-user", Personas = ["Maintenance", "Operations"] },
        new() { Role = "champion", Personas = ["Maintenance", "Procurement"] },
    ];
}
