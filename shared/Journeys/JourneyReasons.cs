namespace Abm.Journeys;

/// <summary>Codes of reasons that the journey itself gives.</summary>
public static class JourneyReasons
{
    /// <summary>A person chose the account.</summary>
    public const string Pinned = "journey.pinned";

    /// <summary>A person said that the lead is nobody's.</summary>
    public const string Ignored = "journey.ignored";

    /// <summary>What the matcher would have said, had no person chosen.</summary>
    public const string WouldHaveBeen = "journey.wouldHaveBeen";
}
