using System.Globalization;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Plays;
using Abm.Routing;

namespace Abm.Replays.Steps;

/// <summary>The step that says what happens next, and by when.</summary>
internal static class PlayDeclaration
{
    public static JourneyStep Step { get; } = new("play", d => [d.Play])
    {
        Reasons = d => d.Play.Reasons,
        Facets =
        [
            new("play", l => Started(l)?.Play),
            new("policy", l => Started(l)?.FirstTouch.Policy),
            new("deadline", l => Started(l)?.FirstTouch.DueAt.ToString("O", CultureInfo.InvariantCulture)) { IsMinor = (one, other) => RouteDeclaration.IsTurnOnly(one, other) && SamePolicy(one, other) },
        ],
        Rules = config => config.Plays.SelectMany(p => p.FirstTouch.Select(c => new RuleName(RuleKinds.Deadlines, $"{p.Name}/{c.Policy}")).Distinct().Prepend(new RuleName(RuleKinds.Plays, p.Name))),
        WhyNot = [new("play", WhyNotPlay)],
    };

    private static PlayDecision.Start? Started(DecidedLead lead) => lead.Decision.Play as PlayDecision.Start;

    // The same deadline in another owner's working time.
    private static bool SamePolicy(DecidedLead one, DecidedLead other) => Started(one) is { } a && Started(other) is { } b && a.Play == b.Play && a.FirstTouch.Policy == b.FirstTouch.Policy;

    private static WhyNotFinding WhyNotPlay(WhyNotQuestion question)
    {
        PlayDecision.Start? started = question.Decision.Play as PlayDecision.Start;
        bool isSo = started?.Play == question.Target;
        if (question.Config.Plays.FirstOrDefault(p => p.Name == question.Target) is not { } play)
            return new(isSo, [new("whyNot.play.known", $"There is no play {question.Target}.", false)]);

        Facts facts = question.Facts;
        bool isOwned = question.Decision.Route is RouteDecision.Assigned;
        bool isTest = question.Decision.Lead.Submitted.IsTest;
        PredicateVerdict condition = PredicateEvaluator.Evaluate(play.When, facts);
        Reason[] policies =
        [
            .. play.FirstTouch.Select(c => (Choice: c, Verdict: PredicateEvaluator.Evaluate(c.When, facts)))
                .Select(c => new Reason("whyNot.play.policy", $"Deadline {c.Choice.Policy}: {(c.Verdict.Because.Length == 0 ? "it applies to everything" : c.Verdict.Because)}.")
                {
                    Rule = new RuleTrial(RuleKinds.Deadlines, $"{play.Name}/{c.Choice.Policy}", c.Verdict.Holds),
                }),
        ];
        List<WhyNotCondition> conditions =
        [
            new("whyNot.play.known", $"Play {play.Name} begins when {(play.On == PlayTrigger.RouteAssigned ? "a lead gets an owner" : play.On.ToString())}.", true),
            new("whyNot.play.switch", question.Config.Features.Plays ? "Plays are switched on." : "Plays are switched off.", question.Config.Features.Plays || isSo),
            new("whyNot.play.owner", isOwned ? "The lead has an owner." : "Nobody owns the lead.", isOwned, isOwned ? [] : question.Decision.Route.Reasons),
            new("whyNot.play.test", isTest ? "It is a test lead; those start no plays." : "It is no test lead.", !isTest),
            new("whyNot.play.condition", condition.Because.Length == 0 ? "The play has no condition." : $"{condition.Because}.", condition.Holds),
            new("whyNot.play.deadline", policies.Any(p => p.Rule!.Holds == true) ? "A deadline applies." : "None of its deadlines applies.", policies.Any(p => p.Rule!.Holds == true), policies),
            new("whyNot.play.first", started is null || isSo ? "No other play came first." : $"Play {started.Play} fits and stands before it.", started is null || isSo, question.Decision.Play.Reasons),
        ];
        return new(isSo, conditions);
    }
}
