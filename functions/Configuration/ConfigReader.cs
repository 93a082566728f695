using Abm.Configuration;
using Abm.Matching;

namespace Abm.Functions.Configuration;

/// <summary>A YAML file of a configuration.</summary>
public sealed record ConfigFile(string Name, string Text);

/// <summary>What reading came to.</summary>
public abstract record ConfigReading
{
    private ConfigReading()
    {
    }

    /// <param name="Canonical">What is kept under the version; <see cref="ConfigReader.FromCanonical"/> reads it back.</param>
    public sealed record Accepted(AbmConfig Config, string Canonical) : ConfigReading;

    /// <param name="Problems">All of them, by file, line and column.</param>
    public sealed record Refused(IReadOnlyList<ConfigFileProblem> Problems) : ConfigReading;
}

/// <summary>Reads a configuration from YAML: each file holds some of the sections, no section stands in two files, and what is not written has its default.</summary>
public static class ConfigReader
{
    /// <summary>Longest file, in bytes.</summary>
    public const int MaxFileBytes = YamlNodes.MaxBytes;

    /// <summary>Reads and checks the files together.</summary>
    public static ConfigReading Read(IEnumerable<ConfigFile> files)
    {
        List<ConfigFileProblem> problems = [];
        Dictionary<string, ConfigEntry> sections = new(StringComparer.Ordinal);
        ConfigPlace? first = null;
        foreach (ConfigFile file in files.OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            if (YamlNodes.Read(file.Name, file.Text, problems) is not { } root)
                continue;
            first ??= root.Place;
            foreach (ConfigEntry entry in root.Entries)
            {
                if (!sections.TryAdd(entry.Key, entry))
                    problems.Add(new ConfigFileProblem("duplicateKey", file.Name, entry.KeyPlace.Line, entry.KeyPlace.Column, entry.Key, $"The section stands in {sections[entry.Key].KeyPlace.File} too."));
            }
        }

        // Sections are in the order of their names from here on: neither files nor their order change the version.
        ConfigNode.Mapping all = new([.. sections.Values.OrderBy(e => e.Key, StringComparer.Ordinal)], first ?? new ConfigPlace("", 0, 0));
        return Build(all, problems);
    }

    /// <summary>Reads what was kept under a version.</summary>
    /// <exception cref="System.Text.Json.JsonException">Not a kept configuration.</exception>
    public static ConfigReading FromCanonical(string canonical) => Build(CanonicalConfig.Read(canonical), []);

    private static ConfigReading Build(ConfigNode.Mapping root, List<ConfigFileProblem> problems)
    {
        string canonical = CanonicalConfig.Write(root);
        AbmConfig config = new(CanonicalConfig.VersionOf(canonical), MatchModel.Default);
        ConfigBinder binder = new(problems);
        binder.Fill(config, root, "", nameof(AbmConfig.Version));

        // What a configuration means is checked only when its form is right: otherwise a slip would be reported twice.
        if (problems.Count == 0)
        {
            foreach (ConfigProblem problem in ConfigCheck.Problems(config))
            {
                ConfigPlace place = binder.PlaceOf(problem.Path) ?? root.Place;
                problems.Add(new ConfigFileProblem(problem.Code, place.File, place.Line, place.Column, problem.Path, problem.Message));
            }
        }

        return problems.Count == 0
            ? new ConfigReading.Accepted(config, canonical)
            : new ConfigReading.Refused([.. problems.OrderBy(p => p.File, StringComparer.Ordinal).ThenBy(p => p.Line).ThenBy(p => p.Column)]);
    }
}
