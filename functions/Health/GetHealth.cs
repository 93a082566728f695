using Abm.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.Health;

/// <summary>How the app feels.</summary>
/// <param name="Status"><c>ok</c>, or <c>unhealthy</c> when the storage cannot be reached.</param>
/// <param name="Version">Of the app.</param>
/// <param name="ConfigVersion">In force; null when it cannot be read.</param>
public sealed record HealthResponse(
    string Status, string Version, string? ConfigVersion, ConfigHealth Config, AccountsHealth Accounts, StorageHealth Storage, QueuesHealth? Queues, int? Quarantined, DateTimeOffset At);

/// <summary>How well this process knows which configuration is in force.</summary>
/// <param name="IsCurrent">False: the storage could not be asked lately, and the last known one goes on.</param>
/// <param name="CheckedAt">When the storage was last asked with success.</param>
public sealed record ConfigHealth(string? Version, bool IsCurrent, DateTimeOffset? CheckedAt);

/// <param name="IsLoaded">Whether the index of accounts is in memory.</param>
public sealed record AccountsHealth(bool IsLoaded, int? Count, long? Version);

public sealed record StorageHealth(bool IsReachable);

/// <summary>About how many messages wait, and since when the next of each queue does; null: none waits.</summary>
/// <param name="BulkLeads">Messages with up to 32 leads each: those of files, and those that were late.</param>
/// <param name="BulkOutbox">What plays of imported leads tell at their beginning.</param>
public sealed record QueuesHealth(
    int Leads, int Outbox, int BulkLeads, int BulkOutbox, DateTimeOffset? OldestLeadAt, DateTimeOffset? OldestOutboxAt, DateTimeOffset? OldestBulkLeadAt, DateTimeOffset? OldestBulkOutboxAt);

/// <summary>Tells load balancers and people whether the app can work.</summary>
public sealed class GetHealth(HealthProbe probe)
{
    /// <summary><c>GET /api/health</c>: 200, or 503 when the storage cannot be reached. Open to everyone: it names no lead and no person.</summary>
    [Function(nameof(GetHealth))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "health")] HttpRequest request, CancellationToken cancellationToken)
    {
        HealthResponse health = await probe.ReadAsync(cancellationToken);
        return new ApiResult(health.Storage.IsReachable ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable, health).WithHeader("Cache-Control", "no-store");
    }
}
