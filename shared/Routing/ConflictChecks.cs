using System.Globalization;
using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Matching;
using Abm.People;

namespace Abm.Routing;

/// <summary>What comes before every routing rule: whom not to contact, and who has the relationship already. Each check leaves a reason, even when it did nothing.</summary>
/// <param name="toPool">Sends to a pool by a rule.</param>
internal sealed class ConflictChecks(RouteQuestion question, List<Reason> reasons, Func<string, string, RouteOutcome> toPool)
{
    private readonly ConflictRules _rules = question.Config.Conflicts;
    private readonly Account? _account = question.Account;
    private readonly List<RepId> _told = [];

    /// <summary>Who is told by checks that only tell, whoever gets the lead.</summary>
    public IReadOnlyList<RepId> Told => _told;

    /// <summary>Why the rep who gets it knows its person or account; null when that is not why they get it.</summary>
    public string? Knows { get; private set; }

    /// <summary>A 1:1 account goes to its named owner without exception: what somebody else does there is only told.</summary>
    private bool IsOneToOne => _rules.OneToOneToOwner && _account is { Tier: AccountTier.OneToOne, OwnerId: not null };

    /// <summary>The decision of the first check that applies, or null when the rules decide.</summary>
    public RouteOutcome? Decide() =>
        Of(DoNotContact())
        ?? Of(Suppress(question.Match is MatchDecision.Unmatched { Why: UnmatchedReason.AutomatedSender }, "automated sender", RouteReasons.AutomatedSender, "The sender is a machine."))
        ?? Of(Worked())
        ?? Of(OpenOpportunity())
        ?? Of(ActiveSequence())
        ?? Of(Customer())
        ?? Of(OpenCase())
        ?? Of(JoinPlay())
        ?? Of(Suppress(_rules.SuppressCompetitors && _account?.Status == AccountStatus.Competitor, "competitor", RouteReasons.Competitor, "The account is a competitor."))
        ?? Partner()
        ?? Of(OneToOne())
        ?? Of(Sticky("same rep as before", "the same person", question.Sticky))
        ?? Of(Sticky("same rep of the account", "the same account", question.AccountSticky));

    private static RouteOutcome? Of(RouteDecision? decision) => decision is null ? null : new RouteOutcome(decision, null, null);

    private RouteDecision.Suppressed? DoNotContact()
    {
        string? entry = question.Lead.Submitted.Consent
            .Where(c => (c.Value ? _rules.DoNotContactWhenTrue : _rules.DoNotContactWhenFalse).Contains(c.Key, StringComparer.OrdinalIgnoreCase))
            .Select(c => c.Key)
            .Order(StringComparer.Ordinal)
            .FirstOrDefault();
        return Suppress(entry is not null, "do not contact", RouteReasons.DoNotContact, $"The person does not want to be contacted (consent '{entry}').");
    }

    /// <summary>A person whom a rep owns and has touched lately.</summary>
    private RouteDecision? Worked()
    {
        DateTimeOffset? at = question.Sticky?.WorkedAt;
        bool applies = _rules.WorkedFor > TimeSpan.Zero && at is { } worked && question.Now - worked <= _rules.WorkedFor;
        RouteDecision? decision = To(
            ConflictCheck.Worked, applies, "worked by somebody", RouteReasons.Worked,
            string.Create(CultureInfo.InvariantCulture, $"{question.Sticky?.Owner} got in touch with the person on {at?.UtcDateTime:yyyy-MM-dd}."), question.Sticky?.Owner);
        if (decision is RouteDecision.Assigned { Owner: var owner } && owner == question.Sticky?.Owner)
            Knows = "works with the person";
        return decision;
    }

    private RouteDecision? OpenOpportunity() => To(
        ConflictCheck.OpenOpportunity, _rules.OpenOpportunityToItsOwner && _account is { HasOpenOpportunity: true }, "open opportunity", RouteReasons.OpenOpportunity,
        "The account has an open opportunity.", _account?.OpportunityOwnerId ?? _account?.OwnerId, question.Sticky?.Owner);

    private RouteDecision? ActiveSequence()
    {
        string? rep = Custom(_rules.SequenceOwnerField);
        DateTimeOffset? until = Custom(_rules.SequenceUntilField) is { } text
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out DateTimeOffset end) ? end : null;
        bool applies = rep is not null && IdText.IsValid(rep) && (until is null || question.Now < until);
        return To(
            ConflictCheck.ActiveSequence, applies, "active sequence", RouteReasons.ActiveSequence, $"A sequence of {rep} is running.", applies ? RepId.Parse(rep!) : null);
    }

    private RouteDecision? Customer()
    {
        string? manager = _account is null || _rules.CustomerOwnerField is null ? null : Find(_account.Custom, _rules.CustomerOwnerField);
        RepId? owner = manager is not null && IdText.IsValid(manager) && question.Reps.ContainsKey(RepId.Parse(manager)) ? RepId.Parse(manager) : _account?.OwnerId;
        return To(
            ConflictCheck.Customer, _rules.CustomersToOwner && _account?.Status == AccountStatus.Customer, "customer", RouteReasons.Customer, "The account is a customer.", owner);
    }

    private RouteDecision? OpenCase() => To(
        ConflictCheck.OpenCase, _account is not null && _rules.OpenCaseField is { } field && IsTrue(Find(_account.Custom, field)), "open case", RouteReasons.OpenCase,
        "The account has an open support case.", _account?.OwnerId);

    /// <summary>A play of higher priority than the one that would be started takes the lead in.</summary>
    private RouteDecision? JoinPlay()
    {
        const string Rule = "open play";
        int? own = question.Config.Plays.FirstOrDefault(p => p is { On: PlayTrigger.RouteAssigned, IsOn: true } && PredicateEvaluator.Evaluate(p.When, question.Facts).IsTrue)?.Priority;
        int? open = question.OpenPlay is { } playing ? question.Config.Plays.FirstOrDefault(p => p.Name == playing.Play)?.Priority : null;
        bool applies = _rules.JoinOpenPlays && open is not null && (own is null || open > own);
        return To(
            ConflictCheck.OpenPlay, applies, Rule, RouteReasons.OpenPlay, $"Play {question.OpenPlay?.Play} of the account is open and of higher priority: the lead joins it.", question.OpenPlay?.Owner) switch
        {
            RouteDecision.Assigned joined => joined with { JoinsPlay = question.OpenPlay!.PlayId },
            var other => other,
        };
    }

    private RouteOutcome? Partner()
    {
        if (_rules.PartnerPool is not { } pool || _account?.Status != AccountStatus.Partner)
        {
            reasons.Add(Clear("partner"));
            return null;
        }

        reasons.Add(Applies("partner", RouteReasons.Partner, "The account is a partner."));
        return toPool(pool, "check: partner");
    }

    private RouteDecision? OneToOne() => To(
        null, _rules.OneToOneToOwner && _account?.Tier == AccountTier.OneToOne, "1:1 account", RouteReasons.OneToOne,
        "The account is 1:1: its named owner gets it, without exception.", _account?.OwnerId);

    /// <summary>The former rep of the person or the account, when recent and able to take it, and the account is nobody else's; otherwise the rules decide.</summary>
    private RouteDecision.Assigned? Sticky(string rule, string what, StickyOwner? sticky)
    {
        if (sticky is null || _rules.StickyFor <= TimeSpan.Zero || question.Now - sticky.LastAt > _rules.StickyFor)
        {
            reasons.Add(Clear(rule));
            return null;
        }

        if (_account?.OwnerId is { } owner && owner != sticky.Owner)
        {
            reasons.Add(new Reason(RouteReasons.CheckClear, $"{sticky.Owner} had {what} before, but the account is {owner}'s by now."));
            return null;
        }

        Rep? rep = question.Reps.GetValueOrDefault(sticky.Owner);
        if (OwnerRouting.WhyOut(rep, question) is { } why)
        {
            reasons.Add(new Reason(RouteReasons.OwnerOut, $"{sticky.Owner} had {what} before, but cannot take it: {why}."));
            return null;
        }

        reasons.Add(Applies(rule, RouteReasons.Sticky, $"{sticky.Owner} had {what} before and gets it again."));
        Knows = $"had {what} before";
        return new RouteDecision.Assigned(sticky.Owner, null, [], $"check: {rule}", reasons);
    }

    private RouteDecision.Suppressed? Suppress(bool applies, string rule, string code, string says)
    {
        if (!applies)
        {
            reasons.Add(Clear(rule));
            return null;
        }

        reasons.Add(Applies(rule, code, says));
        return new RouteDecision.Suppressed($"check: {rule}", reasons);
    }

    /// <param name="check">Null: it neither only tells nor blocks, whatever is configured.</param>
    private RouteDecision? To(ConflictCheck? check, bool applies, string rule, string code, string says, RepId? owner, RepId? alsoTold = null)
    {
        if (!applies)
        {
            reasons.Add(Clear(rule));
            return null;
        }

        if (check is { } blocks && _rules.Block.Contains(blocks))
            return Suppress(applies, rule, code, says);
        bool isException = IsOneToOne && check is ConflictCheck.Worked or ConflictCheck.ActiveSequence or ConflictCheck.OpenPlay && owner != _account!.OwnerId;
        if ((check is { } tells && _rules.NotifyOnly.Contains(tells)) || isException)
        {
            string whom = owner is null ? "nobody is known to be told" : $"{owner} is told";
            reasons.Add(new Reason(RouteReasons.CheckTells, $"{says} {(isException ? "The account is 1:1 and stays with its owner" : "That only tells")}: {whom}.") { Rule = new RuleTrial(RuleKinds.Conflicts, rule, true) });
            if (owner is not null)
                _told.Add(owner);
            return null;
        }

        reasons.Add(Applies(rule, code, says));
        if (owner is null || (check == ConflictCheck.ActiveSequence && !question.Reps.ContainsKey(owner)))
        {
            reasons.Add(new Reason(RouteReasons.CheckWithoutOwner, "But it has no owner: the rules decide."));
            return null;
        }

        RepId[] notify = [.. new[] { question.Account?.OwnerId, alsoTold }.OfType<RepId>().Where(r => r != owner).Distinct()];
        return OwnerRouting.To(owner, $"check: {rule}", reasons, notify, question);
    }

    /// <summary>Of the lead, or else of the account.</summary>
    private string? Custom(string? field) => field is null ? null : Find(question.Lead.Submitted.Custom, field) ?? (_account is null ? null : Find(_account.Custom, field));

    private static string? Find(IReadOnlyDictionary<string, string> values, string name) =>
        values.Where(v => string.Equals(v.Key, name, StringComparison.OrdinalIgnoreCase) && !string.IsNullOrWhiteSpace(v.Value)).OrderBy(v => v.Key, StringComparer.Ordinal).Select(v => v.Value.Trim()).FirstOrDefault();

    private static bool IsTrue(string? value) => value is not null && (value.Equals("true", StringComparison.OrdinalIgnoreCase) || value is "1" || value.Equals("yes", StringComparison.OrdinalIgnoreCase));

    private static Reason Clear(string rule) => new(RouteReasons.CheckClear, $"Checked: {rule}; it does not apply.") { Rule = new RuleTrial(RuleKinds.Conflicts, rule, false) };

    private static Reason Applies(string rule, string code, string says) => new(code, says) { Rule = new RuleTrial(RuleKinds.Conflicts, rule, true) };
}
