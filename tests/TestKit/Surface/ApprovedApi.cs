namespace Abm.TestKit.Surface;

/// <summary>The signatures of the real packages that <c>local/</c> stands for, in <c>tests/Approved</c>. Written from the packages' own sources, not from ours.</summary>
public static class ApprovedApi
{
    private static string Folder => Path.Combine(Repository.Root, "tests", "Approved");

    /// <summary>What <c>local/</c> has exactly as the real packages have it.</summary>
    public static IReadOnlySet<string> Same { get; } = Lines("platform-api.txt").ToHashSet(StringComparer.Ordinal);

    /// <summary>What <c>local/</c> has otherwise, and why that does not matter to the app. <c>functions/</c> may use none of it unless it reads the same.</summary>
    public static IReadOnlyDictionary<string, string> Differs { get; } = Lines("platform-api.differs.txt")
        .Select(line => line.Split(" # ", 2))
        .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);

    private static string[] Lines(string file) => File.ReadAllLines(Path.Combine(Folder, file));
}
