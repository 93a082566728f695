using Abm.Decisions;

namespace Abm.Functions.Intake;

/// <summary>Remembers which body an idempotency key was first used with.</summary>
public interface IRequestKeys
{
    /// <summary>True when the key is new or was used with this very body; false when it belongs to another one.</summary>
    Task<bool> ClaimAsync(string source, string key, string fingerprint, CancellationToken cancellationToken);
}

/// <summary>The queue of leads that wait for their decision.</summary>
public interface ILeadQueue
{
    /// <summary>Puts 1 to <see cref="Messages.LeadsReceivedMessage.MaxLeads"/> leads on the queue in one message.</summary>
    Task EnqueueAsync(IReadOnlyList<LeadId> leads, CancellationToken cancellationToken);

    /// <summary>The same for leads that nobody is waiting for: those of a file, and those that are late already.</summary>
    Task EnqueueBulkAsync(IReadOnlyList<LeadId> leads, CancellationToken cancellationToken);

    /// <summary>Since when the message waits that was put on any of the queues first and is still there; null: none waits. Two requests.</summary>
    Task<DateTimeOffset?> WaitingSinceAsync(CancellationToken cancellationToken);
}

/// <summary>Writes the answer to a sender who waited: the lead's resource, as <c>GET /api/leads/{id}</c> gives it.</summary>
public interface ILeadAnswer
{
    Task<Microsoft.AspNetCore.Mvc.IActionResult> ForAsync(Abm.Ports.LeadRecord lead, CancellationToken cancellationToken);
}
