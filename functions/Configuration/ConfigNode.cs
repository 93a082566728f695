using Abm.Configuration;

namespace Abm.Functions.Configuration;

/// <summary>What was written, before it means anything: texts, lists and named values, each with its place.</summary>
internal abstract record ConfigNode(ConfigPlace Place)
{
    /// <summary>A text, a number, true or false. An empty one that is not quoted, <c>~</c> and <c>null</c> say nothing.</summary>
    public sealed record Scalar(string Text, bool IsNull, ConfigPlace Place) : ConfigNode(Place);

    public sealed record Sequence(IReadOnlyList<ConfigNode> Items, ConfigPlace Place) : ConfigNode(Place);

    /// <summary>Keys are unique.</summary>
    public sealed record Mapping(IReadOnlyList<ConfigEntry> Entries, ConfigPlace Place) : ConfigNode(Place)
    {
        public ConfigNode? Find(string key) => Entries.FirstOrDefault(e => string.Equals(e.Key, key, StringComparison.Ordinal))?.Value;
    }

    /// <summary>The kind, for messages.</summary>
    public string Kind => this switch
    {
        Scalar => "a single value",
        Sequence => "a list",
        _ => "named values",
    };
}

/// <summary>One named value.</summary>
internal sealed record ConfigEntry(string Key, ConfigPlace KeyPlace, ConfigNode Value);

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
