using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Plays;
using Abm.Plays;
using Abm.Ports;
using Abm.Signals;

namespace Abm.Functions.Signals;

/// <summary>Tells plays that run about an account what happened there: what they wait for, what stops them. Safe to repeat.</summary>
public sealed class RunningPlays(IPlayFiles plays, IConfigSource config)
{
    /// <returns>Which plays were told.</returns>
    public async Task<IReadOnlyList<EntryAnswer>> TellAsync(string accountId, AccountEvent happened, IPlayStarter starter, CancellationToken cancellationToken)
    {
        List<EntryAnswer> told = [];
        foreach (KnownPlay running in (await plays.OfAccountAsync(accountId, cancellationToken)).Where(k => k.IsActive))
        {
            // What happened before it began is what it began with; what is about another opportunity is not its business.
            if (happened.At < running.StartedAt || (running.Subject.Kind == PlaySubjectKind.Opportunity && happened.OpportunityId is { } other && other != running.Subject.Id))
                continue;
            if (await plays.FindAsync(running.PlayId, cancellationToken) is not { IsOver: false } file || await RulesOf(file, cancellationToken) is not { } rules || !SignalOccasions.IsAwaited(rules, happened.Kind))
                continue;
            if (PlayDecider.Hears(rules).Contains(happened.Kind, StringComparer.Ordinal))
            {
                PlayEvent heard = new(DerivedId.From("evt", running.PlayId, happened.EventId), happened.Kind, happened.At, happened.Source, null);
                await PlayTelling.KeepAsync(plays, running.PlayId, heard, cancellationToken);
            }

            await starter.SignalAsync(running.PlayId, cancellationToken);
            told.Add(new EntryAnswer(running.Play, "told", "signal.told", $"Play {running.Play} runs and was told.", running.PlayId));
        }

        return told;
    }

    /// <summary>By the version that the play goes by.</summary>
    private async ValueTask<PlayRules?> RulesOf(PlayFile file, CancellationToken cancellationToken) =>
        (await config.FindAsync(file.ConfigVersion, cancellationToken))?.Plays.FirstOrDefault(p => string.Equals(p.Name, file.Start.Play, StringComparison.Ordinal));
}
