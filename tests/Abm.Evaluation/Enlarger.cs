using Abm.Accounts;
using Abm.Decisions;

namespace Abm.Evaluation;

/// <summary>Makes a directory larger and harder: invented accounts beside the real ones that share their words, their domains or their names. The same seed makes the same ones.</summary>
/// <remarks>
/// None of the invented is ever right. Where a lead gives nothing that tells its account from an invented namesake, no method can: figures on an enlarged directory guard against boldness, they are no estimate of recall.
/// </remarks>
internal sealed class Enlarger(IReadOnlyList<Account> real, int seed)
{
    private readonly Random _random = new(seed);
    private readonly string[][] _words = [.. real.Select(account => account.Name.Split(' ', StringSplitOptions.RemoveEmptyEntries))];
    private readonly Account[] _placed = [.. real.Where(account => account.City is not null)];

    /// <summary>The real accounts and as many invented ones as make up the number.</summary>
    public List<Account> To(int count)
    {
        var all = new List<Account>(real);
        for (int i = 0; all.Count < count; i++)
        {
            int at = _random.Next(real.Count);
            if (Invent(real[at], _words[at]) is { } invented)
                all.Add(invented with { Id = AccountId.Parse($"Z{i:0000000}") });
        }

        return all;
    }

    // Most of a large directory has nothing to do with any one company; what is near it is what makes matching hard.
    private Account? Invent(Account near, string[] words) => _random.NextDouble() switch
    {
        < 0.02 => Elsewhere(near) with { Name = near.Name },
        < 0.12 => OtherTrade(near, words),
        < 0.17 => Branch(near),
        < 0.19 => Elsewhere(near) with { Name = Mixed(words), Domains = near.Domains.Take(1).ToArray() },
        < 0.22 => words.Length < 2 ? null : Elsewhere(near) with { Name = string.Join(' ', words.Take(_random.Next(1, 3))) },
        < 0.25 => words.Length < 3 ? null : Elsewhere(near) with { Name = Swapped(words) },
        < 0.27 => Elsewhere(near) with { Name = Misspelt(near.Name) },
        < 0.40 => Elsewhere(near) with { Name = Mixed(words) },
        _ => Elsewhere(near) with { Name = $"{Blend(words[0], _words[_random.Next(_words.Length)][0])} {string.Join(' ', words.Skip(1))}".Trim() },
    };

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
