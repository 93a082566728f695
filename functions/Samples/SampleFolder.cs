namespace Abm.Functions.Samples;

/// <summary>Finds the samples: beside the app, or in the working directory or a folder above it.</summary>
internal static class SampleFolder
{
    private const string Name = "samples";
    private const string Witness = "accounts.csv";

    /// <summary>The first folder that holds samples; null when there is none.</summary>
    /// <param name="starts">Each is looked in, then the folders above it.</param>
    public static string? Find(params IReadOnlyList<string> starts)
    {
        foreach (string start in starts)
        {
            for (DirectoryInfo? at = new(start); at is not null; at = at.Parent)
            {
                string folder = Path.Combine(at.FullName, Name);
                if (File.Exists(Path.Combine(folder, Witness)))
                    return folder;
            }
        }

        return null;
    }
}
