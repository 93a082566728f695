using Abm.Decisions;
using Abm.Leads;

namespace Abm.Functions.Storage;

/// <summary>A lead as it is kept: what was sent, its id and when it came.</summary>
internal sealed record LeadDocument
{
    public required string Id { get; init; }
    public required DateTimeOffset ReceivedAt { get; init; }
    public string? FirstName { get; init; }
    public string? LastName { get; init; }
    public string? Title { get; init; }
    public string? Email { get; init; }
    public string? Company { get; init; }
    public string? Website { get; init; }
    public string? Phone { get; init; }
    public string? Address { get; init; }
    public string? City { get; init; }
    public string? State { get; init; }
    public string? Country { get; init; }
    public required string Source { get; init; }
    public string? ExternalId { get; init; }
    public string? AccountId { get; init; }
    public bool IsTest { get; init; }
    public IReadOnlyDictionary<string, bool>? Consent { get; init; }
    public IReadOnlyDictionary<string, string>? Utm { get; init; }
    public IReadOnlyDictionary<string, string>? Custom { get; init; }

    public static LeadDocument From(Lead lead)
    {
        Submission sent = lead.Submitted;
        return new LeadDocument
        {
            Id = lead.Id.Value,
            ReceivedAt = lead.ReceivedAt,
            FirstName = sent.FirstName,
            LastName = sent.LastName,
            Title = sent.Title,
            Email = sent.Email,
            Company = sent.Company,
            Website = sent.Website,
            Phone = sent.Phone,
            Address = sent.Address,
            City = sent.City,
            State = sent.State,
            Country = sent.Country,
            Source = sent.Source,
            ExternalId = sent.ExternalId,
            AccountId = sent.AccountId,
            IsTest = sent.IsTest,
            Consent = sent.Consent.Count == 0 ? null : sent.Consent,
            Utm = sent.Utm.Count == 0 ? null : sent.Utm,
            Custom = sent.Custom.Count == 0 ? null : sent.Custom,
        };
    }

    public Lead ToLead() => new(
        LeadId.Parse(Id),
        new Submission
        {
            FirstName = FirstName,
            LastName = LastName,
            Title = Title,
            Email = Email,
            Company = Company,
            Website = Website,
            Phone = Phone,
            Address = Address,
            City = City,
            State = State,
            Country = Country,
            Source = Source,
            ExternalId = ExternalId,
            AccountId = AccountId,
            IsTest = IsTest,
            Consent = Consent ?? new Dictionary<string, bool>(),
            Utm = Utm ?? new Dictionary<string, string>(),
            Custom = Custom ?? new Dictionary<string, string>(),
        },
        ReceivedAt);
}
