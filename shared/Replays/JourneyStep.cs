using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Journeys;
using Abm.People;

namespace Abm.Replays;

/// <summary>A step of the journey as those see it who ask about decisions. A new step is declared once, here: then it is compared, replayed, counted in dry runs and asked "why not?".</summary>
/// <param name="Name">One word, such as <c>route</c>.</param>
/// <param name="Of">What the step decided: one value or several. Compared part by part, so that nothing that is added to it is forgotten.</param>
public sealed record JourneyStep(string Name, Func<JourneyDecision, IReadOnlyList<object?>> Of)
{
    /// <summary>Its reasons. Rules that were tried are found by them.</summary>
    public Func<JourneyDecision, IEnumerable<Reason>> Reasons { get; init; } = _ => [];

    /// <summary>What people care for in it, each in one word: what dry runs count.</summary>
    public IReadOnlyList<Facet> Facets { get; init; } = [];

    /// <summary>Every rule that the configuration has for it: those that no lead ever hits are told.</summary>
    public Func<AbmConfig, IEnumerable<RuleName>> Rules { get; init; } = _ => [];

    /// <summary>The questions "why not …?" that it answers.</summary>
    public IReadOnlyList<WhyNotKind> WhyNot { get; init; } = [];
}

/// <summary>A rule of the configuration.</summary>
/// <param name="Kind">See <see cref="RuleKinds"/>.</param>
public sealed record RuleName(string Kind, string Name);

/// <summary>One thing that a decision came to, which another configuration may change.</summary>
/// <param name="Name">One word, such as <c>owner</c>; unique among all steps.</param>
/// <param name="Of">Its value; null: there is none.</param>
public sealed record Facet(string Name, Func<DecidedLead, string?> Of)
{
    /// <summary>Whether a change of it means little: told, but not counted as a flip. Only asked of values that differ.</summary>
    public Func<DecidedLead, DecidedLead, bool> IsMinor { get; init; } = (_, _) => false;

    /// <summary>Whether the decision meets what a person said it should have been; by default: the values are equal.</summary>
    public Func<DecidedLead, string, bool>? Meets { get; init; }

    /// <summary>Whether it does.</summary>
    public bool IsMetBy(DecidedLead lead, string expected) => Meets?.Invoke(lead, expected) ?? string.Equals(Of(lead) ?? "", expected, StringComparison.Ordinal);
}

/// <summary>A decision with what it was about.</summary>
/// <param name="Account">The account that it was matched to; null when none.</param>
/// <param name="Config">The rules that it was made by.</param>
public sealed record DecidedLead(JourneyDecision Decision, Account? Account, AbmConfig Config, IReadOnlyDictionary<RepId, Rep> Reps);
