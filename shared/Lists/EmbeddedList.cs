namespace Abm.Lists;

/// <summary>Reads the data files of this folder, which lie in the assembly.</summary>
internal static class EmbeddedList
{
    /// <summary>Lines of a text list, without blank ones and comments (<c>#</c> first).</summary>
    public static IEnumerable<string> Lines(string file)
    {
        using var reader = new StreamReader(Open(file));
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && line[0] != '#')
                yield return line;
        }
    }

    public static Stream Open(string file) =>
        typeof(EmbeddedList).Assembly.GetManifestResourceStream("Abm.Lists." + file)
        ?? throw new InvalidOperationException($"The list '{file}' is not embedded in the assembly.");
}
