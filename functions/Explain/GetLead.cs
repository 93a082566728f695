using Abm.Decisions;
using Abm.Functions.Http;
using Abm.Functions.Intake;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.Explain;

/// <summary>A lead as it stands.</summary>
public sealed class GetLead(ILeadFileStore files)
{
    /// <summary><c>GET /api/leads/{id}</c>: one point read.</summary>
    [Function(nameof(GetLead))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "leads/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        IdText.IsValid(id) && await files.ReadAsync(LeadId.Parse(id), cancellationToken) is { } file
            ? new ApiResult(StatusCodes.Status200OK, LeadResponse.From(file))
            : Problems.NotFound("There is no lead of this id.");
}

/// <summary>The same answer for senders who waited for the decision.</summary>
public sealed class LeadAnswer(ILeadFileStore files) : ILeadAnswer
{
    /// <inheritdoc/>
    public async Task<IActionResult> ForAsync(LeadRecord lead, CancellationToken cancellationToken) =>
        await files.ReadAsync(lead.Lead.Id, cancellationToken) is { } file
            ? new ApiResult(StatusCodes.Status200OK, LeadResponse.From(file))
            : Problems.NotFound("There is no lead of this id.");
}
