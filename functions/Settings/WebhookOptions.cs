using System.ComponentModel.DataAnnotations;

namespace Abm.Functions.Settings;

/// <summary>Where notifications are sent as signed JSON. Section <c>Abm:Webhook</c>. Without an address they are only logged, by id.</summary>
public sealed class WebhookOptions : IValidatableObject
{
    /// <summary>Where it stands in the configuration.</summary>
    public const string Section = "Abm:Webhook";

    /// <summary>The receiver: https, or http on this machine only. Null: there is none.</summary>
    public Uri? Url { get; set; }

    /// <summary>Key of the signature; required with an address. At least 16 characters.</summary>
    public string? Secret { get; set; }

    /// <summary>The former key while receivers change over: both signatures are sent. Null: none.</summary>
    public string? PreviousSecret { get; set; }

    /// <summary>How long one attempt may take. 100 milliseconds to 1 minute; default 10 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:01:00", ParseLimitsInInvariantCulture = true, ConvertValueInInvariantCulture = true)]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Attempts before a notification is given up and kept as dead. 1 to 50; default 8, some eleven hours.</summary>
    [Range(1, 50)]
    public int MaxAttempts { get; set; } = 8;

    /// <summary>Wait before the second attempt; each further one waits four times as long. 10 milliseconds to 1 hour; default 10 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "01:00:00", ParseLimitsInInvariantCulture = true, ConvertValueInInvariantCulture = true)]
    public TimeSpan FirstRetry { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Longest wait between two attempts. 10 milliseconds to 1 day; default 6 hours.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "1.00:00:00", ParseLimitsInInvariantCulture = true, ConvertValueInInvariantCulture = true)]
    public TimeSpan LongestRetry { get; set; } = TimeSpan.FromHours(6);

    /// <summary>The wait after this many failed attempts.</summary>
    public TimeSpan RetryAfter(int attempts) =>
        TimeSpan.FromSeconds(Math.Min(FirstRetry.TotalSeconds * Math.Pow(4, Math.Max(0, attempts - 1)), LongestRetry.TotalSeconds));

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Url is null)
            yield break;
        if (!Url.IsAbsoluteUri || !(Url.Scheme == Uri.UriSchemeHttps || (Url.Scheme == Uri.UriSchemeHttp && Url.IsLoopback)))
            yield return new ValidationResult($"{Section}:Url must be an absolute https address, or http on this machine.", [nameof(Url)]);
        if (Secret is not { Length: >= 16 })
            yield return new ValidationResult($"{Section}:Secret must have at least 16 characters when {Section}:Url is set.", [nameof(Secret)]);
        if (PreviousSecret is { Length: > 0 and < 16 })
            yield return new ValidationResult($"{Section}:PreviousSecret must have at least 16 characters, or be left out.", [nameof(PreviousSecret)]);
        if (SecretTexts.IsUnresolved(Secret))
            yield return new ValidationResult($"{Section}:Secret is a key vault reference that was not resolved: the vault has no such secret, or the app may not read it.", [nameof(Secret)]);
        if (SecretTexts.IsUnresolved(PreviousSecret))
            yield return new ValidationResult($"{Section}:PreviousSecret is a key vault reference that was not resolved: the vault has no such secret, or the app may not read it.", [nameof(PreviousSecret)]);
    }
}
