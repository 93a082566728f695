using System.Globalization;
using Abm.Accounts;
using Abm.Clocks;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Leads;
using Abm.Matching;
using Abm.People;
using Abm.Routing;
using Abm.Scoring;

namespace Abm.Plays;

/// <summary>What happens next, and by when?</summary>
public static class PlayChooser
{
    /// <summary>The first play whose trigger and condition fit, with the deadline of the first touch counted from <paramref name="now"/>.</summary>
    public static PlayDecision Choose(
        Lead lead,
        MatchDecision match,
        Account? account,
        ScoreDecision score,
        RouteDecision route,
        AbmConfig config,
        IReadOnlyDictionary<RepId, Rep> reps,
        DateTimeOffset now)
    {
        if (route is not RouteDecision.Assigned assigned)
            return new PlayDecision.None([new Reason(PlayReasons.NoOwner, "Nobody owns the lead, so no play follows it up.")]);
        if (assigned.JoinsPlay is { } open)
            return new PlayDecision.None([new Reason(PlayReasons.Joined, $"It joins play {open}, which is open already: no second one is started.")]);
        if (!config.Features.Plays)
            return new PlayDecision.None([new Reason(PlayReasons.SwitchedOff, "Plays are switched off, so none follows it up.")]);
        if (lead.Submitted.IsTest)
            return new PlayDecision.None([new Reason(PlayReasons.Test, "A test lead starts no play.")]);

        Facts facts = new(lead, match, account, score);
        List<Reason> reasons = [];
        foreach (PlayRules play in config.Plays.Where(p => p is { On: PlayTrigger.RouteAssigned, IsOn: true }))
        {
            PredicateVerdict verdict = PredicateEvaluator.Evaluate(play.When, facts);
            if (!verdict.IsTrue)
            {
                reasons.Add(new Reason(PlayReasons.ConditionNotMet, $"Play {play.Name}: {verdict.Because}.") { Rule = new RuleTrial(RuleKinds.Plays, play.Name, verdict.Holds) });
                continue;
            }

            if (PolicyOf(play, facts, config, reasons) is not { } policy)
                continue;
            reasons.Insert(0, new Reason(PlayReasons.Chosen, verdict.Because.Length == 0 ? $"Play {play.Name} is started." : $"Play {play.Name} is started: {verdict.Because}.")
            {
                Rule = new RuleTrial(RuleKinds.Plays, play.Name, true),
            });
            Rep? owner = reps.GetValueOrDefault(assigned.Owner);
            return new PlayDecision.Start(play.Name, Deadline(policy, WorkingTimes.For(policy, ClockParties.Owner(owner, assigned.Pool, account is null ? null : AccountPlace.Of(account)), config).Calendar, now), reasons);
        }

        reasons.Add(new Reason(PlayReasons.NoneFits, "No play fits."));
        return new PlayDecision.None(reasons);
    }

    private static SlaPolicy? PolicyOf(PlayRules play, Facts facts, AbmConfig config, List<Reason> reasons)
    {
        foreach (SlaChoice choice in play.FirstTouch)
        {
            PredicateVerdict verdict = PredicateEvaluator.Evaluate(choice.When, facts);
            if (!verdict.IsTrue || !config.SlaPolicies.TryGetValue(choice.Policy, out SlaPolicy? policy))
            {
                reasons.Add(new Reason(PlayReasons.PolicySkipped, $"Deadline {choice.Policy}: {verdict.Because}.") { Rule = Trial(play, choice, verdict.IsTrue ? null : verdict.Holds) });
                continue;
            }

            string kind = policy.Hours == SlaHours.Always ? "on the wall clock" : "of working time";
            string because = verdict.Because.Length == 0 ? "it applies to everything else" : verdict.Because;
            reasons.Add(new Reason(PlayReasons.PolicyChosen, $"Deadline {policy.Name}, {policy.Budget.ToString("g", CultureInfo.InvariantCulture)} {kind}: {because}.") { Rule = Trial(play, choice, true) });
            return policy;
        }

        return null;
    }

    private static RuleTrial Trial(PlayRules play, SlaChoice choice, bool? holds) => new(RuleKinds.Deadlines, $"{play.Name}/{choice.Policy}", holds);

    private static SlaDeadline Deadline(SlaPolicy policy, BusinessCalendar calendar, DateTimeOffset start)
    {
        TimeSpan budget = policy.BudgetFrom(start, calendar);
        CalendarDeadline deadline = calendar.Deadline(start, budget);
        return new SlaDeadline(policy.Name, start, deadline.DueAt, budget, calendar.Name, deadline.Intervals) { Zone = calendar.Zone };
    }
}
