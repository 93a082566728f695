using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Leads;

namespace Abm.Matching;

/// <summary>One account held against a lead, whether it was a candidate or not, and against the best of the others.</summary>
/// <param name="IsCandidate">Whether it was found worth comparing.</param>
/// <param name="Asked">Its evidence; confidence is not told, since it is only defined among candidates.</param>
/// <param name="BestOther">The candidate with the most points beside it; null when there is none.</param>
/// <param name="IsNearTie">Whether the two are so near that the tie-break decides.</param>
/// <param name="WinsTie">Whether it is the first by the tie-break, or by points where there is no near tie.</param>
/// <param name="Tie">The steps of the tie-break that parted them.</param>
/// <param name="IsBusinessTie">Whether a ground that a person would accept parted them.</param>
/// <param name="IsDomainOnly">Whether nothing but the domain speaks for it.</param>
public sealed record CandidateExamination(
    bool IsCandidate, MatchCandidate Asked, MatchCandidate? BestOther, bool IsNearTie, bool WinsTie, IReadOnlyList<Reason> Tie, bool IsBusinessTie, bool IsDomainOnly)
{
    /// <summary>What an exception decided before anything was compared; null: none did.</summary>
    public MatchDecision? ByRule { get; init; }

    /// <summary>Whether an exception forbids it for this lead.</summary>
    public bool IsForbidden { get; init; }

    /// <summary>Whether an exception wants a person to look at it.</summary>
    public bool NeedsReview { get; init; }

    /// <summary>What exceptions do to it.</summary>
    public IReadOnlyList<Reason> Exceptions { get; init; } = [];

    /// <summary>Holds the account against the lead; null when there is no such account.</summary>
    /// <exception cref="ArgumentException">The index cannot be searched.</exception>
    public static CandidateExamination? Of(Lead lead, IAccountIndex index, AbmConfig config, DateTimeOffset now, AccountId asked)
    {
        MatchModel model = config.Matching;
        IAccountReads accounts = LeadMatcher.Searchable(index);
        if (accounts.FindKeys(asked) is not { } keys)
            return null;
        WordWeights words = new(accounts);
        LeadProfile profile = new(LeadIdentity.From(lead), words);
        AccountKeys? known = LeadMatcher.KnownAccount(profile, accounts);
        List<AccountKeys> found = [.. accounts.Candidates(profile, known)];
        bool isCandidate = found.Exists(account => account.Account.Id == asked);
        if (!isCandidate)
            found.Add(keys);
        ExceptionTrials? rules = ExceptionTrials.Of(lead, config.MatchingExceptions, accounts, now);
        CandidateEffects? effects = rules?.On(keys.Account);
        List<ScoredCandidate> scored = LeadMatcher.Compare(profile, found, known, words, model, rules);
        scored.RemoveAll(c => c.Account.Id != asked && (rules?.On(c.Account).Forbid is not null || rules?.IsFoundByDomainThatIsNotUsed(c) == true));
        ScoredCandidate own = scored.Find(c => c.Account.Id == asked)!;
        isCandidate &= rules?.IsFoundByDomainThatIsNotUsed(own) != true;
        ScoredCandidate? other = scored.Find(c => c.Account.Id != asked);

        // The tie-break is among all that are near the best, as when the lead was decided.
        List<ScoredCandidate> near = scored.FindAll(c => c.Points > scored[0].Points - model.Margin && c.Points >= model.ReviewFrom);
        bool isNearTie = near.Count > 1 && near.Contains(own);
        TieBreak.Outcome? tie = isNearTie ? TieBreak.Decide(near, profile.Identity, accounts, model.Family) : null;
        ScoredCandidate winner = tie?.First ?? scored[0];
        return new CandidateExamination(
            isCandidate,
            LeadMatcher.Keep(profile, [own], model)[0],
            other is null ? null : LeadMatcher.Keep(profile, [ReferenceEquals(winner, own) ? other : winner], model)[0],
            isNearTie,
            ReferenceEquals(winner, own),
            tie?.Reasons ?? [],
            tie?.IsBusiness ?? true,
            own.IsDomainOnly)
        {
            ByRule = rules?.Decided,
            IsForbidden = effects?.Forbid is not null,
            NeedsReview = effects?.Review is not null,
            Exceptions = effects is null ? [] : [.. effects.Reasons()],
        };
    }
}
