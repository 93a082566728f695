using Abm.Decisions;
using Abm.Journeys;

namespace Abm.Replays;

/// <summary>Compares two decisions about one lead.</summary>
public static class DecisionComparison
{
    /// <summary>Name of what comes before the first step: lead, instant and lists.</summary>
    public const string InputsStep = "inputs";

    private const int LongestText = 300;

    /// <summary>The first step that differs, and in it the first field, in the order of the journey. Null: they are the same in every field but the version of the rules.</summary>
    public static DecisionDifference? First(JourneyDecision before, JourneyDecision after, IReadOnlyList<JourneyStep> steps)
    {
        if (StructuralComparison.First(Given(before), Given(after)) is { } given)
            return Difference(InputsStep, given, [], []);
        foreach (JourneyStep step in steps)
        {
            IReadOnlyList<object?> one = step.Of(before);
            IReadOnlyList<object?> other = step.Of(after);
            for (int i = 0; i < Math.Max(one.Count, other.Count); i++)
            {
                if (StructuralComparison.First(one.ElementAtOrDefault(i), other.ElementAtOrDefault(i)) is { } found)
                    return Difference(step.Name, found, step.Reasons(before), step.Reasons(after));
            }
        }

        return null;
    }

    /// <summary>What people care for and is different, in the order of the journey.</summary>
    public static IReadOnlyList<FacetChange> Changes(DecidedLead before, DecidedLead after, IReadOnlyList<JourneyStep> steps)
    {
        List<FacetChange>? changes = null;
        foreach (JourneyStep step in steps)
        {
            foreach (Facet facet in step.Facets)
            {
                string? one = facet.Of(before);
                string? other = facet.Of(after);
                if (!string.Equals(one, other, StringComparison.Ordinal))
                    (changes ??= []).Add(new FacetChange(step.Name, facet.Name, one, other, facet.IsMinor(before, after)));
            }
        }

        return changes ?? (IReadOnlyList<FacetChange>)[];
    }

    // In the decision's own type, so that a property that is added later is not forgotten: what is no step's is given.
    private static GivenOf Given(JourneyDecision decision) =>
        new(decision.DecisionId, decision.DecidedAt, decision.Lead, decision.DataVersions, decision.AccountsVersion);

    private static DecisionDifference Difference(string step, (string Path, object? Before, object? After) found, IEnumerable<Reason> before, IEnumerable<Reason> after)
    {
        string path = found.Path.EndsWith(".value", StringComparison.Ordinal) ? found.Path[..^".value".Length] : found.Path;
        return new DecisionDifference(
            step, path.Length == 0 ? "kind" : path, Cut(StructuralComparison.Text(found.Before)), Cut(StructuralComparison.Text(found.After)),
            [.. before.Select(r => r.Code).Distinct(StringComparer.Ordinal)], [.. after.Select(r => r.Code).Distinct(StringComparer.Ordinal)]);
    }

    private static string? Cut(string? text) => text is { Length: > LongestText } ? text[..LongestText] + "…" : text;

    private sealed record GivenOf(string DecisionId, DateTimeOffset DecidedAt, Leads.Lead Lead, IReadOnlyDictionary<string, string> DataVersions, long AccountsVersion);
}

/// <summary>Where two decisions part.</summary>
/// <param name="Step">The first step that differs; <see cref="DecisionComparison.InputsStep"/> when they did not begin alike.</param>
/// <param name="Field">The first field of it that differs, such as <c>owner</c> or <c>candidates[0].points</c>; <c>kind</c> when the step came to another kind of answer.</param>
/// <param name="ReasonsBefore">Codes of the step's reasons.</param>
public sealed record DecisionDifference(string Step, string Field, string? Before, string? After, IReadOnlyList<string> ReasonsBefore, IReadOnlyList<string> ReasonsAfter);

/// <summary>Something people care for that is different.</summary>
/// <param name="IsMinor">Means little, such as a turn in the same pool that went to another member.</param>
public sealed record FacetChange(string Step, string Facet, string? Before, string? After, bool IsMinor);
