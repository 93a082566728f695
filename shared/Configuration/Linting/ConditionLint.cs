using System.Globalization;

namespace Abm.Configuration;

/// <summary>Looks through every list of rules: what is never true, never reached, hidden by another, said twice or left out.</summary>
internal static class ConditionLint
{
    public static void Add(LintScope scope)
    {
        foreach (ConfigPart part in scope.Parts)
        {
            if (part is { Value: { } value, Shape: ListShape list } && list.Items(value) is [IRule, ..] items)
                Rules([.. items.Cast<IRule>()], items, list, part, scope);
            if (part is { Value: { } rule, Property: not null } && part.Shape.ConditionIn(rule) is { } condition)
                Values(condition, part.Path, scope);
        }
    }

    /// <summary>Values that a field with a closed set of them never has.</summary>
    private static void Values(Predicate condition, string path, LintScope scope)
    {
        foreach (Predicate.Test test in ConditionSpace.Tests(condition).Where(t => t.Op is PredicateOp.Equals or PredicateOp.NotEquals or PredicateOp.In or PredicateOp.NotIn))
        {
            FactField field = scope.Field(test.Field);
            foreach (string value in test.Values.Where(v => field.Values.Count > 0 && !field.Values.Contains(v.Trim(), StringComparer.OrdinalIgnoreCase)))
                scope.Add(LintCodes.ValueNeverOccurs, path, $"{test.Field} is never '{value}': it is one of {string.Join(", ", field.Values)}{Nearest.Hint(value, field.Values)}");
        }
    }

    private static void Rules(IReadOnlyList<IRule> rules, IReadOnlyList<object> items, ListShape list, ConfigPart part, LintScope scope)
    {
        if (ConditionSpace.Of(rules.SelectMany(r => new[] { r.When, r.Decides }), scope.Field) is not { } space)
            return;
        IReadOnlyList<Box>?[] holds = [.. rules.Select(r => space.WhereTrue(r.When))];
        bool[] isNever = [.. holds.Select(h => h is { Count: 0 })];
        for (int i = 0; i < rules.Count; i++)
        {
            if (isNever[i])
                scope.Add(LintCodes.AlwaysFalse, $"{ConfigPath.At(part.Path, i)}.when", $"'{rules[i].Name}' never holds: {PredicateWords.Say(rules[i].When)}.");
        }

        DecisionListAttribute? decides = part.Property?.Declared<DecisionListAttribute>();
        bool everyCounts = part.Property?.Declared<EveryRuleCountsAttribute>() is not null;
        if (decides is not null)
            Hidden(rules, holds, isNever, space, part.Path, scope);
        if (decides is not null || everyCounts)
        {
            Overlaps(rules, items, holds, space, (ObjectShape)list.Item, part.Path, everyCounts, scope);
            Gaps(rules, holds, space, part.Path, scope);
        }
    }

    private static void Hidden(IReadOnlyList<IRule> rules, IReadOnlyList<Box>?[] holds, bool[] isNever, ConditionSpace space, string path, LintScope scope)
    {
        IReadOnlyList<Box>?[] surely = [.. rules.Select(r => r.IsInForce(scope.Context.Now) ? space.WhereTrue(r.Decides) : [])];
        for (int i = 1; i < rules.Count; i++)
        {
            // The catch-all may be left with nothing: it is there to be safe.
            if (holds[i] is not { } mine || isNever[i] || (rules[i].When is null && i == rules.Count - 1))
                continue;
            int[] earlier = [.. Enumerable.Range(0, i).Where(j => surely[j] is { Count: > 0 } && rules[j].Group == rules[i].Group)];
            if (earlier.Cast<int?>().FirstOrDefault(j => mine.All(box => space.Covered(box, surely[j!.Value]!))) is { } by)
                scope.Add(LintCodes.Shadowed, ConfigPath.At(path, i), $"'{rules[i].Name}' never decides: whenever it holds, '{rules[by].Name}' before it holds too.");
            else if (mine.All(box => space.Covered(box, earlier.SelectMany(j => surely[j]!))))
                scope.Add(ConfigProblemCodes.Unreachable, ConfigPath.At(path, i), $"'{rules[i].Name}' never decides: whenever it holds, one of the rules before it holds too.");
        }
    }

    /// <summary>Pairs that restrict the same fields, share some values but not all, and say different things.</summary>
    private static void Overlaps(
        IReadOnlyList<IRule> rules, IReadOnlyList<object> items, IReadOnlyList<Box>?[] holds, ConditionSpace space, ObjectShape shape, string path, bool everyCounts, LintScope scope)
    {
        string[] outcomes = [.. items.Select(item => Outcome(shape, item))];
        for (int i = 1; i < rules.Count; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (rules[i].Group != rules[j].Group || (!everyCounts && outcomes[i] == outcomes[j]))
                    continue;
                if (Shared(holds[j], holds[i], space, numbersOnly: everyCounts) is { } shared)
                {
                    string effect = everyCounts ? "both count" : $"'{rules[j].Name}' decides, because it comes first";
                    scope.Add(LintCodes.Overlap, ConfigPath.At(path, i), $"'{rules[j].Name}' and '{rules[i].Name}' both hold where {shared}; {effect}.");
                }
            }
        }
    }

    private static string? Shared(IReadOnlyList<Box>? first, IReadOnlyList<Box>? second, ConditionSpace space, bool numbersOnly)
    {
        foreach (Box a in first ?? [])
        {
            foreach (Box b in second ?? [])
            {
                if (!space.Spend(1))
                    return null;
                if (a.Fields.Count == 0 || !a.SameFields(b) || a.Within(b) || b.Within(a) || a.And(b) is not { } both)
                    continue;
                if (numbersOnly && !(a.Fields.Count == 1 && Compares(space.Fields[a.Fields.Keys.First()])))
                    continue;

                // Texts of which it is only not known whether they are in both are no overlap that anybody wrote.
                string[] said = [.. both.Fields.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => Say(space.Fields[f.Key], f.Value))];
                if (said.All(s => s.Length > 0))
                    return string.Join(" and ", said);
            }
        }

        return null;
    }

    private static bool Compares(FieldCells field) => field.Cells.Any(c => c is FieldCell.Between);

    private static string Say(FieldCells field, CellSet cells)
    {
        List<string> named = [];
        for (int i = 0; i < field.Cells.Count; i++)
        {
            string? words = !cells[i] ? null : field.Cells[i] switch
            {
                FieldCell.Exactly exactly => exactly.Text,
                FieldCell.Between between => string.Create(CultureInfo.InvariantCulture, $"between {between.From} and {between.To}"),
                _ => null,
            };
            if (words is not null && !named.Contains(words, StringComparer.Ordinal))
                named.Add(words);
        }

        return named.Count == 0 ? "" : $"{field.Field.Says} is {string.Join(", ", named.Take(5))}{(named.Count > 5 ? " …" : "")}";
    }

    /// <summary>What a rule does, without its name, its condition and its reason.</summary>
    private static string Outcome(ObjectShape shape, object item) => CanonicalConfig.Write(ConfigNode.Named(shape.Properties
        .Where(p => p.Name is not ("name" or "why") && p.Shape is not ConditionForm)
        .Select(p => (p.Name, p.Get(item) is { } value ? p.Shape.Write(value) : ConfigNode.Nothing))));

    /// <summary>A single number, or less than one unit, that lies between ranges and is in none of them.</summary>
    private static void Gaps(IReadOnlyList<IRule> rules, IReadOnlyList<Box>?[] holds, ConditionSpace space, string path, LintScope scope)
    {
        foreach ((string name, FieldCells field) in space.Fields.Where(f => Compares(f.Value)))
        {
            Dictionary<int, CellSet> ranges = [];
            for (int i = 0; i < rules.Count; i++)
            {
                foreach (Box box in (holds[i] ?? []).Where(b => b.Fields.Count == 1 && b.Fields.ContainsKey(name)))
                    ranges[i] = ranges.TryGetValue(i, out CellSet known) ? known.Or(box.Fields[name]) : box.Fields[name];
            }

            if (ranges.Count < 2)
                continue;
            (double From, double To, bool IsCovered)[] line =
            [
                .. field.Cells.Select((cell, i) => (Ends: Ends(cell), IsCovered: ranges.Values.Any(r => r[i]))).Where(c => c.Ends is not null)
                    .Select(c => (c.Ends!.Value.From, c.Ends.Value.To, c.IsCovered)).OrderBy(c => c.From).ThenBy(c => c.To),
            ];
            for (int i = 1; i < line.Length - 1; i++)
            {
                if (line[i].IsCovered || !line[i - 1].IsCovered || !line[i + 1].IsCovered || line[i].To - line[i].From > 1)
                    continue;
                string what = line[i].From == line[i].To
                    ? string.Create(CultureInfo.InvariantCulture, $"exactly {line[i].From}")
                    : string.Create(CultureInfo.InvariantCulture, $"between {line[i].From} and {line[i].To}");
                scope.Add(LintCodes.Gap, path, $"{ConfigWords.Capital(field.Field.Says)} of {what} is in none of the ranges around it.");
            }
        }
    }

    private static (double From, double To)? Ends(FieldCell cell) => cell switch
    {
        FieldCell.Between between => (between.From, between.To),
        FieldCell.Exactly exactly when PredicateEvaluator.Number(exactly.Text) is { } number => (number, number),
        _ => null,
    };
}
