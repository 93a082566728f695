using System.Text.Json;
using Abm.Accounts;
using Abm.Decisions;
using Abm.Functions.Intake;
using Abm.Leads;
using Abm.Matching;

namespace Abm.Functions.Match;

/// <summary>What the matcher says about one lead of a batch.</summary>
/// <param name="LeadId">Echo of the line's own; null when it had none.</param>
/// <param name="Outcome"><c>matched</c>, <c>review</c> or <c>unmatched</c>.</param>
/// <param name="AccountId">Set for <c>matched</c> only.</param>
/// <param name="Confidence">0 to 1: of the match, or else of the nearest candidate; 0 without any.</param>
public sealed record BatchMatchResponse(
    string? LeadId, string Outcome, string? AccountId, double Confidence, IReadOnlyList<Reason> Reasons, IReadOnlyList<BatchCandidateResponse> Candidates);

/// <summary>A candidate in short.</summary>
public sealed record BatchCandidateResponse(string AccountId, string Name, double Confidence);

/// <summary>What the matcher says about one lead, with everything it looked at.</summary>
/// <param name="Why">Why there is no account, such as <c>ambiguous</c>; null for a match.</param>
/// <param name="IsLowConfidence">Routed, but listed for review.</param>
/// <param name="DecidedBy">Code of the last step that was needed to decide; null when nothing was found.</param>
/// <param name="Identity">The lead as the matcher sees it.</param>
/// <param name="Candidates">Winner and losers, best first, each with its evidence.</param>
/// <param name="AccountsVersion">The account change that was known last.</param>
public sealed record MatchResponse(
    string? LeadId, string Outcome, string? AccountId, double Confidence, bool IsLowConfidence, string? Why, string? DecidedBy, IReadOnlyList<Reason> Reasons,
    IdentityResponse Identity, IReadOnlyList<CandidateResponse> Candidates, string ConfigVersion, long AccountsVersion);

/// <summary>A lead's identity after normalisation. What is null was missing or says nothing.</summary>
public sealed record IdentityResponse(
    string? AccountId, string? Email, string? EmailKind, string? EmailDomain, string? CompanyKey, string? CompanyCore, string? WebsiteDomain, string? Phone, object Place);

/// <summary>A candidate with its evidence.</summary>
public sealed record CandidateResponse(string AccountId, string Name, double Confidence, double Points, bool IsWinner, IReadOnlyList<Reason> Evidence);

/// <summary>Turns a match decision into the shapes above. Pure.</summary>
internal static class MatchAnswer
{
    private static readonly LeadId Question = LeadId.From("match", "question");

    /// <summary>The lead that a question is about. It is never kept, so its id and its instant mean nothing.</summary>
    public static Lead Hypothetical(Submission submission) => new(Question, submission, DateTimeOffset.UnixEpoch);

    public static string OutcomeOf(MatchDecision decision) => decision switch
    {
        MatchDecision.Matched => "matched",
        MatchDecision.Review => "review",
        _ => "unmatched",
    };

    public static BatchMatchResponse Short(string? leadId, MatchDecision decision) => new(
        leadId,
        OutcomeOf(decision),
        (decision as MatchDecision.Matched)?.Account.Value,
        ConfidenceOf(decision),
        decision.Reasons,
        [.. decision.Candidates.Select(candidate => new BatchCandidateResponse(candidate.Account.Value, candidate.Name, candidate.Confidence))]);

    public static MatchResponse Full(string? leadId, Lead lead, MatchDecision decision, IAccountIndex index, string configVersion)
    {
        var matched = decision as MatchDecision.Matched;
        return new MatchResponse(
            leadId,
            OutcomeOf(decision),
            matched?.Account.Value,
            ConfidenceOf(decision),
            matched?.IsLowConfidence ?? false,
            WhyOf(decision),
            decision.Reasons.Count == 0 ? null : decision.Reasons[^1].Code,
            decision.Reasons,
            Identity(LeadIdentity.From(lead)),
            [
                .. decision.Candidates.Select(candidate => new CandidateResponse(
                    candidate.Account.Value, candidate.Name, candidate.Confidence, candidate.Points, candidate.Account == matched?.Account, candidate.Evidence)),
            ],
            configVersion,
            index.Version);
    }

    private static double ConfidenceOf(MatchDecision decision) => decision switch
    {
        MatchDecision.Matched matched => matched.Confidence,
        { Candidates: [var nearest, ..] } => nearest.Confidence,
        _ => 0,
    };

    private static string? WhyOf(MatchDecision decision) => decision switch
    {
        MatchDecision.Review review => JsonNamingPolicy.CamelCase.ConvertName(review.Why.ToString()),
        MatchDecision.Unmatched unmatched => JsonNamingPolicy.CamelCase.ConvertName(unmatched.Why.ToString()),
        _ => null,
    };

    private static IdentityResponse Identity(LeadIdentity identity) => new(
        identity.ClaimedAccount?.Value,
        identity.Email?.Normalised,
        identity.Email is null ? null : JsonNamingPolicy.CamelCase.ConvertName(identity.Email.Kind.ToString()),
        identity.Email?.Domain?.Registrable,
        identity.Company?.Full,
        identity.Company?.Core,
        identity.Website?.Registrable,
        identity.Phone?.ToString(),
        identity.Place);
}
