using System.Diagnostics;
using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Leads;
using Abm.Matching;
using Abm.People;
using Abm.Scoring;

namespace Abm.Routing;

/// <summary>Who takes it? Conflict checks first, then the decision list; its last rule always decides.</summary>
public static class LeadRouter
{
    /// <summary>Where leads wait that no rule could place.</summary>
    public const string UnassignedQueue = "unassigned";

    /// <summary>Decides who takes a lead. A repeat of a decision that was assigned before returns that assignment and charges nobody.</summary>
    public static RouteOutcome Route(RouteQuestion question)
    {
        Assignment? prior = question.Prior.FirstOrDefault(a => string.Equals(a.Id, question.AssignmentId, StringComparison.Ordinal));
        if (prior is null && !question.Config.Features.Routing)
            return new RouteOutcome(new RouteDecision.Queued(UnassignedQueue, "routing is switched off", [new Reason(RouteReasons.SwitchedOff, "Routing is switched off; the lead waits for a person.")]), null, null);
        if (prior is null && question.Match is MatchDecision.Unmatched { Why: UnmatchedReason.Ignored })
            return new RouteOutcome(new RouteDecision.Suppressed("matching exception", [new Reason(RouteReasons.Ignored, "An exception says that the lead is nobody's; nobody gets it.")]), null, null);
        List<Reason> reasons = [];
        RouteOutcome outcome = ConflictChecks.Decide(question, reasons) is { } decided
            ? new RouteOutcome(decided, null, null)
            : ByRules(question, prior, reasons);
        return prior is null ? outcome : Standing(prior, outcome.Decision);
    }

    /// <summary>The next in turn of a pool for a lead that its owner did not touch in time.</summary>
    /// <param name="assignmentId">Derived from the play and the hop (<see cref="Plays.PlayDecider.AssignmentId"/>); when <paramref name="prior"/> has it, that assignment is returned and nobody is charged.</param>
    /// <param name="formerOwners">Everyone who had the lead; never chosen. They keep their charge: ignoring a lead is not rewarded.</param>
    /// <param name="prior">Assignments of this lead that are stored already.</param>
    public static RouteOutcome Reassign(
        string pool,
        string assignmentId,
        IReadOnlyList<RepId> formerOwners,
        IReadOnlyList<Assignment> prior,
        AbmConfig config,
        IReadOnlyDictionary<RepId, Rep> reps,
        IReadOnlyDictionary<string, PoolState> pools,
        DateTimeOffset now)
    {
        const string Rule = "reassigned after a breach";
        return prior.FirstOrDefault(a => string.Equals(a.Id, assignmentId, StringComparison.Ordinal)) is { } standing
            ? new RouteOutcome(new RouteDecision.Assigned(standing.Owner, standing.Pool, [], Rule, [AlreadyAssigned(standing)]), null, null)
            : ByPool(pool, Rule, isTest: false, formerOwners, config, reps, pools, now, []);
    }

    private static RouteOutcome ByRules(RouteQuestion question, Assignment? prior, List<Reason> reasons)
    {
        Facts facts = new(question.Lead, question.Match, question.Account, question.Score);
        foreach (RoutingRule rule in question.Config.Routing)
        {
            PredicateVerdict verdict = PredicateEvaluator.Evaluate(rule.When, facts);
            if (!verdict.IsTrue)
            {
                string code = verdict.Result == PredicateResult.Missing ? RouteReasons.RuleMissing : RouteReasons.RuleFalse;
                reasons.Add(new Reason(code, $"{rule.Name}: {verdict.Because}.") { Rule = new RuleTrial(RuleKinds.Routing, rule.Name, verdict.Holds) });
                continue;
            }

            reasons.Add(new Reason(RouteReasons.RuleTrue, verdict.Because.Length == 0 ? $"{rule.Name}: it takes everything." : $"{rule.Name}: {verdict.Because}.")
            {
                Rule = new RuleTrial(RuleKinds.Routing, rule.Name, true),
            });
            if (Follow(rule, question, prior, reasons) is { } outcome)
                return outcome;
            reasons.Add(new Reason(RouteReasons.RuleWithoutOwner, $"{rule.Name}: the account has no such owner, the next rule is tried."));
        }

        reasons.Add(new Reason(RouteReasons.NoRule, "No rule decided."));
        return new RouteOutcome(new RouteDecision.Queued(UnassignedQueue, "none", reasons), null, null);
    }

    /// <summary>Null when the rule sends the lead to an owner whom the account does not have.</summary>
    private static RouteOutcome? Follow(RoutingRule rule, RouteQuestion question, Assignment? prior, List<Reason> reasons)
    {
        switch (rule.To)
        {
            case RouteTarget.AccountOwner:
                return question.Account?.OwnerId is { } owner ? new RouteOutcome(OwnerRouting.To(owner, rule.Name, reasons, [], question), null, null) : null;
            case RouteTarget.OpportunityOwner:
                RepId? worker = question.Account?.OpportunityOwnerId ?? question.Account?.OwnerId;
                RepId[] told = question.Account?.OwnerId is { } other ? [other] : [];
                return worker is null ? null : new RouteOutcome(OwnerRouting.To(worker, rule.Name, reasons, told, question), null, null);
            case RouteTarget.NamedRep named:
                return new RouteOutcome(OwnerRouting.To(named.Rep, rule.Name, reasons, [], question), null, null);
            case RouteTarget.Pool when prior is not null:
                // The turn was charged by the first try: the pool is not asked again.
                return new RouteOutcome(new RouteDecision.Assigned(prior.Owner, prior.Pool, [], rule.Name, reasons), null, null);
            case RouteTarget.Pool pool:
                return ByPool(pool.Name, rule.Name, question.Lead.Submitted.IsTest, question.FormerOwners, question.Config, question.Reps, question.Pools, question.Now, reasons);
            case RouteTarget.Queue queue:
                reasons.Add(new Reason(RouteReasons.Queue, $"It waits in queue {queue.Name}."));
                return new RouteOutcome(new RouteDecision.Queued(queue.Name, rule.Name, reasons), null, null);
            case RouteTarget.Suppress:
                reasons.Add(new Reason(RouteReasons.Suppressed, "Nobody gets it, on purpose."));
                return new RouteOutcome(new RouteDecision.Suppressed(rule.Name, reasons), null, null);
            default:
                throw new UnreachableException();
        }
    }

    private static RouteOutcome ByPool(
        string name,
        string rule,
        bool isTest,
        IReadOnlyCollection<RepId> excluded,
        AbmConfig config,
        IReadOnlyDictionary<RepId, Rep> reps,
        IReadOnlyDictionary<string, PoolState> pools,
        DateTimeOffset now,
        List<Reason> reasons)
    {
        if (!config.Pools.TryGetValue(name, out PoolRules? pool))
        {
            reasons.Add(new Reason(RouteReasons.PoolUnknown, $"Pool {name} is not configured."));
            return new RouteOutcome(new RouteDecision.Queued(UnassignedQueue, rule, reasons), null, null);
        }

        PoolTurn turn = PoolTurn.Take(pool, pools.GetValueOrDefault(name), config, reps, excluded, now);
        reasons.AddRange(turn.Reasons);
        if (turn.Member is null)
            return new RouteOutcome(new RouteDecision.Queued(pool.WaitingQueue ?? $"pool-{name}", rule, reasons), turn.Before, null);
        if (isTest)
            reasons.Add(new Reason(RouteReasons.TestNotCharged, "A test lead takes no turn."));
        return new RouteOutcome(new RouteDecision.Assigned(turn.Member, name, [], rule, reasons), turn.Before, isTest ? null : turn.After);
    }

    /// <summary>The earlier assignment stands, whatever has changed since; the reasons say how it would be reached today.</summary>
    private static RouteOutcome Standing(Assignment prior, RouteDecision today) => new(
        new RouteDecision.Assigned(prior.Owner, prior.Pool, today is RouteDecision.Assigned a && a.Owner == prior.Owner ? a.Notify : [], prior.Rule, [.. today.Reasons, AlreadyAssigned(prior)]),
        null,
        null);

    private static Reason AlreadyAssigned(Assignment prior) =>
        new(RouteReasons.Prior, $"{prior.Owner} got it at the first try of this decision, and keeps it; nobody is charged again.");
}

/// <summary>Everything that routing looks at.</summary>
/// <param name="AssignmentId">Id of the assignment to make: the decision's id. When <see cref="Prior"/> has it, that assignment stands.</param>
public sealed record RouteQuestion(
    string AssignmentId,
    Lead Lead,
    MatchDecision Match,
    Account? Account,
    ScoreDecision Score,
    AbmConfig Config,
    IReadOnlyDictionary<RepId, Rep> Reps,
    IReadOnlyDictionary<string, PoolState> Pools,
    DateTimeOffset Now)
{
    /// <summary>Assignments of this lead that are stored already.</summary>
    public IReadOnlyList<Assignment> Prior { get; init; } = [];

    /// <summary>Nobody of these may get it.</summary>
    public IReadOnlyList<RepId> FormerOwners { get; init; } = [];

    /// <summary>Who had the same person before, and when last; null when unknown.</summary>
    public StickyOwner? Sticky { get; init; }
}

/// <summary>The decision and what it did to the pool.</summary>
/// <param name="PoolBefore">State read; null when no pool was asked.</param>
/// <param name="PoolAfter">State to save under the ETag of the one read; null when no pool was asked or nothing changed (a repeat, a test lead).</param>
public sealed record RouteOutcome(RouteDecision Decision, PoolState? PoolBefore, PoolState? PoolAfter);

/// <summary>A stored assignment: the mark that a turn was charged. Kept under its id before or together with the pool's state.</summary>
/// <param name="Id">The decision's id, or one derived from play and hop.</param>
public sealed record Assignment(string Id, LeadId Lead, RepId Owner, string? Pool, string Rule, DateTimeOffset At);

/// <summary>Who had the same person before.</summary>
public sealed record StickyOwner(RepId Owner, DateTimeOffset LastAt);
