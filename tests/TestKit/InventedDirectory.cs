using System.Globalization;
using System.Text;
using Abm.Accounts;
using Abm.Decisions;
using Abm.Leads;

namespace Abm.TestKit;

/// <summary>
/// Invented accounts and leads: the same seed gives the same ones. What makes matching hard is there in about the share that real directories
/// have it: trade words that thousands share, branches and subsidiaries with nearly the same name, missing domains, mistyped names.
/// </summary>
public sealed class InventedDirectory(int seed)
{
    private static readonly string[] Onsets = ["b", "br", "c", "cl", "d", "dr", "f", "fl", "g", "gr", "h", "k", "kr", "l", "m", "n", "p", "pr", "r", "s", "st", "t", "tr", "v", "w", "z"];
    private static readonly string[] Vowels = ["a", "e", "i", "o", "u", "ai", "ea", "io", "au"];
    private static readonly string[] Codas = ["", "", "l", "n", "r", "s", "t", "x", "nd", "rk", "lt", "ss", "ck", "m"];

    private static readonly string[] Trades =
    [
        "Systems", "Solutions", "Technologies", "Software", "Consulting", "Services", "Logistics", "Energy", "Health", "Medical", "Pharma", "Capital", "Partners", "Insurance", "Bank", "Foods", "Industries",
        "Engineering", "Construction", "Automotive", "Electronics", "Media", "Marketing", "Design", "Security", "Networks", "Analytics", "Robotics", "Plastics", "Chemicals", "Steel", "Paper", "Textiles", "Retail",
        "Travel", "Hotels", "Airlines", "Shipping", "Mining", "Water", "Power", "Solar", "Wind", "Farms", "Dairy", "Brewing", "Tools", "Machinery", "Instruments", "Optics", "Printing", "Packaging", "Furniture",
        "Learning", "University", "Hospital", "Clinic", "Laboratories", "Diagnostics", "Ventures",
    ];

    private static readonly (string Country, string Code, string[] Forms, string Dial, string[] Cities)[] Lands =
    [
        ("United States", "us", ["Inc.", "LLC", "Corp.", "Co.", "Incorporated", ""], "+1 {0:D3} 555 {1:D4}", ["Chicago", "Dallas", "Boston", "Seattle", "Denver", "Atlanta", "Portland", "Austin", "Springfield", "Columbus"]),
        ("United States", "us", ["Inc.", "LLC", "Corporation", ""], "+1 {0:D3} 555 {1:D4}", ["New York", "San Diego", "Phoenix", "Miami", "Houston", "Cleveland", "Madison", "Richmond", "Salem", "Arlington"]),
        ("United Kingdom", "gb", ["Ltd", "Limited", "PLC", "LLP"], "+44 1{0:D3} {1:D6}", ["London", "Manchester", "Leeds", "Bristol", "Glasgow", "Cardiff", "York", "Bath"]),
        ("Germany", "de", ["GmbH", "AG", "GmbH & Co. KG", "SE"], "+49 {0:D3} {1:D7}", ["Berlin", "Hamburg", "München", "Köln", "Stuttgart", "Leipzig", "Bremen", "Nürnberg"]),
        ("France", "fr", ["SA", "SARL", "SAS"], "+33 1 {0:D3} {1:D5}", ["Paris", "Lyon", "Lille", "Nantes", "Toulouse", "Strasbourg"]),
        ("Netherlands", "nl", ["B.V.", "N.V."], "+31 {0:D3} {1:D6}", ["Amsterdam", "Utrecht", "Rotterdam", "Eindhoven"]),
        ("Sweden", "se", ["AB", "AB (publ)"], "+46 {0:D3} {1:D6}", ["Stockholm", "Malmö", "Göteborg", "Uppsala"]),
        ("Spain", "es", ["S.A.", "S.L."], "+34 {0:D3} {1:D6}", ["Madrid", "Sevilla", "Valencia", "Bilbao"]),
        ("Australia", "au", ["Pty Ltd", "Ltd"], "+61 {0:D3} {1:D6}", ["Sydney", "Perth", "Brisbane", "Melbourne"]),
        ("Canada", "ca", ["Inc.", "Ltd."], "+1 {0:D3} 555 {1:D4}", ["Toronto", "Calgary", "Ottawa", "Montréal"]),
        ("India", "in", ["Pvt Ltd", "Limited"], "+91 {0:D3} {1:D7}", ["Mumbai", "Pune", "Chennai", "Delhi"]),
        ("Japan", "jp", ["K.K.", "Co., Ltd."], "+81 {0:D3} {1:D6}", ["Tokyo", "Osaka", "Nagoya", "Kyoto"]),
    ];

    private static readonly string[] Streets = ["Main Street", "High Street", "Station Road", "Park Avenue", "Mill Lane", "Harbour Road", "Market Square", "Industrieweg", "Bahnhofstraße", "Church Street"];
    private static readonly string[] FirstNames = ["Anna", "Ben", "Carla", "David", "Elif", "Felix", "Grace", "Hugo", "Ines", "Jonas", "Keiko", "Liam", "Mara", "Nils", "Olga", "Priya"];
    private static readonly string[] LastNames = ["Keller", "Fraser", "Novak", "Lindqvist", "Moreau", "Tanaka", "Garcia", "Okafor", "Rossi", "Jansen", "Patel", "Brandt", "Silva", "Hughes"];
    private static readonly string[] FreeMail = ["gmail.com", "yahoo.com", "outlook.com", "gmx.de", "icloud.com"];

    private readonly Random _random = new(seed);
    private readonly HashSet<string> _domains = new(StringComparer.Ordinal);

    /// <summary>So many accounts.</summary>
    public List<Account> Accounts(int count)
    {
        var accounts = new List<Account>(count);
        for (int i = 0; i < count; i++)
            accounts.Add(i > 20 && Chance(0.14) ? Namesake(accounts[_random.Next(i)], i) : Original(i));
        return accounts;
    }

    /// <summary>So many leads of people at these accounts; one in eight belongs to none.</summary>
    public List<Lead> Leads(IReadOnlyList<Account> accounts, int count) => [.. Enumerable.Range(0, count).Select(i =>
        new Lead(LeadId.From("benchmark", i.ToString(CultureInfo.InvariantCulture)), Submitted(Chance(0.125) ? Original(int.MaxValue) : accounts[_random.Next(accounts.Count)]), DateTimeOffset.UnixEpoch))];

    private Account Original(int number)
    {
        (string country, string code, string[] forms, string dial, string[] cities) = Pick(Lands);
        string city = Pick(cities);
        string name = _random.NextDouble() switch
        {
            < 0.50 => $"{Stem()} {Trade()} {Pick(forms)}",
            < 0.65 => $"{Stem()} {Pick(forms)}",
            < 0.74 => $"{Stem()} {Stem()} {Trade()}",
            < 0.82 => $"{city} {Trade()} {Pick(forms)}",
            < 0.88 => $"{Stem()} & {Stem()} {Pick(forms)}",
            < 0.93 => $"The {Stem()} Group",
            < 0.97 => $"{Initials()} {Trade()} {Pick(forms)}",
            _ => $"{Stem()} {Trade()} of {city}",
        };
        name = name.Trim();
        string[] domains = Chance(0.86) ? [Domain(name, code)] : [];
        if (domains.Length > 0 && Chance(0.08))
            domains = [.. domains, Domain(name + " group", code)];
        return new Account
        {
            Id = AccountId.Parse(string.Create(CultureInfo.InvariantCulture, $"B{number:D7}")),
            Name = name,
            Domains = domains,
            Website = domains.Length > 0 && Chance(0.7) ? $"https://www.{domains[0]}" : null,
            Phone = Chance(0.55) ? Phone(dial) : null,
            Street = Chance(0.5) ? $"{_random.Next(1, 400)} {Pick(Streets)}" : null,
            City = Chance(0.9) ? city : null,
            Zip = Chance(0.5) ? _random.Next(10_000, 99_999).ToString(CultureInfo.InvariantCulture) : null,
            Country = country,
            Industry = Trades[_random.Next(Trades.Length)].ToLowerInvariant(),
            EmployeeCount = Chance(0.8) ? (int)Math.Pow(10, 1 + (_random.NextDouble() * 4)) : null,
        };
    }

    /// <summary>A branch, a subsidiary, or somebody else with nearly the same name.</summary>
    private Account Namesake(Account other, int number)
    {
        Account fresh = Original(number);
        (string name, bool isFamily) = _random.NextDouble() switch
        {
            < 0.35 => (other.Name, true),
            < 0.55 => ($"{other.Name.Split(' ')[0]} {Trade()}", true),
            < 0.70 => ($"{other.Name} {fresh.City}".Trim(), true),
            < 0.85 => (Mistyped(other.Name), false),
            _ => ($"{other.Name} {Pick(["Group", "Holding", "International", "Europe"])}", false),
        };
        bool sharesDomain = isFamily && other.Domains.Count > 0 && Chance(0.5);
        return fresh with
        {
            Name = name,
            Domains = sharesDomain ? other.Domains : fresh.Domains,
            Website = sharesDomain ? other.Website : fresh.Website,
            ParentId = isFamily && Chance(0.6) ? other.Id : null,
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

    /// <summary>A made-up word. Some come much more often than others, as names do.</summary>
    private string Stem()
    {
        // The square of the draw makes the first of about 60,000 words frequent: most are met a few times in 100,000 accounts, some a hundred times.
        int word = (int)(Math.Pow(_random.NextDouble(), 2) * 60_000);
        var text = new StringBuilder();
        for (int syllable = 0; syllable < 2; syllable++)
        {
            text.Append(Onsets[word % Onsets.Length]).Append(Vowels[word / Onsets.Length % Vowels.Length]).Append(Codas[(word / 7) % Codas.Length]);
            word = (word * 31) + 17;
        }

        text[0] = char.ToUpperInvariant(text[0]);
        return text.ToString();
    }

    private string Trade() => Trades[(int)(Math.Pow(_random.NextDouble(), 1.7) * Trades.Length)];

    private string Initials() => string.Create(3, this, static (span, self) =>
    {
        for (int i = 0; i < span.Length; i++)
            span[i] = (char)('A' + self._random.Next(26));
    });

    private string Domain(string name, string country)
    {
        string slug = string.Concat(name.ToLowerInvariant().Where(char.IsAsciiLetterOrDigit));
        for (int i = 0; ; i++)
        {
            string domain = i == 0 ? $"{slug}.example" : string.Create(CultureInfo.InvariantCulture, $"{slug}-{country}{(i == 1 ? "" : i)}.example");
            if (_domains.Add(domain))
                return domain;
        }
    }

    private string Phone(string dial) => string.Format(CultureInfo.InvariantCulture, dial, _random.Next(201, 989), _random.Next(100, 9999));

    private bool Chance(double share) => _random.NextDouble() < share;

    private T Pick<T>(T[] from) => from[_random.Next(from.Length)];
}
