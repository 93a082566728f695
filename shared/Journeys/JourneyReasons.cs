namespace Abm.Journeys;

/// <summary>Codes of reasons that the journey itself gives.</summary>
public static class JourneyReasons
{
    /// <summary>A person chose the account.</summary>
    public const string Pinned = "journey.pinned";
}
