namespace Abm.Configuration;

/// <summary>What happened to a value from one configuration to another.</summary>
public enum ConfigChangeKind
{
    Added,
    Removed,
    Changed,

    /// <summary>It is the same, at another place in an order that matters.</summary>
    Moved,
}

/// <summary>One difference.</summary>
/// <param name="Path">Where, entries of lists by their name where they have one: <c>routing[Americas].to</c>.</param>
/// <param name="Before">As it was, in short words; null when it was not there.</param>
/// <param name="After">As it is; null when it is gone. Of something moved: its new place.</param>
/// <param name="Says">The whole difference in a sentence for people.</param>
public sealed record ConfigChange(string Path, ConfigChangeKind Kind, string? Before, string? After, string Says);
