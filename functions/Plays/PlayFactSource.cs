using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Journeys;
using Abm.Plays;
using Abm.Ports;

namespace Abm.Functions.Plays;

/// <summary>What conditions of plays can ask about: the account as it is now, of a lead also what was decided about it, and what the play itself knows.</summary>
public sealed class PlayFactSource(IAccountDirectory accounts, ILeadFileStore leads) : IPlayFactSource
{
    /// <inheritdoc/>
    public async Task<Facts> OfAsync(PlayStartInput start, IReadOnlyDictionary<string, string> ofPlay, AbmConfig config, CancellationToken cancellationToken)
    {
        Account? account = start.AccountId is { } id ? (await accounts.CurrentAsync(cancellationToken)).Find(AccountId.Parse(id)) : null;
        return start is { LeadId: { } lead, DecisionId: { } decisionId } && await leads.FindDecisionAsync(LeadId.Parse(lead), decisionId, cancellationToken) is { } decision
            ? new Facts(decision.Lead, decision.Match, account, decision.Score) { More = ofPlay }
            : new Facts(account, ofPlay);
    }
}
