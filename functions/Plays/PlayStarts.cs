using Abm.Decisions;
using Abm.Journeys;
using Abm.Plays;
using Abm.Ports;

namespace Abm.Functions.Plays;

/// <summary>What a lead's play was started with.</summary>
public static class PlayStarts
{
    /// <summary>Of the first decision that chose the play: a later decision about the lead does not start it anew. One point read for a lead that was decided once; null when that decision is not kept any more.</summary>
    public static async Task<PlayStartInput?> OfAsync(ILeadFileStore files, LeadFile file, string playId, CancellationToken cancellationToken)
    {
        LeadId lead = file.Lead.Lead.Id;
        int last = file.Lead.DecisionId is { } current ? LeadJourney.AttemptOf(current) ?? 1 : 0;
        for (int attempt = 1; attempt <= last; attempt++)
        {
            if (await files.FindDecisionAsync(lead, LeadJourney.DecisionId(lead, attempt), cancellationToken) is { } decision
                && PlayStart.From(decision) is { } start && start.PlayId == playId)
                return start;
        }

        return null;
    }
}
