using Abm.Configuration;
using Abm.Decisions;
using Abm.Plays;
using Abm.Ports;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Plays;

/// <summary>Asks which plays start because of an occasion, and starts them. Safe to repeat: ids are derived from the occasion, and a play that runs already is found.</summary>
public sealed class PlayLaunch(IPlayFiles plays, IConfigSource config, IPlayFactSource factSource, TimeProvider clock, ILogger<PlayLaunch> logger) : Signals.IPlayOccasions
{
    /// <summary>What becomes of each play that listens to the occasion; those that start are started.</summary>
    /// <param name="properties">Of what happened, by field such as <c>event.topic</c>; kept with the plays that start.</param>
    public async Task<IReadOnlyList<EnrolmentDecision>> HappenedAsync(
        PlayOccasion occasion, IReadOnlyDictionary<string, string> properties, IPlayStarter starter, CancellationToken cancellationToken)
    {
        AbmConfig current = await config.CurrentAsync(cancellationToken);
        Facts known = await factSource.OfAsync(Probe(occasion, current), properties, current, cancellationToken);
        IReadOnlyList<EnrolmentDecision> decisions = PlayEnrolment.Decide(
            occasion, known, current, await plays.OfAccountAsync(occasion.AccountId, cancellationToken), clock.GetUtcNow());
        List<EnrolmentDecision> done = [];
        foreach (EnrolmentDecision decision in decisions)
        {
            EnrolmentDecision came = decision switch
            {
                EnrolmentDecision.Start start => await StartAsync(start, properties, starter, cancellationToken),
                EnrolmentDecision.Join join => await JoinAsync(join, occasion, starter, cancellationToken),
                _ => await AgainAsync(decision, occasion, starter, cancellationToken),
            };
            done.Add(came);
            logger.PlayEnrolled(came.Play, occasion.Subject.ToString(), came.Because.Code);
        }

        return done;
    }

    /// <summary>A play starts another one about its own account or opportunity.</summary>
    internal async Task<PlayStepResult> FromPlayAsync(PlaySituation situation, PlannedStep step, IPlayStarter starter, CancellationToken cancellationToken)
    {
        PlayStartInput start = situation.Start;
        if (start.AccountId is not { } account)
            return new PlayStepResult("nobody", "It belongs to no account, so no other play can start about it.");
        PlaySubject subject = start.OpportunityId is { } opportunity ? new PlaySubject(PlaySubjectKind.Opportunity, opportunity) : new PlaySubject(PlaySubjectKind.Account, account);
        PlayOccasion.Asked asked = new(subject, account, DerivedId.From("occ", start.PlayId, step.Id), situation.Progress.EnteredAt, step.To!);
        IReadOnlyList<EnrolmentDecision> decisions = await HappenedAsync(asked, new Dictionary<string, string> { ["event.play"] = start.Play, ["event.playId"] = start.PlayId }, starter, cancellationToken);
        return decisions.Count == 0
            ? new PlayStepResult("unknown", $"There is no play '{step.To}' about accounts any more.")
            : new PlayStepResult(decisions[0] is EnrolmentDecision.Start ? "started" : "notStarted", decisions[0].Because.Says);
    }

    private async Task<EnrolmentDecision> StartAsync(EnrolmentDecision.Start decision, IReadOnlyDictionary<string, string> properties, IPlayStarter starter, CancellationToken cancellationToken)
    {
        PlayBegun begun = await plays.BeginAsync(PlayFile.Begin(decision.Input, properties), cancellationToken);
        if (begun.File is null)
            return new EnrolmentDecision.None(decision.Play, new Reason(PlayReasons.AlreadyRuns, $"Play {decision.Play} has just been started, as {begun.Existing}."));
        if (!begun.File.IsOver)
            await starter.StartAsync(begun.File.Start, cancellationToken);
        return decision;
    }

    /// <summary>The same occasion again: the first attempt may have died between keeping and starting.</summary>
    private async Task<EnrolmentDecision> AgainAsync(EnrolmentDecision decision, PlayOccasion occasion, IPlayStarter starter, CancellationToken cancellationToken)
    {
        if (decision.Because.Code != PlayReasons.Repeat)
            return decision;
        foreach (PlaySubject subject in new[] { occasion.Subject, new PlaySubject(PlaySubjectKind.Account, occasion.AccountId) }.Distinct())
        {
            if (await plays.FindAsync(PlayStartInput.IdFor(decision.Play, subject, occasion.OccasionId), cancellationToken) is { IsOver: false } file)
                await starter.StartAsync(file.Start, cancellationToken);
        }

        return decision;
    }

    private async Task<EnrolmentDecision> JoinAsync(EnrolmentDecision.Join join, PlayOccasion occasion, IPlayStarter starter, CancellationToken cancellationToken)
    {
        PlayEvent told = new(DerivedId.From("evt", join.RunningPlayId, PlayNames.Joined, join.Play, occasion.OccasionId), PlayNames.Joined, occasion.At, join.Play, null);
        await PlayTelling.KeepAsync(plays, join.RunningPlayId, told, cancellationToken);
        await starter.SignalAsync(join.RunningPlayId, cancellationToken);
        return join;
    }

    /// <summary>Facts are asked for as of a play that does not exist yet.</summary>
    private static PlayStartInput Probe(PlayOccasion occasion, AbmConfig current) => new(1, "", "", null, occasion.AccountId, null, current.Version, null, null, null, occasion.At, occasion.At)
    {
        OpportunityId = occasion.Subject.Kind == PlaySubjectKind.Opportunity ? occasion.Subject.Id : null,
        OccasionId = occasion.OccasionId,
    };
}
