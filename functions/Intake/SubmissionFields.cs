namespace Abm.Functions.Intake;

/// <summary>A text field of a lead, as JSON and as CSV name it.</summary>
/// <param name="MaxLength">In characters, after trimming.</param>
/// <param name="AllowsLines">Whether tabs and line ends may stand in it.</param>
internal sealed record SubmissionField(string Property, string Column, int MaxLength, bool AllowsLines = false, bool IsId = false);

/// <summary>The fields that a lead may have and their limits: the one list that JSON, CSV and docs/api.md go by.</summary>
internal static class SubmissionFields
{
    /// <summary>Most entries in each of <c>consent</c>, <c>utm</c> and the custom fields.</summary>
    public const int MaxEntries = 100;

    /// <summary>Longest name of a custom field, consent or utm parameter.</summary>
    public const int MaxNameLength = 100;

    /// <summary>Longest value of a utm parameter.</summary>
    public const int MaxUtmLength = 500;

    /// <summary>Longest value of a custom field; a message from a form has its place here.</summary>
    public const int MaxCustomLength = 8_000;

    /// <summary>Most characters of all custom fields together, names included.</summary>
    public const int MaxCustomTotal = 20_000;

    public static readonly SubmissionField FirstName = new("firstName", "first_name", 200);
    public static readonly SubmissionField LastName = new("lastName", "last_name", 200);
    public static readonly SubmissionField Title = new("title", "title", 300);
    public static readonly SubmissionField Email = new("email", "email", 320);
    public static readonly SubmissionField Company = new("company", "company", 400);
    public static readonly SubmissionField Website = new("website", "website", 2_000);
    public static readonly SubmissionField Phone = new("phone", "phone", 100);
    public static readonly SubmissionField Address = new("address", "address", 1_000, AllowsLines: true);
    public static readonly SubmissionField City = new("city", "city", 200);
    public static readonly SubmissionField State = new("state", "state", 200);
    public static readonly SubmissionField Country = new("country", "country", 200);
    public static readonly SubmissionField Source = new("source", "source", 100);
    public static readonly SubmissionField ExternalId = new("externalId", "external_id", 300);
    public static readonly SubmissionField AccountId = new("accountId", "account_id", 100, IsId: true);

    public static readonly IReadOnlyList<SubmissionField> All =
    [
        FirstName, LastName, Title, Email, Company, Website, Phone, Address, City, State, Country, Source, ExternalId, AccountId,
    ];

    /// <summary>At least one of these must be there; without any, nothing can be decided.</summary>
    public static readonly IReadOnlyList<SubmissionField> Identifying = [Email, Company, Phone, Website, AccountId];
}
