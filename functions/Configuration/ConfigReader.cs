using System.Diagnostics;
using System.Text;
using Abm.Configuration;

namespace Abm.Functions.Configuration;

/// <summary>A YAML file of a configuration.</summary>
public sealed record ConfigFile(string Name, string Text);

/// <summary>What reading and lint came to together.</summary>
/// <param name="Findings">Everything that was found, with places, worst first. A refused reading has its problems here too, as errors.</param>
public sealed record ConfigExamination(ConfigReading Reading, IReadOnlyList<LintFinding> Findings)
{
    /// <summary>Whether it can be published.</summary>
    public bool IsPublishable => Findings.All(f => f.Severity != LintSeverity.Error);
}

/// <summary>Reads a configuration from YAML: each file holds some of the sections, no section stands in two files, and what is not written has its default.</summary>
public static class ConfigReader
{
    /// <summary>Longest file, in bytes.</summary>
    public const int MaxFileBytes = YamlNodes.MaxBytes;

    /// <summary>Most files of a configuration.</summary>
    public const int MaxFiles = 100;

    /// <summary>Most bytes of all files together.</summary>
    public const int MaxTotalBytes = 4 * MaxFileBytes;

    /// <summary>Reads and checks the files together.</summary>
    public static ConfigReading Read(IEnumerable<ConfigFile> files)
    {
        List<ConfigFileProblem> problems = [];
        ConfigFile[] taken = [.. files.Take(MaxFiles + 1)];
        TooLarge(taken, problems);
        if (problems.Count > 0)
            return new ConfigReading.Refused(problems);
        Dictionary<string, ConfigEntry> sections = new(StringComparer.Ordinal);
        ConfigPlace? first = null;
        foreach (ConfigFile file in taken.OrderBy(f => f.Name, StringComparer.Ordinal))
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

    /// <summary>Reads, checks and lints the files: what the console, the API and the publish gate show.</summary>
    public static ConfigExamination Examine(IReadOnlyList<ConfigFile> files, LintContext context)
    {
        switch (Read(files))
        {
            case ConfigReading.Accepted accepted:
                LintContext withTexts = context with { Texts = [.. files.Select(f => new ConfigText(f.Name, f.Text))] };
                return new ConfigExamination(accepted, [.. ConfigLint.Findings(accepted.Config, withTexts).Select(f => f.Place is null ? f with { Place = accepted.PlaceOf(f.Path) } : f)]);
            case ConfigReading.Refused refused:
                return new ConfigExamination(refused, [.. refused.Problems.Select(Finding)]);
            default:
                throw new UnreachableException();
        }
    }

    private static LintFinding Finding(ConfigFileProblem problem)
    {
        string mend = LintCodes.All.FirstOrDefault(c => c.Code == problem.Code)?.Mend ?? "Correct the file as the message says.";
        return new LintFinding(LintSeverity.Error, problem.Code, problem.Path, problem.Message, mend) { Place = new ConfigPlace(problem.File, problem.Line, problem.Column) };
    }

    /// <summary>Refused by size, before anything is parsed.</summary>
    private static void TooLarge(ConfigFile[] files, List<ConfigFileProblem> problems)
    {
        if (files.Length > MaxFiles)
            problems.Add(new ConfigFileProblem("tooLarge", "", 0, 0, "", $"A configuration has at most {MaxFiles} files."));
        foreach (ConfigFile file in files.Where(f => Encoding.UTF8.GetByteCount(f.Text) > MaxFileBytes))
            problems.Add(new ConfigFileProblem("tooLarge", file.Name, 0, 0, "", $"A file has at most {MaxFileBytes / 1024} KiB."));
        if (problems.Count == 0 && files.Sum(f => (long)Encoding.UTF8.GetByteCount(f.Text)) > MaxTotalBytes)
            problems.Add(new ConfigFileProblem("tooLarge", "", 0, 0, "", $"A configuration has at most {MaxTotalBytes / 1024} KiB in all its files."));
    }

    /// <summary>Reads what was kept under a version.</summary>
    /// <exception cref="System.Text.Json.JsonException">Not a kept configuration.</exception>
    public static ConfigReading FromCanonical(string canonical) => EffectiveConfig.Read(canonical);
}
