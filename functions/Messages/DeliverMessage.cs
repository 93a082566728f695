namespace Abm.Functions.Messages;

/// <summary>A notification waits in the outbox. Carries its id only; what is sent lies in the outbox.</summary>
/// <param name="Version">1. A reader refuses versions it does not know, and the message ends in quarantine.</param>
public sealed record DeliverMessage(int Version, string DeliveryId)
{
    /// <summary>Name of the queue.</summary>
    public const string Queue = "outbox";

    /// <summary>Name of the queue of what the plays of imported leads send at their beginning: what is due, and what somebody is waiting for, does not stand behind it.</summary>
    public const string BulkQueue = "outbox-bulk";
}
