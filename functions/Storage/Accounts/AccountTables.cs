namespace Abm.Functions.Storage;

/// <summary>Tables of accounts, reps and what is taken in; docs/storage.md says what lies in each and what each use costs.</summary>
public static class AccountTables
{
    /// <summary>Change feeds of accounts and reps, with their snapshots.</summary>
    public const string Feeds = "AbmFeeds";

    /// <summary>Idempotency keys of leads that have an external id as well.</summary>
    public const string RequestKeys = "AbmRequestKeys";

    /// <summary>What was done once, such as loading the samples.</summary>
    public const string Marks = "AbmMarks";

    /// <summary>All of these.</summary>
    public static IReadOnlyList<string> All { get; } = [Feeds, RequestKeys, Marks];
}
