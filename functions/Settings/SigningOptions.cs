using System.ComponentModel.DataAnnotations;

namespace Abm.Functions.Settings;

/// <summary>Which senders of events sign what they send. Section <c>Abm:Signing</c>. A source without a secret is let in by the function key alone.</summary>
public sealed class SigningOptions : IValidatableObject
{
    /// <summary>Where it stands in the configuration.</summary>
    public const string Section = "Abm:Signing";

    /// <summary>Most sources with a secret.</summary>
    public const int MostSources = 100;

    /// <summary>By a name of letters and digits, such as <c>website</c>: the source itself unless <see cref="SigningSource.Source"/> says another one.</summary>
    public Dictionary<string, SigningSource> Sources { get; } = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>How far the instant of a signature may lie from now, either way. 10 seconds to 1 hour; default 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00", ParseLimitsInInvariantCulture = true, ConvertValueInInvariantCulture = true)]
    public TimeSpan Tolerance { get; set; } = TimeSpan.FromMinutes(5);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Sources.Count > MostSources)
            yield return new ValidationResult($"{Section}:Sources has at most {MostSources} entries.", [nameof(Sources)]);
        foreach ((string name, SigningSource source) in Sources.OrderBy(s => s.Key, StringComparer.Ordinal))
        {
            if (!SecretTexts.IsUsable(source.Secret))
                yield return new ValidationResult($"{Section}:Sources:{name}:Secret {SecretTexts.Rule}", [nameof(Sources)]);
            if (!string.IsNullOrEmpty(source.PreviousSecret) && !SecretTexts.IsUsable(source.PreviousSecret))
                yield return new ValidationResult($"{Section}:Sources:{name}:PreviousSecret {SecretTexts.Rule} Or leave it out.", [nameof(Sources)]);
        }

        foreach (IGrouping<string, string> same in Sources.GroupBy(s => s.Value.NameUnder(s.Key), s => s.Key, StringComparer.OrdinalIgnoreCase).Where(g => g.Skip(1).Any()))
            yield return new ValidationResult($"{Section}:Sources names source '{same.Key}' more than once.", [nameof(Sources)]);
    }
}

/// <summary>A sender that signs.</summary>
public sealed class SigningSource
{
    /// <summary>The <c>source</c> that its events name, in any case, where a setting cannot have that name; null: as the entry is called.</summary>
    public string? Source { get; set; }

    /// <summary>Key of the signature. At least 16 characters.</summary>
    public string? Secret { get; set; }

    /// <summary>The former key, or the next one, while the sender changes over: either is taken. Null: none.</summary>
    public string? PreviousSecret { get; set; }

    /// <summary>The source that it is for.</summary>
    public string NameUnder(string entry) => string.IsNullOrWhiteSpace(Source) ? entry : Source.Trim();
}

/// <summary>What may be a secret.</summary>
internal static class SecretTexts
{
    public const int MinLength = 16;

    public const string Rule = "must have at least 16 characters, and must not be a key vault reference that was not resolved: then the vault has no such secret, or the app may not read it.";

    public static bool IsUsable(string? secret) => secret is { Length: >= MinLength } && !IsUnresolved(secret);

    // The platform hands a reference on as it stands when it cannot resolve it. As a key it would be one that everybody can guess.
    public static bool IsUnresolved(string? secret) => secret?.StartsWith("@Microsoft.KeyVault(", StringComparison.OrdinalIgnoreCase) is true;
}
