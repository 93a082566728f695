using System.Text;
using Abm.Configuration;
using Abm.Functions.Configuration.Versions;
using Abm.Functions.Http;
using Abm.Ports;

namespace Abm.Functions.Configuration;

/// <summary>The folder that the configuration is read from.</summary>
public static class ConfigFolder
{
    /// <summary>Setting that names the folder, absolute or relative to the working directory. Default: <c>samples/config</c> in the app's folder, the working directory, or a folder above either.</summary>
    public const string Setting = "Abm:ConfigPath";

    /// <summary>The folder to read; null when none was named and there is no sample, so that the built-in defaults apply.</summary>
    /// <exception cref="ConfigurationRefusedException">The named folder does not exist.</exception>
    public static string? Find(string? setting)
    {
        if (!string.IsNullOrWhiteSpace(setting))
        {
            string named = Path.GetFullPath(setting);
            return Directory.Exists(named) ? named : throw new ConfigurationRefusedException($"Setting {Setting} names '{named}', and there is no such folder.");
        }

        return Above(AppContext.BaseDirectory).Concat(Above(Directory.GetCurrentDirectory()))
            .Select(folder => Path.Combine(folder, "samples", "config"))
            .FirstOrDefault(Directory.Exists);
    }

    /// <summary>The folder's files named <c>*.yaml</c> or <c>*.yml</c>, byte for byte; not those in folders inside it, nor hidden ones.</summary>
    /// <exception cref="ConfigurationRefusedException">There are none, or too many, or one is too large.</exception>
    public static async Task<IReadOnlyList<ConfigSourceFile>> ReadSourcesAsync(string folder, CancellationToken cancellationToken)
    {
        string[] paths = [.. Directory.EnumerateFiles(folder).Where(f => Path.GetExtension(f) is ".yaml" or ".yml" && !Path.GetFileName(f).StartsWith('.')).Order(StringComparer.Ordinal)];
        if (paths.Length is 0 or > ConfigDraft.MaxFiles)
            throw new ConfigurationRefusedException($"The folder {folder} must hold 1 to {ConfigDraft.MaxFiles} files named *.yaml; it holds {paths.Length}.");
        List<ConfigSourceFile> files = [];
        List<ConfigFileProblem> problems = [];
        foreach (string path in paths)
        {
            string name = Path.GetFileName(path);
            if (new FileInfo(path).Length > ConfigReader.MaxFileBytes)
                problems.Add(new ConfigFileProblem("tooLarge", name, 0, 0, "", $"A file has at most {ConfigReader.MaxFileBytes / 1024} KiB."));
            else
                files.Add(new ConfigSourceFile(name, await File.ReadAllBytesAsync(path, cancellationToken)));
        }

        return problems.Count == 0 ? files : throw new ConfigurationRefusedException(folder, problems);
    }

    /// <summary>The same files as texts.</summary>
    /// <exception cref="ConfigurationRefusedException">As with <see cref="ReadSourcesAsync"/>, or one is not UTF-8.</exception>
    public static async Task<IReadOnlyList<ConfigFile>> ReadAsync(string folder, CancellationToken cancellationToken)
    {
        List<ConfigFile> texts = [];
        List<ConfigFileProblem> problems = [];
        foreach (ConfigSourceFile file in await ReadSourcesAsync(folder, cancellationToken))
        {
            try
            {
                texts.Add(new ConfigFile(file.Name, TextEncodings.StrictUtf8.GetString(file.Bytes.Span).TrimStart('\uFEFF')));
            }
            catch (DecoderFallbackException)
            {
                problems.Add(new ConfigFileProblem("encoding", file.Name, 0, 0, "", "A file is UTF-8."));
            }
        }

        return problems.Count == 0 ? texts : throw new ConfigurationRefusedException(folder, problems);
    }

    private static IEnumerable<string> Above(string folder)
    {
        for (DirectoryInfo? at = new(folder); at is not null; at = at.Parent)
            yield return at.FullName;
    }
}
