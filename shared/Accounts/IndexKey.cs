using Abm.Decisions;

namespace Abm.Accounts;

/// <summary>What accounts are found by: a 64-bit hash of a kind and a text. Stable, so that it may be stored. Two texts with one hash only cost a comparison: evidence is judged on the texts.</summary>
internal static class IndexKey
{
    /// <summary>Registrable domain.</summary>
    public const char Domain = 'd';

    /// <summary>Whole host, where it is more than the registrable domain.</summary>
    public const char Host = 'h';

    /// <summary>Name without spaces: its core, in full, and with abbreviations as written.</summary>
    public const char Name = 'n';

    /// <summary>One word of the name.</summary>
    public const char Token = 't';

    /// <summary>Two neighbouring words of the core name.</summary>
    public const char Pair = 'p';

    /// <summary>Initials of the name.</summary>
    public const char Acronym = 'a';

    /// <summary>First label of the registrable domain.</summary>
    public const char Label = 'l';

    /// <summary>Telephone number, E.164.</summary>
    public const char Phone = 'f';

    /// <summary>Street and city.</summary>
    public const char Street = 's';

    /// <summary>City; only counted, never followed.</summary>
    public const char City = 'o';

    /// <summary>Word of the name, and city.</summary>
    public const char TokenInCity = 'c';

    /// <summary>Registrable domain, and city.</summary>
    public const char DomainInCity = 'e';

    /// <summary>Squashed core name, and city.</summary>
    public const char NameInCity = 'm';

    /// <summary>The account's id; never counted.</summary>
    public const char Id = 'i';

    /// <summary>E-mail address of a contact; only asked for, no posting.</summary>
    public const char Email = 'x';

    /// <summary>A word with one letter left out.</summary>
    public const char Fuzzy = 'z';

    public static ulong Of(char kind, ReadOnlySpan<char> text) => Mix(Add(Start(kind), text));

    public static ulong Of(char kind, ReadOnlySpan<char> first, ReadOnlySpan<char> second) => Mix(Add(Add(Add(Start(kind), first), " "), second));

    /// <summary>A short hash of an account's id; two ids may have the same.</summary>
    public static uint OfId(ReadOnlySpan<byte> utf8)
    {
        ulong hash = Start(Id);
        foreach (byte one in utf8)
            hash = (hash ^ one) * 1099511628211UL;
        return (uint)Mix(hash);
    }

    /// <inheritdoc cref="OfId(ReadOnlySpan{byte})"/>
    public static uint OfId(string id)
    {
        Span<byte> utf8 = stackalloc byte[IdText.MaxLength * 3];
        return OfId(utf8[..System.Text.Encoding.UTF8.GetBytes(id, utf8)]);
    }

    /// <summary>The key of the text without its character at <paramref name="without"/>.</summary>
    public static ulong OfWithout(char kind, ReadOnlySpan<char> text, int without) => Mix(Add(Add(Start(kind), text[..without]), text[(without + 1)..]));

    /// <summary>The next of a row of numbers that have nothing in common.</summary>
    public static ulong After(ulong key) => Mix(key + 0x9E3779B97F4A7C15UL);

    private static ulong Start(char kind) => (14695981039346656037UL ^ kind) * 1099511628211UL;

    private static ulong Add(ulong hash, ReadOnlySpan<char> text)
    {
        foreach (char c in text)
            hash = (hash ^ c) * 1099511628211UL;
        return hash;
    }

    private static ulong Mix(ulong hash)
    {
        hash ^= hash >> 32;
        hash *= 0xd6e8feb86659fd93UL;
        hash ^= hash >> 32;
        return hash == 0 ? 1 : hash;
    }
}
