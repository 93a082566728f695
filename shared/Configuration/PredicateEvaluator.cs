using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Abm.Configuration;

/// <summary>What a condition came to, and because of what.</summary>
/// <param name="Because">The comparisons that decided, in words; empty for a rule without a condition.</param>
public sealed record PredicateVerdict(PredicateResult Result, string Because)
{
    public bool IsTrue => Result == PredicateResult.True;

    /// <summary>Null: a fact that it needs is not known.</summary>
    public bool? Holds => Result switch
    {
        PredicateResult.True => true,
        PredicateResult.False => false,
        _ => null,
    };
}

/// <summary>Answers conditions from facts.</summary>
public static class PredicateEvaluator
{
    /// <summary>Longest regular expression, in characters.</summary>
    public const int MaxPatternLength = 200;

    private static readonly ConcurrentDictionary<string, Regex> Patterns = new(StringComparer.Ordinal);

    /// <summary>Answers true, false or missing, with the comparisons that decided.</summary>
    public static PredicateVerdict Evaluate(Predicate? predicate, Facts facts) => predicate switch
    {
        null => new PredicateVerdict(PredicateResult.True, ""),
        Predicate.All all => Combine(all.Parts, facts, decides: PredicateResult.False, otherwise: PredicateResult.True),
        Predicate.Any any => Combine(any.Parts, facts, decides: PredicateResult.True, otherwise: PredicateResult.False),
        Predicate.Not not => Negate(Evaluate(not.Part, facts)),
        Predicate.Test test => Compare(test, facts),
        _ => throw new UnreachableException(),
    };

    /// <summary>The compiled pattern. Linear in the length of the text, whatever the pattern says.</summary>
    /// <exception cref="ArgumentException">Not a regular expression.</exception>
    /// <exception cref="NotSupportedException">It needs backtracking: lookarounds, back references, atomic groups.</exception>
    internal static Regex Pattern(string pattern) => Patterns.GetOrAdd(pattern, static p =>
        new Regex(p, RegexOptions.NonBacktracking | RegexOptions.IgnoreCase | RegexOptions.CultureInvariant));

    /// <summary>One part with <paramref name="decides"/> settles it; a missing part only keeps it open.</summary>
    private static PredicateVerdict Combine(IReadOnlyList<Predicate> parts, Facts facts, PredicateResult decides, PredicateResult otherwise)
    {
        List<PredicateVerdict> verdicts = [];
        foreach (Predicate part in parts)
        {
            PredicateVerdict verdict = Evaluate(part, facts);
            if (verdict.Result == decides)
                return verdict;
            verdicts.Add(verdict);
        }

        PredicateVerdict[] missing = [.. verdicts.Where(v => v.Result == PredicateResult.Missing)];
        return missing.Length > 0
            ? new PredicateVerdict(PredicateResult.Missing, Join(missing))
            : new PredicateVerdict(otherwise, Join(verdicts));
    }

    private static PredicateVerdict Negate(PredicateVerdict verdict) => verdict with
    {
        Result = verdict.Result switch
        {
            PredicateResult.True => PredicateResult.False,
            PredicateResult.False => PredicateResult.True,
            _ => PredicateResult.Missing,
        },
    };

    private static PredicateVerdict Compare(Predicate.Test test, Facts facts)
    {
        string? actual = facts.Text(test.Field);
        if (test.Op == PredicateOp.Exists)
        {
            bool wanted = test.Values.Count == 0 || !string.Equals(test.Values[0], "false", StringComparison.OrdinalIgnoreCase);
            return new PredicateVerdict(
                (actual is not null) == wanted ? PredicateResult.True : PredicateResult.False,
                $"{test.Field} is {(actual is null ? "not known" : "known")}");
        }

        if (actual is null)
            return new PredicateVerdict(PredicateResult.Missing, $"{test.Field} is not known");
        bool? holds = Holds(test, actual);
        string shown = IsPersonal(test.Field) ? test.Field : $"{test.Field} '{actual}'";
        return holds switch
        {
            null => new PredicateVerdict(PredicateResult.Missing, $"{shown} is not a number"),
            _ => new PredicateVerdict(holds.Value ? PredicateResult.True : PredicateResult.False, $"{shown} {Words(test.Op, holds.Value)} {Values(test)}"),
        };
    }

    /// <summary>Null when numbers are compared and the fact is none.</summary>
    internal static bool? Holds(Predicate.Test test, string actual) => test.Op switch
    {
        PredicateOp.Equals => Same(actual, test.Values[0]),
        PredicateOp.NotEquals => !Same(actual, test.Values[0]),
        PredicateOp.In => test.Values.Any(v => Same(actual, v)),
        PredicateOp.NotIn => !test.Values.Any(v => Same(actual, v)),
        PredicateOp.Contains => test.Values.Any(v => actual.Contains(v, StringComparison.OrdinalIgnoreCase)),
        PredicateOp.StartsWith => actual.StartsWith(test.Values[0], StringComparison.OrdinalIgnoreCase),
        PredicateOp.EndsWith => actual.EndsWith(test.Values[0], StringComparison.OrdinalIgnoreCase),
        PredicateOp.Regex => Pattern(test.Values[0]).IsMatch(actual),
        _ => Number(actual) is { } number ? Holds(test, number) : null,
    };

    private static bool Holds(Predicate.Test test, double actual) => test.Op switch
    {
        PredicateOp.Gt => actual > Number(test.Values[0]),
        PredicateOp.Gte => actual >= Number(test.Values[0]),
        PredicateOp.Lt => actual < Number(test.Values[0]),
        PredicateOp.Lte => actual <= Number(test.Values[0]),
        PredicateOp.Between => actual >= Number(test.Values[0]) && actual <= Number(test.Values[1]),
        _ => throw new UnreachableException(),
    };

    private static bool Same(string a, string b) =>
        Number(a) is { } x && Number(b) is { } y ? x.Equals(y) : string.Equals(a.Trim(), b.Trim(), StringComparison.OrdinalIgnoreCase);

    internal static double? Number(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number) ? number : null;

    // What a person typed is not repeated in reasons: decisions outlive the person's data.
    private static bool IsPersonal(string field) =>
        field is "lead.title" or "lead.company" or "lead.city" or "lead.emailDomain" or "lead.domain" or "lead.companyKey" or "territory.city" or "territory.product" || field.StartsWith("lead.custom.", StringComparison.Ordinal);

    private static string Words(PredicateOp op, bool holds) => op switch
    {
        PredicateOp.Equals => holds ? "is" : "is not",
        PredicateOp.NotEquals => holds ? "is not" : "is",
        PredicateOp.In => holds ? "is one of" : "is none of",
        PredicateOp.NotIn => holds ? "is none of" : "is one of",
        PredicateOp.Contains => holds ? "contains" : "does not contain",
        PredicateOp.StartsWith => holds ? "starts with" : "does not start with",
        PredicateOp.EndsWith => holds ? "ends with" : "does not end with",
        PredicateOp.Regex => holds ? "fits" : "does not fit",
        PredicateOp.Gt => holds ? "is more than" : "is not more than",
        PredicateOp.Gte => holds ? "is at least" : "is less than",
        PredicateOp.Lt => holds ? "is less than" : "is not less than",
        PredicateOp.Lte => holds ? "is at most" : "is more than",
        PredicateOp.Between => holds ? "is between" : "is not between",
        _ => throw new UnreachableException(),
    };

    private static string Values(Predicate.Test test) =>
        test.Op == PredicateOp.Between ? $"{test.Values[0]} and {test.Values[1]}" : string.Join(", ", test.Values);

    private static string Join(IEnumerable<PredicateVerdict> verdicts) => string.Join("; ", verdicts.Select(v => v.Because).Where(b => b.Length > 0));
}
