using Abm.Decisions;
using Abm.Ports;
using Abm.Replays;

namespace Abm.Functions.Corrections;

/// <summary>Keeps what a person corrected as a labelled case, with what the decision was made from.</summary>
public sealed class CaseKeeper(IDecisionLog log, ICaseStore cases)
{
    /// <param name="decisionId">The decision that was corrected; null: there is none, and no case.</param>
    /// <returns>Whether a case is kept; false when nothing is known of what the decision was made from.</returns>
    public async Task<bool> KeepAsync(LeadId lead, string? decisionId, string facet, string expected, string? was, string by, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (decisionId is null || (await log.FindAsync(lead, decisionId, cancellationToken))?.Inputs is not { } inputs)
            return false;
        await cases.PutAsync(new LabelledCase(LabelledCase.IdOf(lead, facet), lead, facet, expected, was, at, by, inputs), cancellationToken);
        return true;
    }
}
