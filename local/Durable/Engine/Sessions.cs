using System.Diagnostics;
using System.Globalization;
using Abm.Local.Durable.Storage;

namespace Abm.Local.Durable.Engine;

/// <summary>Names a process for as long as it lives, and knows without asking storage whether another process of this machine is gone.</summary>
internal sealed record SessionId(string Text)
{
    /// <summary>A name for this process: machine, process id, its start, and a random part.</summary>
    public static SessionId ForThisProcess()
    {
        using var process = Process.GetCurrentProcess();
        return new SessionId(string.Create(
            CultureInfo.InvariantCulture,
            $"{Machine}.{process.Id}.{process.StartTime.ToUniversalTime().Ticks / TimeSpan.TicksPerSecond}.{Guid.NewGuid().ToString("N")[..6]}"));
    }

    /// <summary>Where process ids mean the same: the machine, and on Linux the process namespace, since each container counts for itself.</summary>
    private static string Machine { get; } = string.Concat(
        Environment.MachineName.Where(char.IsAsciiLetterOrDigit).Take(24)
            .Concat("x")
            .Concat((OperatingSystem.IsLinux() ? File.ResolveLinkTarget("/proc/self/ns/pid", returnFinalTarget: false)?.Name ?? "" : "").Where(char.IsAsciiDigit)));

    /// <summary>Whether the session is of this machine and its process is certainly gone. Unknown is no.</summary>
    public static bool IsGoneFromThisMachine(string session)
    {
        if (session.Split('.') is not [var machine, var id, var started, _] || machine != Machine
            || !int.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out int processId)
            || !long.TryParse(started, NumberStyles.None, CultureInfo.InvariantCulture, out long startedAt))
            return false;
        try
        {
            using var process = Process.GetProcessById(processId);

            // Containers give the same small ids again and again, and round start times a little.
            return Math.Abs((process.StartTime.ToUniversalTime().Ticks / TimeSpan.TicksPerSecond) - startedAt) > 2;
        }
        catch (ArgumentException)
        {
            return true;
        }
        catch (Exception unknown) when (unknown is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
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
