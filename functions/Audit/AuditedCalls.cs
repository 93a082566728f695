using Abm.Functions.Explain;
using Abm.Functions.Import;
using Abm.Functions.Plays;
using Abm.Ports;

namespace Abm.Functions.Audit;

/// <summary>How a call is written down.</summary>
/// <param name="Kind">See <see cref="AuditKinds"/>.</param>
/// <param name="Subject">Name of the value in the path that says what it is about; null: the function itself is the subject.</param>
/// <param name="IsLook">Looks are one entry for ten minutes; acts are one each.</param>
/// <param name="IsRefused">Whether the answer is withheld when the entry cannot be written.</param>
internal sealed record AuditedCall(string Kind, string? Subject, bool IsLook, bool IsRefused);

/// <summary>Which calls show personal data or are acts of people. Publications are not here: they write their own entries, which know more.</summary>
internal static class AuditedCalls
{
    /// <summary>By the function's name.</summary>
    public static IReadOnlyDictionary<string, AuditedCall> All { get; } = new Dictionary<string, AuditedCall>(StringComparer.Ordinal)
    {
        // The daily work of reps goes on when the audit cannot be written; the log says so, loudly.
        [nameof(GetLead)] = new(AuditKinds.LeadLook, "id", IsLook: true, IsRefused: false),
        [nameof(WhyLead)] = new(AuditKinds.WhyLook, "id", IsLook: true, IsRefused: false),

        // Whole messages with whatever people sent, and everything at once: without an entry nobody sees them.
        ["ListQuarantine"] = new(AuditKinds.QuarantineLook, null, IsLook: true, IsRefused: true),
        ["ListDeadNotifications"] = new(AuditKinds.OutboxLook, null, IsLook: true, IsRefused: true),
        ["GetNotification"] = new(AuditKinds.OutboxLook, "id", IsLook: true, IsRefused: true),
        [nameof(AuditFunctions.ExportAudit)] = new(AuditKinds.Export, null, IsLook: false, IsRefused: true),
        [nameof(AuditFunctions.ListAudit)] = new(AuditKinds.AuditLook, null, IsLook: true, IsRefused: true),

        // What is done is done: refusing the answer would only make the caller do it again.
        ["ReplayQuarantined"] = new(AuditKinds.Replay, "id", IsLook: false, IsRefused: false),
        ["ReplayNotification"] = new(AuditKinds.Replay, "id", IsLook: false, IsRefused: false),
        [nameof(TouchLead)] = new(AuditKinds.Touch, "id", IsLook: false, IsRefused: false),
        ["AssociateLead"] = new(AuditKinds.Pin, "id", IsLook: false, IsRefused: false),
        ["ReassignLeadByHand"] = new(AuditKinds.Reassign, "id", IsLook: false, IsRefused: false),
        ["DisposeLead"] = new(AuditKinds.Disposition, "id", IsLook: false, IsRefused: false),
        ["PutAccount"] = new(AuditKinds.Edit, "id", IsLook: false, IsRefused: false),
        [nameof(ImportCsv)] = new(AuditKinds.Import, "kind", IsLook: false, IsRefused: false),
    };
}
