namespace Abm.Functions.Messages;

/// <summary>Leads that were kept and wait for their decision. Carries ids only; the leads lie in the store.</summary>
/// <param name="Version">1. A reader refuses versions it does not know, and the message ends in quarantine.</param>
/// <param name="LeadIds">1 to <see cref="MaxLeads"/> ids. An import puts many in one message, since a queue operation costs eleven table operations.</param>
public sealed record LeadsReceivedMessage(int Version, IReadOnlyList<string> LeadIds)
{
    /// <summary>Name of the queue of leads as they come.</summary>
    public const string Queue = "leads";

    /// <summary>Name of the queue of leads that came many at once, or late: they are worked on beside those that somebody is waiting for.</summary>
    public const string BulkQueue = "leads-bulk";

    /// <summary>Most ids in one message.</summary>
    public const int MaxLeads = 32;
}
