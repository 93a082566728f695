namespace Abm.Configuration;

/// <summary>A condition over named facts. One form for scoring, routing and plays.</summary>
/// <remarks>Three answers: true, false and missing. Missing never counts as true, negated or not, and is told apart in the trace.</remarks>
[WrittenAs(typeof(ConditionForm))]
public abstract record Predicate
{
    private Predicate()
    {
    }

    /// <summary>True when every part is; false as soon as one is false; otherwise missing. Without parts: true.</summary>
    public sealed record All(IReadOnlyList<Predicate> Parts) : Predicate;

    /// <summary>True as soon as one part is; false when every part is false; otherwise missing. Without parts: false.</summary>
    public sealed record Any(IReadOnlyList<Predicate> Parts) : Predicate;

    /// <summary>The opposite; missing stays missing.</summary>
    public sealed record Not(Predicate Part) : Predicate;

    /// <summary>Compares one fact.</summary>
    /// <param name="Field">A name out of <see cref="Facts"/>, such as <c>account.industry</c>.</param>
    /// <param name="Values">One value, or several for <c>in</c>, <c>notIn</c> (one or more) and <c>between</c> (two, both ends included); none for <c>exists</c> means that it must exist.</param>
    public sealed record Test(string Field, PredicateOp Op, IReadOnlyList<string> Values) : Predicate;

    /// <summary>Always true: what a rule without a condition says.</summary>
    public static Predicate Always { get; } = new All([]);
}

/// <summary>How a fact is compared. Texts are compared without regard to case; numbers as numbers when both sides are.</summary>
public enum PredicateOp
{
    Equals,
    NotEquals,
    Contains,
    StartsWith,
    EndsWith,
    Gt,
    Gte,
    Lt,
    Lte,
    In,
    NotIn,
    Exists,
    Between,
    Regex,
}

/// <summary>What a condition came to.</summary>
public enum PredicateResult
{
    False,
    True,

    /// <summary>A fact that it needs is not known.</summary>
    Missing,
}
