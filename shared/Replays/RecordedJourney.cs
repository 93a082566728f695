using Abm.Journeys;
using Abm.Leads;
using Abm.Matching;

namespace Abm.Replays;

/// <summary>Decides about a lead and notes what was read on the way.</summary>
public static class RecordedJourney
{
    /// <summary>The decision that <see cref="LeadJourney.Decide"/> makes, with <see cref="JourneyDecision.Inputs"/>.</summary>
    /// <param name="now">The one instant that every step uses.</param>
    public static JourneyDecision Decide(Lead lead, JourneyContext context, DateTimeOffset now)
    {
        RecordingAccounts accounts = new(LeadMatcher.Searchable(context.Accounts));
        JourneyDecision decision = LeadJourney.Decide(lead, context with { Accounts = accounts }, now);
        return decision with
        {
            Inputs = new DecisionInputs(decision.DecisionId, lead, decision.ConfigVersion, now, accounts.Read)
            {
                RepsVersion = context.RepsVersion,
                Pools = context.Pools,
                PinnedAccount = context.PinnedAccount,
                IsIgnored = context.IsIgnored,
                Attempt = context.Attempt,
                PriorAssignments = context.PriorAssignments,
                FormerOwners = context.FormerOwners,
                Sticky = context.Sticky,
                AccountSticky = context.AccountSticky,
                OpenPlay = context.OpenPlay,
                IsDrain = context.IsDrain,
                DataVersions = context.DataVersions,
            },
        };
    }
}
