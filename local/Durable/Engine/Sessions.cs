using Abm.Local.Hosting;
using Abm.Local.Durable.Storage;

namespace Abm.Local.Durable.Engine;

/// <summary>The name under which an engine takes work: that of its process.</summary>
internal sealed record SessionId(string Text)
{
    public static SessionId ForThisProcess() => new(ProcessName.ForThisProcess());

    /// <inheritdoc cref="ProcessName.IsGoneFromThisMachine"/>
    public static bool IsGoneFromThisMachine(string session) => ProcessName.IsGoneFromThisMachine(session);
}

/// <summary>
/// Tells which other sessions are dead: their row is gone, their process is gone from this machine, or their beat stood still over several
/// readings. Clocks of machines are never compared.
/// </summary>
internal sealed class SessionWatch(WakeTable wakes, TimeProvider time, Func<string, bool> isKnownGone)
{
    /// <summary>How long a beat must stand still, over at least three readings.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(9);

    private readonly Dictionary<string, (int Beat, long Since, int Readings)> _seen = new(StringComparer.Ordinal);

    /// <summary>Whether the session is dead; asked from one place at a time.</summary>
    public async Task<bool> IsDeadAsync(string session, CancellationToken cancellationToken)
    {
        if (session.Length == 0 || isKnownGone(session))
            return true;
        if (await wakes.ReadBeatAsync(session, cancellationToken).ConfigureAwait(false) is not { } beat)
            return true;

        if (!_seen.TryGetValue(session, out (int Beat, long Since, int Readings) last) || last.Beat != beat)
        {
            _seen[session] = (beat, time.GetTimestamp(), 1);
            return false;
        }

        _seen[session] = last with { Readings = last.Readings + 1 };
        return last.Readings + 1 >= 3 && time.GetElapsedTime(last.Since) >= Patience;
    }
}
