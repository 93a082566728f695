using Abm.Accounts;
using Abm.Decisions;

namespace Abm.Evaluation;

/// <summary>Makes a directory larger and harder: invented accounts beside the real ones that share their words, their domains or their names. The same seed makes the same ones.</summary>
/// <remarks>
/// None of the invented is ever right. Where a lead gives nothing that tells its account from an invented namesake, no method can: figures on an enlarged directory guard against boldness, they are no estimate of recall.
/// </remarks>
internal sealed class Enlarger(IReadOnlyList<Account> real, int seed)
{
    /// <summary>Names of one word have fewer longer ones beside them than mixing would give.</summary>
    private const double LongerThanOneWord = 0.15;

    private readonly Random _random = new(seed);
    private readonly string[][] _words = [.. real.Select(account => account.Name.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
    private readonly bool[] _isOneWord = [.. real.Select(account => NameKey.Read(account.Name)?.Core.Contains(' ', StringComparison.Ordinal) != true)];
    private readonly Account[] _placed = [.. real.Where(account => account.City is not null)];

    /// <summary>The real accounts and as many invented ones as make up the number.</summary>
    public List<Account> To(int count)
    {
        var all = new List<Account>(real);
        for (int i = 0; all.Count < count; i++)
        {
            int at = _random.Next(real.Count);
            if (Invent(real[at], _words[at]) is { } invented && (!_isOneWord[at] || !IsLonger(invented.Name, real[at].Name) || _random.NextDouble() < LongerThanOneWord))
                all.Add(invented with { Id = AccountId.Parse($"Z{i:0000000}") });
        }

        return all;
    }

    // Most of a large directory has nothing to do with any one company; what is near it is what makes matching hard.
    // The shares are such that as many accounts have a namesake, a sharer of their domain, a near spelling or a longer name beside them as in a real directory of 50,000: extrapolated from parts of the development accounts (Nearness).
    private Account? Invent(Account near, string[] words) => _random.NextDouble() switch
    {
        < 0.007 => Elsewhere(near) with { Name = near.Name },
        < 0.050 => OtherTrade(near, words),
        < 0.056 => Branch(near),
        < 0.085 => Elsewhere(near) with { Name = Mixed(words), Domains = near.Domains.Take(1).ToArray() },
        < 0.090 => words.Length < 2 ? null : Elsewhere(near) with { Name = string.Join(' ', words.Take(_random.Next(1, 3))) },
        < 0.105 => words.Length < 3 ? null : Elsewhere(near) with { Name = Swapped(words) },
        < 0.109 => Elsewhere(near) with { Name = Misspelt(near.Name) },
        < 0.160 => Elsewhere(near) with { Name = Mixed(words) },
        _ => Blended(near, words),
    };

    private static bool IsLonger(string name, string than) => NameKey.Read(name) is { } longer && NameKey.Read(than) is { } shorter && longer.Core.Length > shorter.Core.Length && longer.Core.StartsWith(shorter.Core, StringComparison.Ordinal);

    private Account? Blended(Account near, string[] words)
    {
        string other = _words[_random.Next(_words.Length)][0];
        string blend = Blend(words[0], other);
        return string.Compare(words[0], 0, other, 0, 3, StringComparison.OrdinalIgnoreCase) == 0 || FuzzyWords.IsOneEditApart(blend.ToLowerInvariant(), words[0].ToLowerInvariant()) ? null : Elsewhere(near) with { Name = $"{blend} {string.Join(' ', words.Skip(1))}".Trim() };
    }

    // A new word of two: the start of one, the end of another.
    private static string Blend(string one, string other) => one[..((one.Length + 1) / 2)] + other[(other.Length / 2)..].ToLowerInvariant();

    // One letter off, and yet another company's name: "Hannan" and "Hainan".
    private string Misspelt(string name)
    {
        int at = _random.Next(name.Length);
        return char.IsAsciiLetter(name[at]) ? $"{name[..at]}{(char)('a' + _random.Next(26))}{name[(at + 1)..]}" : name + "a";
    }

    // The telling words, but another trade: "Mercy Hospital" and "Mercy Bank". Sometimes in the same city.
    private Account? OtherTrade(Account near, string[] words)
    {
        string[] other = _words[_random.Next(_words.Length)];
        if (other.Length < 2)
            return null;
        string name = string.Join(' ', words.Take(words.Length > 3 ? 2 : 1).Concat(other.Skip(1)));
        return _random.NextDouble() < 0.3 ? Elsewhere(near) with { Name = name, City = near.City, State = near.State, Country = near.Country } : Elsewhere(near) with { Name = name };
    }

    // The same organisation's name with a place, at its domain.
    private Account Branch(Account near)
    {
        Account at = Elsewhere(near);
        string name = _random.Next(4) switch { 0 => $"{near.Name} of {at.City}", 1 => $"{near.Name} - {at.City}", 2 => $"{at.City} {near.Name}", _ => $"{near.Name} {at.State}" };
        return at with { Name = name, Domains = near.Domains, Website = near.Website };
    }

    private string Mixed(string[] words)
    {
        string[] other = _words[_random.Next(_words.Length)];
        return string.Join(' ', words.Take((words.Length + 1) / 2).Concat(other.Skip(other.Length / 2)));
    }

    private string Swapped(string[] words)
    {
        string[] swapped = [.. words];
        int at = _random.Next(swapped.Length);
        swapped[at] = _words[_random.Next(_words.Length)][0];
        return string.Join(' ', swapped);
    }

    // In another city, of the same country most of the time; four in ten with a domain of its own.
    private Account Elsewhere(Account near)
    {
        Account at = _placed[_random.Next(_placed.Length)];
        for (int tries = 0; tries < 8 && (at.City == near.City || (at.Country != near.Country && tries < 6)); tries++)
            at = _placed[_random.Next(_placed.Length)];
        string[] domains = _random.NextDouble() < 0.4 ? [$"{Label(near)}{_random.Next(1000):000}.com"] : [];
        return new Account { Id = near.Id, Name = "", Domains = domains, City = at.City, State = at.State, Country = at.Country };
    }

    private static string Label(Account near) => string.Concat(near.Name.ToLowerInvariant().Where(char.IsAsciiLetter).Take(8)) is { Length: > 2 } label ? label : "invented";
}
