using System.Buffers;
using System.Text;
using Abm.Configuration;
using Abm.Ports;

namespace Abm.Functions.Configuration.Versions;

/// <summary>A configuration that can be used, with the files it was written in.</summary>
/// <param name="Config">Its version is the one that <see cref="ConfigVersion.IdOf"/> gives.</param>
/// <param name="Effective">What it says, as one canonical text.</param>
/// <param name="Files">Byte for byte, in the order of their names.</param>
public sealed record ConfigDraft(AbmConfig Config, string Effective, IReadOnlyList<ConfigSourceFile> Files)
{
    /// <summary>Where in the files something stands, by its path; null when that is not known.</summary>
    public Func<string, ConfigPlace?> PlaceOf { get; init; } = _ => null;

    /// <summary>The id that it has, or gets when it is kept.</summary>
    public string Version => Config.Version;

    /// <summary>Files of one configuration.</summary>
    public const int MaxFiles = 100;

    /// <summary>Bytes of all files together.</summary>
    public const int MaxBytes = 1024 * 1024;

    /// <summary>Characters of the effective text: what one row can hold.</summary>
    public const int MaxEffectiveLength = Storage.StoredText.MaxColumn * Storage.StoredText.MaxColumns;

    private const int MaxNameLength = 100;

    private static readonly SearchValues<char> NotInNames = SearchValues.Create("/\\:*?\"<>|");
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads and checks files; without any they are the built-in defaults.</summary>
    public static ConfigDraftReading Read(IEnumerable<ConfigSourceFile> files)
    {
        List<ConfigSourceFile> sorted = [.. files.OrderBy(f => f.Name, StringComparer.Ordinal)];
        List<ConfigFileProblem> problems = [];
        List<ConfigFile> texts = Texts(sorted, problems);
        if (problems.Count > 0)
            return new ConfigDraftReading.Refused(problems);
        switch (ConfigReader.Read(texts))
        {
            case ConfigReading.Refused refused:
                return new ConfigDraftReading.Refused(refused.Problems);
            case ConfigReading.Accepted accepted when accepted.Canonical.Length <= MaxEffectiveLength:
                return new ConfigDraftReading.Accepted(
                    new ConfigDraft(accepted.Config with { Version = ConfigVersion.IdOf(accepted.Canonical, sorted) }, accepted.Canonical, sorted) { PlaceOf = accepted.PlaceOf });
            default:
                return new ConfigDraftReading.Refused([Problem("tooLarge", "", $"With its defaults written out it has more than {MaxEffectiveLength} characters.")]);
        }
    }

    /// <summary>Reads a version that was kept.</summary>
    /// <exception cref="ConfigurationRefusedException">This build cannot use it any more.</exception>
    public static ConfigDraft OfKept(ConfigVersion kept) => ConfigReader.FromCanonical(kept.Effective) switch
    {
        // A kept version was checked when it was handed in. Should a later build read it otherwise, that is said, not guessed around.
        ConfigReading.Accepted accepted => new ConfigDraft(accepted.Config with { Version = kept.Version }, kept.Effective, kept.Files),
        ConfigReading.Refused refused => throw new ConfigurationRefusedException($"version {kept.Version}", refused.Problems),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>Whether a file may have this name: a plain one that ends in <c>.yaml</c> or <c>.yml</c>.</summary>
    public static bool IsFileName(string name) =>
        name.Length is > 0 and <= MaxNameLength
        && name[0] != '.'
        && Path.GetExtension(name) is ".yaml" or ".yml"
        && !name.AsSpan().ContainsAny(NotInNames)
        && !name.Any(c => char.IsControl(c) || char.IsSurrogate(c));

    private static List<ConfigFile> Texts(List<ConfigSourceFile> files, List<ConfigFileProblem> problems)
    {
        if (files.Count > MaxFiles)
            problems.Add(Problem("tooMany", "", $"A configuration has at most {MaxFiles} files."));
        if (files.Sum(f => (long)f.Bytes.Length) > MaxBytes)
            problems.Add(Problem("tooLarge", "", $"The files of a configuration have at most {MaxBytes / 1024} KiB together."));
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        List<ConfigFile> texts = [];
        foreach (ConfigSourceFile file in files)
        {
            if (!IsFileName(file.Name))
            {
                problems.Add(Problem("fileName", "", $"A file has a plain name of at most {MaxNameLength} characters that ends in .yaml or .yml, without folders."));
                continue;
            }

            if (!names.Add(file.Name))
                problems.Add(Problem("duplicateFile", file.Name, "Two files have this name."));
            if (file.Bytes.Length > ConfigReader.MaxFileBytes)
            {
                problems.Add(Problem("tooLarge", file.Name, $"A file has at most {ConfigReader.MaxFileBytes / 1024} KiB."));
                continue;
            }

            try
            {
                texts.Add(new ConfigFile(file.Name, StrictUtf8.GetString(file.Bytes.Span).TrimStart('\uFEFF')));
            }
            catch (DecoderFallbackException)
            {
                problems.Add(Problem("encoding", file.Name, "A file is UTF-8."));
            }
        }

        return texts;
    }

    private static ConfigFileProblem Problem(string code, string file, string message) => new(code, file, 0, 0, "", message);
}

/// <summary>What reading a draft came to.</summary>
public abstract record ConfigDraftReading
{
    private ConfigDraftReading()
    {
    }

    public sealed record Accepted(ConfigDraft Draft) : ConfigDraftReading;

    /// <param name="Problems">All of them.</param>
    public sealed record Refused(IReadOnlyList<ConfigFileProblem> Problems) : ConfigDraftReading;
}
