namespace Abm.Journeys;

/// <summary>Codes of reasons that the journey itself gives.</summary>
public static class JourneyReasons
{
    /// <summary>A person chose the account.</summary>
    public const string Pinned = "journey.pinned";

    /// <summary>What the matcher would have said, had no person chosen.</summary>
    public const string WouldHaveBeen = "journey.wouldHaveBeen";
}
