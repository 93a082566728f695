using Abm.Decisions;

namespace Abm.Ports;

/// <summary>Who did or saw what. Entries are only ever added and hold no personal data of leads.</summary>
public interface IAuditLog
{
    /// <summary>Keeps an entry unless its id is known at its instant: safe to repeat.</summary>
    Task WriteAsync(AuditEntry entry, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    /// <exception cref="FormatException"><c>after</c> is none of ours.</exception>
    Task<ListPage<AuditEntry>> ListAsync(AuditFilter filter, int limit, string? after, CancellationToken cancellationToken);

    /// <summary>Forgets entries of the days before that day, when they have been kept long enough.</summary>
    /// <param name="limit">Most entries that one call forgets.</param>
    /// <returns>How many were forgotten; fewer than the limit: there are no more.</returns>
    Task<int> ForgetAsync(DateOnly before, int limit, CancellationToken cancellationToken);
}

/// <summary>One act or look.</summary>
/// <param name="Id">Derived from what happened, so that telling it again finds it.</param>
/// <param name="At">When it happened; of looks at the same thing within ten minutes: the beginning of those ten minutes.</param>
/// <param name="By">The signed-in person's name for this app, or <c>key</c>, <c>local</c>, <c>folder</c>.</param>
/// <param name="Kind">See <see cref="AuditKinds"/>.</param>
/// <param name="Subject">Id of what it was done to: a version, a lead, a list; never a name or an address.</param>
/// <param name="Why">What the person gave as the reason; null where none is asked for.</param>
/// <param name="ConfigVersion">In force when it happened; null where that is not known.</param>
/// <param name="RequestId">Of the call, to find it in the logs; null when it was none.</param>
/// <param name="Details">Ids and codes, by name.</param>
public sealed record AuditEntry(
    string Id, DateTimeOffset At, string By, string Kind, string Subject, string? Why, string? ConfigVersion, string? RequestId, IReadOnlyDictionary<string, string> Details)
{
    public static string IdOf(string kind, string subject, string occasion) => DerivedId.From("aud", kind, subject, occasion);
}

/// <summary>Which entries; what is null does not matter.</summary>
/// <param name="From">From this instant on, it included.</param>
/// <param name="To">Before this instant.</param>
public sealed record AuditFilter(DateTimeOffset? From = null, DateTimeOffset? To = null, string? By = null, string? Kind = null, string? Subject = null);

/// <summary>Kinds of entries. Looks are those that end in <c>Look</c>.</summary>
public static class AuditKinds
{
    public const string Publish = "publish";
    public const string Schedule = "schedule";
    public const string Cancel = "cancel";
    public const string Rollback = "rollback";
    public const string Draft = "draft";
    public const string DryRun = "dryRun";
    public const string Pin = "pin";
    public const string Resolve = "resolve";
    public const string Reassign = "reassign";
    public const string Touch = "touch";
    public const string Disposition = "disposition";
    public const string Replay = "replay";
    public const string Edit = "edit";
    public const string Import = "import";
    public const string Erase = "erase";
    public const string Export = "export";
    public const string LeadLook = "leadLook";
    public const string WhyLook = "whyLook";
    public const string QuarantineLook = "quarantineLook";
    public const string OutboxLook = "outboxLook";
    public const string AuditLook = "auditLook";
}
