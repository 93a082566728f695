namespace Abm.Configuration;

/// <summary>Reads nodes into a configuration and checks it. For any root, so that a kind of rule can be tried before it is part of the product.</summary>
/// <param name="Config">Null when there are problems.</param>
internal sealed record ConfigDocument<T>(T? Config, IReadOnlyList<ConfigFileProblem> Problems, ConfigReadingNotes Notes)
    where T : class;

internal static class ConfigDocument
{
    /// <param name="problems">What was found before, while the files were read.</param>
    /// <param name="create">Makes the root that is filled.</param>
    /// <param name="nullIsValue">See <see cref="ConfigReadingNotes"/>.</param>
    public static ConfigDocument<T> Read<T>(ConfigNode.Mapping root, List<ConfigFileProblem> problems, Func<T> create, bool nullIsValue = false)
        where T : class
    {
        T config = create();
        ConfigReadingNotes notes = new(problems, nullIsValue);
        ConfigModel.Of<T>().Fill(config, root, "", notes);

        // What a configuration means is checked only when its form is right: otherwise a slip would be reported twice.
        if (problems.Count == 0)
        {
            foreach (ConfigProblem problem in ConfigCheck.Of(config))
                notes.Problem(problem.Code, notes.PlaceOf(problem.Path) ?? root.Place, problem.Path, problem.Message);
        }

        return new ConfigDocument<T>(
            problems.Count == 0 ? config : null,
            [.. problems.OrderBy(p => p.File, StringComparer.Ordinal).ThenBy(p => p.Line).ThenBy(p => p.Column)],
            notes);
    }
}
