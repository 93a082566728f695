namespace Abm.Functions.Messages;

/// <summary>A notification waits in the outbox. Carries its id only; what is sent lies in the outbox.</summary>
/// <param name="Version">1. A reader refuses versions it does not know, and the message ends in quarantine.</param>
public sealed record DeliverMessage(int Version, string DeliveryId)
{
    /// <summary>Name of the queue.</summary>
    public const string Queue = "outbox";
}
