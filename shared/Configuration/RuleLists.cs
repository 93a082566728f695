namespace Abm.Configuration;

/// <summary>A list of rules, whatever they decide.</summary>
/// <param name="Path">Where it stands: <c>routing</c>, <c>scoring.rules</c>, <c>plays[0].firstTouch</c>.</param>
/// <param name="Says">What people call it.</param>
/// <param name="FirstDecides">Whether the first rule that holds decides; otherwise every rule that holds counts.</param>
/// <param name="Rules">In the order written.</param>
public sealed record RuleList(string Path, string Says, bool FirstDecides, IReadOnlyList<IRule> Rules);

/// <summary>Every list of rules of a configuration: found by what is declared, so that a new kind of rule is there by being declared.</summary>
public static class RuleLists
{
    /// <summary>In the order of the model.</summary>
    public static IReadOnlyList<RuleList> Of(AbmConfig config) => Of<AbmConfig>(config);

    internal static IReadOnlyList<RuleList> Of<T>(T root)
        where T : class =>
    [
        .. ConfigReferences.All(root, ConfigModel.Of<T>())
            .Where(p => p is { Value: not null, Shape: ListShape, Property: not null })
            .Select(p => (Part: p, First: p.Property!.Declared<DecisionListAttribute>() is not null, Every: p.Property.Declared<EveryRuleCountsAttribute>() is not null))
            .Where(p => p.First || p.Every)
            .Select(p => new RuleList(p.Part.Path, p.Part.Property!.Label, p.First, [.. ((ListShape)p.Part.Shape).Items(p.Part.Value!).Cast<IRule>()])),
    ];
}
