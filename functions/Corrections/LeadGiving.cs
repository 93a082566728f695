using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Delivery;
using Abm.Functions.Journeys;
using Abm.Functions.Plays;
using Abm.Journeys;
using Abm.People;
using Abm.Plays;
using Abm.Ports;

namespace Abm.Functions.Corrections;

/// <summary>Who gets a lead, by whose word and why.</summary>
/// <param name="By">A person; null: the system.</param>
/// <param name="Occasion">Tells this time from another one of the same kind.</param>
internal sealed record LeadGift(RepId Owner, string? By, string Reason, string Occasion)
{
    /// <summary>Of the event.</summary>
    public string Kind { get; init; } = "reassigned";

    /// <summary>Asked of each state of the file that is changed; null: any will do.</summary>
    public Func<LeadFile, bool>? IsWanted { get; init; }

    /// <summary>More about it, for the history.</summary>
    public IReadOnlyDictionary<string, string> Details { get; init; } = new Dictionary<string, string>();
}

/// <summary>What became of it.</summary>
internal abstract record LeadGiven
{
    private LeadGiven()
    {
    }

    /// <param name="IsNew">False: it was that person's already.</param>
    internal sealed record Done(LeadFile File, JourneyDecision Decision, RepId? Former, bool IsNew) : LeadGiven;

    internal sealed record Missing : LeadGiven;

    /// <summary>It is not decided yet, or its play is just being started.</summary>
    /// <param name="Code"><c>not-decided</c> or <c>play-starting</c>.</param>
    internal sealed record NotYet(string Code, string Says) : LeadGiven;

    /// <summary>The caller's condition does not hold any more.</summary>
    internal sealed record Unwanted(LeadFile File) : LeadGiven;
}

/// <summary>Gives a lead to somebody else. The former owner's clock stops, the new owner's starts, the account's goes on; the play goes on with the new owner, who is told. Safe to repeat.</summary>
public sealed class LeadGiving(LeadFileChanges changes, ILeadFileStore files, DecisionLists lists, PlayFacts facts, PlayNotifications notifications, IPlayStarter plays, TimeProvider clock)
{
    /// <summary>Why it cannot be given now; null: it can.</summary>
    internal async Task<LeadGiven?> RefusalAsync(LeadId lead, CancellationToken cancellationToken) => await files.ReadAsync(lead, cancellationToken) switch
    {
        null => new LeadGiven.Missing(),
        { Lead.DecisionId: null } => NotDecided,
        { } file when file.Plays.Any(p => p.Status == PlayStatus.Pending) => PlayStarting,
        _ => null,
    };

    private static LeadGiven.NotYet NotDecided { get; } = new("not-decided", "The lead is not decided yet.");

    private static LeadGiven.NotYet PlayStarting { get; } = new("play-starting", "Its play is just being started.");

    internal async Task<LeadGiven> GiveAsync(LeadId lead, LeadGift gift, CancellationToken cancellationToken)
    {
        if (await files.ReadAsync(lead, cancellationToken) is not { } before)
            return new LeadGiven.Missing();
        if (before.Lead.DecisionId is null || await files.FindDecisionAsync(lead, before.Lead.DecisionId, cancellationToken) is not { } decision)
            return NotDecided;
        if (before.Plays.Any(p => p.Status == PlayStatus.Pending))
            return PlayStarting;

        DateTimeOffset now = clock.GetUtcNow();
        IReadOnlyDictionary<RepId, Rep> reps = await facts.RepsAsync(cancellationToken);
        PlayStartInput? start = before.Plays.FirstOrDefault(p => p.Status == PlayStatus.Running) is { } running ? await PlayStarts.OfAsync(files, before, running.PlayId, cancellationToken) : null;
        AbmConfig config = await facts.ConfigAsync(start?.ConfigVersion ?? decision.ConfigVersion, cancellationToken);
        PlayPlan? begun = start is null ? null : PlayDecider.Plan(start, config, reps);
        PlayPlan? next = null;
        bool isUnwanted = false;
        (LeadFile file, bool isNew) = await changes.ApplyAsync(
            lead,
            f =>
            {
                // Each try lays the plan anew: the play itself may have changed hands meanwhile.
                PlayPlan? now1 = begun is null || f.Stop is not null ? null : HandOvers.Follow(begun, f, config, reps);
                next = null;
                if (f.Lead.OwnerId == gift.Owner)
                {
                    next = now1;
                    return null;
                }

                isUnwanted = gift.IsWanted?.Invoke(f) == false;
                if (isUnwanted)
                    return null;
                next = now1 is null ? null : PlayDecider.Replan(now1, gift.Owner, now, config, reps);
                return Given(f, gift, now1, next, now, reps.GetValueOrDefault(gift.Owner));
            },
            cancellationToken);
        if (isUnwanted)
            return new LeadGiven.Unwanted(file);

        // Also for a repeat: the first attempt may have died between keeping and telling.
        await lists.PutPlacedAsync(decision, file.Lead.AccountId, gift.Owner, cancellationToken);
        if (next is not null)
        {
            await changes.ShowAsync(file, next.Start.PlayId, cancellationToken);
            foreach (PlannedStep step in next.Steps.Where(s => s.Action == PlayAction.Notify && s.DoAt <= next.OwnerClock.StartAt))
                await notifications.SendAsync(next, step, file, cancellationToken);
        }

        foreach (PlayRecord told in file.Plays.Where(p => p.Status == PlayStatus.Running))
            await plays.SignalAsync(told.PlayId, cancellationToken);
        return new LeadGiven.Done(file, decision, before.Lead.OwnerId, isNew);
    }

    private static LeadFileChange Given(LeadFile file, LeadGift gift, PlayPlan? former, PlayPlan? next, DateTimeOffset now, Rep? owner)
    {
        LeadFile changed = former is not null && next is not null && PlayFiles.Reassigned(file, former, next, now, owner) is { } play
            ? play.File
            : file with { Lead = file.Lead with { OwnerId = gift.Owner } };
        string formerOwner = file.Lead.OwnerId?.Value ?? "";
        Dictionary<string, string> details = new(gift.Details, StringComparer.Ordinal) { ["ownerId"] = gift.Owner.Value, ["formerOwnerId"] = formerOwner, ["note"] = gift.Reason };
        if (next is not null)
            details["playId"] = next.Start.PlayId;
        return new LeadFileChange(
            changed,
            new LeadEvent(DerivedId.From("evt", "given", file.Lead.Lead.Id.Value, formerOwner, gift.Owner.Value, gift.Occasion), gift.Kind, now, gift.By, details));
    }
}
