namespace Abm.Configuration;

/// <summary>How people call it, in a few words: the label in the rule book, in differences and in editors. No full stop.</summary>
/// <param name="words">Such as <c>points added</c>.</param>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Class | AttributeTargets.Struct | AttributeTargets.Enum | AttributeTargets.Field, Inherited = false)]
public sealed class SaysAttribute(string words) : Attribute
{
    public string Words { get; } = words;

    /// <summary>What a number counts, such as <c>points</c> or <c>%</c>.</summary>
    public string? Unit { get; init; }

    /// <summary>A sentence or two more, shown by editors.</summary>
    public string? More { get; init; }
}

/// <summary>Never written in files: it is computed, or it is the key that the value stands under.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotWrittenAttribute : Attribute;

/// <summary>Least and most, both included: numbers, or lengths such as <c>1s</c> and <c>366d</c>. On a list of numbers or a mapping to numbers: of each of them.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BetweenAttribute : Attribute
{
    public BetweenAttribute(double least, double most) => (Least, Most) = (least, most);

    public BetweenAttribute(string least, string most)
    {
        LeastLength = ConfigLength.Parse(least);
        MostLength = ConfigLength.Parse(most);
    }

    public double Least { get; }
    public double Most { get; }
    public TimeSpan? LeastLength { get; }
    public TimeSpan? MostLength { get; }

    /// <summary>Whether the least itself is too little: a weight is more than 0.</summary>
    public bool MoreThanLeast { get; init; }
}

/// <summary>The text, or each text of the list, is the name of something defined in that section.</summary>
/// <param name="section">Where it is defined, such as <c>pools</c>.</param>
/// <param name="what">What it is, for messages, such as <c>SLA policy</c>.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class RefersToAttribute(string section, string what) : Attribute
{
    public string Section { get; } = section;
    public string What { get; } = what;

    /// <summary>Whether following the references may never lead back to where they began, such as from play to play.</summary>
    public bool NoCycles { get; init; }
}

/// <summary>No two entries of the list may have the same value there, in any case.</summary>
/// <param name="property">Name of the property as it is written, such as <c>name</c>; null when the entries themselves are compared.</param>
/// <param name="what">What an entry is, for messages, such as <c>routing rule</c>.</param>
[AttributeUsage(AttributeTargets.Property, AllowMultiple = true)]
public sealed class UniqueByAttribute(string? property, string what) : Attribute
{
    public string? Property { get; } = property;
    public string What { get; } = what;
}

/// <summary>The text must fit this pattern as a whole.</summary>
/// <param name="pattern">Without lookarounds and back references; JSON Schema and .NET understand it alike.</param>
/// <param name="says">What fits, in words.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class PatternAttribute(string pattern, string says) : Attribute
{
    public string Pattern { get; } = pattern;
    public string Says { get; } = says;
}

/// <summary>At least one entry.</summary>
/// <param name="says">Why one is needed.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NotEmptyAttribute(string says) : Attribute
{
    public string Says { get; } = says;
}

/// <summary>What a text is, beyond being a text.</summary>
public enum TextFormat
{
    /// <summary>An IANA time zone such as Europe/Berlin.</summary>
    Zone,

    /// <summary>Two capital letters, ISO 3166-1.</summary>
    Country,

    /// <summary>A fact that conditions can ask about, such as <c>account.industry</c>.</summary>
    Field,

    /// <summary>The id of a rep: 1 to 200 characters without / \ # ?</summary>
    Rep,

    /// <summary>The id of an account: 1 to 100 characters without / \ # ?</summary>
    Account,

    /// <summary>A text with names in braces that are filled in, see <see cref="NotificationTemplate.Placeholders"/>.</summary>
    Template,
}

/// <summary>The text, or each text of a list, or each key of a mapping, is of that format.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class FormatAttribute(TextFormat format) : Attribute
{
    public TextFormat Format { get; } = format;
}

/// <summary>Conditions below this property are answered before the account's score is known: they may not ask about it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class BeforeScoringAttribute : Attribute;

/// <summary>Rules are tried in the order written and the first that is true decides.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DecisionListAttribute : Attribute
{
    /// <summary>Whether the last rule must be without a condition and no other may.</summary>
    public bool CatchAll { get; init; } = true;

    /// <summary>Whether there need not be any rule at all.</summary>
    public bool MayBeEmpty { get; init; }

    /// <summary>Why there must be a catch-all, for messages.</summary>
    public string Because { get; init; } = "so that something always decides";
}

/// <summary>Every rule that is true counts; none hides another.</summary>
[AttributeUsage(AttributeTargets.Property)]
public sealed class EveryRuleCountsAttribute : Attribute;

/// <summary>Things defined by name, which nobody may leave lying about unused.</summary>
/// <param name="what">What one is, such as <c>pool</c>.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class DefinitionsAttribute(string what) : Attribute
{
    public string What { get; } = what;

    /// <summary>Whether people (reps) name them too, so that only with the reps at hand it can be said that one is unused.</summary>
    public bool AlsoNamedByReps { get; init; }
}

/// <summary>A rule with a condition. Whatever implements it gets its conditions checked, linted, compared and written in words.</summary>
public interface IRule
{
    /// <summary>Short name in words, unique in its list.</summary>
    string Name { get; }

    /// <summary>When it holds; null = always.</summary>
    Predicate? When { get; }

    /// <summary>When it surely decides once it is reached, where that is less than <see cref="When"/>: a rule may hold and still leave the decision to the next one. Null = always.</summary>
    Predicate? Decides => When;

    /// <summary>Whether it does anything at that instant. Default: always.</summary>
    bool IsInForce(DateTimeOffset now) => true;

    /// <summary>Rules of different groups never stand in each other's way. Null = all are of one group.</summary>
    string? Group => null;
}

/// <summary>Which property names the entries of a list, where it is not <c>name</c>.</summary>
/// <param name="property">As it is written: <c>persona</c>.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class NamedByAttribute(string property) : Attribute
{
    public string Property { get; } = property;
}
