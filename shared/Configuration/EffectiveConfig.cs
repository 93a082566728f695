using System.Text.Json;
using Abm.Matching;

namespace Abm.Configuration;

/// <summary>A configuration with everything that is in force written out, defaults included, so that it means the same under a later build that has other defaults.</summary>
/// <remarks>Canonical JSON: names in ordinal order, no spaces, numbers and texts in invariant form. Equal configurations have equal texts, and the version is derived from it.</remarks>
public static class EffectiveConfig
{
    /// <summary>The text that is kept under a version. Does not hold the version itself.</summary>
    public static string Write(AbmConfig config) => CanonicalConfig.Write(ConfigModel.Abm.Write(config));

    /// <summary>The version of a text: <c>cfg-</c> and the start of its SHA-256.</summary>
    public static string VersionOf(string text) => CanonicalConfig.VersionOf(text);

    /// <summary>Reads a text back. Its version is that of the text as it stands, whatever this build would write.</summary>
    /// <remarks>A setting that an older build did not have takes this build's default. A setting that this build does not know, or refuses, is a problem: it is said, not guessed around.</remarks>
    /// <exception cref="JsonException">No JSON.</exception>
    public static ConfigReading Read(string text) =>
        ConfigDocument.Read(CanonicalConfig.Read(text), [], () => new AbmConfig(VersionOf(text), MatchModel.Default), nullIsValue: true) switch
        {
            { Config: { } config } => new ConfigReading.Accepted(config, text),
            { } refused => new ConfigReading.Refused(refused.Problems),
        };
}

/// <summary>What reading came to.</summary>
public abstract record ConfigReading
{
    private ConfigReading()
    {
    }

    /// <param name="Canonical">What is kept under the version; <see cref="EffectiveConfig.Read"/> reads it back.</param>
    public sealed record Accepted(AbmConfig Config, string Canonical) : ConfigReading
    {
        /// <summary>The place of a path in the files, or of the nearest one around it that was written; null when it came from no file.</summary>
        public Func<string, ConfigPlace?> PlaceOf { get; init; } = _ => null;
    }

    /// <param name="Problems">All of them, by file, line and column.</param>
    public sealed record Refused(IReadOnlyList<ConfigFileProblem> Problems) : ConfigReading;

    /// <summary>Reads and checks what was written, with the problems that were found before.</summary>
    public static ConfigReading Of(ConfigNode.Mapping root, IReadOnlyList<ConfigFileProblem> problems)
    {
        ConfigDocument<AbmConfig> document = ConfigDocument.Read(root, [.. problems], () => new AbmConfig("", MatchModel.Default));
        if (document.Config is not { } config)
            return new Refused(document.Problems);
        string text = EffectiveConfig.Write(config);
        return new Accepted(config with { Version = EffectiveConfig.VersionOf(text) }, text) { PlaceOf = document.Notes.PlaceOf };
    }
}
