using System.Globalization;

namespace Abm.Configuration;

/// <summary>A set of cells of one field.</summary>
internal readonly record struct CellSet
{
    private readonly ulong[] _words;

    private CellSet(ulong[] words) => _words = words;

    public bool IsEmpty => Array.TrueForAll(_words, w => w == 0);

    public bool this[int cell] => (_words[cell >> 6] & (1UL << (cell & 63))) != 0;

    public static CellSet Of(int count, Func<int, bool> holds)
    {
        ulong[] words = new ulong[(count + 63) / 64];
        for (int i = 0; i < count; i++)
        {
            if (holds(i))
                words[i >> 6] |= 1UL << (i & 63);
        }

        return new CellSet(words);
    }

    public CellSet And(CellSet other) => new([.. _words.Zip(other._words, (a, b) => a & b)]);

    public CellSet Or(CellSet other) => new([.. _words.Zip(other._words, (a, b) => a | b)]);

    public CellSet Except(CellSet other) => new([.. _words.Zip(other._words, (a, b) => a & ~b)]);

    public bool Meets(CellSet other)
    {
        for (int i = 0; i < _words.Length; i++)
        {
            if ((_words[i] & other._words[i]) != 0)
                return true;
        }

        return false;
    }

    public bool Within(CellSet other)
    {
        for (int i = 0; i < _words.Length; i++)
        {
            if ((_words[i] & ~other._words[i]) != 0)
                return false;
        }

        return true;
    }

    public bool Equals(CellSet other) => _words.AsSpan().SequenceEqual(other._words);

    public override int GetHashCode() => _words.Aggregate(17, HashCode.Combine);
}

/// <summary>One kind of value of a field: every comparison that is looked at comes out the same for all values in it.</summary>
internal abstract record FieldCell
{
    private FieldCell()
    {
    }

    /// <summary>The value is not known.</summary>
    public sealed record Unknown : FieldCell;

    /// <summary>Exactly this value; a number may be written in several ways, so that what its text contains is open as well.</summary>
    public sealed record Exactly(string Text, bool[]? Holds = null) : FieldCell;

    /// <summary>A number strictly between two that are named somewhere.</summary>
    public sealed record Between(double From, double To, bool[] Holds) : FieldCell;

    /// <summary>A text that is named nowhere.</summary>
    public sealed record Other(bool[] Holds) : FieldCell;
}

/// <summary>
/// The values of one field, cut into cells by everything that conditions compare it with. Within a cell no comparison tells two values apart, so that a question
/// about all values (does this imply that? is anything left?) is one about a few cells.
/// </summary>
/// <remarks>
/// What a text contains or which pattern it fits cannot be worked out for texts in general: such comparisons are taken to come out either way, except where one
/// plainly implies the other. So there may be cells that no real text is in, never texts without a cell. Facts are taken to be written without spaces around them.
/// </remarks>
internal sealed class FieldCells
{
    private const int MostLooseTests = 8;
    private const int MostCells = 2048;

    private readonly Predicate.Test[] _loose;

    private FieldCells(FactField field, IReadOnlyList<FieldCell> cells, Predicate.Test[] loose)
    {
        Field = field;
        Cells = cells;
        _loose = loose;
    }

    public FactField Field { get; }

    public IReadOnlyList<FieldCell> Cells { get; }

    /// <summary>The cells that the tests need; null when there would be too many.</summary>
    public static FieldCells? Of(FactField field, IReadOnlyList<Predicate.Test> tests)
    {
        bool isNumber = field.Kind is FactKind.Whole or FactKind.Number;
        bool isClosed = field.Values.Count > 0;
        Predicate.Test[] loose = isClosed ? [] : [.. tests.Where(t => t.Op is PredicateOp.Contains or PredicateOp.StartsWith or PredicateOp.EndsWith or PredicateOp.Regex).DistinctBy(Key)];
        if (loose.Length > MostLooseTests)
            return null;
        List<FieldCell> cells = field.IsAlwaysKnown ? [] : [new FieldCell.Unknown()];
        if (isClosed)
        {
            cells.AddRange(field.Values.Select(v => new FieldCell.Exactly(v)));
            return new FieldCells(field, cells, loose);
        }

        string[] named = [.. tests.Where(t => t.Op is not (PredicateOp.Exists or PredicateOp.Contains or PredicateOp.StartsWith or PredicateOp.EndsWith or PredicateOp.Regex)).SelectMany(t => t.Values)];
        double[] numbers = [.. named.Select(PredicateEvaluator.Number).OfType<double>().Distinct().Order()];
        bool[][] worlds = Worlds(loose);
        bool comparesNumbers = isNumber || tests.Any(t => t.Op is PredicateOp.Gt or PredicateOp.Gte or PredicateOp.Lt or PredicateOp.Lte or PredicateOp.Between);
        cells.AddRange(numbers.Where(n => IsPossible(field, n, n)).SelectMany(n => isNumber || loose.Length == 0
            ? [new FieldCell.Exactly(Write(n))]
            : worlds.Select(w => new FieldCell.Exactly(Write(n), w))));
        if (comparesNumbers)
            cells.AddRange(Gaps(field, numbers).SelectMany(g => worlds.Select(w => new FieldCell.Between(g.From, g.To, w))));
        if (!isNumber)
        {
            cells.AddRange(named.Where(n => PredicateEvaluator.Number(n) is null).Select(n => n.Trim()).Distinct(StringComparer.OrdinalIgnoreCase).Select(n => new FieldCell.Exactly(n)));
            cells.AddRange(worlds.Select(w => new FieldCell.Other(w)));
        }

        return cells.Count > MostCells ? null : new FieldCells(field, cells, loose);
    }

    /// <summary>The cells in which a comparison comes out so.</summary>
    public CellSet Where(Predicate.Test test, PredicateResult result) => CellSet.Of(Cells.Count, i => Result(test, Cells[i]) == result);

    private PredicateResult Result(Predicate.Test test, FieldCell cell)
    {
        if (test.Op == PredicateOp.Exists)
        {
            bool wanted = test.Values.Count == 0 || !string.Equals(test.Values[0], "false", StringComparison.OrdinalIgnoreCase);
            return Truth(cell is not FieldCell.Unknown == wanted);
        }

        switch (cell)
        {
            case FieldCell.Unknown:
                return PredicateResult.Missing;
            case FieldCell.Exactly { Holds: { } open } when LooseIndex(test) is >= 0 and { } at:
                return Truth(open[at]);
            case FieldCell.Exactly exactly:
                return PredicateEvaluator.Holds(test, exactly.Text) is { } holds ? Truth(holds) : PredicateResult.Missing;
        }

        int loose = LooseIndex(test);
        if (loose >= 0)
            return Truth(cell is FieldCell.Between b ? b.Holds[loose] : ((FieldCell.Other)cell).Holds[loose]);
        return (test.Op, cell) switch
        {
            (PredicateOp.Equals or PredicateOp.In, _) => PredicateResult.False,
            (PredicateOp.NotEquals or PredicateOp.NotIn, _) => PredicateResult.True,
            (_, FieldCell.Between between) => Truth(PredicateEvaluator.Holds(test, Write(Inside(between))) == true),
            _ => PredicateResult.Missing,
        };
    }

    /// <summary>Any number strictly inside: all of them compare alike.</summary>
    private static double Inside(FieldCell.Between cell) =>
        double.IsNegativeInfinity(cell.From) ? double.IsPositiveInfinity(cell.To) ? 0 : Math.BitDecrement(cell.To)
        : Math.BitIncrement(cell.From);

    private static IEnumerable<(double From, double To)> Gaps(FactField field, double[] numbers)
    {
        double[] ends = [double.NegativeInfinity, .. numbers, double.PositiveInfinity];
        for (int i = 1; i < ends.Length; i++)
        {
            if (IsPossible(field, Math.BitIncrement(ends[i - 1]), Math.BitDecrement(ends[i])))
                yield return (ends[i - 1], ends[i]);
        }
    }

    /// <summary>Whether the field can be a number from the one to the other.</summary>
    private static bool IsPossible(FactField field, double from, double to)
    {
        (double least, double most) = (Math.Max(from, field.Least ?? double.NegativeInfinity), Math.Min(to, field.Most ?? double.PositiveInfinity));
        return field.Kind == FactKind.Whole && double.IsFinite(least) ? Math.Ceiling(least) <= most : least <= most;
    }

    /// <summary>Every way in which the loose tests can come out together, less those where one plainly rules out another.</summary>
    private static bool[][] Worlds(Predicate.Test[] loose) =>
    [
        .. Enumerable.Range(0, 1 << loose.Length)
            .Select(bits => Enumerable.Range(0, loose.Length).Select(i => (bits & (1 << i)) != 0).ToArray())
            .Where(world => !Contradicts(world, loose)),
    ];

    private static bool Contradicts(bool[] world, Predicate.Test[] loose)
    {
        for (int i = 0; i < loose.Length; i++)
        {
            for (int j = 0; j < loose.Length; j++)
            {
                if (world[i] && !world[j] && Implies(loose[i], loose[j]))
                    return true;
            }
        }

        return false;
    }

    private static bool Implies(Predicate.Test a, Predicate.Test b) => a.Op != PredicateOp.Regex && b.Op != PredicateOp.Regex && a.Values.All(x => b.Values.Any(y => (a.Op, b.Op) switch
    {
        (_, PredicateOp.Contains) => x.Contains(y, StringComparison.OrdinalIgnoreCase),
        (PredicateOp.StartsWith, PredicateOp.StartsWith) => x.StartsWith(y, StringComparison.OrdinalIgnoreCase),
        (PredicateOp.EndsWith, PredicateOp.EndsWith) => x.EndsWith(y, StringComparison.OrdinalIgnoreCase),
        _ => false,
    }));

    private int LooseIndex(Predicate.Test test) => Array.FindIndex(_loose, t => Key(t) == Key(test));

    private static string Write(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static string Key(Predicate.Test test) => $"{test.Op}\n{string.Join('\n', test.Values)}";

    private static PredicateResult Truth(bool value) => value ? PredicateResult.True : PredicateResult.False;
}
