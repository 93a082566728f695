using Abm.Accounts;

namespace Abm.Clocks;

/// <summary>How kinds and tiers are written outside.</summary>
public static class ClockNames
{
    /// <summary>All kinds.</summary>
    public static IReadOnlyList<string> Kinds { get; } = [.. Enum.GetValues<ClockKind>().Select(Of)];

    /// <summary>All tiers.</summary>
    public static IReadOnlyList<string> Tiers { get; } = [.. Enum.GetValues<AccountTier>().Select(Of)];

    /// <summary>Such as <c>firstTouch</c>.</summary>
    public static string Of(ClockKind kind) => Camel(kind.ToString());

    /// <summary>Such as <c>oneToFew</c>.</summary>
    public static string Of(AccountTier tier) => Camel(tier.ToString());

    private static string Camel(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
