using System.Globalization;
using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Configuration;
using Abm.Functions.Storage;
using Abm.Functions.Storage.Decisions;
using Abm.Journeys;
using Abm.Matching;
using Abm.People;
using Abm.Replays;
using Abm.Routing;
using Abm.TestKit;

namespace Abm.Functions.Tests.Replays;

public sealed class ReplayTests
{
    /// <summary>The sample configuration: every kind of rule, zones, calendars, weights and caps.</summary>
    internal static AbmConfig Samples { get; } = ReadSamples();

    [Fact]
    public void Five_thousand_decisions_made_again_from_what_is_stored_are_the_same_in_every_field_in_any_zone_and_culture()
    {
        PastLeads past = new(seed: 42, leads: 5_000, Samples);
        List<(string Decision, byte[] Inputs)> stored = [.. past.Decide().Select(d => (DecisionDocument.Write(d), InputsPacking.Pack(d.Inputs!)))];
        AbmConfig config = ReadSamples(); // as after a restart
        (string Culture, string Zone)[] machines = [("tr-TR", "Australia/Lord_Howe"), ("de-DE", "America/St_Johns")];

        foreach ((string culture, string zone) in machines)
        {
            using Elsewhere elsewhere = new(culture, zone);
            AccountMemory memory = new();
            InputsPacking.AccountTexts texts = new();
            int part = culture == "tr-TR" ? 0 : 1;
            for (int i = part; i < stored.Count; i += machines.Length)
            {
                JourneyDecision before = DecisionDocument.Read(stored[i].Decision);
                ReplayResult result = DecisionReplay.Compare(before, InputsPacking.Unpack(stored[i].Inputs, texts), config, config, past.Reps, today: null, JourneySteps.All, memory);

                Assert.True(result.IsSame, $"{before.DecisionId} under {culture}: {result.First}");
                Assert.Empty(result.NotRecorded);
                Assert.Empty(result.Changes);
            }
        }

        // The invented leads come to every end, so that the claim is about all of them.
        List<JourneyDecision> decisions = [.. stored.Select(s => DecisionDocument.Read(s.Decision))];
        Assert.Equal(["matched", "review", "unmatched"], decisions.Select(d => d.Outcome).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(3, decisions.Select(d => d.Route.GetType()).Distinct().Count());
        Assert.Equal(4, decisions.Select(d => d.PoolAfter?.Pool).OfType<string>().Distinct().Count());
        Assert.Contains(decisions, d => d.Match.Reasons.Any(r => r.Code == JourneyReasons.Pinned));
        Assert.Contains(decisions, d => d.Match.Reasons.Any(r => r.Code.StartsWith("match.tie.", StringComparison.Ordinal)));
    }

    [Fact]
    public void What_happened_to_the_accounts_since_does_not_change_a_decision_made_again()
    {
        PastLeads past = new(seed: 7, leads: 200, Samples, accounts: 500);
        AccountIndex today = AccountIndex.Build([A.Account("0015g0000000001AAB").Named("Something else")], [], 99);

        foreach (JourneyDecision before in past.Decide())
            Assert.Null(DecisionReplay.Compare(before, before.Inputs!, Samples, Samples, past.Reps, today, JourneySteps.All).First);
    }

    [Fact]
    public void Under_other_rules_the_first_step_that_differs_is_told_with_its_field()
    {
        PastLeads past = new(seed: 7, leads: 300, Samples, accounts: 500);
        AbmConfig strict = Samples with { Version = "strict", Matching = Samples.Matching with { AutomaticFrom = 1_000 } };
        AbmConfig routed = Samples.Routing(new RoutingRule { Name = "Everybody", To = new RouteTarget.Queue("desk") }) with { Version = "routed" };
        JourneyDecision matched = past.Decide().First(d => d.Match is MatchDecision.Matched { IsLowConfidence: false } && d.Route is RouteDecision.Assigned { Pool: not null });

        ReplayResult byMatch = DecisionReplay.Compare(matched, matched.Inputs!, Samples, strict, past.Reps, null, JourneySteps.All);
        ReplayResult byRoute = DecisionReplay.Compare(matched, matched.Inputs!, Samples, routed, past.Reps, null, JourneySteps.All);

        Assert.Equal(("match", "kind", "Matched", "Review"), (byMatch.First!.Step, byMatch.First.Field, byMatch.First.Before, byMatch.First.After));
        Assert.Contains(MatchReasons.Review, byMatch.First.ReasonsAfter);
        Assert.Contains(byMatch.Changes, c => c is { Facet: "outcome", Before: "matched", After: "review" });
        Assert.Equal(("route", "kind", "Assigned", "Queued"), (byRoute.First!.Step, byRoute.First.Field, byRoute.First.Before, byRoute.First.After));
        Assert.Contains(byRoute.Changes, c => c is { Facet: "owner", After: "queue:desk", IsMinor: false });
        Assert.Equal("strict", byMatch.After.ConfigVersion);
    }

    [Fact]
    public void A_question_that_was_not_asked_then_is_answered_by_today_or_by_nobody_and_always_told()
    {
        Account child = A.Account("child").Named("Acme Chicago") with { Domains = ["acme.example"] };
        JourneyContext context = new(A.Config(), AccountIndex.Build([child], [], 1), new Dictionary<RepId, Rep>(), new Dictionary<string, PoolState>());
        DecisionInputs inputs = RecordedJourney.Decide(A.Lead().From("acme.example"), context, ManualTimeProvider.WednesdayMorning).Inputs!;
        AccountIndex today = AccountIndex.Build([A.Account("other")], [], 2);

        RecordedAccounts alone = new(inputs.Accounts, null, new AccountMemory());
        RecordedAccounts asking = new(inputs.Accounts, today, new AccountMemory());

        Assert.Null(alone.Find(AccountId.Parse("other")));
        Assert.NotNull(asking.Find(AccountId.Parse("other")));
        Assert.Null(asking.Find(AccountId.Parse("nobody")));
        Assert.Equal(["account other"], alone.NotRecorded);
        Assert.Equal(["account nobody", "account other"], asking.NotRecorded);
        Assert.NotNull(asking.Find(child.Id));
        Assert.Equal(2, asking.NotRecorded.Count);
    }

    [Fact]
    public void A_decision_without_its_reasons_or_with_another_number_is_not_the_same()
    {
        JourneyDecision decision = new PastLeads(seed: 7, leads: 50, Samples, accounts: 500).Decide().First(d => d.PoolAfter is not null);

        Assert.Null(DecisionComparison.First(decision, decision with { ConfigVersion = "other" }, JourneySteps.All));
        Assert.Equal("score", Step(decision with { Score = decision.Score with { FitPoints = decision.Score.FitPoints + 0.01 } }));
        Assert.Equal("route", Step(decision with { PoolAfter = null }));
        Assert.Equal("inputs", Step(decision with { DataVersions = new Dictionary<string, string> { ["psl"] = "other" } }));
        Assert.Equal("inputs", Step(decision with { DecidedAt = decision.DecidedAt.AddTicks(1) }));

        string? Step(JourneyDecision changed) => DecisionComparison.First(decision, changed, JourneySteps.All)?.Step;
    }

    [Fact]
    public void Every_part_of_a_decision_is_compared()
    {
        string[] given = [nameof(JourneyDecision.DecisionId), nameof(JourneyDecision.Lead), nameof(JourneyDecision.DataVersions), nameof(JourneyDecision.AccountsVersion), nameof(JourneyDecision.DecidedAt)];
        string[] notCompared = [nameof(JourneyDecision.ConfigVersion), nameof(JourneyDecision.Inputs), nameof(JourneyDecision.Outcome), nameof(JourneyDecision.Ledger), nameof(JourneyDecision.Watches)]; // what differs on purpose, what it was made from, and what follows from the match and the turn
        JourneyDecision decision = new PastLeads(seed: 7, leads: 50, Samples, accounts: 500).Decide().First(d => d.PoolAfter is not null);
        object?[] compared = [.. JourneySteps.All.SelectMany(s => s.Of(decision))];

        foreach (System.Reflection.PropertyInfo property in typeof(JourneyDecision).GetProperties())
        {
            bool isCompared = given.Contains(property.Name) || notCompared.Contains(property.Name) || compared.Any(part => ReferenceEquals(part, property.GetValue(decision)));
            Assert.True(isCompared, $"{property.Name} is a part of decisions that no step declares.");
        }
    }

    [Theory]
    [InlineData("lead-abc", 1)]
    [InlineData("a-b-c", 12)]
    public void The_lead_can_be_read_from_the_decisions_id(string lead, int attempt)
    {
        Assert.Equal(lead, LeadJourney.LeadOf(LeadJourney.DecisionId(LeadId.Parse(lead), attempt))!.Value);
        Assert.Null(LeadJourney.LeadOf($"dec-{lead}"));
        Assert.Null(LeadJourney.LeadOf("dec-1-"));
    }

    private static AbmConfig ReadSamples() =>
        Assert.IsType<ConfigReading.Accepted>(ConfigReader.Read(
            Directory.EnumerateFiles(Path.Combine(AppContext.BaseDirectory, "samples", "config"), "*.yaml").Select(f => new ConfigFile(Path.GetFileName(f), File.ReadAllText(f))))).Config;

    /// <summary>Another machine: its culture and its zone.</summary>
    private sealed class Elsewhere : IDisposable
    {
        private readonly CultureInfo _culture = CultureInfo.CurrentCulture;
        private readonly string? _zone = Environment.GetEnvironmentVariable("TZ");

        public Elsewhere(string culture, string zone)
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = CultureInfo.GetCultureInfo(culture);
            Environment.SetEnvironmentVariable("TZ", zone);
            TimeZoneInfo.ClearCachedData();
            Assert.Equal(zone, TimeZoneInfo.Local.Id);
        }

        public void Dispose()
        {
            CultureInfo.CurrentCulture = CultureInfo.CurrentUICulture = _culture;
            Environment.SetEnvironmentVariable("TZ", _zone);
            TimeZoneInfo.ClearCachedData();
        }
    }
}
