using Abm.Decisions;

namespace Abm.Accounts;

/// <summary>A person known at an account. A lead with the same e-mail address belongs to that account.</summary>
public sealed record Contact
{
    public required ContactId Id { get; init; }
    public required AccountId AccountId { get; init; }
    public string? Email { get; init; }
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string? Title { get; init; }
    public string? Phone { get; init; }
}
