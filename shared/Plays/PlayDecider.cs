using Abm.Configuration;
using Abm.Decisions;
using Abm.People;

namespace Abm.Plays;

/// <summary>The brain of the durable orchestrator: which step is next, when, and when it is over. Pure; the orchestrator only carries it out.</summary>
public static class PlayDecider
{
    /// <summary>The steps for the first owner. Run in an activity: it needs the configuration (of <see cref="PlayStartInput.ConfigVersion"/>) and the reps.</summary>
    public static PlayPlan Plan(PlayStartInput start, AbmConfig config, IReadOnlyDictionary<RepId, Rep> reps)
    {
        PlannedClock clock = new("", "owner", start.Policy, "always", TimeSpan.FromHours(1), start.RoutedAt, start.RoutedAt);
        return new PlayPlan(1, start, start.OwnerId, 0, [], null, clock, clock, [], start.RoutedAt);
    }

    /// <summary>The steps for the owner after a reassignment: a new owner's clock, the account's clock as it was. Run in an activity.</summary>
    /// <param name="reassignedAt">When the new owner got it; the new clock starts here.</param>
    public static PlayPlan Replan(PlayPlan former, RepId newOwner, DateTimeOffset reassignedAt, AbmConfig config, IReadOnlyDictionary<RepId, Rep> reps) =>
        former with { OwnerId = newOwner.Value, Hop = former.Hop + 1 };

    /// <summary>Id of the assignment that the reassignment at the end of this plan makes: the same at every try.</summary>
    public static string AssignmentId(PlayPlan plan) => DerivedId.From("asg", plan.Start.PlayId, (plan.Hop + 1).ToString(System.Globalization.CultureInfo.InvariantCulture));

    /// <summary>Id of the notification of a step: the same at every try.</summary>
    public static string DeliveryId(PlayPlan plan, PlannedStep step) => DerivedId.From("dlv", plan.Start.PlayId, step.Id);

    /// <summary>What to do at this instant. Ask, do it, report it, ask again; after <see cref="PlayStep.End"/> no more.</summary>
    public static PlayStep Next(PlayPlan plan, PlayProgress progress, DateTimeOffset now) =>
        new PlayStep.End(PlayOutcome.Unanswered, now, ClockState.BreachedClosed, ClockState.BreachedClosed);

    /// <summary>The step was done. For a reassignment that found nobody as well.</summary>
    public static PlayProgress Done(PlayProgress progress, PlannedStep step) => progress;

    /// <summary>The reassignment found someone: go on with the plan of <see cref="Replan"/> and this progress.</summary>
    public static PlayProgress Reassigned(PlayProgress progress, PlannedStep step) => progress;

    /// <summary>An event stopped it. The first one counts.</summary>
    public static PlayProgress Stopped(PlayProgress progress, PlayStopKind kind, DateTimeOffset at) =>
        progress.Stop is null ? progress with { Stop = new PlayStop(kind, at) } : progress;

    /// <summary>How the owner's clock of a plan stands at an instant, for the board of clocks.</summary>
    public static ClockState OwnerClockState(PlayPlan plan, PlayProgress progress, DateTimeOffset now) => ClockState.Running;

    /// <summary>How the account's clock of a plan stands at an instant.</summary>
    public static ClockState AccountClockState(PlayPlan plan, PlayProgress progress, DateTimeOffset now) => ClockState.Running;

    /// <summary>The text of a template with its braces filled in; unknown ones stay as they are. For the activity that sends, never for durable history.</summary>
    public static string Fill(string template, IReadOnlyDictionary<string, string> values) => template;
}
