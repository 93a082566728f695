using System.Globalization;
using Abm.Configuration;
using Abm.Decisions;

namespace Abm.Replays.Steps;

/// <summary>The step that says how well it fits.</summary>
internal static class ScoreDeclaration
{
    public static JourneyStep Step { get; } = new("score", d => [d.Score])
    {
        Reasons = d => d.Score.Reasons,
        Facets =
        [
            new("level", l => l.Decision.Score.Level),
            new("persona", l => l.Decision.Score.Persona) { IsMinor = (_, _) => true },
        ],
        Rules = config =>
        [
            .. config.Scoring.Rules.Select(r => new RuleName(RuleKinds.Scoring, r.Name)),
            .. config.Personas.Select(p => new RuleName(RuleKinds.Personas, p.Persona)).Distinct(),
        ],
        WhyNot = [new("level", WhyNotLevel)],
    };

    private static WhyNotFinding WhyNotLevel(WhyNotQuestion question)
    {
        bool isSo = string.Equals(question.Decision.Score.Level, question.Target, StringComparison.OrdinalIgnoreCase);
        ScoreLevel? level = question.Config.Scoring.Levels.FirstOrDefault(l => string.Equals(l.Name, question.Target, StringComparison.OrdinalIgnoreCase));
        if (level is null)
            return new(isSo, [new("whyNot.level.known", $"There is no level {question.Target}.", false)]);

        double points = question.Decision.Score.FitPoints;
        ScoreLevel? above = question.Config.Scoring.Levels.Where(l => l.From > level.From).MinBy(l => l.From);

        // Whoever asks wants to know which rules would have to hold, the most telling first.
        Dictionary<string, double> worth = question.Config.Scoring.Rules.GroupBy(r => r.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Points, StringComparer.Ordinal);
        Reason[] missed =
        [
            .. question.Decision.Score.Reasons
                .Where(r => r.Rule is { Kind: RuleKinds.Scoring } rule && rule.Holds != true && worth.ContainsKey(rule.Name))
                .OrderByDescending(r => worth[r.Rule!.Name]),
        ];
        Reason[] held = [.. question.Decision.Score.Reasons.Where(r => r.Points != 0)];
        return new(isSo,
        [
            new("whyNot.level.known", $"Level {level.Name} begins at {Number(level.From)} points.", true),
            new("whyNot.level.enough", $"It has {Number(points)} of {Number(level.From)} points.", points >= level.From, missed),
            new("whyNot.level.notMore", above is null ? "There is no level above." : $"Level {above.Name} begins at {Number(above.From)} points.", above is null || points < above.From, held),
        ]);
    }

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
