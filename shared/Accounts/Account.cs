using Abm.Decisions;

namespace Abm.Accounts;

/// <summary>A company we sell to, want to sell to, or work with. One immutable version of it.</summary>
public sealed record Account
{
    public required AccountId Id { get; init; }
    public required string Name { get; init; }

    /// <summary>Every domain the account uses, as imported; the first is its primary one. Normalised by the index, not here.</summary>
    public IReadOnlyList<string> Domains { get; init; } = [];
    public string? Website { get; init; }
    public string? Phone { get; init; }
    public string? Street { get; init; }
    public string? City { get; init; }
    public string? State { get; init; }
    public string? Zip { get; init; }
    public string? Country { get; init; }
    public string? Industry { get; init; }

    /// <summary>Employees, as a number; null when unknown. A band such as 51-200 is imported as its midpoint.</summary>
    public int? EmployeeCount { get; init; }

    /// <summary>Other names it is known by: former names, brands, trading names.</summary>
    public IReadOnlyList<string> Aliases { get; init; } = [];
    public AccountId? ParentId { get; init; }

    /// <summary>The rep who owns the relationship; null when nobody does.</summary>
    public RepId? OwnerId { get; init; }
    public AccountTier Tier { get; init; } = AccountTier.None;
    public AccountStatus Status { get; init; } = AccountStatus.Prospect;
    public bool HasOpenOpportunity { get; init; }

    /// <summary>Who works the open opportunity; null when there is none or it is unknown.</summary>
    public RepId? OpportunityOwnerId { get; init; }
    public int ContactCount { get; init; }
    public int LeadCount { get; init; }
    public int OpportunityCount { get; init; }

    /// <summary>When it was created in the system it comes from; null when unknown.</summary>
    public DateTimeOffset? CreatedAt { get; init; }
    public IReadOnlyDictionary<string, string> Custom { get; init; } = new Dictionary<string, string>();
}

/// <summary>What resources an account gets: 1:1, 1:few, 1:many or none. Set by people, not computed.</summary>
public enum AccountTier
{
    None = 0,
    OneToOne = 1,
    OneToFew = 2,
    OneToMany = 3,
}

/// <summary>What the account is to us.</summary>
public enum AccountStatus
{
    Prospect = 0,
    Customer = 1,
    Partner = 2,
    Competitor = 3,
    FormerCustomer = 4,
}
