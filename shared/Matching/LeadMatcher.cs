using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Leads;

namespace Abm.Matching;

/// <summary>Whose lead is this? The one matcher for routing and reporting.</summary>
public static class LeadMatcher
{
    /// <summary>Finds the lead's account among those in the index.</summary>
    /// <param name="index">An <see cref="AccountIndex"/>, or what was noted of one: candidates are found by its keys.</param>
    /// <param name="model">Weights, bands and switches in force; their version is stored with the decision.</param>
    /// <exception cref="ArgumentException">The index cannot be searched.</exception>
    public static MatchDecision Match(Lead lead, IAccountIndex index, MatchModel model) => Match(LeadIdentity.From(lead), lead.Submitted.AccountId, Searchable(index), model, rules: null);

    /// <summary>Finds the lead's account among those in the index: the exceptions of the configuration first, then the evidence.</summary>
    /// <param name="now">Exceptions that have ended by then do nothing.</param>
    /// <exception cref="ArgumentException">The index cannot be searched.</exception>
    public static MatchDecision Match(Lead lead, IAccountIndex index, AbmConfig config, DateTimeOffset now)
    {
        IAccountReads accounts = Searchable(index);
        ExceptionTrials? rules = ExceptionTrials.Of(lead, config.MatchingExceptions, accounts, now);
        return rules?.Decided ?? Match(LeadIdentity.From(lead), lead.Submitted.AccountId, accounts, config.Matching, rules);
    }

    private static MatchDecision Match(LeadIdentity identity, string? claimed, IAccountReads accounts, MatchModel model, ExceptionTrials? rules)
    {
        Workbench bench = Workbench.Take();
        try
        {
            return Match(identity, claimed, accounts, model, rules, bench);
        }
        finally
        {
            bench.GiveBack();
        }
    }

    private static MatchDecision Match(LeadIdentity identity, string? claimed, IAccountReads accounts, MatchModel model, ExceptionTrials? rules, Workbench bench)
    {
        List<Reason> before = bench.Reasons;
        if (!string.IsNullOrWhiteSpace(claimed))
        {
            Account? account = identity.ClaimedAccount is { } id ? accounts.Find(id) : null;
            if (account is not null && rules?.On(account).Forbid is null)
                return rules is null ? OfClaimed(account) : rules.Finish(OfClaimed(account));
            before.Add(account is null
                ? new(MatchReasons.ClaimedUnknown, "The sender names an account that we do not know; what else is known of the lead decides.")
                : new(ExceptionReasons.ClaimForbidden, $"The sender names {account.Name}, which a rule forbids; what else is known of the lead decides."));
        }

        var words = new WordWeights(accounts);
        LeadProfile lead = bench.Read(identity, words);
        List<ScoredCandidate> candidates = Score(lead, accounts, words, model, rules, bench);
        MatchDecision decision = Decide(lead, candidates, bench.Near, before, accounts, model);
        return rules is null ? decision : rules.Finish(decision, lead, model);
    }

    /// <summary>The candidates of a lead with their evidence, the most points first, whatever the sender claims: what a match is decided on.</summary>
    internal static List<ScoredCandidate> Candidates(Lead lead, AccountIndex index, MatchModel model)
    {
        var words = new WordWeights(index);
        return Score(new(LeadIdentity.From(lead), words), index, words, model, null, null);
    }

    internal static IAccountReads Searchable(IAccountIndex index) =>
        index as IAccountReads ?? throw new ArgumentException($"Candidates are found by the keys of an {nameof(AccountIndex)}.", nameof(index));

    private static List<ScoredCandidate> Score(LeadProfile lead, IAccountReads accounts, WordWeights words, MatchModel model, ExceptionTrials? rules, Workbench? bench)
    {
        AccountKeys? known = KnownAccount(lead, accounts);
        List<AccountKeys> found = accounts.Candidates(lead, known);
        List<ScoredCandidate> candidates = Compare(lead, found, known, words, model, rules, bench);
        rules?.SetForbiddenAside(candidates);
        if (rules is not null)
            candidates.RemoveAll(rules.IsFoundByDomainThatIsNotUsed);
        MatchConfidence.Set(candidates, model);
        return candidates;
    }

    /// <summary>The account of the contact that the lead is known as; null when it is none's.</summary>
    internal static AccountKeys? KnownAccount(LeadProfile lead, IAccountReads accounts) =>
        lead.Identity.Email is { } email && accounts.FindContact(email.Normalised) is { } contact ? accounts.FindKeys(contact.AccountId) : null;

    /// <summary>Everything that speaks for and against each of these accounts, the most points first.</summary>
    /// <param name="rules">What exceptions do to each of them; null: there are none.</param>
    /// <param name="bench">Lends what is needed; null: everything is made anew, and may be kept.</param>
    internal static List<ScoredCandidate> Compare(
        LeadProfile lead, List<AccountKeys> found, AccountKeys? known, WordWeights words, MatchModel model, ExceptionTrials? rules = null, Workbench? bench = null)
    {
        List<ScoredCandidate> candidates = bench?.Candidates ?? new(found.Count);
        LeadProfile? withoutDomain = null;
        foreach (AccountKeys account in found)
        {
            CandidateEffects? effects = rules?.On(account);
            LeadProfile compared = effects?.NameNotDomain is null ? lead : withoutDomain ??= new LeadProfile(lead.Identity, words, usesDomain: false);
            ScoredCandidate candidate = bench?.Next(account) ?? Begun(account);
            EvidenceCollector.Collect(compared, account, ReferenceEquals(account, known), words, model.Weights, candidate.Evidence);
            candidate.Add();
            candidate.Profile = compared;
            if (effects is not null)
                candidate.Exceptions = [.. effects.Reasons()];
            candidates.Add(candidate);
        }

        candidates.Sort(static (a, b) => a.Points != b.Points ? b.Points.CompareTo(a.Points) : a.Keys.Id.CompareTo(b.Keys.Id));
        return candidates;
    }

    private static ScoredCandidate Begun(AccountKeys account)
    {
        var candidate = new ScoredCandidate();
        candidate.Begin(account);
        return candidate;
    }

    private static MatchDecision.Matched OfClaimed(Account account)
    {
        Reason[] reasons = [new(MatchReasons.Claimed, $"The sender says that the lead belongs to {account.Name}.")];
        return new(account.Id, 1, false, [new(account.Id, account.Name, 1, 0, reasons)], reasons);
    }

    private static MatchDecision Decide(LeadProfile lead, List<ScoredCandidate> candidates, List<ScoredCandidate> near, List<Reason> reasons, IAccountReads accounts, MatchModel model)
    {
        if (candidates.Count == 0)
            return Nobody(lead, reasons);
        ScoredCandidate best = candidates[0];
        if (best.Points < model.ReviewFrom)
            return TooLittle(lead, candidates, reasons, model);

        foreach (ScoredCandidate candidate in candidates)
        {
            if (candidate.Points > best.Points - model.Margin && candidate.Points >= model.ReviewFrom)
                near.Add(candidate);
        }

        bool isDecided = true;
        if (near.Count > 1)
        {
            TieBreak.Outcome tie = TieBreak.Decide(near, lead.Identity, accounts, model.Family);
            best = tie.First;
            isDecided = tie.IsBusiness;
            reasons.AddRange(tie.Reasons);
            candidates.Remove(best);
            candidates.Insert(0, best);
        }

        if (best.Points < model.AutomaticFrom)
        {
            reasons.Add(new(MatchReasons.Review, 0, static (name, _, points, automatic) => $"{name} is likely, but {MatchReasons.Points(points)} points are fewer than the {MatchReasons.Points(automatic)} of an automatic match; a person decides.", best.Keys.Name, null, best.Points, model.AutomaticFrom));
            return new MatchDecision.Review(isDecided ? UnmatchedReason.BelowThreshold : UnmatchedReason.Ambiguous, Keep(lead, candidates, model, LeastForReview), Told(reasons));
        }

        if (!isDecided && model.NearTie == NearTiePolicy.Review)
        {
            reasons.Add(new(MatchReasons.Ambiguous, 0, static (_, _, count, _) => $"{MatchReasons.Points(count)} accounts are too close to call; a person picks.", null, null, near.Count));
            return new MatchDecision.Review(UnmatchedReason.Ambiguous, Keep(lead, candidates, model, LeastForReview), Told(reasons));
        }

        if (best.IsDomainOnly && (model.DomainOnly == DomainOnlyPolicy.Never || (model.DomainOnly == DomainOnlyPolicy.Fallback && HasMore(candidates, best.Points))))
        {
            reasons.Add(new(MatchReasons.DomainOnly, 0, static (name, _, _, _) => $"Only the domain speaks for {name}; by policy that is not enough for an automatic match.", best.Keys.Name));
            return new MatchDecision.Review(UnmatchedReason.BelowThreshold, Keep(lead, candidates, model, LeastForReview), Told(reasons));
        }

        bool isLow = !isDecided || best.IsNameOnly;
        MatchCandidate[] kept = Keep(lead, candidates, model);
        reasons.InsertRange(0, kept[0].Evidence);
        reasons.Add(new(MatchReasons.Automatic, 0, static (_, _, points, automatic) => $"{MatchReasons.Points(points)} points are at least the {MatchReasons.Points(automatic)} of an automatic match.", null, null, best.Points, model.AutomaticFrom));
        if (isLow)
            reasons.Add(new(MatchReasons.LowConfidence, isDecided ? "Only the name speaks for it; listed for review." : "A near tie that only counts, age or ids decided; listed for review."));
        return new MatchDecision.Matched(best.Keys.Id, best.Confidence, isLow, kept, Told(reasons));
    }

    // An array: what is told is kept for long, and has no room to grow.
    private static Reason[] Told(List<Reason> reasons) => [.. reasons];

    private static bool HasMore(List<ScoredCandidate> candidates, double points)
    {
        foreach (ScoredCandidate candidate in candidates)
        {
            if (candidate.Points > points)
                return true;
        }

        return false;
    }

    private static MatchDecision.Unmatched Nobody(LeadProfile lead, List<Reason> reasons)
    {
        UnmatchedReason why = WhyNobody(lead);
        reasons.Add(why switch
        {
            UnmatchedReason.AutomatedSender => new(MatchReasons.AutomatedSender, "The e-mail address is a machine's; it stands for nobody."),
            UnmatchedReason.FreemailNoCompany => new(MatchReasons.FreemailNoCompany, "The e-mail address is at a mail provider, and no company is named."),
            UnmatchedReason.NoDomain => new(MatchReasons.NoDomain, "Neither a company domain nor a company name is given."),
            _ => new(MatchReasons.NoCandidate, "No account shares a domain, name, telephone number or address with the lead, or so many do that none stands out."),
        });
        return new(why, [], Told(reasons));
    }

    private static MatchDecision.Unmatched TooLittle(LeadProfile lead, List<ScoredCandidate> candidates, List<Reason> reasons, MatchModel model)
    {
        ScoredCandidate best = candidates[0];
        UnmatchedReason why = WhyNobody(lead);
        reasons.Add(new(MatchReasons.Below, 0, static (name, _, points, review) => $"The nearest, {name}, has {MatchReasons.Points(points)} points of the {MatchReasons.Points(review)} that a review takes.", best.Keys.Name, null, best.Points, model.ReviewFrom));
        return new(why == UnmatchedReason.NoCandidate ? UnmatchedReason.BelowThreshold : why, Keep(lead, candidates, model), Told(reasons));
    }

    private static UnmatchedReason WhyNobody(LeadProfile lead) => lead.Identity switch
    {
        { Email.Kind: EmailKind.Automated } => UnmatchedReason.AutomatedSender,
        { Company: not null } => UnmatchedReason.NoCandidate,
        _ when lead.HasDomain => UnmatchedReason.NoCandidate,
        { Email.Kind: EmailKind.Free or EmailKind.Disposable } => UnmatchedReason.FreemailNoCompany,
        _ => UnmatchedReason.NoDomain,
    };

    /// <summary>For a review three at least, so that a person has a choice.</summary>
    private const int LeastForReview = 3;

    internal static MatchCandidate[] Keep(LeadProfile lead, List<ScoredCandidate> candidates, MatchModel model, int least = 1)
    {
        // The nearest always; of the others those that more speaks for than against.
        int count = 1;
        while (count < candidates.Count && count < model.MaxCandidates && (count < least || candidates[count].Points > 0))
            count++;
        var kept = new MatchCandidate[count];
        for (int i = 0; i < kept.Length; i++)
        {
            ScoredCandidate candidate = candidates[i];
            Reason[] evidence = MatchReasons.Of(candidate, candidate.Profile ?? lead);
            kept[i] = new(candidate.Keys.Id, candidate.Keys.Name, candidate.Confidence, candidate.Points, candidate.Exceptions.Count == 0 ? evidence : [.. evidence, .. candidate.Exceptions]);
        }

        return kept;
    }
}
