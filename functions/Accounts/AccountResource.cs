using System.Text.Json;
using Abm.Accounts;
using Abm.Functions.Http;
using Abm.Functions.Storage.Accounts;
using Abm.Functions.Storage.Feeds;

namespace Abm.Functions.Accounts;

/// <summary>An account as HTTP shows it. What is unknown is null.</summary>
public sealed record AccountResponse
{
    public required string AccountId { get; init; }
    public required string Name { get; init; }
    public required IReadOnlyList<string> Domains { get; init; }
    public string? Website { get; init; }
    public string? Phone { get; init; }
    public string? Street { get; init; }
    public string? City { get; init; }
    public string? State { get; init; }
    public string? Zip { get; init; }
    public string? Country { get; init; }
    public string? Industry { get; init; }
    public int? Employees { get; init; }
    public required IReadOnlyList<string> Aliases { get; init; }
    public string? ParentAccountId { get; init; }
    public string? OwnerId { get; init; }

    /// <summary><c>1:1</c>, <c>1:few</c>, <c>1:many</c> or <c>none</c>.</summary>
    public required string Tier { get; init; }

    /// <summary><c>prospect</c>, <c>customer</c>, <c>partner</c>, <c>competitor</c> or <c>formerCustomer</c>.</summary>
    public required string Status { get; init; }
    public bool OpenOpportunity { get; init; }
    public string? OpportunityOwnerId { get; init; }
    public int Contacts { get; init; }
    public int Leads { get; init; }
    public int Opportunities { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }
    public required IReadOnlyDictionary<string, string> Custom { get; init; }

    /// <summary>Says which version this is; an edit gives it back in If-Match.</summary>
    public required string Etag { get; init; }

    public static AccountResponse From(Account account) => new()
    {
        AccountId = account.Id.Value,
        Name = account.Name,
        Domains = account.Domains,
        Website = account.Website,
        Phone = account.Phone,
        Street = account.Street,
        City = account.City,
        State = account.State,
        Zip = account.Zip,
        Country = account.Country,
        Industry = account.Industry,
        Employees = account.EmployeeCount,
        Aliases = account.Aliases,
        ParentAccountId = account.ParentId?.Value,
        OwnerId = account.OwnerId?.Value,
        Tier = AccountFields.Word(account.Tier),
        Status = JsonNamingPolicy.CamelCase.ConvertName(account.Status.ToString()),
        OpenOpportunity = account.HasOpenOpportunity,
        OpportunityOwnerId = account.OpportunityOwnerId?.Value,
        Contacts = account.ContactCount,
        Leads = account.LeadCount,
        Opportunities = account.OpportunityCount,
        CreatedAt = account.CreatedAt,
        Custom = account.Custom,
        Etag = TagOf(account),
    };

    /// <summary>The ETag of this version of an account.</summary>
    public static string TagOf(Account account) => EntityTags.Of(FeedPacking.Bytes(AccountRow.From(account)));
}
