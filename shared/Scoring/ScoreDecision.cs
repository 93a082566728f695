using Abm.Decisions;

namespace Abm.Scoring;

/// <summary>How well the lead's account fits our ideal customer.</summary>
/// <param name="FitPoints">0 to 100, both included: the clamped sum of its reasons.</param>
/// <param name="Level">Name of the level that the points fall in, such as Target, Qualified, Standard or Low.</param>
/// <param name="Persona">What the person does, by title; <c>Other</c> when no rule fits.</param>
public sealed record ScoreDecision(double FitPoints, string Level, string Persona, IReadOnlyList<Reason> Reasons)
{
    /// <summary>Whether there are points and a level at all. Where scoring is switched off there are none: conditions about them are missing, not false.</summary>
    public bool IsKnown => Reasons is not [{ Code: ScoreReasons.SwitchedOff }, ..];
}
