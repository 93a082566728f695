namespace Abm.Configuration;

/// <summary>What was written, before it means anything: texts, lists and named values, each with its place.</summary>
public abstract record ConfigNode(ConfigPlace Place)
{
    private ConfigNode()
        : this(ConfigPlace.Nowhere)
    {
    }

    /// <summary>A text, a number, true or false. An empty one that is not quoted, <c>~</c> and <c>null</c> say nothing.</summary>
    /// <param name="Kind">What it was written as where that is known; YAML does not tell, so there everything is text.</param>
    public sealed record Scalar(string Text, bool IsNull, ConfigPlace Place, ScalarKind Kind = ScalarKind.Text) : ConfigNode(Place);

    public sealed record Sequence(IReadOnlyList<ConfigNode> Items, ConfigPlace Place) : ConfigNode(Place);

    /// <summary>Keys are unique.</summary>
    public sealed record Mapping(IReadOnlyList<ConfigEntry> Entries, ConfigPlace Place) : ConfigNode(Place)
    {
        public ConfigNode? Find(string key) => Entries.FirstOrDefault(e => string.Equals(e.Key, key, StringComparison.Ordinal))?.Value;
    }

    /// <summary>The kind, for messages.</summary>
    public string KindName => this switch
    {
        Scalar => "a single value",
        Sequence => "a list",
        _ => "named values",
    };

    internal static Scalar OfText(string text) => new(text, IsNull: false, ConfigPlace.Nowhere);

    internal static Scalar OfNumber(string text) => new(text, IsNull: false, ConfigPlace.Nowhere, ScalarKind.Number);

    internal static Scalar OfTruth(bool value) => new(value ? "true" : "false", IsNull: false, ConfigPlace.Nowhere, ScalarKind.Truth);

    internal static Scalar Nothing { get; } = new("", IsNull: true, ConfigPlace.Nowhere);

    internal static Sequence OfList(IEnumerable<ConfigNode> items) => new([.. items], ConfigPlace.Nowhere);

    internal static Mapping Named(params IEnumerable<(string Key, ConfigNode Value)> entries) =>
        new([.. entries.Select(e => new ConfigEntry(e.Key, ConfigPlace.Nowhere, e.Value))], ConfigPlace.Nowhere);
}

/// <summary>What a single value is where more than its text is known.</summary>
public enum ScalarKind
{
    Text,
    Number,
    Truth,
}

/// <summary>One named value.</summary>
public sealed record ConfigEntry(string Key, ConfigPlace KeyPlace, ConfigNode Value);

/// <summary>What is wrong, where, and how to mend it.</summary>
/// <param name="Path">The way to it through the keys, such as <c>pools.inbound.zone</c>; empty for a whole file.</param>
/// <param name="Line">From 1; 0 for a whole file.</param>
public sealed record ConfigFileProblem(string Code, string File, long Line, long Column, string Path, string Message)
{
    public override string ToString()
    {
        string place = Line == 0 ? File : FormattableString.Invariant($"{File}:{Line}:{Column}");
        return Path.Length == 0 ? $"{place}: {Message} [{Code}]" : $"{place}: {Path}: {Message} [{Code}]";
    }
}
