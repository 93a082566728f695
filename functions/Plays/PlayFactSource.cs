using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Journeys;
using Abm.Plays;
using Abm.Ports;
using Abm.Scoring;
using Abm.Signals;

namespace Abm.Functions.Plays;

/// <summary>What conditions of plays can ask about: the account and its signals as they are now, of a lead also what was decided about it, and what the play itself knows.</summary>
public sealed class PlayFactSource(IAccountDirectory accounts, ILeadFileStore leads, IAccountTimelines timelines, TimeProvider clock) : IPlayFactSource
{
    /// <inheritdoc/>
    public async Task<Facts> OfAsync(PlayStartInput start, IReadOnlyDictionary<string, string> ofPlay, AbmConfig config, CancellationToken cancellationToken)
    {
        Account? account = start.AccountId is { } id ? (await accounts.CurrentAsync(cancellationToken)).Find(AccountId.Parse(id)) : null;
        Dictionary<string, string> known = account is null
            ? []
            : new(AccountSignals.Facts(await timelines.StateAsync(account.Id.Value, cancellationToken), config.Signals, clock.GetUtcNow()), StringComparer.Ordinal);
        foreach ((string field, string value) in ofPlay)
            known[field] = value;
        return start is { LeadId: { } lead, DecisionId: { } decisionId } && await leads.FindDecisionAsync(LeadId.Parse(lead), decisionId, cancellationToken) is { } decision
            ? new Facts(decision.Lead, decision.Match, account, decision.Score) { More = known }
            : new Facts(account, known, account is null ? null : LeadScorer.Score(account, config));
    }
}
