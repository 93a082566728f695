using System.Diagnostics;
using System.Globalization;
using Abm.Accounts;
using Abm.Clocks;
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
        ConflictChecks checks = new(question, reasons, (pool, rule) => ToPool(pool, rule, null, question, prior, reasons));
        RouteOutcome? known = checks.Decide();
        if (prior is null && known is not null && checks.Knows is { } knows)
            known = Counting(known, knows, question, reasons);
        RouteOutcome outcome = Telling(known ?? ByRules(question, prior, reasons), checks.Told, question);
        return prior is null ? outcome : Standing(prior, outcome.Decision);
    }

    /// <summary>The next in turn of a pool for a lead that its owner did not touch in time.</summary>
    /// <param name="assignmentId">Derived from the play and the hop (<see cref="Plays.PlayDecider.AssignmentId"/>); when <paramref name="prior"/> has it, that assignment is returned and nobody is charged.</param>
    /// <param name="formerOwners">Everyone who had the lead; never chosen. They keep their charge: ignoring a lead is not rewarded.</param>
    /// <param name="prior">Assignments of this lead that are stored already.</param>
    /// <param name="pools">The states of all pools, or at least of this one.</param>
    /// <param name="lead">For the ledger, and for caps of open leads.</param>
    /// <param name="rule">Why it changes hands.</param>
    /// <param name="facts">What preferences and spared caps may ask about; null: they hold for no lead. See <see cref="LooksAtLead"/>.</param>
    /// <param name="tag">Of the rule that first sent the lead, for caps of such leads; null: none.</param>
    public static RouteOutcome Reassign(
        string pool,
        string assignmentId,
        IReadOnlyList<RepId> formerOwners,
        IReadOnlyList<Assignment> prior,
        AbmConfig config,
        IReadOnlyDictionary<RepId, Rep> reps,
        IReadOnlyDictionary<string, PoolState> pools,
        DateTimeOffset now,
        LeadId? lead = null,
        string rule = "reassigned after a breach",
        Facts? facts = null,
        string? tag = null)
    {
        return prior.FirstOrDefault(a => string.Equals(a.Id, assignmentId, StringComparison.Ordinal)) is { } standing
            ? new RouteOutcome(new RouteDecision.Assigned(standing.Owner, standing.Pool, [], rule, [AlreadyAssigned(standing)]), null, null)
            : ByPool(pool, rule, assignmentId, isTest: false, formerOwners, config, reps, pools, now, [], new PoolAsk { Others = pools, Lead = lead, Facts = facts, Tag = tag });
    }

    /// <summary>Whether anything but whose turn it is matters to the pool: preferences, caps that hot leads are spared, caps of tagged leads.</summary>
    public static bool LooksAtLead(PoolRules pool) => pool.Preferences.Count > 0 || pool.CapsSparedWhen is not null || pool.Caps.Any(c => c.Tag is not null);

    /// <summary>A rep got a lead because they know its person or account. Where they take turns in the pool that the rules would have asked, its ledger says so; and whether it counts as a turn is the pool's word.</summary>
    /// <param name="why">Why it is theirs.</param>
    private static RouteOutcome Counting(RouteOutcome known, string why, RouteQuestion question, List<Reason> reasons)
    {
        if (known.Decision is not RouteDecision.Assigned { Pool: null } assigned || question.Lead.Submitted.IsTest || !question.Reps.TryGetValue(assigned.Owner, out Rep? rep) || rep.Pools.Count == 0)
            return known;
        RouteOutcome byRules = ByRules(question, null, []);
        if (byRules.Ledger?.Pool is not { } name || !rep.Pools.Contains(name, StringComparer.Ordinal))
            return known;
        PoolRules pool = question.Config.Pools[name];
        string? tag = (byRules.Decision as RouteDecision.Assigned)?.Tag;
        PoolTurn turn = PoolTurn.OfKnown(
            pool, question.Pools.GetValueOrDefault(name), question.Config, question.Reps, assigned.Owner, why, question.Now,
            new PoolAsk { Lead = question.Lead.Id, Facts = question.Facts, Tag = tag, IsDrain = question.IsDrain, Others = question.Pools });
        reasons.AddRange(turn.Reasons);
        LedgerEntry ledger = new(question.AssignmentId, name, question.Lead.Id, question.Now, assigned.Rule, turn.Lines);
        return pool.ChargeKnown
            ? new RouteOutcome(assigned with { Pool = name, Tag = tag }, turn.Before, turn.After) { Ledger = ledger }
            : known with { Ledger = ledger };
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
            reasons.Add(new Reason(RouteReasons.RuleWithoutOwner, rule.To is RouteTarget.Territory or RouteTarget.Pod
                ? $"{rule.Name}: nobody is named for it, the next rule is tried."
                : $"{rule.Name}: the account has no such owner, the next rule is tried."));
        }

        reasons.Add(new Reason(RouteReasons.NoRule, "No rule decided."));
        return new RouteOutcome(new RouteDecision.Queued(UnassignedQueue, "none", reasons), null, null);
    }

    /// <summary>Null when the rule sends the lead to an owner whom the account does not have, or to a territory or pod that does not take it.</summary>
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
            case RouteTarget.Pool pool:
                return ToPool(pool.Name, rule.Name, rule.Tag, question, prior, reasons);
            case RouteTarget.Territory:
                return Territories.Find(question.Config, question.Facts, reasons) is { } territory
                    ? Follow(rule with { To = territory.To }, question, prior, reasons)
                    : null;
            case RouteTarget.Pod:
                return PodOf(question, reasons) is { } pod ? ToPool(pod.Pool, rule.Name, rule.Tag, question, prior, reasons) : null;
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

    /// <summary>The first pod whose segment holds.</summary>
    private static PodRule? PodOf(RouteQuestion question, List<Reason> reasons)
    {
        foreach (PodRule pod in question.Config.Pods)
        {
            PredicateVerdict verdict = PredicateEvaluator.Evaluate(pod.When, question.Facts);
            if (verdict.IsTrue)
            {
                reasons.Add(new Reason(RouteReasons.Pod, verdict.Because.Length == 0 ? $"Pod {pod.Name}: it takes every segment." : $"Pod {pod.Name}: {verdict.Because}.") { Rule = new RuleTrial(RuleKinds.Pods, pod.Name, true) });
                return pod;
            }

            reasons.Add(new Reason(RouteReasons.PodNone, $"Pod {pod.Name}: {verdict.Because}.") { Rule = new RuleTrial(RuleKinds.Pods, pod.Name, verdict.Holds) });
        }

        return null;
    }

    private static RouteOutcome ToPool(string pool, string rule, string? tag, RouteQuestion question, Assignment? prior, List<Reason> reasons) => prior is not null
        ? new RouteOutcome(new RouteDecision.Assigned(prior.Owner, prior.Pool, [], rule, reasons), null, null) // The turn was charged by the first try: the pool is not asked again.
        : ByPool(
            pool, rule, question.AssignmentId, question.Lead.Submitted.IsTest, question.FormerOwners, question.Config, question.Reps, question.Pools, question.Now, reasons,
            new PoolAsk { Lead = question.Lead.Id, Facts = question.Facts, Tag = tag, IsDrain = question.IsDrain, Others = question.Pools });

    private static RouteOutcome ByPool(
        string name,
        string rule,
        string assignmentId,
        bool isTest,
        IReadOnlyCollection<RepId> excluded,
        AbmConfig config,
        IReadOnlyDictionary<RepId, Rep> reps,
        IReadOnlyDictionary<string, PoolState> pools,
        DateTimeOffset now,
        List<Reason> reasons,
        PoolAsk asked)
    {
        if (!config.Pools.TryGetValue(name, out PoolRules? pool))
        {
            reasons.Add(new Reason(RouteReasons.PoolUnknown, $"Pool {name} is not configured."));
            return new RouteOutcome(new RouteDecision.Queued(UnassignedQueue, rule, reasons), null, null);
        }

        PoolTurn turn = PoolTurn.Take(pool, pools.GetValueOrDefault(name), config, reps, excluded, now, asked);
        reasons.AddRange(turn.Reasons);
        LedgerEntry ledger = new(assignmentId, name, asked.Lead, now, rule, turn.Lines);
        if (turn.Member is null)
            return new RouteOutcome(Waiting(pool, turn, rule, now, reasons), turn.Before, null) { Ledger = ledger };
        if (isTest)
            reasons.Add(new Reason(RouteReasons.TestNotCharged, "A test lead takes no turn."));
        RouteDecision.Assigned assigned = new(turn.Member, name, [], rule, reasons) { AcceptBy = AcceptBy(pool, reps[turn.Member], config, now, reasons), Tag = asked.Tag };
        return new RouteOutcome(assigned, turn.Before, isTest ? null : turn.After)
        {
            Ledger = isTest ? null : ledger,
            Watches = turn.LooksAtOthers ? [.. reps[turn.Member].Pools.Where(p => p != name && config.Pools.ContainsKey(p)).Order(StringComparer.Ordinal)] : [],
        };
    }

    /// <summary>It waits for the pool's next opening when that comes soon enough; else people must look.</summary>
    private static RouteDecision.Queued Waiting(PoolRules pool, PoolTurn turn, string rule, DateTimeOffset now, List<Reason> reasons)
    {
        DateTimeOffset until = now + pool.HoldFor;
        if (turn.OpensAt is { } opens && opens <= until && pool.HoldFor > TimeSpan.Zero)
        {
            string queue = pool.WaitingQueue ?? $"pool-{pool.Name}";
            reasons.Add(new Reason(RouteReasons.PoolWaits, opens > now
                ? string.Create(CultureInfo.InvariantCulture, $"It waits in queue {queue}: somebody may take it from {opens.UtcDateTime:yyyy-MM-dd HH:mm} UTC.")
                : $"It waits in queue {queue}: somebody may take it any time."));
            return new RouteDecision.Queued(queue, rule, reasons) { Pool = pool.Name, OpensAt = opens, WaitsUntil = until };
        }

        string fallback = pool.FallbackQueue ?? UnassignedQueue;
        reasons.Add(new Reason(RouteReasons.PoolFallback, turn.OpensAt is { } late
            ? string.Create(CultureInfo.InvariantCulture, $"Nobody can take it before {late.UtcDateTime:yyyy-MM-dd HH:mm} UTC, longer than it may wait ({ConfigLength.Write(pool.HoldFor)}): it goes to queue {fallback}.")
            : $"Nobody in sight can take it: it goes to queue {fallback}."));
        return new RouteDecision.Queued(fallback, rule, reasons) { Pool = pool.Name, OpensAt = turn.OpensAt };
    }

    /// <summary>When whoever gets a lead of the pool now must have accepted it; null: nobody is asked.</summary>
    public static DateTimeOffset? AcceptBy(PoolRules pool, Rep? rep, AbmConfig config, DateTimeOffset now) => pool.AcceptWithin is not { } within ? null
        : pool.RespectSchedule ? WorkingTimes.Of(rep, config).Deadline(now, within).DueAt
        : now + within;

    private static DateTimeOffset? AcceptBy(PoolRules pool, Rep rep, AbmConfig config, DateTimeOffset now, List<Reason> reasons)
    {
        if (AcceptBy(pool, rep, config, now) is not { } by)
            return null;
        reasons.Add(new Reason(RouteReasons.PoolOffered, string.Create(CultureInfo.InvariantCulture, $"{rep.Id} must accept it by {by.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC, or it goes to the next.")));
        return by;
    }

    /// <summary>Whoever is told by checks is told whoever gets it.</summary>
    private static RouteOutcome Telling(RouteOutcome outcome, IReadOnlyList<RepId> told, RouteQuestion question) =>
        outcome.Decision is RouteDecision.Assigned assigned && told.Any(t => t != assigned.Owner && question.Reps.ContainsKey(t))
            ? outcome with { Decision = assigned with { Notify = [.. assigned.Notify.Concat(told.Where(t => t != assigned.Owner && question.Reps.ContainsKey(t))).Distinct()] } }
            : outcome;

    /// <summary>The earlier assignment stands, whatever has changed since; the reasons say how it would be reached today.</summary>
    private static RouteOutcome Standing(Assignment prior, RouteDecision today) => new(
        new RouteDecision.Assigned(prior.Owner, prior.Pool, today is RouteDecision.Assigned a && a.Owner == prior.Owner ? a.Notify : [], prior.Rule, [.. today.Reasons, AlreadyAssigned(prior)]),
        null,
        null);

    private static Reason AlreadyAssigned(Assignment prior) =>
        new(RouteReasons.Prior, $"{prior.Owner} got it at the first try of this decision, and keeps it; nobody is charged again.");
}
