using System.ComponentModel.DataAnnotations;

namespace Abm.Functions.Settings;

/// <summary>How journeys are watched. Section <c>Abm:Journeys</c>.</summary>
public sealed class JourneyOptions
{
    /// <summary>Where it stands in the configuration.</summary>
    public const string Section = "Abm:Journeys";

    /// <summary>A lead that is not decided after this time is put on the queue again. One second to one day; default 5 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ParseLimitsInInvariantCulture = true, ConvertValueInInvariantCulture = true)]
    public TimeSpan UndecidedAfter { get; set; } = TimeSpan.FromMinutes(5);
}
