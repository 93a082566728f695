using System.Globalization;

namespace Abm.Configuration;

/// <summary>Territories against each other: leads that two of them take and only the id decides between, and leads that the rules name everything of and that none takes.</summary>
internal static class TerritoryLint
{
    public static void Add(AbmConfig config, LintScope scope)
    {
        TerritoryRules[] territories = [.. config.Territories.Values.OrderBy(t => t, Comparer<TerritoryRules>.Create(Routing.Territories.Compare))];
        if (territories.Length == 0 || ConditionSpace.Of(territories.Select(t => t.Condition), scope.Field) is not { } space)
            return;
        IReadOnlyList<Box>?[] takes = [.. territories.Select(t => space.WhereTrue(t.Condition))];
        for (int i = 1; i < territories.Length; i++)
        {
            for (int j = 0; j < i; j++)
                Overlap(territories[j], takes[j], territories[i], takes[i], space, scope);
        }

        Gap(takes, space, scope);
        if (!config.Routing.Any(r => r.To is RouteTarget.Territory))
            scope.Add(LintCodes.Unused, "territories", "No routing rule sends to territories.");
    }

    private static void Overlap(TerritoryRules winner, IReadOnlyList<Box>? first, TerritoryRules other, IReadOnlyList<Box>? second, ConditionSpace space, LintScope scope)
    {
        if (winner.Specificity != other.Specificity || winner.Priority != other.Priority || winner.To == other.To)
            return;
        foreach (Box a in first ?? [])
        {
            foreach (Box b in second ?? [])
            {
                if (!space.Spend(1))
                    return;
                if (a.And(b) is not { } both)
                    continue;
                string example = Example(both, space);
                scope.Add(
                    LintCodes.TerritoryOverlap,
                    ConfigPath.Join("territories", other.Name),
                    $"'{winner.Name}' and '{other.Name}' both take a lead {(example.Length == 0 ? "of any kind" : $"where {example}")}; they restrict equally much and have the same priority, so that '{winner.Name}' wins by its id alone.");
                return;
            }
        }
    }

    /// <summary>Every combination of the values that are named, of the numbers between them, above and below, and of other texts than those named, less what is taken.</summary>
    private static void Gap(IReadOnlyList<Box>?[] takes, ConditionSpace space, LintScope scope)
    {
        if (takes.Any(t => t is null))
            return;
        Dictionary<string, CellSet> named = new(StringComparer.Ordinal);
        foreach ((string name, FieldCells field) in space.Fields)
        {
            CellSet cells = CellSet.Of(field.Cells.Count, i => field.Cells[i] switch
            {
                FieldCell.Exactly => true,
                FieldCell.Between between => between.To > 0,
                FieldCell.Other => name != "territory.countryCode", // countries that nobody names are no market
                _ => false,
            });
            if (!cells.IsEmpty)
                named[name] = cells;
        }

        if (space.Remains(new Box(named), takes.SelectMany(t => t!)) is { } left)
            scope.Add(LintCodes.TerritoryGap, "territories", $"No territory takes a lead where {Example(left, space)}.");
    }

    /// <summary>One lead of the box in words.</summary>
    private static string Example(Box box, ConditionSpace space) =>
        string.Join(" and ", box.Fields.OrderBy(f => f.Key, StringComparer.Ordinal).Select(f => One(space.Fields[f.Key], f.Value)).Where(s => s.Length > 0));

    private static string One(FieldCells field, CellSet cells)
    {
        for (int i = 0; i < field.Cells.Count; i++)
        {
            if (!cells[i])
                continue;
            switch (field.Cells[i])
            {
                case FieldCell.Exactly exactly:
                    return $"{field.Field.Says} is {exactly.Text}";
                case FieldCell.Other:
                    return $"{field.Field.Says} is none of those named";
                case FieldCell.Between { From: var from, To: var to }:
                    return double.IsNegativeInfinity(from) ? string.Create(CultureInfo.InvariantCulture, $"{field.Field.Says} is less than {to}")
                        : double.IsPositiveInfinity(to) ? string.Create(CultureInfo.InvariantCulture, $"{field.Field.Says} is more than {from}")
                        : string.Create(CultureInfo.InvariantCulture, $"{field.Field.Says} is between {from} and {to}");
            }
        }

        return "";
    }
}
