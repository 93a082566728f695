using System.Globalization;
using System.Text;
using Abm.Clocks;
using Abm.Configuration;
using Abm.Decisions;
using Abm.People;

namespace Abm.Plays;

/// <summary>The brain of the durable orchestrator: which step is next, when, and when it is over. Pure; the orchestrator only carries it out.</summary>
public static class PlayDecider
{
    /// <summary>The steps for the first owner. Run in an activity: it needs the configuration (of <see cref="PlayStartInput.ConfigVersion"/>) and the reps.</summary>
    /// <exception cref="ArgumentException">The configuration does not have the play or the policy: not the version that the play was started under.</exception>
    public static PlayPlan Plan(PlayStartInput start, AbmConfig config, IReadOnlyDictionary<RepId, Rep> reps)
    {
        (PlayRules play, SlaPolicy policy) = RulesOf(start, config);
        BusinessCalendar calendar = WorkingTimes.OfAccount(policy, config);
        PlannedClock accountClock = new(
            DerivedId.From("clk", start.PlayId, "account"), "account", policy.Name, calendar.Name, policy.Budget, start.RoutedAt, calendar.Deadline(start.RoutedAt, policy.Budget).DueAt);
        return PlayPlanner.For(start, play, policy, start.OwnerId, hop: 0, formerOwners: [], accountClock, start.RoutedAt, config, reps);
    }

    /// <summary>The steps for the owner after a reassignment: a new owner's clock, the account's clock as it was. Run in an activity.</summary>
    /// <param name="reassignedAt">When the new owner got it; the new clock starts here.</param>
    public static PlayPlan Replan(PlayPlan former, RepId newOwner, DateTimeOffset reassignedAt, AbmConfig config, IReadOnlyDictionary<RepId, Rep> reps)
    {
        (PlayRules play, SlaPolicy policy) = RulesOf(former.Start, config);
        return PlayPlanner.For(
            former.Start, play, policy, newOwner.Value, former.Hop + 1, [.. former.FormerOwnerIds, former.OwnerId], former.AccountClock, reassignedAt, config, reps);
    }

    /// <summary>Id of the assignment that the reassignment of this plan makes: the same at every try.</summary>
    public static string AssignmentId(PlayPlan plan) => DerivedId.From("asg", plan.Start.PlayId, (plan.Hop + 1).ToString(CultureInfo.InvariantCulture));

    /// <summary>Id of the clock of the owner after so many changes of hands.</summary>
    public static string OwnerClockId(string playId, int hop) => DerivedId.From("clk", playId, "owner", hop.ToString(CultureInfo.InvariantCulture));

    /// <summary>Id of the notification of a step: the same at every try.</summary>
    public static string DeliveryId(PlayPlan plan, PlannedStep step) => DerivedId.From("dlv", plan.Start.PlayId, step.Id);

    /// <summary>Everyone who must not get the lead again: the current owner and all before.</summary>
    public static IReadOnlyList<RepId> ExcludedOwners(PlayPlan plan) => [.. plan.FormerOwnerIds.Append(plan.OwnerId).Distinct(StringComparer.Ordinal).Select(RepId.Parse)];

    /// <summary>What to do at this instant. Ask, do it, report it, ask again; after <see cref="PlayStep.End"/> no more.</summary>
    public static PlayStep Next(PlayPlan plan, PlayProgress progress, DateTimeOffset now)
    {
        if (progress.Stop is { } stop)
            return new PlayStep.End(OutcomeOf(stop.Kind), stop.At, Stopped(plan.OwnerClock, stop), Stopped(plan.AccountClock, stop));
        if (plan.Steps.FirstOrDefault(s => !progress.DoneSteps.Contains(s.Id, StringComparer.Ordinal)) is { } next)
            return next.DoAt <= now ? new PlayStep.Do(next) : new PlayStep.Wait(next.DoAt);
        return plan.GiveUpAt <= now
            ? new PlayStep.End(PlayOutcome.Unanswered, plan.GiveUpAt, ClockState.BreachedClosed, ClockState.BreachedClosed)
            : new PlayStep.Wait(plan.GiveUpAt);
    }

    /// <summary>The step was done. For a reassignment that found nobody as well.</summary>
    public static PlayProgress Done(PlayProgress progress, PlannedStep step)
    {
        PlayProgress done = progress with { DoneSteps = [.. progress.DoneSteps, step.Id] };
        return step.Action switch
        {
            PlayAction.RecordOwnerBreach => done with { OwnerBreachedAt = step.DueAt },
            PlayAction.RecordAccountBreach => done with { AccountBreachedAt = step.DueAt },
            _ => done,
        };
    }

    /// <summary>The reassignment found someone: go on with the plan of <see cref="Replan"/> and this progress.</summary>
    public static PlayProgress Reassigned(PlayProgress progress, PlannedStep step) => Done(progress, step) with { OwnerBreachedAt = null };

    /// <summary>An event stopped it. The first one counts.</summary>
    public static PlayProgress Stopped(PlayProgress progress, PlayStopKind kind, DateTimeOffset at) =>
        progress.Stop is null ? progress with { Stop = new PlayStop(kind, at) } : progress;

    /// <summary>How the owner's clock of a plan stands at an instant, for the board of clocks.</summary>
    public static ClockState OwnerClockState(PlayPlan plan, PlayProgress progress, DateTimeOffset now) => StateOf(plan.OwnerClock, progress, now);

    /// <summary>How the account's clock of a plan stands at an instant.</summary>
    public static ClockState AccountClockState(PlayPlan plan, PlayProgress progress, DateTimeOffset now) => StateOf(plan.AccountClock, progress, now);

    /// <summary>The text of a template with its braces filled in; unknown ones stay as they are. For the activity that sends, never for durable history.</summary>
    public static string Fill(string template, IReadOnlyDictionary<string, string> values)
    {
        StringBuilder text = new();
        for (int at = 0; at < template.Length;)
        {
            int open = template.IndexOf('{', at);
            int close = open < 0 ? -1 : template.IndexOf('}', open);
            if (close < 0)
                return text.Append(template, at, template.Length - at).ToString();
            text.Append(template, at, open - at);
            text.Append(values.TryGetValue(template[(open + 1)..close], out string? value) ? value : template[open..(close + 1)]);
            at = close + 1;
        }

        return text.ToString();
    }

    private static ClockState StateOf(PlannedClock clock, PlayProgress progress, DateTimeOffset now) => progress.Stop is { } stop
        ? Stopped(clock, stop)
        : now >= clock.DueAt ? ClockState.BreachedOpen : ClockState.Running;

    /// <summary>Missed at its deadline, whatever stopped it later; a touch before is in time, another end before leaves it unanswered.</summary>
    private static ClockState Stopped(PlannedClock clock, PlayStop stop) =>
        stop.At >= clock.DueAt ? ClockState.BreachedClosed
        : stop.Kind == PlayStopKind.Touched ? ClockState.Met
        : ClockState.Cancelled;

    private static PlayOutcome OutcomeOf(PlayStopKind kind) => kind switch
    {
        PlayStopKind.Touched => PlayOutcome.Touched,
        PlayStopKind.Disqualified => PlayOutcome.Disqualified,
        PlayStopKind.Merged => PlayOutcome.Merged,
        PlayStopKind.Cancelled => PlayOutcome.Cancelled,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static (PlayRules Play, SlaPolicy Policy) RulesOf(PlayStartInput start, AbmConfig config)
    {
        PlayRules play = config.Plays.FirstOrDefault(p => string.Equals(p.Name, start.Play, StringComparison.Ordinal))
            ?? throw new ArgumentException($"Configuration {config.Version} has no play '{start.Play}'.", nameof(config));
        return config.SlaPolicies.TryGetValue(start.Policy, out SlaPolicy? policy)
            ? (play, policy)
            : throw new ArgumentException($"Configuration {config.Version} has no SLA policy '{start.Policy}'.", nameof(config));
    }
}
