namespace Abm.Plays;

/// <summary>Codes of reasons that the choice of a play gives.</summary>
public static class PlayReasons
{
    /// <summary>Nobody owns the lead, so nobody can be held to a deadline.</summary>
    public const string NoOwner = "play.noowner";

    /// <summary>The lead joins a play that is open: no second one starts.</summary>
    public const string Joined = "play.joined";

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

    /// <summary>This play is switched off.</summary>
    public const string PlayOff = "play.off";

    /// <summary>What happened is not what the play waits for.</summary>
    public const string TriggerNotMet = "play.trigger";

    /// <summary>The play is about something else.</summary>
    public const string OtherSubject = "play.subject";

    /// <summary>The same occasion was told again.</summary>
    public const string Repeat = "play.repeat";

    /// <summary>An instance of it runs about the same subject.</summary>
    public const string AlreadyRuns = "play.runs";

    /// <summary>It starts once only.</summary>
    public const string OnceOnly = "play.once";

    /// <summary>It rests after its last end.</summary>
    public const string CoolOff = "play.coolOff";

    /// <summary>It joins a running play.</summary>
    public const string Joins = "play.joins";

    /// <summary>It stays away because another one runs.</summary>
    public const string StaysAway = "play.staysAway";
}
