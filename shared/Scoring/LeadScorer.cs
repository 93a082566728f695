using System.Globalization;
using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Leads;
using Abm.Matching;

namespace Abm.Scoring;

/// <summary>How well does it fit?</summary>
public static class LeadScorer
{
    /// <summary>Points of every rule that is true, clamped to 0–100, and the level they fall in. Without an account, account facts are missing.</summary>
    public static ScoreDecision Score(Lead lead, MatchDecision match, Account? account, AbmConfig config)
    {
        string persona = Personas.Of(lead.Submitted.Title, config.Personas);
        return Score(new Facts(lead, match, account, persona: persona), persona, config);
    }

    /// <summary>Without any lead: what rules ask about leads and their match is missing.</summary>
    public static ScoreDecision Score(Account account, AbmConfig config) => Score(new Facts(account, new Dictionary<string, string>()), Personas.Other, config);

    private static ScoreDecision Score(Facts facts, string persona, AbmConfig config)
    {
        if (!config.Features.Scoring)
            return new ScoreDecision(0, "None", persona, [new Reason(ScoreReasons.SwitchedOff, "Scoring is switched off.")]);
        List<Reason> reasons = [.. config.Scoring.Rules.Select(rule => Explain(rule, facts))];

        double sum = reasons.Sum(r => r.Points);
        double points = Math.Clamp(sum, 0, 100);
        if (!points.Equals(sum))
            reasons.Add(new Reason(ScoreReasons.Clamped, $"{Number(sum)} points are cut to {Number(points)}."));

        ScoreLevel? level = config.Scoring.Levels.Where(l => l.From <= points).MaxBy(l => l.From);
        string name = level?.Name ?? "None";
        reasons.Add(new Reason(ScoreReasons.Level, $"{Number(points)} points are level {name}{(level is null ? "" : $", from {Number(level.From)}")}."));
        reasons.Add(persona == Personas.Other
            ? new Reason(ScoreReasons.Persona, "The title tells no persona.")
            : new Reason(ScoreReasons.Persona, $"The title tells {persona}.") { Rule = new RuleTrial(RuleKinds.Personas, persona, true) });
        return new ScoreDecision(points, name, persona, reasons);
    }

    private static Reason Explain(ScoringRule rule, Facts facts)
    {
        PredicateVerdict verdict = PredicateEvaluator.Evaluate(rule.When, facts);
        Reason reason = verdict.Result switch
        {
            PredicateResult.True => new Reason(ScoreReasons.RuleTrue, $"{rule.Name}: {verdict.Because}.", rule.Points),
            PredicateResult.Missing => new Reason(ScoreReasons.RuleMissing, $"{rule.Name}: {verdict.Because}."),
            _ => new Reason(ScoreReasons.RuleFalse, $"{rule.Name}: {verdict.Because}."),
        };
        return reason with { Rule = new RuleTrial(RuleKinds.Scoring, rule.Name, verdict.Holds) };
    }

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
