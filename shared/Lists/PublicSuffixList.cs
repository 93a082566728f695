namespace Abm.Lists;

/// <summary>The embedded public suffix list, private section included: under which names one can register a domain.</summary>
internal static class PublicSuffixList
{
    private static readonly Lazy<HashSet<string>> Rules = new(Load);

    /// <summary>Where the registrable domain starts in a lower-case host in ASCII form; -1 when the host is a public suffix itself or has one label.</summary>
    public static int RegistrableStart(string host)
    {
        var rules = Rules.Value.GetAlternateLookup<ReadOnlySpan<char>>();
        ReadOnlySpan<char> text = host;
        Span<char> wildcard = stackalloc char[text.Length + 2];
        wildcard[0] = '*';
        wildcard[1] = '.';

        // The longest matching rule wins, so the first from the left; a name that no rule knows has the suffix of its last label.
        int previous = -1;
        for (int start = 0; start >= 0; start = NextLabel(text, start))
        {
            ReadOnlySpan<char> rest = text[start..];
            wildcard[0] = '!';
            rest.CopyTo(wildcard[1..]);
            if (rules.Contains(wildcard[..(rest.Length + 1)]))
                return start;
            if (rules.Contains(rest))
                return previous;
            int next = NextLabel(text, start);
            if (next >= 0)
            {
                wildcard[0] = '*';
                wildcard[1] = '.';
                text[next..].CopyTo(wildcard[2..]);
                if (rules.Contains(wildcard[..(text.Length - next + 2)]))
                    return previous;
            }
            else
            {
                return previous;
            }

            previous = start;
        }

        return -1;
    }

    private static int NextLabel(ReadOnlySpan<char> host, int start)
    {
        int dot = host[start..].IndexOf('.');
        return dot < 0 ? -1 : start + dot + 1;
    }

    private static HashSet<string> Load()
    {
        var rules = new HashSet<string>(12_000, StringComparer.Ordinal);
        foreach (string line in EmbeddedList.Lines("publicSuffix.txt"))
            rules.Add(HostName.ToAscii(line) ?? line);
        return rules;
    }
}
