using System.Globalization;
using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Journeys;
using Abm.Leads;
using Abm.Matching;
using Abm.People;
using Abm.Replays;
using Abm.Routing;

namespace Abm.TestKit;

/// <summary>A past of invented leads, each decided after the one before it, with everything that was read noted: accounts of every tier, owners who are away, pools in four zones, contacts, pinned and test leads.</summary>
public sealed class PastLeads
{
    private static readonly string[] Titles = ["CEO", "Head of Maintenance", "Plant Manager", "IT Director", "Purchasing", "VP Operations", "Assistant to the CEO", "Student"];
    private static readonly string[] Zones = ["Europe/Berlin", "America/New_York", "Asia/Tokyo", "Australia/Lord_Howe"];
    private readonly List<Lead> _leads;
    private readonly Random _random;
    private readonly AccountId _named;
    private readonly AccountId _pinned;

    public PastLeads(int seed, int leads, AbmConfig config, int accounts = 3_000)
    {
        _random = new Random(seed);
        Config = config;
        InventedCompanies directory = new(seed);
        Reps = MakeReps().ToDictionary(r => r.Id);
        RepId[] owners = [.. Reps.Keys.Order()];
        Account[] plain = [.. directory.Accounts(accounts)];
        (_named, _pinned) = (plain[5].Id, plain[1].Id);
        Account[] enriched = [.. plain.Select(a => Enriched(a, owners))];
        Contact[] contacts = [.. enriched.Where((a, i) => i % 10 == 0 && a.Domains.Count > 0).Select((a, i) => new Contact
        {
            Id = ContactId.Parse(string.Create(CultureInfo.InvariantCulture, $"C{i}")), AccountId = a.Id, Email = $"contact@{a.Domains[0]}",
        })];
        Index = AccountIndex.Build(enriched, contacts, 17);
        _leads = [.. directory.Leads(plain, leads).Select((l, i) => Enriched(l, i, contacts))];
    }

    public AbmConfig Config { get; }

    public IReadOnlyDictionary<RepId, Rep> Reps { get; }

    public AccountIndex Index { get; }

    public IReadOnlyList<Lead> Leads => _leads;

    /// <summary>One decision after the other, twenty seconds apart, from Monday morning.</summary>
    public IEnumerable<JourneyDecision> Decide(string? repsVersion = "reps-1")
    {
        Dictionary<string, PoolState> pools = new(StringComparer.Ordinal);
        DateTimeOffset now = new(2026, 3, 27, 7, 0, 0, TimeSpan.Zero); // the clocks of Europe change two days later
        int number = 0;
        foreach (Lead lead in _leads)
        {
            now = now.AddSeconds(20);
            JourneyContext context = new(Config, Index, Reps, new Dictionary<string, PoolState>(pools), number % 97 == 0 ? _pinned : null)
            {
                RepsVersion = repsVersion,
                FormerOwners = number % 53 == 0 ? [RepId.Parse("P1"), RepId.Parse("P2")] : [],
                Sticky = number % 41 == 0 ? new StickyOwner(RepId.Parse("P3"), now.AddDays(-3)) : null,
            };
            JourneyDecision decision = RecordedJourney.Decide(lead with { ReceivedAt = now.AddSeconds(-2) }, context, now);
            if (decision.PoolAfter is { } after)
                pools[after.Pool] = after;
            number++;
            yield return decision;
        }
    }

    private IEnumerable<Rep> MakeReps()
    {
        string[] pools = [.. Config.Pools.Keys.Order(StringComparer.Ordinal)];
        yield return new Rep { Id = RepId.Parse("M1"), Name = "Manager", TimeZone = "Europe/London" };
        for (int i = 0; i < 24; i++)
        {
            yield return new Rep
            {
                Id = RepId.Parse(string.Create(CultureInfo.InvariantCulture, $"P{i}")),
                Name = string.Create(CultureInfo.InvariantCulture, $"Person {i}"),
                ManagerId = RepId.Parse("M1"),
                TimeZone = Zones[i % Zones.Length],
                Pools = pools.Length == 0 ? [] : [pools[i % pools.Length]],
                IsActive = i % 11 != 10,
                Absences = i % 7 == 6 ? [new Absence(new DateTimeOffset(2026, 3, 27, 10, 0, 0, TimeSpan.Zero), new DateTimeOffset(2026, 3, 28, 10, 0, 0, TimeSpan.Zero))] : [],
            };
        }
    }

    private Account Enriched(Account account, RepId[] owners) => account with
    {
        Tier = (AccountTier)_random.Next(4),
        Status = _random.Next(8) switch { 0 => AccountStatus.Customer, 1 => AccountStatus.Competitor, 2 => AccountStatus.FormerCustomer, _ => AccountStatus.Prospect },
        OwnerId = _random.Next(3) == 0 ? owners[_random.Next(owners.Length)] : null,
        HasOpenOpportunity = _random.Next(12) == 0,
        OpportunityOwnerId = _random.Next(24) == 0 ? owners[_random.Next(owners.Length)] : null,
        ContactCount = _random.Next(40),
        CreatedAt = new DateTimeOffset(2020, 1, 1, 0, 0, 0, TimeSpan.Zero).AddHours(_random.Next(40_000)),
        Custom = _random.Next(5) == 0 ? new Dictionary<string, string> { ["İl"] = "Iğdır", ["segment"] = "a" } : account.Custom,
    };

    private Lead Enriched(Lead lead, int number, Contact[] contacts) => lead with
    {
        Submitted = lead.Submitted with
        {
            Title = Titles[_random.Next(Titles.Length)],
            Source = number % 3 == 0 ? "web" : "event",
            Email = number % 29 == 0 ? contacts[_random.Next(contacts.Length)].Email : lead.Submitted.Email,
            AccountId = number % 37 == 0 ? number % 2 == 0 ? _named.Value : "no-such-account" : null,
            IsTest = number % 61 == 0,
            Consent = number % 43 == 0 ? new Dictionary<string, bool> { ["optOut"] = true } : lead.Submitted.Consent,
            Custom = new Dictionary<string, string> { ["campaign"] = string.Create(CultureInfo.InvariantCulture, $"c{number % 9}") },
        },
    };
}
