using Abm.Decisions;
using Abm.Functions.Http;
using Abm.Journeys;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.Explain;

/// <summary>Why a lead is where it is: a story for people, and everything that it was told from.</summary>
/// <param name="Story">Sentences in the order of events.</param>
/// <param name="Decision">The whole decision; null until there is one.</param>
public sealed record WhyResponse(
    string LeadId, LeadState State, string? Outcome, string? AccountId, string? OwnerId, IReadOnlyList<string> Story, DecisionResponse? Decision, IReadOnlyList<HistoryResponse> History);

/// <summary>Something that happened after the decision.</summary>
public sealed record HistoryResponse(string EventId, string Kind, DateTimeOffset At, string? By, IReadOnlyDictionary<string, string> Details);

/// <summary>Tells the story of a lead from what was stored, not from a fresh guess.</summary>
public sealed class WhyLead(ILeadFileStore files)
{
    /// <summary><c>GET /api/leads/{id}/why</c>: two point reads and one query.</summary>
    [Function(nameof(WhyLead))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "leads/{id}/why")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (!IdText.IsValid(id) || await files.ReadAsync(LeadId.Parse(id), cancellationToken) is not { } file)
            return Problems.NotFound("There is no lead of this id.");
        LeadId lead = file.Lead.Lead.Id;
        JourneyDecision? decision = file.Lead.DecisionId is { } decisionId ? await files.FindDecisionAsync(lead, decisionId, cancellationToken) : null;
        IReadOnlyList<LeadEvent> events = decision is null ? [] : await files.EventsAsync(lead, cancellationToken);
        return new ApiResult(
            StatusCodes.Status200OK,
            new WhyResponse(
                lead.Value,
                file.Lead.State,
                file.Lead.Outcome,
                file.Lead.AccountId?.Value,
                file.Lead.OwnerId?.Value,
                LeadStory.Tell(file, decision, events),
                decision is null ? null : DecisionResponse.From(decision),
                [.. events.Select(e => new HistoryResponse(e.EventId, e.Kind, e.At, e.By, e.Details))]));
    }
}
