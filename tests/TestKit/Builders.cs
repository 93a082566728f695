using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Leads;
using Abm.Matching;
using Abm.People;

namespace Abm.TestKit;

/// <summary>Values for tests, named like a sentence: <c>A.Lead().From("acme.example").Titled("CTO")</c>.</summary>
public static class A
{
    /// <summary>A lead of ada@acme.example, received on Wednesday morning.</summary>
    public static Lead Lead(string externalId = "form-1") => new(
        LeadId.From("web", externalId),
        new Submission { FirstName = "Ada", LastName = "Byron", Email = "ada@acme.example", ExternalId = externalId },
        ManualTimeProvider.WednesdayMorning);

    public static Account Account(string id = "A1") => new() { Id = AccountId.Parse(id), Name = $"Account {id}" };

    public static Rep Rep(string id) => new() { Id = RepId.Parse(id), Name = $"Rep {id}" };

    /// <summary>The built-in defaults, with a calendar that is always worked in: nights and weekends play no part.</summary>
    public static AbmConfig Config() => AbmConfig.Default with
    {
        Version = "test",
        DefaultCalendar = "around-the-clock",
        Calendars = new Dictionary<string, CalendarRules> { ["around-the-clock"] = AroundTheClock },
    };

    public static MatchDecision Match(Account? account) => account is null
        ? new MatchDecision.Unmatched(UnmatchedReason.NoCandidate, [], [])
        : new MatchDecision.Matched(account.Id, 0.99, IsLowConfidence: false, [], []);

    public static Predicate Test(string field, PredicateOp op, params string[] values) => new Predicate.Test(field, op, values);

    private static CalendarRules AroundTheClock { get; } = new()
    {
        Name = "around-the-clock",
        Zone = "Etc/UTC",
        Week = Enum.GetValues<DayOfWeek>().ToDictionary(d => d, _ => (IReadOnlyList<LocalInterval>)[LocalInterval.Hours(0, 24)]),
    };
}
