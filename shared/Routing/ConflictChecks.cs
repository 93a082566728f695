using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Matching;
using Abm.People;

namespace Abm.Routing;

/// <summary>What comes before every routing rule: whom not to contact, and who has the relationship already. Each check leaves a reason, even when it did nothing.</summary>
internal static class ConflictChecks
{
    /// <summary>The decision of the first check that applies, or null when the rules decide.</summary>
    public static RouteDecision? Decide(RouteQuestion question, List<Reason> reasons)
    {
        ConflictRules rules = question.Config.Conflicts;
        Account? account = question.Account;
        return DoNotContact(question, rules, reasons)
            ?? Suppress(question.Match is MatchDecision.Unmatched { Why: UnmatchedReason.AutomatedSender }, "automated sender", RouteReasons.AutomatedSender, "The sender is a machine.", reasons)
            ?? Suppress(rules.SuppressCompetitors && account?.Status == AccountStatus.Competitor, "competitor", RouteReasons.Competitor, "The account is a competitor.", reasons)
            ?? ToOwner(
                rules.OpenOpportunityToItsOwner && account is { HasOpenOpportunity: true }, "open opportunity", RouteReasons.OpenOpportunity,
                "The account has an open opportunity.", account?.OpportunityOwnerId ?? account?.OwnerId, question, reasons)
            ?? ToOwner(
                rules.CustomersToOwner && account?.Status == AccountStatus.Customer, "customer", RouteReasons.Customer,
                "The account is a customer.", account?.OwnerId, question, reasons)
            ?? ToOwner(
                rules.OneToOneToOwner && account?.Tier == AccountTier.OneToOne, "1:1 account", RouteReasons.OneToOne,
                "The account is 1:1: its named owner gets it, without exception.", account?.OwnerId, question, reasons)
            ?? Sticky(question, rules, reasons);
    }

    private static RouteDecision.Suppressed? DoNotContact(RouteQuestion question, ConflictRules rules, List<Reason> reasons)
    {
        string? entry = question.Lead.Submitted.Consent
            .Where(c => (c.Value ? rules.DoNotContactWhenTrue : rules.DoNotContactWhenFalse).Contains(c.Key, StringComparer.OrdinalIgnoreCase))
            .Select(c => c.Key)
            .Order(StringComparer.Ordinal)
            .FirstOrDefault();
        return Suppress(entry is not null, "do not contact", RouteReasons.DoNotContact, $"The person does not want to be contacted (consent '{entry}').", reasons);
    }

    private static RouteDecision.Suppressed? Suppress(bool applies, string rule, string code, string says, List<Reason> reasons)
    {
        if (!applies)
        {
            reasons.Add(Clear(rule));
            return null;
        }

        reasons.Add(Applies(rule, code, says));
        return new RouteDecision.Suppressed($"check: {rule}", reasons);
    }

    private static RouteDecision? ToOwner(bool applies, string rule, string code, string says, RepId? owner, RouteQuestion question, List<Reason> reasons)
    {
        if (!applies)
        {
            reasons.Add(Clear(rule));
            return null;
        }

        reasons.Add(Applies(rule, code, says));
        if (owner is null)
        {
            reasons.Add(new Reason(RouteReasons.CheckWithoutOwner, "But it has no owner: the rules decide."));
            return null;
        }

        RepId[] notify = question.Account?.OwnerId is { } accountOwner && accountOwner != owner ? [accountOwner] : [];
        return OwnerRouting.To(owner, $"check: {rule}", reasons, notify, question);
    }

    /// <summary>The same person's former rep, when recent and able to take it; otherwise the rules decide.</summary>
    private static RouteDecision.Assigned? Sticky(RouteQuestion question, ConflictRules rules, List<Reason> reasons)
    {
        if (question.Sticky is not { } sticky || rules.StickyFor <= TimeSpan.Zero || question.Now - sticky.LastAt > rules.StickyFor)
        {
            reasons.Add(Clear("same rep as before"));
            return null;
        }

        Rep? rep = question.Reps.GetValueOrDefault(sticky.Owner);
        if (OwnerRouting.WhyOut(rep, question) is { } why)
        {
            reasons.Add(new Reason(RouteReasons.OwnerOut, $"{sticky.Owner} had the same person before, but cannot take it: {why}."));
            return null;
        }

        reasons.Add(Applies("same rep as before", RouteReasons.Sticky, $"{sticky.Owner} had the same person before and gets it again."));
        return new RouteDecision.Assigned(sticky.Owner, null, [], "check: same rep as before", reasons);
    }

    private static Reason Clear(string rule) => new(RouteReasons.CheckClear, $"Checked: {rule}; it does not apply.") { Rule = new RuleTrial(RuleKinds.Conflicts, rule, false) };

    private static Reason Applies(string rule, string code, string says) => new(code, says) { Rule = new RuleTrial(RuleKinds.Conflicts, rule, true) };
}
