using System.Globalization;

namespace Abm.Configuration;

/// <summary>What scores the rules can come to, and which levels they reach.</summary>
internal static class ScoreLint
{
    private const int MostWorlds = 200_000;
    private const int MostSums = 50_000;
    private const double Top = 100;

    public static void Add(AbmConfig config, LintScope scope)
    {
        IReadOnlyList<ScoringRule> rules = config.Scoring.Rules;
        if (rules.Count == 0 || Sums(rules, scope) is not { } sums)
            return;
        double most = sums.Max();
        if (most > Top)
            scope.Add(LintCodes.SumBeyondTop, "scoring.rules", string.Create(CultureInfo.InvariantCulture, $"Rules that can be true together add up to {most}; the top is {Top}, so {most - Top} of it count for nothing."));

        ScoreLevel[] levels = [.. config.Scoring.Levels.OrderBy(l => l.From)];
        for (int i = 0; i < levels.Length; i++)
        {
            double until = i + 1 < levels.Length ? levels[i + 1].From : double.PositiveInfinity;
            if (sums.Select(s => Math.Clamp(s, 0, Top)).Any(s => s >= levels[i].From && s < until))
                continue;
            int index = config.Scoring.Levels.ToList().IndexOf(levels[i]);
            string range = string.Create(CultureInfo.InvariantCulture, $"scores go from {Math.Clamp(sums.Min(), 0, Top)} to {Math.Clamp(most, 0, Top)}");
            scope.Add(LintCodes.LevelNeverReached, ConfigPath.At("scoring.levels", index), $"No score is in '{levels[i].Name}': {range}.");
        }
    }

    /// <summary>Every sum that some lead can have; null when there are too many combinations to look through. A sum may be listed that only an impossible text would reach.</summary>
    private static HashSet<double>? Sums(IReadOnlyList<ScoringRule> rules, LintScope scope)
    {
        if (ConditionSpace.Of(rules.Select(r => r.When), scope.Field) is not { } space)
            return null;
        List<(double Points, IReadOnlyList<Box> Boxes)> parts = [];
        foreach (ScoringRule rule in rules)
        {
            if (space.WhereTrue(rule.When) is not { } boxes)
                return null;
            parts.Add((rule.Points, boxes));
        }

        HashSet<double> sums = [0];
        foreach (List<(double Points, IReadOnlyList<Box> Boxes)> group in Groups(parts))
        {
            if (Sums(group, space) is not { } own)
                return null;
            sums = [.. sums.SelectMany(a => own.Select(b => Math.Round(a + b, 9)))];
            if (sums.Count > MostSums)
                return null;
        }

        return sums;
    }

    /// <summary>Rules that share no field, directly or through others, are independent of each other.</summary>
    private static List<List<(double Points, IReadOnlyList<Box> Boxes)>> Groups(List<(double Points, IReadOnlyList<Box> Boxes)> parts)
    {
        List<(HashSet<string> Fields, List<(double, IReadOnlyList<Box>)> Parts)> groups = [];
        foreach ((double Points, IReadOnlyList<Box> Boxes) part in parts)
        {
            HashSet<string> fields = [.. part.Boxes.SelectMany(b => b.Fields.Keys)];
            List<(double, IReadOnlyList<Box>)> members = [part];
            foreach ((HashSet<string> Fields, List<(double, IReadOnlyList<Box>)> Parts) group in groups.Where(g => g.Fields.Overlaps(fields)).ToArray())
            {
                fields.UnionWith(group.Fields);
                members.AddRange(group.Parts);
                groups.Remove(group);
            }

            groups.Add((fields, members));
        }

        return [.. groups.Select(g => g.Parts)];
    }

    private static HashSet<double>? Sums(List<(double Points, IReadOnlyList<Box> Boxes)> group, ConditionSpace space)
    {
        string[] fields = [.. group.SelectMany(g => g.Boxes).SelectMany(b => b.Fields.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        int[][] classes = [.. fields.Select(f => Classes(f, group, space))];
        if (classes.Aggregate(1L, (product, c) => Math.Min(product * c.Length, MostWorlds + 1L)) > MostWorlds)
            return null;
        HashSet<double> sums = [];
        int[] world = new int[fields.Length];
        while (true)
        {
            sums.Add(group.Where(g => g.Boxes.Any(b => Holds(b, fields, classes, world))).Sum(g => g.Points));
            int turn = fields.Length - 1;
            while (turn >= 0 && ++world[turn] == classes[turn].Length)
                world[turn--] = 0;
            if (turn < 0)
                return sums;
        }
    }

    private static bool Holds(Box box, string[] fields, int[][] classes, int[] world)
    {
        for (int i = 0; i < fields.Length; i++)
        {
            if (box.Fields.TryGetValue(fields[i], out CellSet cells) && !cells[classes[i][world[i]]])
                return false;
        }

        return true;
    }

    /// <summary>One cell for each way in which the group's boxes tell the field's cells apart.</summary>
    private static int[] Classes(string field, List<(double Points, IReadOnlyList<Box> Boxes)> group, ConditionSpace space)
    {
        CellSet[] sets = [.. group.SelectMany(g => g.Boxes).Where(b => b.Fields.ContainsKey(field)).Select(b => b.Fields[field])];
        return [.. Enumerable.Range(0, space.Fields[field].Cells.Count).GroupBy(cell => string.Concat(sets.Select(s => s[cell] ? '1' : '0')), StringComparer.Ordinal).Select(g => g.First())];
    }
}
