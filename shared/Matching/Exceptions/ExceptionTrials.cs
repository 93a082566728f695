using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Leads;

namespace Abm.Matching;

/// <summary>The exception rules, tried for one lead: what they decide before anything is compared, what they do to each candidate, and a reason for every rule that was tried.</summary>
/// <remarks>For one decision, on one thread. What it says depends on the lead, the accounts asked about, the rules and the day alone.</remarks>
internal sealed class ExceptionTrials
{
    /// <summary>Forbidden accounts that are told with a decision.</summary>
    private const int MostTold = 5;

    /// <summary>Of so few rules each is told with every decision; of more, those that can concern the lead or a candidate.</summary>
    private const int AllTold = 20;

    private readonly Lead _lead;
    private readonly Facts _facts;
    private readonly IReadOnlyList<ExceptionRule> _rules;
    private readonly ExceptionIndex? _index;
    private readonly DateTimeOffset _now;
    private readonly List<Trial> _trials = [];
    private Dictionary<AccountId, CandidateEffects>? _effects;
    private List<ScoredCandidate>? _forbidden;
    private MatchDecision? _decided;

    // Rules from here on have not been tried, or are not any more.
    private int _reached;

    private ExceptionTrials(Lead lead, IReadOnlyList<ExceptionRule> rules, DateTimeOffset now)
    {
        _lead = lead;
        _facts = new Facts(lead, NotMatchedYet, account: null);
        _rules = rules;
        _now = now;
        _index = rules.Count > AllTold ? ExceptionIndex.Of(rules) : null;
    }

    /// <summary>Exceptions are tried before matching: no condition of theirs asks about its outcome.</summary>
    private static MatchDecision NotMatchedYet { get; } = new MatchDecision.Unmatched(UnmatchedReason.NoCandidate, [], []);

    /// <summary>Tries the rules in order, until one decides.</summary>
    /// <returns>Null when there are no rules.</returns>
    public static ExceptionTrials? Of(Lead lead, IReadOnlyList<ExceptionRule> rules, IAccountReads accounts, DateTimeOffset now)
    {
        if (rules.Count == 0)
            return null;
        ExceptionTrials trials = new(lead, rules, now);
        ReadOnlySpan<int> places = trials._index is { } index ? index.For(trials._facts) : [.. Enumerable.Range(0, rules.Count)];
        foreach (int place in places)
        {
            trials._reached = place;
            if (!rules[place].IsInForce(now))
                trials.Add(new Trial(rules[place], place) { IsExpired = true });
            else if (trials.Try(rules[place], place, accounts) is { } decided)
            {
                trials._decided = decided;
                return trials;
            }
        }

        trials._reached = rules.Count;
        return trials;
    }

    /// <summary>What a rule decided by itself; null when matching goes on.</summary>
    public MatchDecision? Decided => _decided is null ? null : Finish(_decided);

    /// <summary>What the rules do to one candidate; null when none can be about it, which is found without unpacking it.</summary>
    public CandidateEffects? On(AccountKeys account) => MayConcern(account) ? On(account.Account) : null;

    /// <summary>What the rules do to one account.</summary>
    public CandidateEffects On(Account account)
    {
        _effects ??= [];
        if (_effects.TryGetValue(account.Id, out CandidateEffects? known))
            return known;
        AddAbout(account);
        ExceptionRule? forbid = null, nameNotDomain = null, review = null;
        foreach (Trial trial in _trials)
        {
            if (trial.IsOpen && trial.Answer(account, _lead))
            {
                switch (trial.Rule.Effect)
                {
                    case ExceptionEffect.Forbid:
                        forbid ??= trial.Rule;
                        break;
                    case ExceptionEffect.UseNameNotDomain:
                        nameNotDomain ??= trial.Rule;
                        break;
                    case ExceptionEffect.ForceReview:
                        review ??= trial.Rule;
                        break;
                }
            }
        }

        return _effects[account.Id] = new CandidateEffects(forbid, nameNotDomain, review);
    }

    /// <summary>Takes the forbidden ones out of the candidates.</summary>
    public void SetForbiddenAside(List<ScoredCandidate> candidates)
    {
        if (_effects is null)
            return;
        for (int i = candidates.Count - 1; i >= 0; i--)
        {
            if (On(candidates[i].Keys)?.Forbid is null)
                continue;
            (_forbidden ??= []).Insert(0, candidates[i]);
            candidates.RemoveAt(i);
        }
    }

    /// <summary>A rule says that the domain tells nothing about this account, and nothing else connects it with the lead: then it was not to be found either.</summary>
    public bool IsFoundByDomainThatIsNotUsed(ScoredCandidate candidate) =>
        _effects is not null && !candidate.IsConnectedWithoutDomain && On(candidate.Keys)?.NameNotDomain is not null;

    /// <summary>The decision with what the rules did to it.</summary>
    /// <param name="lead">As it was compared; null when nothing was.</param>
    public MatchDecision Finish(MatchDecision decision, LeadProfile? lead = null, MatchModel? model = null)
    {
        List<Reason> reasons = new(_trials.Count + 1 + decision.Reasons.Count);
        foreach (Trial trial in _trials)
            reasons.Add(trial.Said());
        if (_rules.Count > _trials.Count && _index is not null)
            reasons.Add(new Reason(ExceptionReasons.Others, 0, static (_, _, count, _) => $"{MatchReasons.Points(count)} other exceptions are about other leads or accounts, or come after the one that decided.", amount: _rules.Count - _trials.Count));
        reasons.AddRange(decision.Reasons);
        IReadOnlyList<MatchCandidate> candidates = decision.Candidates;
        bool isForbidden = false;
        if (_forbidden is not null && lead is not null && model is not null)
            candidates = AddForbidden(candidates, lead, model, reasons, out isForbidden);

        switch (decision)
        {
            case MatchDecision.Matched matched when ReviewOf(matched.Account) is { } review:
                reasons.Add(new Reason(ExceptionReasons.Review, $"'{review.Name}' wants a person to look at it."));
                return new MatchDecision.Review(UnmatchedReason.ForbiddenByRule, candidates, reasons);
            case MatchDecision.Matched matched:
                return new MatchDecision.Matched(matched.Account, matched.Confidence, matched.IsLowConfidence, candidates, reasons);
            case MatchDecision.Review review:
                return new MatchDecision.Review(review.Why, candidates, reasons);
            case MatchDecision.Unmatched unmatched:
                return new MatchDecision.Unmatched(isForbidden ? UnmatchedReason.ForbiddenByRule : unmatched.Why, candidates, reasons);
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    // Told behind the others, with what would speak for them.
    private List<MatchCandidate> AddForbidden(IReadOnlyList<MatchCandidate> candidates, LeadProfile lead, MatchModel model, List<Reason> reasons, out bool isForbidden)
    {
        List<MatchCandidate> told = [.. candidates];
        isForbidden = false;
        foreach (ScoredCandidate forbidden in _forbidden!)
        {
            isForbidden |= forbidden.Points >= model.ReviewFrom;
            if (told.Count < model.MaxCandidates)
                told.AddRange(LeadMatcher.Keep(lead, [forbidden], model));
        }

        reasons.AddRange(_forbidden.Where(f => f.Points >= model.ReviewFrom).Take(MostTold).Select(f => new Reason(
            ExceptionReasons.Forbidden, $"'{On(f.Account).Forbid!.Name}' forbids {f.Account.Name}, for which {MatchReasons.Points(f.Points)} points would speak.")));
        return told;
    }

    /// <summary>Null when the rule decides nothing by itself.</summary>
    private MatchDecision? Try(ExceptionRule rule, int place, IAccountReads accounts)
    {
        Trial trial = new(rule, place);
        Add(trial);
        if (rule.Effect == ExceptionEffect.Pin)
            return TryPin(trial, accounts);
        if (!rule.AsksAboutAccount)
            trial.Verdict = PredicateEvaluator.Evaluate(rule.When, _facts);
        if (rule.Effect != ExceptionEffect.Ignore || trial.Verdict is not { IsTrue: true })
            return null;
        return new MatchDecision.Unmatched(UnmatchedReason.Ignored, [], [new Reason(ExceptionReasons.Ignored, $"'{rule.Name}' says that the lead is nobody's.")]);
    }

    private MatchDecision.Matched? TryPin(Trial trial, IAccountReads accounts)
    {
        ExceptionRule rule = trial.Rule;
        Account? account = accounts.Find(AccountId.Parse(rule.Account!));
        trial.Verdict = PredicateEvaluator.Evaluate(rule.When, rule.AsksAboutAccount ? new Facts(_lead, NotMatchedYet, account) : _facts);
        if (!trial.Verdict.IsTrue)
            return null;
        if (account is null)
        {
            trial.WithoutEffect = $"there is no account {rule.Account}, the next rule is tried";
            return null;
        }

        if (On(account).Forbid is { } forbid)
        {
            _effects!.Remove(account.Id); // later rules may still say something about it
            trial.WithoutEffect = $"'{forbid.Name}' before it forbids {account.Name}, the next rule is tried";
            return null;
        }

        Reason reason = new(ExceptionReasons.Pinned, $"'{rule.Name}' says that the lead belongs to {account.Name}.");
        return new MatchDecision.Matched(account.Id, 1, IsLowConfidence: false, [new MatchCandidate(account.Id, account.Name, 1, 0, [reason])], [reason]);
    }

    private bool MayConcern(AccountKeys account)
    {
        if (_index is not null && _index.MayBeAbout(account.IdHash) && _index.About(account.Id.Value).Count > 0)
            return true;
        foreach (Trial trial in _trials)
        {
            if (trial.IsOpen && (trial.Rule.Account is null || trial.Rule.Account == account.Id.Value))
                return true;
        }

        return false;
    }

    /// <summary>The rules about this account that no fact of the lead leads to.</summary>
    private void AddAbout(Account account)
    {
        foreach (int place in _index?.About(account.Id.Value) ?? [])
        {
            if (place < _reached && !_trials.Exists(trial => trial.Place == place))
                Add(new Trial(_rules[place], place) { IsExpired = !_rules[place].IsInForce(_now) });
        }
    }

    // In the order of the rules, whenever they were met.
    private void Add(Trial trial)
    {
        int at = _trials.Count;
        while (at > 0 && _trials[at - 1].Place > trial.Place)
            at--;
        _trials.Insert(at, trial);
    }

    private ExceptionRule? ReviewOf(AccountId account) => _effects?.GetValueOrDefault(account)?.Review;

    /// <summary>One rule that was tried.</summary>
    private sealed class Trial(ExceptionRule rule, int place)
    {
        private readonly List<string> _holdsFor = [];
        private PredicateVerdict? _other;

        public ExceptionRule Rule { get; } = rule;

        /// <summary>Its place among the rules.</summary>
        public int Place { get; } = place;
        public bool IsExpired { get; init; }

        /// <summary>What it came to; null when it is answered for each account.</summary>
        public PredicateVerdict? Verdict { get; set; }

        /// <summary>Why it does nothing although it holds.</summary>
        public string? WithoutEffect { get; set; }

        /// <summary>Whether it can do something to an account.</summary>
        public bool IsOpen => !IsExpired && Rule.Effect is not (ExceptionEffect.Pin or ExceptionEffect.Ignore) && Verdict is null or { IsTrue: true };

        /// <summary>Whether it holds for the account.</summary>
        public bool Answer(Account account, Lead lead)
        {
            if (Rule.Account is { } only && only != account.Id.Value)
                return false;
            if (Verdict is not null)
                return Verdict.IsTrue;
            PredicateVerdict verdict = PredicateEvaluator.Evaluate(Rule.When, new Facts(lead, NotMatchedYet, account));
            if (verdict.IsTrue && !_holdsFor.Contains(account.Name, StringComparer.Ordinal))
                _holdsFor.Add(account.Name);
            else if (!verdict.IsTrue && (_other is null || verdict.Result == PredicateResult.Missing))
                _other = verdict;
            return verdict.IsTrue;
        }

        public Reason Said()
        {
            if (IsExpired)
                return new Reason(ExceptionReasons.Expired, FormattableString.Invariant($"'{Rule.Name}' held until {Rule.Expires:yyyy-MM-dd} and does nothing any more."));
            if (WithoutEffect is not null)
                return new Reason(ExceptionReasons.NoEffect, $"{Rule.Name}: {WithoutEffect}.") { Rule = Trialled(true) };
            if (Verdict is null && _holdsFor.Count > 0)
                return new Reason(ExceptionReasons.RuleTrue, $"{Rule.Name}: it holds for {string.Join(", ", _holdsFor.Take(MostTold))}{(_holdsFor.Count > MostTold ? " and others" : "")}.") { Rule = Trialled(true) };
            return (Verdict ?? _other) switch
            {
                null => new Reason(ExceptionReasons.RuleFalse, $"{Rule.Name}: no account that it is about was compared.") { Rule = Trialled(false) },
                { IsTrue: true } holds => new Reason(ExceptionReasons.RuleTrue, holds.Because.Length == 0 ? $"{Rule.Name}: it always holds." : $"{Rule.Name}: {holds.Because}.") { Rule = Trialled(true) },
                { Result: PredicateResult.Missing } missing => new Reason(ExceptionReasons.RuleMissing, $"{Rule.Name}: {missing.Because}.") { Rule = Trialled(null) },
                { } no => new Reason(ExceptionReasons.RuleFalse, $"{Rule.Name}: {no.Because}.") { Rule = Trialled(false) },
            };
        }

        private RuleTrial Trialled(bool? holds) => new(RuleKinds.MatchingExceptions, Rule.Name, holds);
    }
}

/// <summary>What the rules do to one account.</summary>
internal sealed record CandidateEffects(ExceptionRule? Forbid, ExceptionRule? NameNotDomain, ExceptionRule? Review)
{
    /// <summary>Told with the account's evidence; they count nothing.</summary>
    public IEnumerable<Reason> Reasons()
    {
        if (Forbid is not null)
            yield return new Reason(ExceptionReasons.Forbidden, $"'{Forbid.Name}' forbids it for this lead.");
        if (NameNotDomain is not null)
            yield return new Reason(ExceptionReasons.NameNotDomain, $"'{NameNotDomain.Name}' says that the domain tells nothing here; it was not compared.");
        if (Review is not null)
            yield return new Reason(ExceptionReasons.Review, $"'{Review.Name}' wants a person to look at it.");
    }
}
