using System.Globalization;
using System.Text;
using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Leads;
using Abm.People;
using Abm.TestKit;

namespace Abm.Shared.Tests.Quarter;

/// <summary>An invented company: forty people in six zones with holidays and holidays of their own, two hundred accounts, five thousand leads of a quarter in which clocks change in four of the zones.</summary>
internal static class QuarterCompany
{
    public const int Leads = 5_000;
    public const int People = 40;
    public static readonly DateTimeOffset Begin = new(2026, 10, 1, 0, 0, 0, TimeSpan.Zero);
    public static readonly DateTimeOffset End = new(2027, 1, 1, 0, 0, 0, TimeSpan.Zero);

    /// <summary>When a holiday is published that nobody had thought of.</summary>
    public static readonly DateTimeOffset PublishedAt = new(2026, 11, 10, 11, 7, 0, TimeSpan.Zero);

    // Each has a pool of the people there. Boston and Seattle share the holidays of the United States.
    private static readonly (string Name, string Zone, string List, string Country, double Opens, double Closes)[] Places =
    [
        ("berlin", "Europe/Berlin", "de", "DE", 9, 17.5), ("london", "Europe/London", "uk", "GB", 9, 17), ("boston", "America/New_York", "us", "US", 8.5, 17),
        ("seattle", "America/Los_Angeles", "us", "CA", 8, 16), ("pune", "Asia/Kolkata", "in", "IN", 10, 19), ("sydney", "Australia/Sydney", "au", "AU", 9, 17),
    ];

    private static readonly double[] Weights = [1, 1, 1, 2, 0.5, 1, 3, 1];

    public static AbmConfig Before(PoolPick pick) => Config("v1", [], pick);

    public static AbmConfig After(PoolPick pick) => Config("v2", [Day("Works outing", 2026, 11, 11), Day("Bridge day", 2026, 12, 7)], pick);

    public static IReadOnlyDictionary<RepId, Rep> Reps { get; } = Enumerable.Range(0, People).Select(Person)
        .Concat(Enumerable.Range(0, Places.Length).Select(p => A.Rep($"M{p}").Working(Places[p].Name)))
        .ToDictionary(r => r.Id);

    public static IReadOnlyList<Account> Accounts { get; } =
    [
        .. Enumerable.Range(0, 200).Select(i => A.Account($"A{i:000}") with
        {
            Name = $"Company {i}",
            Domains = [$"company-{i}.example"],
            Tier = (i % 10) switch { 0 => AccountTier.OneToOne, 1 or 2 => AccountTier.OneToFew, _ => AccountTier.OneToMany },
            OwnerId = i % 10 == 0 ? RepId.Parse($"R{i % People:00}") : null,
            Country = "DE",
        }),
    ];

    public static Lead Lead(int number)
    {
        string key = number.ToString(CultureInfo.InvariantCulture);
        long minutes = Roll($"at|{key}", (int)(End - Begin).TotalMinutes);
        return new Lead(
            LeadId.From("web", key),
            new Submission { FirstName = "Ada", LastName = key, Email = $"ada{key}@company-{Roll($"of|{key}", 260)}.example", ExternalId = key, Country = Places[Roll($"from|{key}", Places.Length)].Country },
            Begin.AddMinutes(minutes).AddMilliseconds(Roll($"ms|{key}", 60_000)));
    }

    /// <summary>0 to n-1, always the same for the same words.</summary>
    public static int Roll(string words, int n)
    {
        ulong hash = 14695981039346656037;
        foreach (byte b in Encoding.UTF8.GetBytes(words))
            hash = (hash ^ b) * 1099511628211;
        hash ^= hash >> 32;
        return (int)(hash % (ulong)n);
    }

    private static Rep Person(int i)
    {
        var place = Places[i % Places.Length];
        Rep rep = A.Rep($"R{i:00}").In(place.Name).Under($"M{i % Places.Length}").DelegatingTo($"R{(i + Places.Length) % People:00}").Working(place.Name) with { Team = place.Name };
        for (int leave = 0; leave < 1 + (i % 2); leave++)
        {
            DateTimeOffset from = Begin.AddDays(Roll($"leave|{i}|{leave}", 80)).AddHours(7);
            rep = rep.Away(from, from.AddDays(2 + Roll($"days|{i}|{leave}", 9)));
        }

        return rep;
    }

    private static AbmConfig Config(string version, Holiday[] more, PoolPick pick) => AbmConfig.Default with
    {
        Version = version,
        DefaultCalendar = "berlin",
        Calendars = Places.ToDictionary(p => p.Name, p => new CalendarRules
        {
            Name = p.Name,
            Zone = p.Zone,
            HolidayLists = [p.List],
            Week = Enumerable.Range(1, 5).ToDictionary(d => (DayOfWeek)d, _ => (IReadOnlyList<LocalInterval>)[LocalInterval.Hours(p.Opens, 12.5), LocalInterval.Hours(13.25, p.Closes)]),
        }),
        Holidays = new Dictionary<string, IReadOnlyList<Holiday>>
        {
            ["de"] = [Day("Christmas Day", 2026, 12, 25), Part("Christmas Eve", 24), Part("New Year's Eve", 31), .. more],
            ["uk"] = [Day("Christmas Day", 2026, 12, 25), Day("Boxing Day", 2026, 12, 28)],
            ["us"] = [Day("Thanksgiving", 2026, 11, 26), Day("Christmas Day", 2026, 12, 25), .. more],
            ["in"] = [Day("Diwali", 2026, 11, 9), Day("Gandhi Jayanti", 2026, 10, 2)],
            ["au"] = [Day("Labour Day", 2026, 10, 5), Day("Christmas Day", 2026, 12, 25), Day("Boxing Day", 2026, 12, 28)],
        },
        SlaPolicies = new Dictionary<string, SlaPolicy>(SlaPolicy.Defaults) { ["first-touch"] = new() { Name = "first-touch", Budget = TimeSpan.FromHours(8) } },
        Pools = Places.ToDictionary(p => p.Name, p => new PoolRules
        {
            Name = p.Name,
            Zone = p.Zone,
            Pick = pick,
            RespectSchedule = true,
            Weights = Enumerable.Range(0, People).Where(i => Places[i % Places.Length].Name == p.Name).ToDictionary(i => $"R{i:00}", i => Weights[(i / Places.Length) % Weights.Length]),
        }),
        Routing =
        [
            new RoutingRule { Name = "Named owner", When = A.Test("account.tier", PredicateOp.Equals, "oneToOne"), To = new RouteTarget.AccountOwner() },
            .. Places.Select(p => new RoutingRule { Name = p.Name, When = A.Test("lead.countryCode", PredicateOp.Equals, p.Country), To = new RouteTarget.Pool(p.Name) }),
            new RoutingRule { Name = "Everybody else", To = new RouteTarget.Pool("berlin") },
        ],
        Plays = [PlayRules.Inbound with { FallbackPool = "london", KeepMeasuringFor = TimeSpan.FromDays(5) }],
    };

    private static Holiday Day(string name, int year, int month, int day) => new() { Name = name, Date = new DateOnly(year, month, day) };

    private static Holiday Part(string name, int day) => new() { Name = name, Date = new DateOnly(2026, 12, day), Closed = LocalInterval.Hours(12.5, 24) };
}
