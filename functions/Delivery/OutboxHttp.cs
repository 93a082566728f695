using System.Text.Json;
using Abm.Decisions;
using Abm.Functions.Explain;
using Abm.Functions.Http;
using Abm.Functions.Messages;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.Delivery;

/// <summary>A notification without its body: the body holds personal data.</summary>
public sealed record OutboxItemResponse(
    string DeliveryId, string? LeadId, string Kind, OutboxState State, int Attempts, DateTimeOffset CreatedAt, DateTimeOffset? NextAttemptAt, string? LastFailure)
{
    public static OutboxItemResponse From(OutboxItem item) => new(
        item.DeliveryId, item.LeadId?.Value, item.Kind, item.State, item.Attempts, item.CreatedAt, item.NextAttemptAt, item.LastFailure);
}

/// <summary>Shows notifications that were given up, and sends one again.</summary>
public sealed class OutboxHttp(IOutbox outbox, IMessageSender queues)
{
    /// <summary><c>GET /api/outbox</c>: those that were given up, newest first.</summary>
    [Function("ListDeadNotifications")]
    public async Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "outbox")] HttpRequest request, CancellationToken cancellationToken)
    {
        List<Problem> problems = [];
        PageQuery page = PageQuery.Read(request, problems);
        return problems.Count > 0
            ? Problems.Invalid(problems)
            : await ListPages.OfAsync(() => outbox.DeadAsync(page.Limit, page.After, cancellationToken), OutboxItemResponse.From);
    }

    /// <summary><c>GET /api/outbox/{id}</c></summary>
    [Function("GetNotification")]
    public async Task<IActionResult> GetAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "outbox/{id}")] HttpRequest request, string id, CancellationToken cancellationToken) =>
        IdText.IsValid(id) && await outbox.FindAsync(id, cancellationToken) is { } item
            ? new ApiResult(StatusCodes.Status200OK, OutboxItemResponse.From(item))
            : Problems.NotFound("There is no notification of this id.");

    /// <summary><c>POST /api/outbox/{id}/replay</c>: sends it again, from the first attempt on, under the same delivery id.</summary>
    [Function("ReplayNotification")]
    public async Task<IActionResult> ReplayAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "outbox/{id}/replay")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (!IdText.IsValid(id) || await outbox.FindAsync(id, cancellationToken) is not { } item)
            return Problems.NotFound("There is no notification of this id.");
        item = item with { State = OutboxState.Pending, Attempts = 0, NextAttemptAt = null };
        await outbox.SaveAsync(item, cancellationToken);
        await queues.SendAsync(DeliverMessage.Queue, JsonSerializer.Serialize(new DeliverMessage(1, id)), TimeSpan.Zero, cancellationToken);
        return new ApiResult(StatusCodes.Status202Accepted, OutboxItemResponse.From(item));
    }
}
