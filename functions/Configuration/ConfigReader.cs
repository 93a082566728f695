using Abm.Configuration;

namespace Abm.Functions.Configuration;

/// <summary>A YAML file of a configuration.</summary>
public sealed record ConfigFile(string Name, string Text);

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
        return ConfigReading.Of(all, problems);
    }

    /// <summary>Reads what was kept under a version.</summary>
    /// <exception cref="System.Text.Json.JsonException">Not a kept configuration.</exception>
    public static ConfigReading FromCanonical(string canonical) => EffectiveConfig.Read(canonical);
}
