namespace Abm.Plays;

/// <summary>Codes of reasons that the choice of a play gives.</summary>
public static class PlayReasons
{
    /// <summary>Nobody owns the lead, so nobody can be held to a deadline.</summary>
    public const string NoOwner = "play.noowner";

    /// <summary>Plays are switched off: no new one starts.</summary>
    public const string SwitchedOff = "play.switchedOff";

    /// <summary>A test lead goes the whole way, but starts no play.</summary>
    public const string Test = "play.test";

    /// <summary>The play's condition is not true.</summary>
    public const string ConditionNotMet = "play.condition";

    /// <summary>No play fits.</summary>
    public const string NoneFits = "play.none";

    /// <summary>This play is started.</summary>
    public const string Chosen = "play.chosen";

    /// <summary>A choice of deadline does not apply.</summary>
    public const string PolicySkipped = "play.policy.skipped";

    /// <summary>This deadline applies.</summary>
    public const string PolicyChosen = "play.policy.chosen";
}
