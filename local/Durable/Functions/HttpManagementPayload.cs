using Microsoft.DurableTask.Client;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>The addresses at which one orchestration is watched and steered over HTTP.</summary>
public class HttpManagementPayload
{
    /// <summary>The instance id.</summary>
    public string? Id { get; internal set; }

    /// <summary>GET: the status.</summary>
    public string? StatusQueryGetUri { get; internal set; }

    /// <summary>POST: an event; <c>{eventName}</c> stands for its name.</summary>
    public string? SendEventPostUri { get; internal set; }

    /// <summary>POST: end it.</summary>
    public string? TerminatePostUri { get; internal set; }

    /// <summary>POST: rewind; not in the Local runtime, null.</summary>
    public string? RewindPostUri { get; internal set; }

    /// <summary>DELETE: remove it.</summary>
    public string? PurgeHistoryDeleteUri { get; internal set; }

    /// <summary>POST: restart; not in the Local runtime, null.</summary>
    public string? RestartPostUri { get; internal set; }

    /// <summary>POST: pause it.</summary>
    public string? SuspendPostUri { get; internal set; }

    /// <summary>POST: let it go on.</summary>
    public string? ResumePostUri { get; internal set; }
}

/// <summary>Helpers for HTTP functions that start orchestrations.</summary>
public static class DurableTaskClientExtensions
{
    /// <summary>The management addresses of an instance.</summary>
    /// <exception cref="ArgumentException">The id is empty.</exception>
    /// <exception cref="InvalidOperationException">The client does not know where its host listens.</exception>
    public static HttpManagementPayload CreateHttpManagementPayload(this DurableTaskClient client, string instanceId)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrEmpty(instanceId);
        if (client is not IHasManagementAddress { ManagementAddress: { } address, ManagementQuery: var query })
            throw new InvalidOperationException("The management addresses need a client that came through a [DurableClient] binding.");

        string instance = $"{address.ToString().TrimEnd('/')}/instances/{Uri.EscapeDataString(instanceId)}";
        // The doubled braces are what the real extension writes; callers replace them together with the text.
        return new HttpManagementPayload
        {
            Id = instanceId,
            StatusQueryGetUri = $"{instance}?{query}",
            SendEventPostUri = $"{instance}/raiseEvent/{{eventName}}?{query}",
            TerminatePostUri = $"{instance}/terminate?reason={{{{text}}}}&{query}",
            SuspendPostUri = $"{instance}/suspend?reason={{{{text}}}}&{query}",
            ResumePostUri = $"{instance}/resume?reason={{{{text}}}}&{query}",
            PurgeHistoryDeleteUri = $"{instance}?{query}",
        };
    }
}

/// <summary>A client that knows where the management API of its host listens.</summary>
internal interface IHasManagementAddress
{
    /// <summary>…/runtime/webhooks/durabletask, null while the host does not listen.</summary>
    Uri? ManagementAddress { get; }

    /// <summary>Task hub, connection and key, as a query string without the question mark.</summary>
    string ManagementQuery { get; }
}
