using Abm.Clocks;
using Abm.Plays;

namespace Abm.Functions.Plays;

/// <summary>A step to be done. Lies in durable history: ids and instants only.</summary>
public sealed record PlayStepInput(int Version, PlayPlan Plan, PlannedStep Step);

/// <summary>What a step found.</summary>
/// <param name="Plan">The plan to go on with, when the step made one; else null.</param>
/// <param name="Stop">What the lead's file says has ended the play, in case the event about it never came; else null.</param>
/// <param name="IsHeld">Nothing was done, because the product is switched off: ask again later.</param>
public sealed record PlayStepOutput(PlayPlan? Plan, PlayStop? Stop, bool IsHeld = false)
{
    /// <summary>The answer while the product is switched off.</summary>
    public static PlayStepOutput Held { get; } = new(null, null, IsHeld: true);
}

/// <summary>The end of a play.</summary>
public sealed record PlayEndInput(int Version, PlayPlan Plan, PlayOutcome Outcome, DateTimeOffset At, ClockState OwnerClock, ClockState AccountClock);

/// <summary>What became of a play.</summary>
public sealed record PlayOutput(int Version, PlayOutcome Outcome, string OwnerId, int Hops);
