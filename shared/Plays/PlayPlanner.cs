using System.Diagnostics;
using System.Globalization;
using Abm.Clocks;
using Abm.Configuration;
using Abm.Decisions;
using Abm.People;

namespace Abm.Plays;

/// <summary>Lays out the steps for one owner: what is said at the start, then the ladder of the policy.</summary>
internal static class PlayPlanner
{
    public static PlayPlan For(
        PlayStartInput start,
        PlayRules play,
        SlaPolicy policy,
        string ownerId,
        int hop,
        IReadOnlyList<string> formerOwners,
        PlannedClock accountClock,
        DateTimeOffset startAt,
        AbmConfig config,
        IReadOnlyDictionary<RepId, Rep> reps)
    {
        Rep? owner = reps.GetValueOrDefault(RepId.Parse(ownerId));
        BusinessCalendar counted = WorkingTimes.OfOwner(policy, owner, config);
        BusinessCalendar working = WorkingTimes.Of(owner, config);
        People people = new(ownerId, owner?.ManagerId?.Value, (owner?.DelegateId ?? owner?.ManagerId)?.Value);
        string prefix = hop.ToString(CultureInfo.InvariantCulture);
        PlannedClock clock = new(
            PlayDecider.OwnerClockId(start.PlayId, hop), "owner", policy.Name, counted.Name, policy.Budget, startAt, counted.Deadline(startAt, policy.Budget).DueAt);
        string? reassignPool = hop < play.MaxReassignments ? play.ReassignPool ?? start.Pool ?? play.FallbackPool : null;

        List<PlannedStep> steps = [];
        for (int i = 0; i < play.Steps.Count; i++)
        {
            // The owner is told at once, whatever the hour: the card must lie there when the day begins.
            if (people.Find(play.Steps[i].Notify) is { } to)
                steps.Add(new PlannedStep($"{prefix}.start-{i}", PlayAction.Notify, to, play.Steps[i].Template, startAt, startAt));
        }

        if (hop > 0)
            steps.Add(new PlannedStep($"{prefix}.reassigned", PlayAction.Notify, formerOwners[^1], play.ReassignedTemplate, startAt, startAt));
        foreach (LadderStep rung in policy.Ladder)
        {
            DateTimeOffset dueAt = counted.Deadline(startAt, policy.Budget * (rung.At / 100)).DueAt;
            DateTimeOffset doAt = policy.Urgent ? dueAt : AtWork(working, dueAt);
            steps.AddRange(Rung(rung, prefix, play, people, reassignPool is not null).Select(s => s with { DueAt = dueAt, DoAt = doAt }));
        }

        // Breaches are facts about time, recorded when they happen; only telling people waits for the morning.
        steps.Add(new PlannedStep($"{prefix}.breach", PlayAction.RecordOwnerBreach, null, null, clock.DueAt, clock.DueAt));
        steps.Add(new PlannedStep("account.breach", PlayAction.RecordAccountBreach, null, null, accountClock.DueAt, accountClock.DueAt));
        PlannedStep[] inOrder = [.. steps.OrderBy(s => s.DoAt).ThenBy(s => s.DueAt).ThenBy(Urgency)];
        PlannedStep[] kept = [.. inOrder.Where((s, i) => !IsOvertaken(s, inOrder))];
        return new PlayPlan(1, start, ownerId, hop, formerOwners, reassignPool, clock, accountClock, kept, kept.Max(s => s.DoAt) + play.KeepMeasuringFor);
    }

    private static IEnumerable<PlannedStep> Rung(LadderStep rung, string prefix, PlayRules play, People people, bool canReassign)
    {
        string at = rung.At.ToString("0.##", CultureInfo.InvariantCulture);
        switch (rung.Do)
        {
            case LadderAction.Remind:
                yield return Step($"{prefix}.remind-{at}", PlayAction.Notify, people.Owner, play.ReminderTemplate);
                break;
            case LadderAction.RemindBackup:
                yield return Step($"{prefix}.remind-{at}", PlayAction.Notify, people.Owner, play.ReminderTemplate);
                if (people.Backup is { } backup)
                    yield return Step($"{prefix}.backup-{at}", PlayAction.Notify, backup, play.BackupTemplate);
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

    /// <summary>The instant itself in working time or exactly at a closing, otherwise the next opening.</summary>
    private static DateTimeOffset AtWork(BusinessCalendar working, DateTimeOffset instant) =>
        working.IsOpenAt(instant) || working.IsOpenAt(instant.AddTicks(-1)) ? instant : working.NextOpening(instant);

    /// <summary>A reminder that had to wait until the deadline was over reminds of nothing: the later steps of the same instant say more.</summary>
    private static bool IsOvertaken(PlannedStep step, PlannedStep[] all) =>
        step.DoAt > step.DueAt && (step.Id.Contains(".remind-", StringComparison.Ordinal) || step.Id.Contains(".backup-", StringComparison.Ordinal))
        && all.Any(other => other.DueAt > step.DueAt && other.DoAt <= step.DoAt);

    // At one instant facts come first, then words, then changes of hands.
    private static int Urgency(PlannedStep step) => step.Action switch
    {
        PlayAction.RecordOwnerBreach => 0,
        PlayAction.RecordAccountBreach => 1,
        PlayAction.Notify => 2,
        PlayAction.Reassign => 3,
        _ => 4,
    };

    private sealed record People(string Owner, string? Manager, string? Backup)
    {
        public string? Find(PlayRecipient recipient) => recipient switch
        {
            PlayRecipient.Owner => Owner,
            PlayRecipient.Manager => Manager,
            PlayRecipient.Backup => Backup,
            _ => throw new UnreachableException(),
        };
    }
}
