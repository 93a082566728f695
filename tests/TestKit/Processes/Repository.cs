namespace Abm.TestKit;

/// <summary>Where the repository lies that these tests were built from, and which build of it they belong to.</summary>
public static class Repository
{
    /// <summary>The folder with <c>Abm.Functions.sln</c>.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Debug or Release: the configuration that the running tests were built in.</summary>
    public static string Configuration { get; } =
        new DirectoryInfo(AppContext.BaseDirectory).Parent?.Name is "Release" ? "Release" : "Debug";

    /// <summary>The built app, in the same configuration as the tests.</summary>
    public static string App => Path.Combine(Root, "functions", "bin", Configuration, "net10.0", "Abm.Functions.dll");

    /// <summary>A folder of measuring data that may lie beside the repository, or <c>null</c> where it does not.</summary>
    /// <param name="name">The folder's name, such as <c>dev</c>.</param>
    public static string? SharedData(string name)
    {
        string folder = Path.GetFullPath(Path.Combine(Root, "..", "shared", "data", name));
        return Directory.Exists(folder) ? folder : null;
    }

    private static string FindRoot()
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "Abm.Functions.sln")))
                return at.FullName;
        }

        throw new InvalidOperationException($"Abm.Functions.sln is not above {AppContext.BaseDirectory}: run the tests from a clone of the repository.");
    }
}
