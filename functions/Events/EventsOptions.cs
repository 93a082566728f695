using System.ComponentModel.DataAnnotations;

namespace Abm.Functions.Events;

/// <summary>Where and how events are published. Section <c>Abm:Events</c>. Without the connection <c>ServiceBusConnection</c> nothing is.</summary>
public sealed class EventsOptions : IValidatableObject
{
    /// <summary>Where it stands in the configuration.</summary>
    public const string Section = "Abm:Events";

    /// <summary>The topic; it must exist. 1 to 260 characters; default <c>abm-events</c>.</summary>
    [Required, MaxLength(260)]
    public string Topic { get; set; } = "abm-events";

    /// <summary>The <c>source</c> of every event: a URI or a path that tells this app from others of the same topic. Default <c>/abm-functions</c>.</summary>
    [Required, MaxLength(1_000)]
    public string Source { get; set; } = "/abm-functions";

    /// <summary>How long one attempt may take. 1 second to 1 minute; default 10 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00", ParseLimitsInInvariantCulture = true, ConvertValueInInvariantCulture = true)]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Uri.IsWellFormedUriString(Source, UriKind.RelativeOrAbsolute))
            yield return new ValidationResult($"{Section}:Source must be a URI or a path without spaces.", [nameof(Source)]);
    }
}
