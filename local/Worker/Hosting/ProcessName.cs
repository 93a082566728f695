using System.Diagnostics;
using System.Globalization;

namespace Abm.Local.Hosting;

/// <summary>Names a process for as long as it lives, and knows without asking storage whether another process of this machine is gone.</summary>
internal static class ProcessName
{
    /// <summary>A name for this process: machine, process id, its start, and a random part.</summary>
    public static string ForThisProcess()
    {
        using var process = Process.GetCurrentProcess();
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{Machine}.{process.Id}.{process.StartTime.ToUniversalTime().Ticks / TimeSpan.TicksPerSecond}.{Guid.NewGuid().ToString("N")[..6]}");
    }

    /// <summary>Where process ids mean the same: the machine, and on Linux the process namespace, since each container counts for itself.</summary>
    private static string Machine { get; } = string.Concat(
        Environment.MachineName.Where(char.IsAsciiLetterOrDigit).Take(24)
            .Concat("x")
            .Concat((OperatingSystem.IsLinux() ? File.ResolveLinkTarget("/proc/self/ns/pid", returnFinalTarget: false)?.Name ?? "" : "").Where(char.IsAsciiDigit)));

    /// <summary>Whether the name is of this machine and its process is certainly gone. Unknown is no.</summary>
    public static bool IsGoneFromThisMachine(string name)
    {
        if (name.Split('.') is not [var machine, var id, var started, _] || machine != Machine
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
