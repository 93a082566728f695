using System.Globalization;
using System.Text;
using Abm.Accounts;
using Abm.Decisions;
using Abm.Leads;

namespace Abm.TestKit;

/// <summary>
/// A directory of invented companies as large as is wanted, one account after the other, and leads of people there. The same seed gives the same ones. Words of names, cities and owners follow a
/// Zipf–Mandelbrot law, so that the vocabulary grows with the directory as it does in real ones: a few words are in thousands of names, most are in one.
/// </summary>
public sealed class InventedCompanies(int seed)
{
    /// <summary>Namesakes and branches are of companies that came at most this long before.</summary>
    private const int Remembered = 20_000;

    private const int Vocabulary = 600_000;

    private static readonly string[] Onsets = ["b", "br", "c", "cl", "d", "dr", "f", "fl", "g", "gr", "h", "k", "kr", "l", "m", "n", "p", "pr", "r", "s", "st", "t", "tr", "v", "w", "z"];
    private static readonly string[] Vowels = ["a", "e", "i", "o", "u", "ai", "ea", "io", "au"];
    private static readonly string[] Codas = ["", "", "l", "n", "r", "s", "t", "x", "nd", "rk", "lt", "ss", "ck", "m"];

    private static readonly string[] Trades =
    [
        "Services", "Solutions", "Systems", "Technologies", "Group", "Medical", "Consulting", "Health", "Construction", "Hospital", "Engineering", "Management", "Capital", "Partners", "Energy", "Logistics", "Software", "Center",
        "Insurance", "University", "Foods", "Industries", "Bank", "Electric", "School", "Design", "Media", "Marketing", "Clinic", "Pharma", "Automotive", "Security", "Networks", "College", "Institute", "Research", "Holdings",
        "Plumbing", "Dental", "Law", "Realty", "Electronics", "Laboratories", "Analytics", "Robotics", "Plastics", "Chemicals", "Steel", "Paper", "Textiles", "Retail", "Travel", "Hotels", "Airlines", "Shipping", "Mining",
        "Water", "Power", "Solar", "Farms", "Dairy", "Brewing", "Tools", "Machinery", "Instruments", "Optics", "Printing", "Packaging", "Furniture", "Learning", "Diagnostics", "Ventures", "Trust", "Foundation", "Society",
    ];

    private static readonly (string Country, string Suffix, string[] Forms, string Dial, string[] States, double Share)[] Lands =
    [
        ("United States", "com", ["Inc.", "LLC", "Corp.", "Co.", "Incorporated", "", "", ""], "+1 {0:D3} {1}", ["CA", "NY", "TX", "FL", "IL", "OH", "PA", "MA", "WA", "GA", "NC", "MI", "NJ", "VA", "CO", "MN"], 0.52),
        ("United Kingdom", "co.uk", ["Ltd", "Limited", "PLC", "LLP", ""], "+44 1{0:D3} {1}", ["England", "Scotland", "Wales"], 0.13),
        ("Germany", "de", ["GmbH", "AG", "GmbH & Co. KG", "SE", "e.V."], "+49 {0:D3} {1}", ["Bayern", "Hessen", "Berlin", "Sachsen"], 0.09),
        ("France", "fr", ["SA", "SARL", "SAS"], "+33 1 {0:D3} {1}", [""], 0.07),
        ("Canada", "ca", ["Inc.", "Ltd.", ""], "+1 {0:D3} {1}", ["ON", "QC", "BC", "AB"], 0.06),
        ("India", "in", ["Pvt Ltd", "Limited"], "+91 {0:D3} {1}", ["Maharashtra", "Karnataka", "Delhi"], 0.05),
        ("Australia", "com.au", ["Pty Ltd", "Ltd"], "+61 {0:D3} {1}", ["NSW", "VIC", "QLD"], 0.04),
        ("Netherlands", "nl", ["B.V.", "N.V."], "+31 {0:D3} {1}", [""], 0.02),
        ("Sweden", "se", ["AB"], "+46 {0:D3} {1}", [""], 0.01),
        ("Japan", "co.jp", ["K.K.", "Co., Ltd."], "+81 {0:D3} {1}", [""], 0.01),
    ];

    private static readonly string[] StreetKinds = ["Street", "Avenue", "Road", "Lane", "Drive", "Boulevard", "Way", "Square", "Straße", "Court"];
    private static readonly string[] FirstNames = ["Anna", "Ben", "Carla", "David", "Elif", "Felix", "Grace", "Hugo", "Ines", "Jonas", "Keiko", "Liam", "Mara", "Nils", "Olga", "Priya"];
    private static readonly string[] LastNames = ["Keller", "Fraser", "Novak", "Lindqvist", "Moreau", "Tanaka", "Garcia", "Okafor", "Rossi", "Jansen", "Patel", "Brandt", "Silva", "Hughes"];
    private static readonly string[] FreeMail = ["gmail.com", "yahoo.com", "outlook.com", "gmx.de", "icloud.com"];

    private readonly Random _random = new(seed);

    /// <summary>So many accounts, one after the other.</summary>
    public IEnumerable<Account> Accounts(int count)
    {
        var before = new Account[Remembered];
        for (int i = 0; i < count; i++)
        {
            Account account = i > 50 && Chance(0.16) ? Relative(before[_random.Next(Math.Min(i, Remembered))], i) : Original(i);
            before[i % Remembered] = account;
            yield return account;
        }
    }

    /// <summary>So many leads of people at these accounts; one in eight belongs to none.</summary>
    public List<Lead> Leads(IReadOnlyList<Account> accounts, int count) => [.. Enumerable.Range(0, count).Select(i =>
        new Lead(LeadId.From("benchmark", i.ToString(CultureInfo.InvariantCulture)), Submitted(Chance(0.125) ? Original(int.MaxValue) : accounts[_random.Next(accounts.Count)]), DateTimeOffset.UnixEpoch))];

    private Account Original(int number)
    {
        (string country, string suffix, string[] forms, string dial, string[] states, _) = Land();
        string city = City();
        string name = _random.NextDouble() switch
        {
            < 0.38 => $"{Word()} {Trade()} {Pick(forms)}",
            < 0.52 => $"{Word()} {Pick(forms)}",
            < 0.62 => $"{Word()} {Word()} {Trade()}",
            < 0.72 => $"{city} {Trade()} {Trade()}",
            < 0.79 => $"{Word()} & {Word()} {Pick(forms)}",
            < 0.84 => $"The {Word()} Group",
            < 0.88 => $"{Initials()} {Trade()} {Pick(forms)}",
            < 0.94 => $"{Word()} {Trade()} of {city}",
            _ => $"{Word()} {Word()} {Trade()} {Trade()} {Pick(forms)}",
        };
        name = name.Trim();
        string[] domains = Chance(0.8) ? [Domain(name, number, suffix)] : [];
        if (domains.Length > 0 && Chance(0.06))
            domains = [.. domains, Domain(name + " group", number, "com")];
        bool hasStreet = Chance(0.6);
        return new Account
        {
            Id = AccountId.Parse(string.Create(CultureInfo.InvariantCulture, $"0015g{number:D10}AAB")),
            Name = name,
            Domains = domains,
            Website = domains.Length > 0 && Chance(0.7) ? $"https://www.{domains[0]}" : null,
            Phone = Chance(0.6) ? Phone(dial) : null,
            Street = hasStreet ? $"{_random.Next(1, 4000)} {Word()} {Pick(StreetKinds)}" : null,
            City = Chance(0.95) ? city : null,
            State = Pick(states) is { Length: > 0 } state ? state : null,
            Zip = hasStreet ? _random.Next(10_000, 99_999).ToString(CultureInfo.InvariantCulture) : null,
            Country = country,
            Industry = Trades[Zipf(Trades.Length)].ToLowerInvariant(),
            EmployeeCount = Chance(0.6) ? (int)Math.Pow(10, 1 + (_random.NextDouble() * 4)) : null,
            OwnerId = Chance(0.3) ? RepId.Parse(string.Create(CultureInfo.InvariantCulture, $"0055g{Zipf(400):D10}AAB")) : null,
            Tier = Chance(0.03) ? AccountTier.OneToMany : AccountTier.None,
            Status = Chance(0.1) ? AccountStatus.Customer : AccountStatus.Prospect,
            ContactCount = Zipf(50),
            CreatedAt = new DateTimeOffset(2015, 1, 1, 0, 0, 0, TimeSpan.Zero).AddSeconds(_random.Next(300_000_000)),
        };
    }

    /// <summary>A branch, a member of a system that shares its domain, a subsidiary, or somebody else with nearly the same name.</summary>
    private Account Relative(Account other, int number)
    {
        Account fresh = Original(number);
        (string name, bool isFamily) = _random.NextDouble() switch
        {
            < 0.30 => (other.Name, true),
            < 0.45 => ($"{other.Name.Split(' ')[0]} {Trade()}", true),
            < 0.60 => ($"{other.Name} {fresh.City}".Trim(), true),
            < 0.70 => ($"{fresh.City} {Trade()} {Trade()}".Trim(), true),
            < 0.85 => (Mistyped(other.Name), false),
            _ => ($"{other.Name} {Pick(["Group", "Holding", "International", "Europe"])}", false),
        };
        bool sharesDomain = isFamily && other.Domains.Count > 0 && Chance(0.6);
        return fresh with
        {
            Name = name,
            Domains = sharesDomain ? other.Domains : fresh.Domains,
            Website = sharesDomain ? other.Website : fresh.Website,
            ParentId = isFamily && Chance(0.5) ? other.Id : null,
        };
    }

    private Submission Submitted(Account account)
    {
        string first = Pick(FirstNames), last = Pick(LastNames);
        string person = $"{first}.{last}".ToLowerInvariant();
        string? domain = account.Domains.Count > 0 ? account.Domains[0] : null;
        string typed = Typed(account.Name);
        Submission lead = new() { FirstName = first, LastName = last, Country = Chance(0.7) ? account.Country : null };
        return _random.NextDouble() switch
        {
            < 0.50 when domain is not null => lead with { Email = $"{person}@{domain}", Company = typed, City = Chance(0.3) ? account.City : null },
            < 0.62 when domain is not null => lead with { Email = $"{person}@{(Chance(0.2) ? "mail." : "")}{domain}" },
            < 0.68 when account.Phone is not null => lead with { Phone = account.Phone, Company = typed },
            < 0.74 when domain is not null => lead with { Email = $"{person}@{Pick(FreeMail)}", Website = $"www.{domain}" },
            < 0.78 => lead with { Email = $"{person}@{Pick(FreeMail)}" },
            _ => lead with { Email = $"{person}@{Pick(FreeMail)}", Company = typed, City = Chance(0.6) ? account.City : null },
        };
    }

    /// <summary>A company's name as people type it into a form.</summary>
    private string Typed(string name)
    {
        string[] words = name.Split(' ');
        string typed = words.Length > 1 && Chance(0.6) && words[^1].Length <= 12 ? string.Join(' ', words[..^1]) : name;
        if (Chance(0.15))
            typed = Mistyped(typed);
        return _random.NextDouble() switch { < 0.2 => typed.ToLowerInvariant(), < 0.25 => typed.ToUpperInvariant(), _ => typed };
    }

    private string Mistyped(string text)
    {
        if (text.Length < 5)
            return text;
        int at = _random.Next(1, text.Length - 1);
        return _random.Next(4) switch
        {
            0 => text.Remove(at, 1),
            1 => text.Insert(at, text[at].ToString()),
            2 => string.Concat(text.AsSpan(0, at), [text[at + 1], text[at]], text.AsSpan(at + 2)),
            _ => string.Concat(text.AsSpan(0, at), ((char)('a' + _random.Next(26))).ToString(), text.AsSpan(at + 1)),
        };
    }

    private string Word() => Spelt(Zipf(Vocabulary), 0);

    private string City() => Spelt(Zipf(30_000), 7919);

    // Two to four syllables, the rarer the longer; each number has its own.
    private static string Spelt(int number, int shift)
    {
        var text = new StringBuilder();
        uint state = ((uint)number * 2_654_435_761) + (uint)shift;
        int syllables = number < 4_000 ? 2 : number < 200_000 ? 3 : 4;
        for (int i = 0; i < syllables; i++)
        {
            text.Append(Onsets[state % (uint)Onsets.Length]);
            state = (state / 26) ^ (state * 747_796_405);
            text.Append(Vowels[state % (uint)Vowels.Length]);
            state = (state / 9) ^ (state * 277_803_737);
            if (i % 2 == 1)
                text.Append(Codas[state % (uint)Codas.Length]);
        }

        text[0] = char.ToUpperInvariant(text[0]);
        return text.ToString();
    }

    private string Trade() => Trades[Zipf(Trades.Length)];

    /// <summary>A rank from 0, of so many: the frequency falls a little faster than one over the rank.</summary>
    private int Zipf(int ranks)
    {
        // The integral of 1/(r + 5)^1.05, turned round.
        const double Offset = 5, Power = -0.05;
        double first = Math.Pow(Offset, Power), last = Math.Pow(ranks + Offset, Power);
        double drawn = Math.Pow(first + (_random.NextDouble() * (last - first)), 1 / Power) - Offset;
        return Math.Clamp((int)drawn, 0, ranks - 1);
    }

    private string Initials() => string.Create(3, this, static (span, self) =>
    {
        for (int i = 0; i < span.Length; i++)
            span[i] = (char)('A' + self._random.Next(26));
    });

    private static string Domain(string name, int number, string suffix)
    {
        string slug = string.Concat(name.ToLowerInvariant().Where(char.IsAsciiLetterOrDigit));
        slug = slug.Length > 24 ? slug[..24] : slug;
        return number % 3 == 0 ? string.Create(CultureInfo.InvariantCulture, $"{slug}{number % 1000}.{suffix}") : $"{slug}.{suffix}";
    }

    private string Phone(string dial) => string.Format(CultureInfo.InvariantCulture, dial, _random.Next(201, 989), _random.Next(2_000_000, 9_999_999));

    private (string Country, string Suffix, string[] Forms, string Dial, string[] States, double Share) Land()
    {
        double drawn = _random.NextDouble();
        foreach (var land in Lands)
        {
            if ((drawn -= land.Share) < 0)
                return land;
        }

        return Lands[0];
    }

    private bool Chance(double share) => _random.NextDouble() < share;

    private T Pick<T>(T[] from) => from[_random.Next(from.Length)];
}
