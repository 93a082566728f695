using System.Diagnostics;

namespace Abm.Configuration;

/// <summary>Leads whose fields lie in certain cells. A field that is not named may be anything.</summary>
internal sealed class Box(IReadOnlyDictionary<string, CellSet> fields)
{
    public static Box Everything { get; } = new(new Dictionary<string, CellSet>());

    /// <summary>The fields that are restricted, and to what.</summary>
    public IReadOnlyDictionary<string, CellSet> Fields { get; } = fields;

    /// <summary>Whether something lies in both.</summary>
    public bool Meets(Box other)
    {
        foreach ((string field, CellSet cells) in other.Fields)
        {
            if (Fields.TryGetValue(field, out CellSet mine) && !mine.Meets(cells))
                return false;
        }

        return true;
    }

    /// <summary>Null when nothing lies in both.</summary>
    public Box? And(Box other)
    {
        if (!Meets(other))
            return null;
        Dictionary<string, CellSet> both = new(Fields, StringComparer.Ordinal);
        foreach ((string field, CellSet cells) in other.Fields)
        {
            both[field] = both.TryGetValue(field, out CellSet mine) ? mine.And(cells) : cells;
        }

        return new Box(both);
    }

    /// <summary>Whether all of this lies in the other.</summary>
    public bool Within(Box other) => other.Fields.All(f => Fields.TryGetValue(f.Key, out CellSet mine) && mine.Within(f.Value));

    /// <summary>What of this does not lie in the other, in pieces that do not overlap.</summary>
    /// <param name="all">All cells of a field.</param>
    public IEnumerable<Box> Except(Box other, Func<string, CellSet> all)
    {
        Dictionary<string, CellSet> rest = new(Fields, StringComparer.Ordinal);
        foreach ((string field, CellSet cells) in other.Fields)
        {
            CellSet mine = rest.TryGetValue(field, out CellSet known) ? known : all(field);
            CellSet outside = mine.Except(cells);
            if (!outside.IsEmpty)
                yield return new Box(new Dictionary<string, CellSet>(rest, StringComparer.Ordinal) { [field] = outside });
            CellSet inside = mine.And(cells);
            if (inside.IsEmpty)
                yield break;
            rest[field] = inside;
        }
    }

    public bool SameFields(Box other) => Fields.Count == other.Fields.Count && Fields.Keys.All(other.Fields.ContainsKey);
}

/// <summary>
/// What some conditions can tell apart: each becomes a union of boxes over the cells of the fields, which is exact for comparisons with values and safe for the rest
/// (<see cref="FieldCells"/>): when it says that one condition implies another, that nothing is left, or that one is never true, it is so.
/// </summary>
internal sealed class ConditionSpace
{
    private const int MostBoxes = 256;
    private const int MostPieces = 2000;

    /// <summary>Comparisons of boxes that one list of rules may cost, about a second or two; after that nothing more is claimed about it.</summary>
    private const long MostWork = 1_000_000;

    private readonly Dictionary<string, FieldCells> _fields;
    private long _work;

    private ConditionSpace(Dictionary<string, FieldCells> fields) => _fields = fields;

    public IReadOnlyDictionary<string, FieldCells> Fields => _fields;

    /// <summary>The space of those conditions; null when it would be too large to look through.</summary>
    /// <param name="describe">What is known about a field.</param>
    public static ConditionSpace? Of(IEnumerable<Predicate?> conditions, Func<string, FactField> describe)
    {
        Dictionary<string, FieldCells> fields = new(StringComparer.Ordinal);
        foreach (IGrouping<string, Predicate.Test> tests in conditions.OfType<Predicate>().SelectMany(Tests).GroupBy(t => t.Field, StringComparer.Ordinal))
        {
            if (FieldCells.Of(describe(tests.Key), [.. tests]) is not { } cells)
                return null;
            fields[tests.Key] = cells;
        }

        return new ConditionSpace(fields);
    }

    /// <summary>Every comparison in a condition.</summary>
    public static IEnumerable<Predicate.Test> Tests(Predicate predicate) => predicate switch
    {
        Predicate.All all => all.Parts.SelectMany(Tests),
        Predicate.Any any => any.Parts.SelectMany(Tests),
        Predicate.Not not => Tests(not.Part),
        Predicate.Test test => [test],
        _ => throw new UnreachableException(),
    };

    /// <summary>The leads for which a condition is true; null when it falls into too many pieces.</summary>
    public IReadOnlyList<Box>? WhereTrue(Predicate? predicate) => predicate is null ? [Box.Everything] : Where(predicate, isTrue: true);

    /// <summary>Whether every lead of the box is in one of the others. False as well when that is too much to work out.</summary>
    public bool Covered(Box box, IEnumerable<Box> others)
    {
        List<Box> left = [box];
        foreach (Box other in others)
        {
            if (!Spend(left.Count))
                return false;
            if (!left.Exists(other.Meets))
                continue;
            left = [.. left.SelectMany(b => b.Meets(other) ? b.Except(other, AllCells) : [b]).Take(MostPieces + 1)];
            if (left.Count > MostPieces)
                return false;
            if (left.Count == 0)
                return true;
        }

        return false;
    }

    /// <summary>Some of the box that is in none of the others; null when there is none, or when that is too much to work out.</summary>
    public Box? Remains(Box box, IEnumerable<Box> others)
    {
        List<Box> left = [box];
        foreach (Box other in others)
        {
            if (!Spend(left.Count))
                return null;
            left = [.. left.SelectMany(b => b.Meets(other) ? b.Except(other, AllCells) : [b]).Take(MostPieces + 1)];
            if (left.Count is 0 or > MostPieces)
                return null;
        }

        return left[0];
    }

    /// <summary>Notes comparisons that are about to be made; false when there were too many.</summary>
    public bool Spend(long comparisons) => (_work += comparisons) <= MostWork;

    private CellSet AllCells(string field) => CellSet.Of(_fields[field].Cells.Count, _ => true);

    /// <summary>False and missing are told apart on the way: what is missing is not true when it is negated either.</summary>
    private List<Box>? Where(Predicate predicate, bool isTrue) => predicate switch
    {
        Predicate.All all => isTrue ? Every(all.Parts, isTrue) : Some(all.Parts, isTrue),
        Predicate.Any any => isTrue ? Some(any.Parts, isTrue) : Every(any.Parts, isTrue),
        Predicate.Not not => Where(not.Part, !isTrue),
        Predicate.Test test => Test(test, isTrue),
        _ => throw new UnreachableException(),
    };

    private List<Box> Test(Predicate.Test test, bool isTrue)
    {
        CellSet cells = _fields[test.Field].Where(test, isTrue ? PredicateResult.True : PredicateResult.False);
        if (cells.IsEmpty)
            return [];
        return AllCells(test.Field).Within(cells) ? [Box.Everything] : [new Box(new Dictionary<string, CellSet>(StringComparer.Ordinal) { [test.Field] = cells })];
    }

    private List<Box>? Every(IReadOnlyList<Predicate> parts, bool isTrue)
    {
        List<Box> found = [Box.Everything];
        foreach (Predicate part in parts)
        {
            if (Where(part, isTrue) is not { } boxes)
                return null;
            if (Fewer([.. found.SelectMany(a => boxes.Select(a.And)).OfType<Box>()]) is not { } fewer)
                return null;
            found = fewer;
        }

        return found;
    }

    private List<Box>? Some(IReadOnlyList<Predicate> parts, bool isTrue)
    {
        List<Box> found = [];
        foreach (Predicate part in parts)
        {
            if (Where(part, isTrue) is not { } boxes)
                return null;
            if (Fewer([.. found, .. boxes]) is not { } fewer)
                return null;
            found = fewer;
        }

        return found;
    }

    /// <summary>Boxes within others are left out; boxes that differ in the cells of one field only become one. Null when too many are left.</summary>
    private List<Box>? Fewer(List<Box> boxes)
    {
        if (boxes.Count > MostBoxes * 16)
            return null;
        List<Box> kept = [];
        foreach (Box box in boxes)
        {
            if (!Spend(kept.Count))
                return null;
            Box added = box;
            if (kept.Exists(added.Within))
                continue;
            for (int i = kept.Count - 1; i >= 0; i--)
            {
                if (kept[i].Within(added))
                {
                    kept.RemoveAt(i);
                }
                else if (Joined(kept[i], added) is { } joined)
                {
                    kept.RemoveAt(i);
                    added = joined;
                }
            }

            kept.Add(added);
        }

        return kept.Count <= MostBoxes ? kept : null;
    }

    private static Box? Joined(Box a, Box b)
    {
        if (!a.SameFields(b))
            return null;
        string[] differ = [.. a.Fields.Keys.Where(f => !a.Fields[f].Equals(b.Fields[f]))];
        return differ is [{ } one] ? new Box(new Dictionary<string, CellSet>(a.Fields, StringComparer.Ordinal) { [one] = a.Fields[one].Or(b.Fields[one]) }) : null;
    }
}
