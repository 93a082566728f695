using System.Globalization;
using Abm.Decisions;

namespace Abm.Functions.Storage;

/// <summary>Keys of the leads table. A lead, its decisions, its events and the mark "undecided" share a partition, so that each step of its life is one transaction.</summary>
internal static class LeadsKeys
{
    /// <summary>Partitions. Sixteen take 2,000 rows a second each, and few enough are there to look through for undecided leads.</summary>
    public const int Buckets = 16;

    /// <summary>First of the row keys of undecided leads: sorts before every id.</summary>
    public const string UndecidedFrom = "!undecided|";

    /// <summary>Behind the last of them.</summary>
    public const string UndecidedUntil = "!undecided}";

    /// <summary>First of the row keys of the log of decisions.</summary>
    public const string LogFrom = "!decision|";

    public static IEnumerable<string> AllPartitions => Enumerable.Range(0, Buckets).Select(Partition);

    /// <summary>FNV-1a: spreads evenly and is the same in every process.</summary>
    public static string PartitionOf(LeadId id)
    {
        uint hash = 2166136261;
        foreach (char c in id.Value)
            hash = unchecked((hash ^ c) * 16777619);
        return Partition((int)(hash % Buckets));
    }

    public static string Lead(LeadId id) => id.Value;

    public static string Decision(LeadId id, string decisionId) => $"{id.Value}|d|{decisionId}";

    public static string EventsFrom(LeadId id) => $"{id.Value}|e|";

    public static string EventsUntil(LeadId id) => $"{id.Value}|e}}";

    public static string Event(LeadId id, string eventId) => $"{id.Value}|e|{eventId}";

    public static string Undecided(LeadId id, DateTimeOffset receivedAt) => $"{UndecidedFrom}{TimeKey.Rising(receivedAt)}|{id.Value}";

    /// <summary>Of a decision in the log: by time.</summary>
    public static string Log(DateTimeOffset decidedAt, string decisionId) => $"{LogFrom}{TimeKey.Rising(decidedAt)}|{decisionId}";

    /// <summary>Where the log begins at an instant.</summary>
    public static string LogAt(DateTimeOffset instant) => LogFrom + TimeKey.Rising(instant);

    /// <summary>Leads of the person with this hash.</summary>
    public static string PersonFrom(string hash) => $"!person|{hash}|";

    /// <summary>Behind the last of them.</summary>
    public static string PersonUntil(string hash) => $"!person|{hash}}}";

    /// <summary>By whom a lead is found again when its person asks.</summary>
    public static string Person(string hash, LeadId lead) => PersonFrom(hash) + lead.Value;

    /// <summary>Everything of one lead but what begins with an exclamation mark.</summary>
    public static string LeadUntil(LeadId id) => $"{id.Value}}}";

    /// <summary>Counts of the decisions of a month that are no longer kept.</summary>
    public static string Counts(DateTimeOffset decidedAt) => string.Create(CultureInfo.InvariantCulture, $"{CountsFrom}{decidedAt.UtcDateTime:yyyy-MM}");

    /// <summary>First of the row keys of counts.</summary>
    public const string CountsFrom = "!count|";

    private static string Partition(int bucket) => bucket.ToString("D2", CultureInfo.InvariantCulture);
}
