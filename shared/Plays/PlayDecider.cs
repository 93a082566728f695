using System.Globalization;
using System.Text;
using Abm.Clocks;
using Abm.Configuration;
using Abm.Decisions;
using Abm.People;

namespace Abm.Plays;

/// <summary>The brain of plays: which step is next, when, and what an event or a done step changes. Pure; whoever asks carries it out. The ladders of deadlines stand here, a play's own course in <see cref="Next(PlaySituation, DateTimeOffset)"/>.</summary>
public static partial class PlayDecider
{
    /// <summary>The ladder of a lead's first touch for the first owner.</summary>
    /// <exception cref="ArgumentException">The configuration does not have the play or the policy: not the version that the play was started under.</exception>
    /// <param name="place">Where the account is; null: unknown.</param>
    public static PlayPlan Plan(PlayStartInput start, AbmConfig config, IReadOnlyDictionary<RepId, Rep> reps, AccountPlace? place = null)
    {
        (PlayRules play, SlaPolicy policy) = RulesOf(start, config);
        return PlanOf(start, play, policy, "", start.OwnerId, 0, [], Pool(play, start.Pool, 0), start.RoutedAt, null, config, reps, place);
    }

    /// <summary>The ladder for the owner after a reassignment: a new owner's clock, the account's clock as it was.</summary>
    /// <param name="reassignedAt">When the new owner got it; the new clock starts here.</param>
    /// <param name="isAfterBreach">Whether a missed deadline gave it away: only that uses up the reassignments that the play may make.</param>
    public static PlayPlan Replan(
        PlayPlan former, RepId newOwner, DateTimeOffset reassignedAt, AbmConfig config, IReadOnlyDictionary<RepId, Rep> reps, AccountPlace? place = null, bool isAfterBreach = false)
    {
        PlayRules play = PlayOf(former.Start, config);
        SlaPolicy policy = PolicyOf(former.OwnerClock.Policy, config);
        string[] formerOwners = [.. former.FormerOwnerIds, .. former.OwnerId is { } had ? new[] { had } : []];
        int reassigned = former.Reassigned + (isAfterBreach ? 1 : 0);
        PlayPlan next = PlanOf(
            former.Start, play, policy, former.Stage, newOwner.Value, former.Hop + 1, formerOwners, Pool(play, former.Start.Pool, reassigned), reassignedAt, former.AccountClock, config, reps, place);
        return next with { Reassigned = reassigned, OwnerClock = next.OwnerClock with { IsAfterBreach = isAfterBreach } };
    }

    /// <summary>Id of the assignment that the reassignment of this plan makes: the same at every try.</summary>
    public static string AssignmentId(PlayPlan plan) => plan.Stage.Length == 0
        ? DerivedId.From("asg", plan.Start.PlayId, Number(plan.Hop + 1))
        : DerivedId.From("asg", plan.Start.PlayId, plan.Stage, Number(plan.Hop + 1));

    /// <summary>Id of the clock of a lead's owner after so many changes of hands.</summary>
    public static string OwnerClockId(string playId, int hop) => DerivedId.From("clk", playId, "owner", Number(hop));

    /// <summary>Id of the clock of the owner while a step waits.</summary>
    public static string OwnerClockId(string playId, string stage, int hop) => stage.Length == 0 ? OwnerClockId(playId, hop) : DerivedId.From("clk", playId, stage, "owner", Number(hop));

    /// <summary>Id of the account's clock: of a lead's first touch, or while a step waits.</summary>
    public static string AccountClockId(string playId, string stage) => stage.Length == 0 ? DerivedId.From("clk", playId, "account") : DerivedId.From("clk", playId, stage, "account");

    /// <summary>Id of the notification or request of a step: the same at every try.</summary>
    public static string DeliveryId(string playId, PlannedStep step) => DerivedId.From("dlv", playId, step.Id);

    /// <inheritdoc cref="DeliveryId(string, PlannedStep)"/>
    public static string DeliveryId(PlayPlan plan, PlannedStep step) => DeliveryId(plan.Start.PlayId, step);

    /// <summary>Everyone who must not get it again: the current owner and all before.</summary>
    public static IReadOnlyList<RepId> ExcludedOwners(PlayPlan plan) =>
        [.. plan.FormerOwnerIds.Concat(plan.OwnerId is { } owner ? [owner] : []).Distinct(StringComparer.Ordinal).Select(RepId.Parse)];

    /// <summary>How late a reminder may be and still be sent though the next step is due as well: a busy minute is no outage.</summary>
    public static readonly TimeSpan Belated = TimeSpan.FromMinutes(5);

    /// <summary>What the ladder asks for at this instant. Ask, do it, report it, ask again; after <see cref="PlayStep.End"/> no more.</summary>
    public static PlayStep Next(PlayPlan plan, PlayProgress progress, DateTimeOffset now)
    {
        if (progress.Stop is { } stop)
            return Stopped(stop, plan);
        if (plan.IsPaused)
            return new PlayStep.Wait(now + WhilePaused); // whoever lets it go on says so; this is for the case that nobody heard
        PlannedStep[] open = [.. plan.Steps.Where(s => !progress.HasDone(s.Id))];
        if (open.Length == 0)
        {
            return plan.GiveUpAt <= now
                ? new PlayStep.End(PlayOutcome.Unanswered, plan.GiveUpAt, ClockState.BreachedClosed, ClockState.BreachedClosed)
                : new PlayStep.Wait(plan.GiveUpAt);
        }

        PlannedStep next = open[0];
        if (next.DoAt > now)
            return new PlayStep.Wait(next.DoAt);
        return next.IsReminder && now - next.DoAt > Belated && open.FirstOrDefault(other => other.DueAt > next.DueAt && other.DoAt <= now) is { } later
            ? new PlayStep.Skip(next, $"Left out: by then {later.Id} was due as well.")
            : new PlayStep.Do(next);
    }

    /// <summary>The step was done. For a reassignment that found nobody as well.</summary>
    public static PlayProgress Done(PlayProgress progress, PlannedStep step) => Done(progress, step, PlayStepResult.Done, step.DoAt);

    /// <summary>The step was done, or skipped; what became of it is noted once.</summary>
    public static PlayProgress Done(PlayProgress progress, PlannedStep step, PlayStepResult result, DateTimeOffset at) =>
        progress.HasDone(step.Id) ? progress : progress with { DoneSteps = [.. progress.DoneSteps, new DoneStep(step.Id, at, result.Code, result.Says)] };

    /// <summary>The reassignment found someone: go on with the plan of <see cref="Replan"/> and this progress.</summary>
    public static PlayProgress Reassigned(PlayProgress progress, PlannedStep step) => Done(progress, step);

    /// <summary>An event stopped it. The first one counts.</summary>
    public static PlayProgress Stopped(PlayProgress progress, PlayStopKind kind, DateTimeOffset at) =>
        progress.Stop is null ? progress with { Stop = new PlayStop(kind, at) } : progress;

    /// <summary>The text of a template with its braces filled in; unknown ones stay as they are, but for facts of the account and of what happened, which may be unknown: those are a dash. For the activity that sends, never for durable history.</summary>
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
            string name = template[(open + 1)..close];
            text.Append(values.TryGetValue(name, out string? value) ? value : FactFields.IsOfPlays(name) ? "-" : template[open..(close + 1)]);
            at = close + 1;
        }

        return text.ToString();
    }

    /// <summary>Looked at this often while a clock stands still.</summary>
    private static readonly TimeSpan WhilePaused = TimeSpan.FromDays(1);

    internal static PlayPlan PlanOf(
        PlayStartInput start,
        PlayRules play,
        SlaPolicy policy,
        string stage,
        string? ownerId,
        int hop,
        IReadOnlyList<string> formerOwners,
        string? reassignPool,
        DateTimeOffset startAt,
        PlannedClock? accountClock,
        AbmConfig config,
        IReadOnlyDictionary<RepId, Rep> reps,
        AccountPlace? place = null)
    {
        Rep? owner = ownerId is null ? null : reps.GetValueOrDefault(RepId.Parse(ownerId));
        PlannedClock ownerClock = Clock(OwnerClockId(start.PlayId, stage, hop), "owner", policy, WorkingTimes.For(policy, ClockParties.Owner(owner, start.Pool, place), config), startAt, config);
        accountClock ??= Clock(AccountClockId(start.PlayId, stage), "account", policy, WorkingTimes.For(policy, ClockParties.Account(place, owner, start.Pool), config), startAt, config);
        return PlayPlanner.LayOut(new PlayPlan(1, start, ownerId, hop, formerOwners, reassignPool, ownerClock, accountClock, [], default) { Stage = stage }, play, policy, config, reps);
    }

    private static PlannedClock Clock(string id, string scope, SlaPolicy policy, CountedHours hours, DateTimeOffset startAt, AbmConfig config)
    {
        TimeSpan budget = policy.BudgetFrom(startAt, hours.Calendar);
        return new PlannedClock(id, scope, policy.Name, hours.Calendar.Name, budget, startAt, hours.Calendar.Deadline(startAt, budget).DueAt)
        {
            Zone = hours.Calendar.OwnZone,
            CountedBy = hours.Choice,
            Kind = policy.Kind,
            LateReports = policy.LateReports,
            ConfigVersion = config.ClocksVersion,
        };
    }

    internal static string? Pool(PlayRules play, string? cameFrom, int reassigned) => reassigned < play.MaxReassignments ? play.ReassignPool ?? cameFrom ?? play.FallbackPool : null;

    public static PlayRules PlayOf(PlayStartInput start, AbmConfig config) =>
        config.Plays.FirstOrDefault(p => string.Equals(p.Name, start.Play, StringComparison.Ordinal))
        ?? throw new ArgumentException($"Configuration {config.Version} has no play '{start.Play}'.", nameof(config));

    public static SlaPolicy PolicyOf(string name, AbmConfig config) =>
        config.SlaPolicies.GetValueOrDefault(name) ?? throw new ArgumentException($"Configuration {config.Version} has no SLA policy '{name}'.", nameof(config));

    private static PlayStep.End Stopped(PlayStop stop, PlayPlan? plan) =>
        new(OutcomeOf(stop.Kind), stop.At, Stopped(plan?.OwnerClock, stop), Stopped(plan?.AccountClock, stop)) { Result = stop.Result };

    /// <summary>Missed at its deadline, whatever stopped it later; a touch before is in time, another end before leaves it unanswered.</summary>
    private static ClockState Stopped(PlannedClock? clock, PlayStop stop) =>
        clock is null ? ClockState.Cancelled
        : stop.At >= clock.DueAt ? ClockState.BreachedClosed
        : stop.Kind == PlayStopKind.Touched ? ClockState.Met
        : ClockState.Cancelled;

    private static PlayOutcome OutcomeOf(PlayStopKind kind) => kind switch
    {
        PlayStopKind.Touched => PlayOutcome.Touched,
        PlayStopKind.Disqualified => PlayOutcome.Disqualified,
        PlayStopKind.Merged => PlayOutcome.Merged,
        PlayStopKind.Cancelled => PlayOutcome.Cancelled,
        PlayStopKind.Erased => PlayOutcome.Erased,
        PlayStopKind.Rule => PlayOutcome.Stopped,
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private static (PlayRules Play, SlaPolicy Policy) RulesOf(PlayStartInput start, AbmConfig config) =>
        (PlayOf(start, config), PolicyOf(start.Policy ?? throw new ArgumentException("The play has no deadline of a first touch.", nameof(start)), config));

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
