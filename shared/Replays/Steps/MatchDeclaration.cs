using System.Diagnostics;
using System.Text.Json;
using Abm.Accounts;
using Abm.Decisions;
using Abm.Journeys;
using Abm.Matching;

namespace Abm.Replays.Steps;

/// <summary>The step that finds the account.</summary>
internal static class MatchDeclaration
{
    public static JourneyStep Step { get; } = new("match", d => [d.Match])
    {
        Reasons = d => d.Match.Reasons,
        Rules = config => config.MatchingExceptions.Select(r => new RuleName(RuleKinds.MatchingExceptions, r.Name)),
        Facets =
        [
            new("outcome", l => l.Decision.Outcome),
            new("account", l => (l.Decision.Match as MatchDecision.Matched)?.Account.Value),
            new("tier", l => l.Account is { } account ? JsonNamingPolicy.CamelCase.ConvertName(account.Tier.ToString()) : null),
        ],
        WhyNot = [new("account", WhyNotAccount)],
    };

    private static WhyNotFinding WhyNotAccount(WhyNotQuestion question)
    {
        MatchModel model = question.Config.Matching;
        bool isSo = question.Decision.Match is MatchDecision.Matched matched && matched.Account.Value == question.Target;
        if (!IdText.IsValid(question.Target) || CandidateExamination.Of(question.Decision.Lead, question.Accounts, question.Config, question.Inputs.DecidedAt, AccountId.Parse(question.Target)) is not { } found)
            return new(isSo, [new("whyNot.account.known", $"There is no account {question.Target}.", false)]);

        string name = found.Asked.Name;
        List<WhyNotCondition> conditions = [new("whyNot.account.known", $"{name} is a known account.", true)];
        if (!question.Config.Features.Matching)
            conditions.Add(new("whyNot.account.switch", "Matching is switched off: no lead gets an account by it.", isSo));
        if (Chosen(question, isSo) is { } chosen)
            conditions.Add(chosen);
        conditions.AddRange(Exceptions(found, name, question.Target));
        conditions.Add(new(
            "whyNot.account.candidate",
            found.IsCandidate ? $"{name} was found by what is known of the lead." : $"Nothing that is known of the lead (domain, name, telephone, address, contact) led to {name}, so it was not compared.",
            found.IsCandidate,
            found.Asked.Evidence));
        conditions.Add(Bar("whyNot.account.review", found, model.ReviewFrom, "a review takes"));
        conditions.Add(Bar("whyNot.account.automatic", found, model.AutomaticFrom, "an automatic match takes"));
        conditions.Add(Best(found, model));
        conditions.Add(new(
            "whyNot.account.clear",
            found.IsBusinessTie || model.NearTie == NearTiePolicy.Route ? "Nothing else is too close to call." : "Only counts, age or ids part it from others with equally good evidence, so a person picks.",
            found.IsBusinessTie || model.NearTie == NearTiePolicy.Route,
            found.Tie));
        conditions.Add(new(
            "whyNot.account.evidence",
            found.IsDomainOnly ? $"Only the domain speaks for {name}." : $"More than the domain speaks for {name}.",
            !found.IsDomainOnly || model.DomainOnly == DomainOnlyPolicy.Always || (model.DomainOnly == DomainOnlyPolicy.Fallback && !(found.BestOther?.Points > found.Asked.Points))));
        return new(isSo, conditions);
    }

    /// <summary>Somebody's word that came before any comparison; null when nobody said anything.</summary>
    private static WhyNotCondition? Chosen(WhyNotQuestion question, bool isSo)
    {
        Reason? said = question.Decision.Match.Reasons.FirstOrDefault(r => r.Code is JourneyReasons.Pinned or MatchReasons.Claimed);
        return said is null ? null : new WhyNotCondition("whyNot.account.chosen", isSo ? "It was chosen before anything was compared." : "Another account was chosen before anything was compared.", isSo, [said]);
    }

    /// <summary>What exceptions say about it; nothing when none was written.</summary>
    private static IEnumerable<WhyNotCondition> Exceptions(CandidateExamination found, string name, string target)
    {
        if (found.ByRule is { } decided)
        {
            bool isHere = decided is MatchDecision.Matched pinned && pinned.Account.Value == target;
            yield return new("whyNot.account.ruled", isHere ? "An exception places the lead here." : "An exception decided before anything was compared.", isHere, decided.Reasons);
        }

        if (found.Exceptions.Count > 0)
        {
            yield return new(
                "whyNot.account.exception",
                found.IsForbidden ? $"An exception forbids {name} for this lead." : found.NeedsReview ? $"An exception wants a person to look before the lead is placed at {name}." : $"An exception keeps the domain from being compared with {name}'s.",
                !found.IsForbidden && !found.NeedsReview,
                found.Exceptions);
        }
    }

    private static WhyNotCondition Bar(string code, CandidateExamination found, double bar, string what) => new(
        code,
        $"{found.Asked.Name} has {MatchReasons.Points(found.Asked.Points)} points; {what} {MatchReasons.Points(bar)}.",
        found.Asked.Points >= bar,
        found.Asked.Evidence);

    private static WhyNotCondition Best(CandidateExamination found, MatchModel model)
    {
        if (found.BestOther is not { } other)
            return new("whyNot.account.best", "No other account was compared.", true);
        string points = $"{found.Asked.Name} has {MatchReasons.Points(found.Asked.Points)} points, {other.Name} {MatchReasons.Points(other.Points)}";
        return found switch
        {
            { IsNearTie: true } => new(
                "whyNot.account.tie", $"{points}, a near tie (within {MatchReasons.Points(model.Margin)}); {(found.WinsTie ? found.Asked.Name : other.Name)} is the first by the order that decides ties.", found.WinsTie, [.. found.Tie, .. other.Evidence]),
            { WinsTie: true } => new("whyNot.account.best", $"{points}.", true, other.Evidence),
            { WinsTie: false } => new("whyNot.account.best", $"{points}.", false, other.Evidence),
            _ => throw new UnreachableException(),
        };
    }
}
