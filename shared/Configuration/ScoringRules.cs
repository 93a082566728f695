namespace Abm.Configuration;

/// <summary>How well an account fits our ideal customer.</summary>
[Says("scoring")]
public sealed record ScoringRules
{
    /// <summary>Each rule that is true adds its points; the sum is clamped to 0–100.</summary>
    [Says("rules", More = "Every rule that is true adds its points."), UniqueBy("name", "scoring rule"), EveryRuleCounts, BeforeScoring]
    public IReadOnlyList<ScoringRule> Rules { get; init; } = [];

    /// <summary>Levels, each from its own minimum (included) up to the next one's (excluded); the top one is open. Highest first or last, as you like.</summary>
    [Says("levels"), UniqueBy("name", "level"), UniqueBy("from", "level from"), CheckedBy(typeof(LevelsCheck))]
    public IReadOnlyList<ScoreLevel> Levels { get; init; } =
        [new() { Name = "Target", From = 80 }, new() { Name = "Qualified", From = 50 }, new() { Name = "Standard", From = 20 }, new() { Name = "Low", From = 0 }];

    public static ScoringRules Default { get; } = new();
}

/// <summary>Adds points when a condition is true.</summary>
[Says("scoring rule")]
public sealed record ScoringRule : IRule
{
    /// <summary>Short name in words, unique among the scoring rules.</summary>
    [Says("name")]
    public required string Name { get; init; }

    /// <summary>Points added; may be negative. -100 to 100.</summary>
    [Says("points added"), Between(-100, 100)]
    public required double Points { get; init; }
    [Says("when")]
    public required Predicate When { get; init; }

    /// <summary>Why the rule is there, for whoever reads the rule book.</summary>
    [Says("why")]
    public string? Why { get; init; }
}

/// <summary>A band of fit points.</summary>
[Says("level")]
public sealed record ScoreLevel
{
    [Says("name")]
    public required string Name { get; init; }

    /// <summary>Lowest points of the level, included. 0 to 100.</summary>
    [Says("from", Unit = "points"), Between(0, 100)]
    public required double From { get; init; }
}

/// <summary>Tells what a person does from words of the title.</summary>
[Says("persona"), CheckedBy(typeof(PersonaCheck))]
public sealed record PersonaRule
{
    [Says("persona")]
    public required string Persona { get; init; }

    /// <summary>Words or phrases; one that stands in the title as whole words is enough, in any case. <c>cto</c> is not in <c>director</c>.</summary>
    [Says("the title has one of")]
    public required IReadOnlyList<string> TitleHas { get; init; }

    /// <summary>Words or phrases that rule the persona out although a word of it stands there.</summary>
    [Says("unless it has one of")]
    public IReadOnlyList<string> UnlessTitleHas { get; init; } = [];
}
