using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Replays;
using Abm.Journeys;
using Abm.Matching;
using Abm.People;
using Abm.Ports;
using Abm.Replays;
using Abm.Routing;
using Abm.TestKit;

namespace Abm.Functions.Tests.Replays;

public sealed class DryRunTests
{
    private static readonly AbmConfig Samples = ReplayTests.Samples;
    private static readonly PastLeads Past = new(seed: 11, leads: 600, Samples, accounts: 800);
    private static readonly JourneyDecision[] Decided = [.. Past.Decide()];

    [Fact]
    public void A_draft_that_changes_nothing_flips_nothing_and_gives_everybody_the_same_leads_as_it_really_was()
    {
        DryRunReport report = Run(Samples, Samples with { Version = "draft" });

        Assert.Equal((600, 0, 0, 0), (report.Decisions, report.Flips, report.MinorOnly, report.PartlyRecorded));
        Assert.All(report.Load, load => Assert.Equal(load.Before, load.After));
        Assert.Equal(
            Decided.Select(d => d.Route).OfType<RouteDecision.Assigned>().CountBy(a => a.Owner).OrderBy(l => l.Key).Select(l => (l.Key, l.Value)),
            report.Load.Select(l => (l.Rep, l.After)));
        Assert.Empty(report.Top);
        Assert.All(report.Facets, facet => Assert.Equal((0, 0, 0), (facet.Changed, facet.Minor, facet.Others)));
        Assert.Equal((Decided[0].DecidedAt, Decided[^1].DecidedAt), (report.FirstAt, report.LastAt));
    }

    [Fact]
    public void A_stricter_bar_tells_how_many_are_newly_unmatched_and_who_loses_leads()
    {
        DryRunReport report = Run(Samples, Samples with { Version = "draft", Matching = Samples.Matching with { AutomaticFrom = 12 } });

        int lost = Decided.Count(d => d.Outcome == "matched") - Decided.Count(d => DecisionReplayUnder(d, 12).Outcome == "matched");
        Assert.InRange(lost, 1, 600);
        Assert.Equal((lost, 0), (report.NewlyUnmatched, report.NewlyMatched));
        FacetCount outcomes = report.Facets.Single(f => f.Facet == "outcome");
        Assert.Equal(lost, outcomes.Moves.Where(m => m.Before == "matched").Sum(m => m.Count));
        Assert.True(report.Flips >= lost);
        Assert.Equal(100.0 * report.Flips / 600, report.FlipPercent);
        Assert.NotEqual(report.Load.Sum(l => l.Before), report.Load.Sum(l => l.After));
    }

    [Fact]
    public void Turns_that_only_go_to_another_member_of_the_pool_are_told_and_are_no_flips()
    {
        PoolRules emea = Samples.Pools["sdr-emea"];
        AbmConfig draft = Samples with { Version = "draft", Pools = new Dictionary<string, PoolRules>(Samples.Pools) { ["sdr-emea"] = emea with { Weights = new Dictionary<string, double> { ["P9"] = 5 } } } };

        DryRunReport report = Run(Samples, draft);

        FacetCount owner = report.Facets.Single(f => f.Facet == "owner");
        Assert.InRange(owner.Changed, 1, 600);
        Assert.Equal(owner.Changed, owner.Minor);
        Assert.Equal(0, report.Flips);
        Assert.True(report.MinorOnly >= owner.Changed);
        RepLoad favoured = report.Load.Single(l => l.Rep.Value == "P9");
        Assert.True(favoured.After > favoured.Before * 2, $"{favoured}");
        Assert.Equal(report.Load.Sum(l => l.Before), report.Load.Sum(l => l.After));
    }

    [Fact]
    public void The_most_valuable_flips_come_first_each_with_what_changed_and_why()
    {
        AbmConfig draft = Samples.Routing(new RoutingRule { Name = "Desk", To = new RouteTarget.Queue("desk") }) with { Version = "draft" };

        DryRunReport report = Run(Samples, draft);

        Assert.Equal(DryRun.MostFlips, report.Top.Count);
        Assert.Equal(report.Top.OrderByDescending(f => f.Value).Select(f => f.Value), report.Top.Select(f => f.Value));
        Assert.All(report.Top, flip =>
        {
            Assert.Contains(flip.Changes, c => c is { Facet: "owner", After: "queue:desk" });
            Assert.Equal("route", flip.Because!.Step);
            Assert.Contains(flip.Because.After, r => r.Rule is { Kind: RuleKinds.Routing, Name: "Desk", Holds: true });
            Assert.NotEmpty(flip.Because.Before);
        });
        Assert.Equal(3, report.Top[0].Value.Tier);
        Assert.True(report.Flips > DryRun.MostFlips);
    }

    [Fact]
    public void Rules_that_no_lead_hits_are_told_of_every_list()
    {
        Predicate never = A.Test("account.employees", PredicateOp.Gt, "100000000");
        AbmConfig draft = Samples with
        {
            Version = "draft",
            Scoring = Samples.Scoring with { Rules = [.. Samples.Scoring.Rules, new ScoringRule { Name = "Giants", Points = 1, When = never }] },
            Routing = [new RoutingRule { Name = "Giants first", When = never, To = new RouteTarget.Suppress() }, .. Samples.Routing],
            Plays = [new PlayRules { Name = "giants", When = never, FirstTouch = [new SlaChoice { Policy = "first-touch" }] }, .. Samples.Plays],
            Personas = [new PersonaRule { Persona = "Astronaut", TitleHas = ["astronaut"] }, .. Samples.Personas],
        };

        DryRunReport report = Run(Samples, draft);

        foreach (RuleName name in (RuleName[])[new("scoring", "Giants"), new("routing", "Giants first"), new("plays", "giants"), new("deadlines", "giants/first-touch"), new("personas", "Astronaut")])
            Assert.Contains(name, report.NeverHit);
        Assert.DoesNotContain(new RuleName("routing", "Everybody else"), report.NeverHit);
        Assert.Equal(0, report.Flips);
    }

    [Fact]
    public async Task From_the_storage_the_same_comes_out_in_the_order_of_time_and_what_was_not_noted_is_counted()
    {
        InMemoryLeads leads = new();
        InMemoryRepSnapshots snapshots = new();
        string reps = await snapshots.KeepAsync(Past.Reps, CancellationToken.None);
        foreach (JourneyDecision decision in Decided.Take(100).Reverse())
        {
            await leads.AdmitAsync(decision.Lead, "f", CancellationToken.None);
            await leads.AddDecisionAsync(decision with { Inputs = decision.DecidedAt == Decided[3].DecidedAt ? null : decision.Inputs! with { RepsVersion = reps } }, CancellationToken.None);
        }

        // Today there is nobody: the people and accounts of then must decide.
        InMemoryFacts today = new(Samples, new Dictionary<RepId, Rep>(), AccountIndex.Empty);
        DryRunner runner = new(leads, snapshots, today, today, TimeProvider.System);
        DryRunWindow window = new(Decided[0].DecidedAt, Decided[99].DecidedAt, 60);
        DryRunOutcome outcome = await runner.RunAsync(Samples, Samples, window, _ => Task.CompletedTask, CancellationToken.None);

        Assert.True(outcome.IsCut);
        Assert.Equal((59, 1, 0, 0), (outcome.Report.Decisions, outcome.Report.Skipped, outcome.WithTodaysReps, outcome.Report.Flips));
        Assert.Equal(Decided[59].DecidedAt, outcome.Report.LastAt);
        Assert.False((await runner.RunAsync(Samples, Samples, window with { Limit = 99 }, _ => Task.CompletedTask, CancellationToken.None)).IsCut);
    }

    [Fact]
    public void A_step_that_is_only_declared_is_compared_counted_and_asked_why_not()
    {
        JourneyStep size = new("size", d => [SizeOf(d)])
        {
            Reasons = d => [new Reason("size.large", $"It is {SizeOf(d)}.") { Rule = new RuleTrial("sizes", "Large", SizeOf(d) == "large") }],
            Facets = [new("size", l => SizeOf(l.Decision))],
            Rules = _ => [new("sizes", "Large"), new("sizes", "Huge")],
            WhyNot = [new("size", q => new WhyNotFinding(SizeOf(q.Decision) == q.Target, [new("whyNot.size", $"It is {SizeOf(q.Decision)}.", SizeOf(q.Decision) == q.Target)]))],
        };
        IReadOnlyList<JourneyStep> steps = [.. JourneySteps.All, size];
        AbmConfig draft = Samples with { Version = "draft", Scoring = Samples.Scoring with { Rules = [] } };
        JourneyDecision large = Decided.First(d => SizeOf(d) == "large");
        ReplayResult replay = DecisionReplay.Compare(large, large.Inputs!, Samples, draft, Past.Reps, null, [size]);
        DryRun run = new(Samples, draft, null, steps);
        foreach (JourneyDecision decision in Decided)
            run.Add(decision.Inputs!, Past.Reps);
        WhyNotAnswer? answer = WhyNot.Ask("size", new WhyNotQuestion("huge", large, large.Inputs!, Samples, Past.Reps, new RecordedAccounts(large.Inputs!.Accounts, null, new AccountMemory())), steps);

        Assert.Equal(("size", "large", "small"), (replay.First!.Step, replay.First.Before, replay.First.After));
        FacetCount counted = run.Report().Facets.Single(f => f.Facet == "size");
        Assert.Equal(Decided.Count(d => SizeOf(d) == "large"), counted.Changed);
        Assert.Contains(new RuleName("sizes", "Huge"), run.Report().NeverHit);
        Assert.Contains(new RuleName("sizes", "Large"), run.Report().NeverHit);
        Assert.Equal(("size", "size", "huge", "whyNot.size", false), (answer!.Kind, answer.Step, answer.Target, answer.FirstFailed!.Code, answer.IsSo));
        Assert.Contains("size", WhyNot.Kinds(steps));

        static string SizeOf(JourneyDecision decision) => decision.Score.FitPoints >= 50 ? "large" : "small";
    }

    private static DryRunReport Run(AbmConfig active, AbmConfig draft)
    {
        DryRun run = new(active, draft, today: null, JourneySteps.All);
        foreach (JourneyDecision decision in Decided)
            run.Add(decision.Inputs!, Past.Reps);
        return run.Report();
    }

    private static JourneyDecision DecisionReplayUnder(JourneyDecision decision, double bar) => DecisionReplay.Decide(
        decision.Inputs!, Samples with { Matching = Samples.Matching with { AutomaticFrom = bar } }, Past.Reps, new RecordedAccounts(decision.Inputs!.Accounts, null, new AccountMemory()));
}
