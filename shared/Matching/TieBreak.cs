using Abm.Accounts;
using Abm.Decisions;
using Abm.Leads;

namespace Abm.Matching;

/// <summary>The written order that decides between candidates whose evidence is equally good. Total: the last step, the lowest id, always decides.</summary>
internal static class TieBreak
{
    private static readonly Step[] Steps =
    [
        new("primaryDomain", "its first domain is the lead's", true, (candidate, _, _) => candidate.Has(EvidenceKind.DomainPrimary) ? 1 : 0),
        new("openOpportunity", "it has an open opportunity", true, (candidate, _, _) => candidate.Account.HasOpenOpportunity ? 1 : 0),
        new("customer", "it is a customer", true, (candidate, _, _) => candidate.Account.Status == AccountStatus.Customer ? 1 : 0),
        new("tier", "it is in a higher tier", true, (candidate, _, _) => candidate.Account.Tier == AccountTier.None ? -10 : -(int)candidate.Account.Tier),
        new("country", "it is in the lead's country", true, (candidate, lead, _) => lead.Place.Country is { } country && candidate.Keys.Country == country ? 1 : 0),
        new("owner", "it has an owner", true, (candidate, _, _) => candidate.Account.OwnerId is not null ? 1 : 0),
        new("family", "it is the member of the family that the policy prefers", true, (candidate, _, context) => context.FamilyRank(candidate.Account)),
        new("contacts", "it has the most contacts", true, (candidate, _, _) => candidate.Account.ContactCount),
        new("leads", "it has the most leads", false, (candidate, _, _) => candidate.Account.LeadCount),
        new("opportunities", "it has the most opportunities", false, (candidate, _, _) => candidate.Account.OpportunityCount),
        new("oldest", "it is the oldest", false, (candidate, _, _) => -(candidate.Account.CreatedAt?.UtcTicks ?? long.MaxValue)),
    ];

    /// <summary>Orders candidates by the written steps, first the one that is meant.</summary>
    /// <returns>The step that parted the first from the last other, and whether it is a business ground (up to "most contacts"); a step that only counts, or the id, is none.</returns>
    public static Outcome Decide(List<ScoredCandidate> tied, LeadIdentity lead, IAccountIndex index, FamilyPolicy family)
    {
        var context = new Context(tied, index, family);
        List<ScoredCandidate> left = [.. tied];
        var reasons = new List<Reason>();
        bool isBusiness = true;
        foreach (Step step in Steps)
        {
            if (left.Count == 1)
                break;
            long best = left.Max(candidate => step.Rank(candidate, lead, context));
            int before = left.Count;
            left.RemoveAll(candidate => step.Rank(candidate, lead, context) < best);
            if (left.Count == before)
                continue;
            isBusiness &= step.IsBusiness;
            reasons.Add(new($"match.tie.{step.Code}", $"Of {before} accounts with equally good evidence {left.Count} {(left.Count == 1 ? "is" : "are")} left: {step.Says}."));
        }

        if (left.Count > 1)
        {
            isBusiness = false;
            left.Sort((a, b) => a.Account.Id.CompareTo(b.Account.Id));
            reasons.Add(new("match.tie.id", $"Nothing else parts {left.Count} accounts; {left[0].Account.Name} has the lowest id."));
        }

        return new(left[0], isBusiness, reasons);
    }

    /// <param name="IsBusiness">Whether every step that was needed is a ground that a person would accept.</param>
    internal sealed record Outcome(ScoredCandidate First, bool IsBusiness, IReadOnlyList<Reason> Reasons);

    private sealed record Step(string Code, string Says, bool IsBusiness, Func<ScoredCandidate, LeadIdentity, Context, long> Rank);

    private sealed class Context(List<ScoredCandidate> tied, IAccountIndex index, FamilyPolicy family)
    {
        private const int DeepestFamily = 20;

        /// <summary>How many of the tied are above (child wanted) or below (parent wanted) the account in its family.</summary>
        public long FamilyRank(Account account)
        {
            int rank = 0;
            foreach (ScoredCandidate other in tied)
            {
                if (family == FamilyPolicy.Child ? IsAbove(other.Account.Id, account) : IsAbove(account.Id, other.Account))
                    rank++;
            }

            return rank;
        }

        // A family tree that bites its own tail ends after twenty steps.
        private bool IsAbove(AccountId ancestor, Account account)
        {
            AccountId? parent = account.ParentId;
            for (int depth = 0; parent is not null && depth < DeepestFamily; depth++)
            {
                if (parent == ancestor)
                    return true;
                parent = index.Find(parent)?.ParentId;
            }

            return false;
        }
    }
}
