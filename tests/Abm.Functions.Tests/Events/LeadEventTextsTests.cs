using System.Text.Json.Nodes;
using Abm.Accounts;
using Abm.Clocks;
using Abm.Decisions;
using Abm.Functions.Events;
using Abm.Journeys;
using Abm.Leads;
using Abm.Matching;
using Abm.Plays;
using Abm.Ports;
using Abm.Routing;
using Abm.Scoring;
using Abm.TestKit;

namespace Abm.Functions.Tests.Events;

public sealed class LeadEventTextsTests
{
    private static readonly DateTimeOffset Now = ManualTimeProvider.WednesdayMorning;
    private static readonly AccountId Acme = AccountId.Parse("A1");

    [Fact]
    public void A_decided_event_reads_as_approved() => AssertReads(
        """
        {
          "specversion": "1.0",
          "id": "event-k4tnrk6a83kp6vf5c7j1nrrhb7",
          "source": "/abm-functions",
          "type": "abm.lead.decided",
          "subject": "lead-h9qvdnd21jw61ygv0ptp66a28c",
          "time": "2026-11-18T10:00:02+00:00",
          "datacontenttype": "application/json",
          "data": {
            "version": 1,
            "leadId": "lead-h9qvdnd21jw61ygv0ptp66a28c",
            "decisionId": "dec-1",
            "receivedAt": "2026-11-18T10:00:00+00:00",
            "outcome": "matched",
            "accountId": "A1",
            "confidence": 0.99,
            "route": "assigned",
            "ownerId": "R1",
            "pool": "sales",
            "queue": null,
            "rule": "Everybody",
            "level": "Target",
            "play": "inbound",
            "dueAt": "2026-11-18T11:00:02+00:00",
            "configVersion": "cfg-1",
            "accountsVersion": 7,
            "reasonCodes": {
              "match": [
                "match.domain.primary",
                "match.name.exact"
              ],
              "score": [
                "score.rule"
              ],
              "route": [
                "route.rule.true"
              ],
              "play": [
                "play.first"
              ]
            }
          }
        }
        """,
        LeadEventTexts.Decided(Matched(), "/abm-functions"));

    [Fact]
    public void A_lead_that_waits_for_a_person_names_its_queue_and_neither_account_nor_owner()
    {
        JourneyDecision decision = Matched() with
        {
            Match = new MatchDecision.Unmatched(UnmatchedReason.NoCandidate, [], []),
            Route = new RouteDecision.Queued("review", "Nobody", []),
            Play = new PlayDecision.None([]),
        };

        JsonNode data = JsonNode.Parse(LeadEventTexts.Decided(decision, "/abm").Body)!["data"]!;

        Assert.Equal(("unmatched", "queued", "review", "Nobody"), ((string?)data["outcome"], (string?)data["route"], (string?)data["queue"], (string?)data["rule"]));
        Assert.All(["accountId", "confidence", "ownerId", "pool", "play", "dueAt"], name => Assert.Null(data[name]));
    }

    [Fact]
    public void A_breached_event_reads_as_approved()
    {
        LeadFile file = new(
            new LeadRecord(A.Lead(), LeadState.Decided, "dec-1", "matched", Acme, RepId.Parse("R2"), "cfg-1"), [], [], null, null, "tag");
        ClockRecord clock = new()
        {
            ClockId = "clk-1",
            LeadId = A.Lead().Id,
            PlayId = "play-1",
            Policy = "first-touch",
            Scope = "owner",
            State = ClockState.BreachedOpen,
            StartedAt = Now,
            DueAt = Now.AddHours(1),
            Budget = TimeSpan.FromHours(1),
            Calendar = "always",
            BreachedAt = Now.AddHours(1),
            OwnerId = RepId.Parse("R1"),
        };

        AssertReads(
            """
            {
              "specversion": "1.0",
              "id": "event-made8x4cfszqk02hfkdftzj95m",
              "source": "/abm-functions",
              "type": "abm.clock.breached",
              "subject": "lead-h9qvdnd21jw61ygv0ptp66a28c",
              "time": "2026-11-18T11:00:00+00:00",
              "datacontenttype": "application/json",
              "data": {
                "version": 1,
                "leadId": "lead-h9qvdnd21jw61ygv0ptp66a28c",
                "clockId": "clk-1",
                "playId": "play-1",
                "policy": "first-touch",
                "scope": "owner",
                "startedAt": "2026-11-18T10:00:00+00:00",
                "dueAt": "2026-11-18T11:00:00+00:00",
                "outcome": "matched",
                "accountId": "A1",
                "ownerId": "R1",
                "decisionId": "dec-1",
                "configVersion": "cfg-1",
                "opportunityId": null
              }
            }
            """,
            LeadEventTexts.Breached(file, clock, "/abm-functions"));
    }

    [Fact]
    public void An_event_has_its_id_from_what_happened_and_says_nothing_about_the_person()
    {
        OutboxItem first = LeadEventTexts.Decided(Matched(), "/abm");
        OutboxItem again = LeadEventTexts.Decided(Matched(), "/abm");
        OutboxItem other = LeadEventTexts.Decided(Matched() with { DecisionId = "dec-2" }, "/abm");

        Assert.Equal(first, again);
        Assert.NotEqual(first.DeliveryId, other.DeliveryId);
        Assert.Equal(first.DeliveryId, (string?)JsonNode.Parse(first.Body)!["id"]);
        Assert.All(["Ada", "Byron", "acme.example", "form-1", "Zanzibar", "Economist"], word => Assert.DoesNotContain(word, first.Body, StringComparison.OrdinalIgnoreCase));
    }

    [Theory]
    [InlineData(ClockState.Running, false, false)]
    [InlineData(ClockState.Met, false, false)]
    [InlineData(ClockState.Cancelled, false, false)]
    [InlineData(ClockState.BreachedOpen, true, true)]
    [InlineData(ClockState.BreachedClosed, false, true)] // told of a touch after the deadline before the play noted the breach
    [InlineData(ClockState.Met, true, true)] // the breach was noted, and then an earlier touch was told
    public void A_clock_is_breached_once_its_deadline_passed_without_a_known_touch(ClockState state, bool isNoted, bool isBreached) => Assert.Equal(
        isBreached,
        LeadEventTexts.IsBreached(new ClockRecord
        {
            ClockId = "clk-1",
            LeadId = A.Lead().Id,
            PlayId = "play-1",
            Policy = "p",
            Scope = "owner",
            State = state,
            StartedAt = Now,
            DueAt = Now,
            Budget = TimeSpan.Zero,
            Calendar = "always",
            BreachedAt = isNoted ? Now : null,
        }));

    internal static JourneyDecision Matched()
    {
        DateTimeOffset at = Now.AddSeconds(2);
        return new JourneyDecision(
            "dec-1",
            A.Lead().Titled("Economist of Zanzibar"),
            "cfg-1",
            new Dictionary<string, string>(),
            7,
            at,
            new MatchDecision.Matched(
                Acme, 0.99, IsLowConfidence: false, [],
                [new Reason("match.domain.primary", "The domain acme.example is theirs.", 8), new Reason("match.name.exact", "Same name.", 5), new Reason("match.domain.primary", "Again.", 0)]),
            new ScoreDecision(80, "Target", "Economic buyer", [new Reason("score.rule", "Large.", 80)]),
            new RouteDecision.Assigned(RepId.Parse("R1"), "sales", [], "Everybody", [new Reason("route.rule.true", "Everybody.")]),
            new PlayDecision.Start("inbound", new SlaDeadline("first-touch", at, at.AddHours(1), TimeSpan.FromHours(1), "always", []), [new Reason("play.first", "Inbound.")]),
            null,
            null);
    }

    private static void AssertReads(string approved, OutboxItem item)
    {
        string pretty = JsonNode.Parse(item.Body)!.ToJsonString(new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping });
        Assert.Equal(approved.ReplaceLineEndings("\n"), pretty.ReplaceLineEndings("\n"));
    }
}
