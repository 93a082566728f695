using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Journeys;
using Abm.Matching;
using Abm.People;
using Abm.Routing;

namespace Abm.Replays;

/// <summary>Makes decisions again from what the first time read.</summary>
public static class DecisionReplay
{
    /// <summary>The decision under these rules. Under its own it is the same in every field.</summary>
    /// <param name="accounts">What was read of the accounts, and who answers what was not.</param>
    /// <param name="pools">Instead of the states that were recorded; null: those.</param>
    public static JourneyDecision Decide(
        DecisionInputs inputs, AbmConfig config, IReadOnlyDictionary<RepId, Rep> reps, RecordedAccounts accounts, IReadOnlyDictionary<string, PoolState>? pools = null) =>
        LeadJourney.Decide(
            inputs.Lead,
            new JourneyContext(config, accounts, reps, pools ?? inputs.Pools, inputs.PinnedAccount)
            {
                IsIgnored = inputs.IsIgnored,
                Attempt = inputs.Attempt,
                PriorAssignments = inputs.PriorAssignments,
                FormerOwners = inputs.FormerOwners,
                Sticky = inputs.Sticky,
                AccountSticky = inputs.AccountSticky,
                OpenPlay = inputs.OpenPlay,
                IsDrain = inputs.IsDrain,
                RepsVersion = inputs.RepsVersion,
                DataVersions = inputs.DataVersions,
            },
            inputs.DecidedAt);

    /// <summary>Makes a decision again and compares.</summary>
    /// <param name="before">The decision as it was made.</param>
    /// <param name="beforeConfig">The rules it was made by, when they are known; only facets that look at them need it.</param>
    /// <param name="today">Answers what was not recorded; null: nobody does, and the result says so.</param>
    /// <param name="memory">Shared by those who compare many; null: for this one alone.</param>
    public static ReplayResult Compare(
        JourneyDecision before,
        DecisionInputs inputs,
        AbmConfig? beforeConfig,
        AbmConfig config,
        IReadOnlyDictionary<RepId, Rep> reps,
        IAccountIndex? today,
        IReadOnlyList<JourneyStep> steps,
        AccountMemory? memory = null)
    {
        RecordedAccounts accounts = new(inputs.Accounts, today, memory ?? new AccountMemory());
        JourneyDecision after = Decide(inputs, config, reps, accounts);
        return new ReplayResult(
            after,
            DecisionComparison.First(before, after, steps),
            DecisionComparison.Changes(Of(before, accounts, beforeConfig ?? config, reps), Of(after, accounts, config, reps), steps),
            accounts.NotRecorded);
    }

    /// <summary>A decision with the account that it was matched to.</summary>
    public static DecidedLead Of(JourneyDecision decision, IAccountIndex accounts, AbmConfig config, IReadOnlyDictionary<RepId, Rep> reps) =>
        new(decision, decision.Match is MatchDecision.Matched matched ? accounts.Find(matched.Account) : null, config, reps);
}

/// <summary>What making a decision again came to.</summary>
/// <param name="First">Where it parts from the first one; null: it is the same, field by field.</param>
/// <param name="Changes">What people care for and is different; may be empty though the explanation differs.</param>
/// <param name="NotRecorded">Questions that the first decision had not asked and that were answered from today's accounts, or not at all.</param>
public sealed record ReplayResult(JourneyDecision After, DecisionDifference? First, IReadOnlyList<FacetChange> Changes, IReadOnlyList<string> NotRecorded)
{
    public bool IsSame => First is null;
}
