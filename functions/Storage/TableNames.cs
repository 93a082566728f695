namespace Abm.Functions.Storage;

/// <summary>Every table of the app; docs/storage.md says what lies in each and what each use costs.</summary>
public static class TableNames
{
    /// <summary>Leads with their decisions and events, in sixteen partitions by the hash of the lead's id.</summary>
    public const string Leads = "AbmLeads";

    /// <summary>Decided leads, newest first.</summary>
    public const string LeadList = "AbmLeadList";

    /// <summary>Leads without a sure account, newest first.</summary>
    public const string Unmatched = "AbmUnmatched";

    /// <summary>Whose turn it is, and the turns that were given.</summary>
    public const string Pools = "AbmPools";

    /// <summary>The SLA board.</summary>
    public const string Clocks = "AbmClocks";

    /// <summary>Notifications on their way out.</summary>
    public const string Outbox = "AbmOutbox";

    /// <summary>Messages that were set aside.</summary>
    public const string Quarantine = "AbmQuarantine";

    /// <summary>States of the rep directory that decided something.</summary>
    public const string RepSnapshots = "AbmRepSnapshots";

    /// <summary>What people corrected.</summary>
    public const string Cases = "AbmCases";

    /// <summary>What re-matching moved.</summary>
    public const string Rematch = "AbmRematch";

    /// <summary>Instances of plays, the lists of them, and which run about which account.</summary>
    public const string Plays = "AbmPlays";

    /// <summary>What happened at accounts, what is counted of it, and events of accounts that nobody knows yet.</summary>
    public const string Events = "AbmEvents";

    /// <summary>The tables of leads and what follows them.</summary>
    public static IReadOnlyList<string> OfLeads { get; } = [Leads, LeadList, Unmatched, Pools, Clocks, Outbox, Quarantine, RepSnapshots, Cases, Rematch, Plays, Events];
}
