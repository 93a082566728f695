using System.Text.Json.Serialization;

namespace Abm.Decisions;

/// <summary>One ground of a decision: what was looked at, in words a person can check, and what it added.</summary>
/// <param name="Code">Stable, dotted, lower-case code for reports and rules, such as <c>match.domain.primary</c>; see <see cref="ReasonCodes"/>.</param>
/// <param name="Says">One sentence for a person. Never needed to decide anything.</param>
/// <param name="Points">What it added to (or took from) the value it explains; 0 when it only informs, as a missing field does.</param>
public sealed record Reason(string Code, string Says, [property: JsonPropertyOrder(2)] double Points = 0)
{
    private readonly ReasonSentence? _sentence;
    private readonly string? _about;
    private readonly string? _other;
    private readonly double _amount;
    private readonly double _bound;
    private string? _says = Says;

    /// <summary>A reason whose sentence is made when somebody reads it: most decisions are never asked why.</summary>
    /// <param name="sentence">Makes the sentence from what follows, and from nothing else.</param>
    internal Reason(string code, double points, ReasonSentence sentence, string? about = null, string? other = null, double amount = 0, double bound = 0)
        : this(code, null!, points)
    {
        _sentence = sentence;
        _about = about;
        _other = other;
        _amount = amount;
        _bound = bound;
    }

    [JsonPropertyOrder(1)]
    public string Says
    {
        get => _says ??= _sentence!(_about ?? "", _other ?? "", _amount, _bound);
        init => _says = value;
    }

    /// <summary>The configured rule that was tried, when the reason is about one. Whoever tries a rule names it here: what is never hit is found by it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull), JsonPropertyOrder(3)]
    public RuleTrial? Rule { get; init; }

    /// <summary>Two reasons are equal that say the same, whether anybody has read them or not.</summary>
    public bool Equals(Reason? other) => other is not null && Code == other.Code && Points.Equals(other.Points) && Rule == other.Rule && Says == other.Says;

    public override int GetHashCode() => HashCode.Combine(Code, Points);
}

/// <summary>Says a reason in words.</summary>
/// <param name="about">Whom it is about; empty for nobody.</param>
/// <param name="other">What else is named in it.</param>
internal delegate string ReasonSentence(string about, string other, double amount, double bound);

/// <summary>A rule of the configuration that was tried, and what became of it.</summary>
/// <param name="Kind">Which list it stands in, such as <c>routing</c> or <c>scoring</c>; see <see cref="RuleKinds"/>.</param>
/// <param name="Name">As the configuration names it; unique in its list.</param>
/// <param name="Holds">Null: a fact that it needs is not known.</param>
public sealed record RuleTrial(string Kind, string Name, bool? Holds);

/// <summary>The lists of rules that decisions try.</summary>
public static class RuleKinds
{
    public const string MatchingExceptions = "matchingExceptions";
    public const string Scoring = "scoring";
    public const string Personas = "personas";

    /// <summary>Checks before every routing rule.</summary>
    public const string Conflicts = "conflicts";
    public const string Routing = "routing";
    public const string Territories = "territories";
    public const string Pods = "pods";
    public const string Plays = "plays";

    /// <summary>A play's choice of a deadline, named <c>play/policy</c>.</summary>
    public const string Deadlines = "deadlines";
}
