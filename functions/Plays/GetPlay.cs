using Abm.Decisions;
using Abm.Functions.Explain;
using Abm.Functions.Http;
using Abm.Plays;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Abm.Functions.Plays;

/// <summary>A play and its clocks.</summary>
/// <param name="RuntimeStatus">Of the durable instance, such as <c>running</c> or <c>completed</c>.</param>
/// <param name="Outcome">How it ended; null while it runs.</param>
public sealed record PlayResponse(
    string PlayId,
    string Name,
    string LeadId,
    string ConfigVersion,
    PlayStatus? Status,
    OrchestrationRuntimeStatus RuntimeStatus,
    PlayOutcome? Outcome,
    string? OwnerId,
    DateTimeOffset StartedAt,
    DateTimeOffset UpdatedAt,
    IReadOnlyList<ClockResponse> Clocks);

/// <summary>Shows one play.</summary>
public sealed class GetPlay(ILeadFileStore files)
{
    /// <summary><c>GET /api/plays/{id}</c></summary>
    [Function(nameof(GetPlay))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "plays/{id}")] HttpRequest request,
        string id,
        [DurableClient] DurableTaskClient client,
        CancellationToken cancellationToken)
    {
        if (!IdText.IsValid(id)
            || await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellationToken) is not { } instance
            || instance.ReadInputAs<PlayStartInput>() is not { } start)
            return Problems.NotFound("There is no play of this id.");
        LeadFile? file = await files.ReadAsync(LeadId.Parse(start.LeadId!), cancellationToken);
        return new ApiResult(
            StatusCodes.Status200OK,
            new PlayResponse(
                id,
                start.Play,
                start.LeadId!,
                start.ConfigVersion,
                file?.Plays.FirstOrDefault(p => p.PlayId == id)?.Status,
                instance.RuntimeStatus,
                instance.RuntimeStatus == OrchestrationRuntimeStatus.Completed ? instance.ReadOutputAs<PlayOutput>()?.Outcome : null,
                file?.Lead.OwnerId?.Value,
                instance.CreatedAt,
                instance.LastUpdatedAt,
                [.. (file?.Clocks ?? []).Where(c => c.PlayId == id).Select(ClockResponse.From)]));
    }
}
