using System.Collections.Frozen;

namespace Abm.Lists;

/// <summary>Local parts of addresses that are no person's.</summary>
internal static class Mailboxes
{
    private static readonly Lazy<FrozenDictionary<string, bool>> AutomatedByName = new(Load);

    public static bool IsAutomated(string local) => AutomatedByName.Value.TryGetValue(Plain(local), out bool automated) && automated
        || local.StartsWith("bounce-", StringComparison.Ordinal) || local.StartsWith("bounces-", StringComparison.Ordinal)
        || local.StartsWith("noreply-", StringComparison.Ordinal) || local.StartsWith("no-reply-", StringComparison.Ordinal);

    public static bool IsRole(string local) => AutomatedByName.Value.TryGetValue(Plain(local), out bool automated) && !automated;

    private static string Plain(string local)
    {
        if (local.AsSpan().IndexOfAny(".-_") < 0)
            return local;
        Span<char> plain = stackalloc char[local.Length];
        int length = 0;
        foreach (char c in local)
        {
            if (c is not ('.' or '-' or '_'))
                plain[length++] = c;
        }

        return new(plain[..length]);
    }

    private static FrozenDictionary<string, bool> Load() => EmbeddedList.Lines("mailboxes.csv")
        .Select(line => line.Split(';'))
        .ToFrozenDictionary(cells => cells[1], cells => cells[0] == "automated", StringComparer.Ordinal);
}
