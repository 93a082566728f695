using System.Diagnostics;
using System.Globalization;
using Abm.Configuration;
using Abm.Decisions;
using Abm.People;
using Abm.Routing;

namespace Abm.Replays.Steps;

/// <summary>The step that says who takes it.</summary>
internal static class RouteDeclaration
{
    public static JourneyStep Step { get; } = new("route", d => [d.Route, d.PoolBefore, d.PoolAfter])
    {
        Reasons = d => d.Route.Reasons,
        Facets = [new("owner", Owner) { IsMinor = IsTurnOnly, Meets = Meets }],
        Rules = config => config.Routing.Select(r => new RuleName(RuleKinds.Routing, r.Name))
            .Concat(config.Territories.Keys.Select(t => new RuleName(RuleKinds.Territories, t)))
            .Concat(config.Pods.Select(p => new RuleName(RuleKinds.Pods, p.Name))),
        WhyNot = [new("rep", WhyNotRep)],
    };

    /// <summary>Only the turn went to another member of the same pool: who is next depends on every lead before.</summary>
    public static bool IsTurnOnly(DecidedLead before, DecidedLead after) =>
        before.Decision.Route is RouteDecision.Assigned { Pool: { } one } && after.Decision.Route is RouteDecision.Assigned { Pool: { } other } && one == other;

    private static string? Owner(DecidedLead lead) => lead.Decision.Route switch
    {
        RouteDecision.Assigned assigned => assigned.Owner.Value,
        RouteDecision.Queued queued => $"queue:{queued.Queue}",
        RouteDecision.Suppressed => "nobody",
        _ => throw new UnreachableException(),
    };

    /// <summary>A lead that goes to a pool meets what a person said when that rep takes turns in it: whose turn it is, is not the rules' doing.</summary>
    private static bool Meets(DecidedLead lead, string expected) =>
        Owner(lead) == expected
        || (lead.Decision.Route is RouteDecision.Assigned { Pool: { } pool }
            && IdText.IsValid(expected) && lead.Reps.TryGetValue(RepId.Parse(expected), out Rep? rep) && rep.IsActive && rep.Pools.Contains(pool, StringComparer.Ordinal));

    private static WhyNotFinding WhyNotRep(WhyNotQuestion question)
    {
        RouteDecision route = question.Decision.Route;
        bool isSo = route is RouteDecision.Assigned assigned && assigned.Owner.Value == question.Target;
        if (!IdText.IsValid(question.Target) || !question.Reps.TryGetValue(RepId.Parse(question.Target), out Rep? rep))
            return new(isSo, [new("whyNot.rep.known", $"Nobody of the id {question.Target} could own leads.", false)]);

        List<WhyNotCondition> conditions = [new("whyNot.rep.known", $"{rep.Id} could own leads.", true)];
        if (!question.Config.Features.Routing)
            conditions.Add(new("whyNot.rep.switch", "Routing is switched off: nobody gets anything.", isSo));
        if (route.Reasons.FirstOrDefault(r => r.Code == RouteReasons.Prior) is { } prior)
            conditions.Add(new("whyNot.rep.prior", "It was assigned at the first try of this decision.", isSo, [prior]));

        // A check that applied decided before any rule was tried.
        if (route.Reasons.FirstOrDefault(r => r.Rule is { Kind: RuleKinds.Conflicts, Holds: true }) is { } check && route.Rule == $"check: {check.Rule!.Name}")
        {
            conditions.Add(new("whyNot.rep.check", $"The check '{check.Rule.Name}' decided before any rule: {check.Says}", isSo, route.Reasons));
            return new(isSo, conditions);
        }

        conditions.Add(new("whyNot.rep.check", "No check before the rules decided.", true));
        RoutingRule? decided = question.Config.Routing.FirstOrDefault(r => r.Name == route.Rule);
        foreach (RoutingRule rule in question.Config.Routing.TakeWhile(r => r != decided).Where(r => Reaches(r.To, rep, question)))
        {
            Reason? tried = route.Reasons.FirstOrDefault(r => r.Rule is { Kind: RuleKinds.Routing } trial && trial.Name == rule.Name);
            conditions.Add(new(
                "whyNot.rep.rule", $"Rule '{rule.Name}' would send it to {Target(rule.To)}, but did not hold.", tried?.Rule?.Holds, tried is null ? [] : [tried]));
        }

        if (decided is null)
            conditions.Add(new("whyNot.rep.target", "No rule decided.", false, route.Reasons));
        else
            AddTarget(conditions, decided, rep, isSo, question);
        return new(isSo, conditions);
    }

    private static void AddTarget(List<WhyNotCondition> conditions, RoutingRule rule, Rep rep, bool isSo, WhyNotQuestion question)
    {
        bool reaches = Reaches(rule.To, rep, question);
        Reason[] about = [.. question.Decision.Route.Reasons.Where(r => r.Rule?.Name == rule.Name)];
        conditions.Add(new(
            "whyNot.rep.target", $"Rule '{rule.Name}' sends it to {Target(rule.To)}{(reaches ? "" : $", and {rep.Id} is not {(Resolved(rule.To, question) is RouteTarget.Pool ? "in it" : "that")}")}.", reaches || isSo, about));
        if (!reaches)
            return;
        if (Resolved(rule.To, question) is RouteTarget.Pool { Name: { } name } && question.Config.Pools.TryGetValue(name, out PoolRules? pool))
            AddTurn(conditions, pool, rep, question);
        else
            conditions.Add(new("whyNot.rep.available", isSo ? $"{rep.Id} can take it." : $"{rep.Id} could not take it, or somebody before could.", isSo, question.Decision.Route.Reasons));
    }

    private static void AddTurn(List<WhyNotCondition> conditions, PoolRules pool, Rep rep, WhyNotQuestion question)
    {
        PoolTurn turn = PoolTurn.Take(pool, question.Inputs.Pools.GetValueOrDefault(pool.Name), question.Config, question.Reps, question.Inputs.FormerOwners, question.Decision.DecidedAt,
            new PoolAsk
            {
                Lead = question.Decision.Lead.Id, Facts = question.Facts, IsDrain = question.Inputs.IsDrain, Others = question.Inputs.Pools,
                Tag = question.Config.Routing.FirstOrDefault(r => r.Name == question.Decision.Route.Rule)?.Tag,
            });
        PoolStanding own = turn.Standings.First(s => s.Rep == rep.Id);
        string? why = own.Absent ?? own.Unavailable;
        conditions.Add(new("whyNot.rep.eligible", why is null ? $"{rep.Id} could take it." : $"{rep.Id} could not take it: {why}.", why is null));
        Reason[] order =
        [
            .. turn.Standings.Select(s => new Reason(
                "whyNot.rep.standing",
                string.Create(CultureInfo.InvariantCulture, $"{s.Rep}: {s.State.Assigned} leads, adjusted by {s.State.Adjustment:0.##}, weight {s.State.Weight:0.##}, level {s.Level:0.##}{(s.IsEligible ? "" : $", {s.Absent ?? s.Unavailable}")}."))),
        ];
        bool isNext = turn.Member == rep.Id;
        conditions.Add(new(
            "whyNot.rep.turn",
            isNext ? $"It was {rep.Id}'s turn." : turn.Member is null ? $"Nobody in pool {pool.Name} could take it." : $"It was {turn.Member}'s turn: whoever is due first for the weight, then the longest wait, is next.",
            isNext,
            order));
    }

    /// <summary>Whether the target can be this rep, were everybody there.</summary>
    private static bool Reaches(RouteTarget target, Rep rep, WhyNotQuestion question) => Resolved(target, question) switch
    {
        RouteTarget.AccountOwner => IsOrStandsInFor(rep, question.Account?.OwnerId, question),
        RouteTarget.OpportunityOwner => IsOrStandsInFor(rep, question.Account?.OpportunityOwnerId ?? question.Account?.OwnerId, question),
        RouteTarget.NamedRep named => IsOrStandsInFor(rep, named.Rep, question),
        RouteTarget.Pool pool => rep.Pools.Contains(pool.Name, StringComparer.Ordinal),
        _ => false,
    };

    /// <summary>A territory or pod as what it sends to; itself when none takes the lead.</summary>
    private static RouteTarget Resolved(RouteTarget target, WhyNotQuestion question) => target switch
    {
        RouteTarget.Territory => Territories.Find(question.Config, question.Facts, []) is { } territory ? Resolved(territory.To, question) : target,
        RouteTarget.Pod => question.Config.Pods.FirstOrDefault(p => PredicateEvaluator.Evaluate(p.When, question.Facts).IsTrue) is { } pod ? new RouteTarget.Pool(pod.Pool) : target,
        _ => target,
    };

    private static bool IsOrStandsInFor(Rep rep, RepId? owner, WhyNotQuestion question) =>
        owner is not null && (owner == rep.Id || (question.Reps.TryGetValue(owner, out Rep? other) && (other.DelegateId == rep.Id || other.ManagerId == rep.Id)));

    private static string Target(RouteTarget target) => target switch
    {
        RouteTarget.AccountOwner => "the account's owner",
        RouteTarget.OpportunityOwner => "the owner of the open opportunity",
        RouteTarget.NamedRep named => named.Rep.Value,
        RouteTarget.Pool pool => $"pool {pool.Name}",
        RouteTarget.Queue queue => $"queue {queue.Name}",
        RouteTarget.Territory => "whoever the territory says",
        RouteTarget.Pod => "the pod of the segment",
        RouteTarget.Suppress => "nobody",
        _ => throw new UnreachableException(),
    };
}
