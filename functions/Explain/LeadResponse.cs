using Abm.Leads;
using Abm.Plays;
using Abm.Ports;

namespace Abm.Functions.Explain;

/// <summary>A lead as it stands.</summary>
public sealed record LeadResponse(
    string LeadId,
    LeadState State,
    string? Outcome,
    string? AccountId,
    string? OwnerId,
    string? DecisionId,
    string? ConfigVersion,
    string Source,
    DateTimeOffset ReceivedAt,
    DateTimeOffset? FirstTouchAt,
    PlayStopKind? Disposition,
    IReadOnlyList<PlaySummary> Plays,
    IReadOnlyList<ClockResponse> Clocks,
    SubmittedResponse Submitted)
{
    public static LeadResponse From(LeadFile file)
    {
        LeadRecord lead = file.Lead;
        return new LeadResponse(
            lead.Lead.Id.Value,
            lead.State,
            lead.Outcome,
            lead.AccountId?.Value,
            lead.OwnerId?.Value,
            lead.DecisionId,
            lead.ConfigVersion,
            lead.Lead.Submitted.Source,
            lead.Lead.ReceivedAt,
            file.FirstTouchAt,
            file.Disposition?.Kind,
            [.. file.Plays.Select(p => new PlaySummary(p.PlayId, p.Name, p.Status))],
            [.. file.Clocks.Select(ClockResponse.From)],
            SubmittedResponse.From(lead.Lead.Submitted));
    }
}

public sealed record PlaySummary(string PlayId, string Name, PlayStatus Status);

/// <summary>What the sender sent.</summary>
public sealed record SubmittedResponse(
    string? FirstName,
    string? LastName,
    string? Title,
    string? Email,
    string? Company,
    string? Website,
    string? Phone,
    string? Address,
    string? City,
    string? State,
    string? Country,
    string Source,
    string? ExternalId,
    string? AccountId,
    bool IsTest,
    IReadOnlyDictionary<string, bool> Consent,
    IReadOnlyDictionary<string, string> Utm,
    IReadOnlyDictionary<string, string> Custom)
{
    public static SubmittedResponse From(Submission s) => new(
        s.FirstName, s.LastName, s.Title, s.Email, s.Company, s.Website, s.Phone, s.Address, s.City, s.State, s.Country,
        s.Source, s.ExternalId, s.AccountId, s.IsTest, s.Consent, s.Utm, s.Custom);
}

/// <summary>A lead in one line, without personal data.</summary>
public sealed record LeadLineResponse(
    string LeadId,
    LeadState State,
    string? Outcome,
    string? AccountId,
    string? OwnerId,
    string? DecisionId,
    string? ConfigVersion,
    string? Play,
    string Source,
    DateTimeOffset ReceivedAt,
    DateTimeOffset? DecidedAt)
{
    public static LeadLineResponse From(LeadListItem item) => new(
        item.LeadId.Value,
        LeadState.Decided,
        item.Outcome,
        item.AccountId?.Value,
        item.OwnerId?.Value,
        item.DecisionId,
        item.ConfigVersion,
        item.Play,
        item.Source,
        item.ReceivedAt,
        item.DecidedAt);

    public static LeadLineResponse From(UndecidedLead lead, LeadState state) =>
        new(lead.Id.Value, state, null, null, null, null, null, null, lead.Source, lead.ReceivedAt, null);
}
