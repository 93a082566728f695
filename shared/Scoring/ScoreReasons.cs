namespace Abm.Scoring;

/// <summary>Codes of reasons that scoring gives.</summary>
public static class ScoreReasons
{
    /// <summary>A rule is true and added its points.</summary>
    public const string RuleTrue = "score.rule.true";

    /// <summary>A rule is false.</summary>
    public const string RuleFalse = "score.rule.false";

    /// <summary>A rule asks for something that is not known: no points, no vote against.</summary>
    public const string RuleMissing = "score.rule.missing";

    /// <summary>The sum lay outside 0–100 and was cut.</summary>
    public const string Clamped = "score.clamped";

    /// <summary>Scoring is switched off: no rule was asked.</summary>
    public const string SwitchedOff = "score.switchedOff";

    /// <summary>The level that the points fall in.</summary>
    public const string Level = "score.level";

    /// <summary>The persona, by title.</summary>
    public const string Persona = "score.persona";
}
