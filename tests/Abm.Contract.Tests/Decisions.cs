using Abm.Clocks;
using Abm.Decisions;
using Abm.Journeys;
using Abm.Leads;
using Abm.Matching;
using Abm.Plays;
using Abm.Routing;
using Abm.Scoring;
using Abm.TestKit;

namespace Abm.Contract.Tests;

/// <summary>Leads and decisions with something in every part, so that a part that gets lost is missed.</summary>
internal static class Decisions
{
    public static readonly DateTimeOffset Now = ManualTimeProvider.WednesdayMorning;

    public static Lead Lead(LeadId id, string source = "web", DateTimeOffset? receivedAt = null) => new(
        id,
        new Submission
        {
            FirstName = "Zoë",
            LastName = "O'Neil \"Z\" 🚀",
            Title = "VP, R&D",
            Email = "zoe@acme.example",
            Company = "ACME / Söhne #1?",
            Website = "https://acme.example/?a=b#c",
            Phone = "+49 30 1234",
            Address = "Main St 1\nBack yard",
            City = "Köln",
            State = "NW",
            Country = "DE",
            Source = source,
            ExternalId = "x-1",
            AccountId = "A1",
            IsTest = true,
            Consent = new Dictionary<string, bool> { ["contact"] = true, ["optOut"] = false },
            Utm = new Dictionary<string, string> { ["source"] = "ads" },
            Custom = new Dictionary<string, string> { ["Größe"] = "L" },
        },
        receivedAt ?? Now.AddTicks(1_234_567));

    public static JourneyDecision Assigned(Lead lead, string owner = "R1", string? pool = "emea", string says = "Same domain.", double confidence = 0.987)
    {
        Reason reason = new("match.domain", says, 6.5);
        MemberState member = new(RepId.Parse(owner), 3, -0.5, Now) { Weight = 2, WasAway = true, Capped = new Dictionary<string, int> { ["day:2026-11-18"] = 2 } };
        return new JourneyDecision(
            LeadJourney.DecisionId(lead.Id, 1),
            lead,
            "config-1",
            new Dictionary<string, string> { ["psl"] = "2026-10" },
            42,
            Now,
            new MatchDecision.Matched(
                AccountId.Parse("A1"), confidence, true,
                [new MatchCandidate(AccountId.Parse("A1"), "ACME", confidence, 9.25, [reason, new Reason("match.phone.missing", "No phone.")])],
                [reason]),
            new ScoreDecision(72.5, "Qualified", "Decider", [new Reason("score.size", "Right size.", 40)]),
            new RouteDecision.Assigned(RepId.Parse(owner), pool, [RepId.Parse("R9")], "EMEA", [new Reason("route.rule", "Rule EMEA is true.")]),
            new PlayDecision.Start(
                "inbound",
                new SlaDeadline("first-touch", Now, Now.AddHours(4), TimeSpan.FromHours(4), "default", [new DeadlineInterval(Now, Now.AddHours(4), true, "open")]),
                [new Reason("play.first", "The first that fits.")]),
            pool is null ? null : PoolState.Empty(pool, "2026-11"),
            pool is null ? null : new PoolState(pool, "2026-11", [member]));
    }

    public static JourneyDecision Review(Lead lead) => Assigned(lead) with
    {
        Match = new MatchDecision.Review(UnmatchedReason.Ambiguous, [new MatchCandidate(AccountId.Parse("A2"), "Two", 0.5, 4, [])], [new Reason("match.tie", "Too close.")]),
        Route = new RouteDecision.Queued("review", "No account", []),
        Play = new PlayDecision.None([new Reason("play.none", "Nobody owns it.")]),
        PoolBefore = null,
        PoolAfter = null,
    };

    public static JourneyDecision Unmatched(Lead lead) => Review(lead) with
    {
        Match = new MatchDecision.Unmatched(UnmatchedReason.AutomatedSender, [], []),
        Route = new RouteDecision.Suppressed("Robots", []),
    };

    /// <summary>Every part of a decision as text: records compare their lists by reference, texts do not.</summary>
    public static string Text(JourneyDecision decision) => System.Text.Json.JsonSerializer.Serialize(new object[]
    {
        decision.DecisionId, decision.Lead.Id.Value, decision.Lead.ReceivedAt, decision.Lead.Submitted, decision.ConfigVersion, decision.DataVersions,
        decision.AccountsVersion, decision.DecidedAt, decision.Match, decision.Score, decision.Route, decision.Play,
        decision.PoolBefore ?? (object)"no pool", decision.PoolAfter ?? (object)"no pool",
        decision.Match.GetType().Name, decision.Route.GetType().Name, decision.Play.GetType().Name,
    }.Select(part => System.Text.Json.JsonSerializer.Serialize(part, part.GetType())));
}
