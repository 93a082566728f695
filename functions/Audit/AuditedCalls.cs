using Abm.Functions.Clocks;
using Abm.Functions.Corrections;
using Abm.Functions.Explain;
using Abm.Functions.Import;
using Abm.Functions.People;
using Abm.Functions.Plays;
using Abm.Functions.Rematch;
using Abm.Functions.Replays;
using Abm.Functions.Unmatched;
using Abm.Ports;

namespace Abm.Functions.Audit;

/// <summary>How a call is written down.</summary>
/// <param name="Kind">See <see cref="AuditKinds"/>.</param>
/// <param name="Subject">Name of the value in the path that says what it is about; null: the function itself is the subject.</param>
/// <param name="IsLook">Looks are one entry for ten minutes; acts are one each.</param>
/// <param name="IsRefused">Whether the answer is withheld when the entry cannot be written.</param>
internal sealed record AuditedCall(string Kind, string? Subject, bool IsLook, bool IsRefused)
{
    /// <summary>Reads the subject from the answer, where it came in the body and not in the path; null: from the path.</summary>
    public Func<object?, string?>? SubjectOf { get; init; }
}

/// <summary>Which calls show personal data or are acts of people. Publications are not here: they write their own entries, which know more.</summary>
internal static class AuditedCalls
{
    /// <summary>By the function's name.</summary>
    public static IReadOnlyDictionary<string, AuditedCall> All { get; } = new Dictionary<string, AuditedCall>(StringComparer.Ordinal)
    {
        // The daily work of reps goes on when the audit cannot be written; the log says so, loudly.
        [nameof(GetLead)] = new(AuditKinds.LeadLook, "id", IsLook: true, IsRefused: false),
        [nameof(WhyLead)] = new(AuditKinds.WhyLook, "id", IsLook: true, IsRefused: false),
        [nameof(ReplayDecision)] = new(AuditKinds.WhyLook, "id", IsLook: true, IsRefused: false) { SubjectOf = answer => (answer as ReplayResponse)?.LeadId },
        [nameof(AskWhyNot)] = new(AuditKinds.WhyLook, null, IsLook: true, IsRefused: false) { SubjectOf = answer => (answer as WhyNotResponse)?.LeadId },

        // What people did, with whatever senders added.
        ["GetTimeline"] = new(AuditKinds.LeadLook, "id", IsLook: true, IsRefused: false),

        // Lead ids with the reasons of their flips, many at once.
        [nameof(RunDryRun)] = new(AuditKinds.DryRun, null, IsLook: false, IsRefused: true),
        [nameof(RegressConfig)] = new(AuditKinds.DryRun, null, IsLook: false, IsRefused: true),

        // Whole messages with whatever people sent, and everything at once: without an entry nobody sees them.
        ["ListQuarantine"] = new(AuditKinds.QuarantineLook, null, IsLook: true, IsRefused: true),
        ["ListDeadNotifications"] = new(AuditKinds.OutboxLook, null, IsLook: true, IsRefused: true),
        ["GetNotification"] = new(AuditKinds.OutboxLook, "id", IsLook: true, IsRefused: true),
        [nameof(AuditFunctions.ExportAudit)] = new(AuditKinds.Export, null, IsLook: false, IsRefused: true),
        [nameof(AuditFunctions.ListAudit)] = new(AuditKinds.AuditLook, null, IsLook: true, IsRefused: true),

        // What is done is done: refusing the answer would only make the caller do it again.
        ["ReplayQuarantined"] = new(AuditKinds.Replay, "id", IsLook: false, IsRefused: false),
        ["ReplayNotification"] = new(AuditKinds.Replay, "id", IsLook: false, IsRefused: false),
        [nameof(ClockFunctions.PauseClock)] = new(AuditKinds.Edit, "id", IsLook: false, IsRefused: false),
        [nameof(ClockFunctions.ResumeClock)] = new(AuditKinds.Edit, "id", IsLook: false, IsRefused: false),
        [nameof(TouchLead)] = new(AuditKinds.Touch, "id", IsLook: false, IsRefused: false),
        [nameof(TellPlay)] = new(AuditKinds.Touch, "id", IsLook: false, IsRefused: false),
        ["CancelPlay"] = new(AuditKinds.Disposition, "id", IsLook: false, IsRefused: false),
        [nameof(StartPlay)] = new(AuditKinds.Edit, null, IsLook: false, IsRefused: false) { SubjectOf = answer => (answer as StartPlayResponse)?.PlayId },
        [nameof(MigratePlays)] = new(AuditKinds.Edit, null, IsLook: false, IsRefused: false) { SubjectOf = answer => (answer as MigrationResponse)?.Play },
        [nameof(ResolveUnmatched)] = new(AuditKinds.Resolve, "leadId", IsLook: false, IsRefused: false),
        ["AskRematch"] = new(AuditKinds.Resolve, null, IsLook: false, IsRefused: false) { SubjectOf = answer => (answer as RematchResponse)?.ReportId },
        ["GetUnmatched"] = new(AuditKinds.LeadLook, "leadId", IsLook: true, IsRefused: false),
        [nameof(AssociateLead)] = new(AuditKinds.Pin, "id", IsLook: false, IsRefused: false),
        ["AcceptLead"] = new(AuditKinds.Reassign, "id", IsLook: false, IsRefused: false),
        ["RejectLead"] = new(AuditKinds.Reassign, "id", IsLook: false, IsRefused: false),
        ["ScanOrphans"] = new(AuditKinds.Reassign, null, IsLook: false, IsRefused: false),
        [nameof(PauseRep)] = new(AuditKinds.Edit, "id", IsLook: false, IsRefused: false),
        ["ResumeRep"] = new(AuditKinds.Edit, "id", IsLook: false, IsRefused: false),
        ["ReassignLeadByHand"] = new(AuditKinds.Reassign, "id", IsLook: false, IsRefused: false),
        ["ErasePerson"] = new(AuditKinds.Erase, null, IsLook: false, IsRefused: false) { SubjectOf = answer => (answer as Abm.Ports.ErasureReceipt)?.ReceiptId },

        // Everything about a person, or about everybody, at once.
        ["ExportPerson"] = new(AuditKinds.Export, null, IsLook: false, IsRefused: true),
        [nameof(ExportCases)] = new(AuditKinds.Export, null, IsLook: false, IsRefused: true),
        ["ExportDecisions"] = new(AuditKinds.Export, null, IsLook: false, IsRefused: true),
        ["DisposeLead"] = new(AuditKinds.Disposition, "id", IsLook: false, IsRefused: false),
        ["MergeAccount"] = new(AuditKinds.Edit, "id", IsLook: false, IsRefused: false),
        ["UnmergeAccount"] = new(AuditKinds.Edit, "id", IsLook: false, IsRefused: false),
        ["PutAccount"] = new(AuditKinds.Edit, "id", IsLook: false, IsRefused: false),
        [nameof(ImportCsv)] = new(AuditKinds.Import, "kind", IsLook: false, IsRefused: false),
    };
}
