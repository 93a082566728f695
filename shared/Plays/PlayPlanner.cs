using System.Diagnostics;
using System.Globalization;
using Abm.Clocks;
using Abm.Configuration;
using Abm.Decisions;
using Abm.People;

namespace Abm.Plays;

/// <summary>Lays out the steps for one owner while something is waited for: what is said at the start, then the ladder of the policy.</summary>
internal static class PlayPlanner
{
    public static PlayPlan LayOut(PlayPlan plan, PlayRules play, SlaPolicy policy, AbmConfig config, IReadOnlyDictionary<RepId, Rep> reps)
    {
        PlayPeople people = PlayPeople.Of(plan.OwnerId, plan.FormerOwnerIds, play, reps);
        Rep? owner = people.OwnerRep;
        BusinessCalendar counted = plan.OwnerClock.Calendar == BusinessCalendar.AlwaysName ? BusinessCalendar.Always : WorkingTimes.Named(plan.OwnerClock.Calendar, plan.OwnerClock.Zone, config);
        BusinessCalendar working = WorkingTimes.Of(owner, config);
        string prefix = plan.Stage.Length == 0 ? Number(plan.Hop) : $"{plan.Stage}.{Number(plan.Hop)}";
        PlannedClock clock = plan.OwnerClock;
        DateTimeOffset startAt = clock.StartAt;

        List<PlannedStep> steps = [];
        if (plan.Stage.Length == 0)
        {
            for (int i = 0; i < PlayFlow.Opening(play); i++)
            {
                // The owner is told at once, whatever the hour: the card must lie there when the day begins.
                if (people.Find(play.Steps[i].Notify!.Value) is { } to)
                    steps.Add(new PlannedStep($"{prefix}.start-{Number(i)}", PlayAction.Notify, to, play.Steps[i].Template, startAt, startAt));
            }
        }

        if (plan.Hop > 0 && plan.FormerOwnerIds.Count > 0 && plan.Stage.Length == 0)
            steps.Add(new PlannedStep($"{prefix}.reassigned", PlayAction.Notify, plan.FormerOwnerIds[^1], play.ReassignedTemplate, startAt, startAt));
        foreach (LadderStep rung in policy.Ladder)
        {
            DateTimeOffset dueAt = LadderTimes.At(clock, rung.At / 100, counted);
            DateTimeOffset doAt = policy.Urgent ? dueAt : AtWork(working, dueAt);
            steps.AddRange(Rung(rung, prefix, play, people, plan.ReassignPool is not null).Select(s => s with { DueAt = dueAt, DoAt = doAt }));
        }

        // Breaches are facts about time, recorded when they happen; only telling people waits for the morning.
        steps.Add(new PlannedStep($"{prefix}.breach", PlayAction.RecordOwnerBreach, null, null, clock.DueAt, clock.DueAt));
        steps.Add(new PlannedStep(
            plan.Stage.Length == 0 ? "account.breach" : $"{plan.Stage}.account.breach", PlayAction.RecordAccountBreach, null, null, plan.AccountClock.DueAt, plan.AccountClock.DueAt));
        PlannedStep[] inOrder = [.. steps.OrderBy(s => s.DoAt).ThenBy(s => s.DueAt).ThenBy(Urgency).Select(s => s with { Stage = plan.Stage })];
        PlannedStep[] kept = [.. inOrder.Where(s => !IsOvertaken(s, inOrder))];
        return plan with { Steps = kept, GiveUpAt = kept.Max(s => s.DoAt) + play.KeepMeasuringFor };
    }

    /// <summary>The instant itself in working time or exactly at a closing, otherwise the next opening.</summary>
    public static DateTimeOffset AtWork(BusinessCalendar working, DateTimeOffset instant) =>
        working.IsOpenAt(instant) || working.IsOpenAt(instant.AddTicks(-1)) ? instant : working.NextOpening(instant);

    private static IEnumerable<PlannedStep> Rung(LadderStep rung, string prefix, PlayRules play, PlayPeople people, bool canReassign)
    {
        string at = rung.At.ToString("0.##", CultureInfo.InvariantCulture);
        switch (rung.Do)
        {
            case LadderAction.Remind or LadderAction.RemindBackup:
                if (people.Owner is { } owner)
                    yield return Step($"{prefix}.remind-{at}", PlayAction.Notify, owner, play.ReminderTemplate) with { IsReminder = true };
                if (rung.Do == LadderAction.RemindBackup && people.Backup is { } backup)
                    yield return Step($"{prefix}.backup-{at}", PlayAction.Notify, backup, play.BackupTemplate) with { IsReminder = true };
                break;
            case LadderAction.Breach:
                if (people.Manager is { } manager)
                    yield return Step($"{prefix}.manager-{at}", PlayAction.Notify, manager, play.BreachTemplate);
                break;
            case LadderAction.Reassign:
                if (canReassign)
                    yield return Step($"{prefix}.reassign", PlayAction.Reassign, null, null);
                break;
            case LadderAction.RevOps:
                yield return Step($"{prefix}.revops", PlayAction.HandToRevOps, play.RevOpsQueue, play.RevOpsTemplate);
                break;
            default:
                throw new UnreachableException();
        }
    }

    private static PlannedStep Step(string id, PlayAction action, string? to, string? template) => new(id, action, to, template, default, default);

    /// <summary>A reminder that had to wait until the deadline was over reminds of nothing: the later steps of the same instant say more.</summary>
    private static bool IsOvertaken(PlannedStep step, PlannedStep[] all) =>
        step.DoAt > step.DueAt && step.IsReminder && all.Any(other => other.DueAt > step.DueAt && other.DoAt <= step.DoAt);

    // At one instant facts come first, then words, then changes of hands.
    private static int Urgency(PlannedStep step) => step.Action switch
    {
        PlayAction.RecordOwnerBreach => 0,
        PlayAction.RecordAccountBreach => 1,
        PlayAction.Notify => 2,
        PlayAction.Reassign => 3,
        _ => 4,
    };

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}

/// <summary>Who is meant by owner, manager and so on.</summary>
/// <param name="Sender">Who had it before the owner.</param>
internal sealed record PlayPeople(string? Owner, string? Manager, string? Backup, string? Sender, string Queue)
{
    public Rep? OwnerRep { get; private init; }

    public static PlayPeople Of(string? ownerId, IReadOnlyList<string> formerOwners, PlayRules play, IReadOnlyDictionary<RepId, Rep> reps)
    {
        Rep? owner = ownerId is null ? null : reps.GetValueOrDefault(RepId.Parse(ownerId));
        return new PlayPeople(ownerId, owner?.ManagerId?.Value, (owner?.DelegateId ?? owner?.ManagerId)?.Value, formerOwners.Count > 0 ? formerOwners[^1] : null, play.RevOpsQueue) { OwnerRep = owner };
    }

    /// <summary>Null: there is nobody.</summary>
    public string? Find(PlayRecipient recipient) => recipient switch
    {
        PlayRecipient.Owner => Owner,
        PlayRecipient.Manager => Manager,
        PlayRecipient.Backup => Backup,
        PlayRecipient.Sender => Sender,
        PlayRecipient.RevOps => Queue,
        _ => throw new UnreachableException(),
    };
}

/// <summary>When a share of a clock's budget is used up.</summary>
internal static class LadderTimes
{
    /// <remarks>
    /// The deadline itself is what the clock says, be it paused, resumed or counted anew. What comes before it is moved by as much as the deadline was; what comes after it is counted from it.
    /// </remarks>
    public static DateTimeOffset At(PlannedClock clock, double share, BusinessCalendar calendar)
    {
        if (share == 1)
            return clock.DueAt;
        if (share > 1)
            return calendar.Deadline(clock.DueAt, clock.Budget * (share - 1)).DueAt;
        SlaClock counted = new() { Policy = clock.Policy, Budget = clock.Budget, StartAt = clock.StartAt, DueAt = clock.DueAt, Pauses = [.. clock.Pauses.Where(p => p.Until is not null)] };
        DateTimeOffset shifted = counted.InstantOf(clock.Budget * share, calendar) + (clock.DueAt - counted.InstantOf(clock.Budget, calendar));
        return shifted < clock.StartAt ? clock.StartAt : shifted > clock.DueAt ? clock.DueAt : shifted;
    }
}
