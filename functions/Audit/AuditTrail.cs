using System.Collections.Concurrent;
using Abm.Functions.Configuration.Versions;
using Abm.Ports;

namespace Abm.Functions.Audit;

/// <summary>Writes the audit: acts one by one, looks once for each person, thing and ten minutes.</summary>
public sealed class AuditTrail(IAuditLog log, IConfigStatus config, TimeProvider clock)
{
    /// <summary>Looks of the same person at the same thing within this time are one entry: somebody who has a page open is not an event every second.</summary>
    public static readonly TimeSpan OneLook = TimeSpan.FromMinutes(10);

    /// <summary>Looks remembered in this process, so that repeats do not cost a transaction.</summary>
    private const int MaxRemembered = 10_000;

    private readonly ConcurrentDictionary<string, byte> _written = new(StringComparer.Ordinal);

    /// <summary>Somebody did something. Safe to repeat with the same occasion and instant.</summary>
    /// <param name="occasion">What tells this act from another one of the same kind on the same thing.</param>
    /// <param name="configVersion">Null: the one in force.</param>
    public Task WriteAsync(
        string kind, string subject, string occasion, DateTimeOffset at, Actor who, string? why, string? configVersion, Dictionary<string, string> details, CancellationToken cancellationToken) =>
        log.WriteAsync(new AuditEntry(AuditEntry.IdOf(kind, subject, occasion), at, who.Name, kind, subject, why, configVersion ?? config.Status.Version, who.RequestId, details), cancellationToken);

    /// <summary>Somebody did something just now, in the call that is named.</summary>
    public Task ActAsync(string kind, string subject, Actor who, CancellationToken cancellationToken) =>
        WriteAsync(kind, subject, $"{who.Name}|{who.RequestId}", clock.GetUtcNow(), who, null, null, [], cancellationToken);

    /// <summary>Somebody looked at something. The first look of these ten minutes is the entry.</summary>
    public async Task LookAsync(string kind, string subject, Actor who, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        DateTimeOffset begun = new(now.UtcTicks - (now.UtcTicks % OneLook.Ticks), TimeSpan.Zero);
        string id = AuditEntry.IdOf(kind, subject, $"{who.Name}|{begun.UtcTicks.ToString(System.Globalization.CultureInfo.InvariantCulture)}");
        if (_written.ContainsKey(id))
            return;
        await log.WriteAsync(new AuditEntry(id, begun, who.Name, kind, subject, null, config.Status.Version, who.RequestId, new Dictionary<string, string>()), cancellationToken);
        if (_written.Count >= MaxRemembered)
            _written.Clear();
        _written[id] = 0;
    }
}
