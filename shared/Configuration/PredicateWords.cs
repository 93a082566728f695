using System.Diagnostics;

namespace Abm.Configuration;

/// <summary>Conditions in words: <c>the account's employees are at least 1000 and not (the account's tier is oneToOne)</c>.</summary>
internal static class PredicateWords
{
    public static string Say(Predicate? predicate) => predicate switch
    {
        null or Predicate.All { Parts.Count: 0 } => "always",
        Predicate.Any { Parts.Count: 0 } => "never",
        Predicate.All all => string.Join(" and ", all.Parts.Select(Part)),
        Predicate.Any any => string.Join(" or ", any.Parts.Select(Part)),
        Predicate.Not not => $"not {Part(not.Part)}",
        Predicate.Test test => Say(test),
        _ => throw new UnreachableException(),
    };

    private static string Part(Predicate part) => part is Predicate.Test or Predicate.All { Parts.Count: 1 } or Predicate.Any { Parts.Count: 1 } ? Say(part) : $"({Say(part)})";

    private static string Say(Predicate.Test test)
    {
        FactField field = FactFields.Find(test.Field);
        string values = test.Values.Count == 0 ? "" : test.Op == PredicateOp.Between && test.Values.Count == 2 ? $"{test.Values[0]} and {test.Values[1]}" : string.Join(", ", test.Values);
        if (field.Kind == FactKind.Truth && test.Op is PredicateOp.Equals or PredicateOp.NotEquals && test.Values is [{ } truth])
            return string.Equals(truth, "true", StringComparison.OrdinalIgnoreCase) == (test.Op == PredicateOp.Equals) ? field.Says : $"it is not so that {field.Says}";
        return test.Op switch
        {
            PredicateOp.Exists when test.Values is [{ } no] && string.Equals(no, "false", StringComparison.OrdinalIgnoreCase) => $"{field.Says} is not known",
            PredicateOp.Exists => $"{field.Says} is known",
            _ => $"{field.Says} {Op(test.Op)} {values}",
        };
    }

    private static string Op(PredicateOp op) => op switch
    {
        PredicateOp.Equals => "is",
        PredicateOp.NotEquals => "is not",
        PredicateOp.In => "is one of",
        PredicateOp.NotIn => "is none of",
        PredicateOp.Contains => "contains",
        PredicateOp.StartsWith => "starts with",
        PredicateOp.EndsWith => "ends with",
        PredicateOp.Regex => "fits the pattern",
        PredicateOp.Gt => "is more than",
        PredicateOp.Gte => "is at least",
        PredicateOp.Lt => "is less than",
        PredicateOp.Lte => "is at most",
        PredicateOp.Between => "is between",
        PredicateOp.Exists => "is known",
        _ => throw new UnreachableException(),
    };
}
