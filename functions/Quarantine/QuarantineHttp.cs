using Abm.Decisions;
using Abm.Functions.Explain;
using Abm.Functions.Http;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Quarantine;

/// <summary>A message that was set aside.</summary>
/// <param name="Reason">Code such as <c>notJson</c>, <c>unknownVersion</c>, <c>badLeadIds</c> or <c>failedRepeatedly</c>.</param>
/// <param name="Times">How often this very message was set aside.</param>
public sealed record QuarantinedMessageResponse(string Id, string Queue, string Reason, DateTimeOffset At, int Times, DateTimeOffset? ReplayedAt, string Body)
{
    public static QuarantinedMessageResponse From(QuarantinedMessage message) =>
        new(message.Id, message.Queue, message.Reason, message.At, message.Times, message.ReplayedAt, message.Body);
}

/// <summary>Shows what was set aside, and puts it back on its queue.</summary>
public sealed class QuarantineHttp(IQuarantine quarantine, IMessageSender queues, TimeProvider clock, ILogger<QuarantineHttp> logger)
{
    /// <summary><c>GET /api/quarantine</c></summary>
    [Function("ListQuarantine")]
    public async Task<IActionResult> ListAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "quarantine")] HttpRequest request, CancellationToken cancellationToken)
    {
        List<Problem> problems = [];
        PageQuery page = PageQuery.Read(request, problems);
        return problems.Count > 0
            ? Problems.Invalid(problems)
            : await ListPages.OfAsync(() => quarantine.ListAsync(page.Limit, page.After, cancellationToken), QuarantinedMessageResponse.From);
    }

    /// <summary><c>POST /api/quarantine/{id}/replay</c>: puts the very same message back on its queue. It stays listed, with the instant.</summary>
    [Function("ReplayQuarantined")]
    public async Task<IActionResult> ReplayAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "quarantine/{id}/replay")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (!IdText.IsValid(id) || await quarantine.FindAsync(id, cancellationToken) is not { } message)
            return Problems.NotFound("There is no message of this id in quarantine.");
        await queues.SendAsync(message.Queue, message.Body, TimeSpan.Zero, cancellationToken);
        DateTimeOffset now = clock.GetUtcNow();
        await quarantine.MarkReplayedAsync(id, now, cancellationToken);
        logger.MessageReplayed(id, message.Queue);
        return new ApiResult(StatusCodes.Status202Accepted, QuarantinedMessageResponse.From(message with { ReplayedAt = now }));
    }
}
