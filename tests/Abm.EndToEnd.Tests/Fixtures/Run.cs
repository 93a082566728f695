using System.Globalization;

namespace Abm.EndToEnd.Tests;

/// <summary>Names that no earlier run against the same storage has used.</summary>
public static class Run
{
    private static readonly string Prefix = DateTime.UtcNow.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture) + "-" + Environment.ProcessId.ToString(CultureInfo.InvariantCulture);
    private static int _count;

    public static string Name() => Prefix + "-" + Interlocked.Increment(ref _count).ToString(CultureInfo.InvariantCulture);
}
