using System.Diagnostics;
using System.Text.Json;
using Abm.Clocks;
using Abm.Decisions;
using Abm.Functions.Http;
using Abm.Journeys;
using Abm.Matching;
using Abm.Plays;
using Abm.Ports;
using Abm.Routing;

namespace Abm.Functions.Events;

/// <summary>What is stored, as events on their way out. Pure: the same decision or clock gives the same id and text.</summary>
public static class LeadEventTexts
{
    /// <summary>A decision, once it is stored.</summary>
    public static OutboxItem Decided(JourneyDecision decision, string source)
    {
        MatchDecision.Matched? matched = decision.Match as MatchDecision.Matched;
        RouteDecision.Assigned? assigned = decision.Route as RouteDecision.Assigned;
        PlayDecision.Start? play = decision.Play as PlayDecision.Start;
        LeadDecidedData data = new(
            1,
            decision.Lead.Id.Value,
            decision.DecisionId,
            decision.Lead.ReceivedAt,
            decision.Outcome,
            matched?.Account.Value,
            matched?.Confidence,
            decision.Route switch
            {
                RouteDecision.Assigned => "assigned",
                RouteDecision.Queued => "queued",
                RouteDecision.Suppressed => "suppressed",
                _ => throw new UnreachableException(),
            },
            assigned?.Owner.Value,
            assigned?.Pool,
            (decision.Route as RouteDecision.Queued)?.Queue,
            decision.Route.Rule,
            decision.Score.Level,
            play?.Play,
            play?.FirstTouch.DueAt,
            decision.ConfigVersion,
            decision.AccountsVersion,
            new ReasonCodesData(Codes(decision.Match.Reasons), Codes(decision.Score.Reasons), Codes(decision.Route.Reasons), Codes(decision.Play.Reasons)));
        return Item(EventTypes.LeadDecided, decision.DecisionId, decision.Lead.Id, decision.Lead.Id.Value, decision.DecidedAt, source, data);
    }

    /// <summary>A clock of this lead that was breached.</summary>
    public static OutboxItem Breached(LeadFile file, ClockRecord clock, string source)
    {
        LeadRecord lead = file.Lead;
        ClockBreachedData data = new(
            1,
            lead.Lead.Id.Value,
            clock.ClockId,
            clock.PlayId,
            clock.Policy,
            clock.Scope,
            clock.StartedAt,
            clock.DueAt,
            lead.Outcome,
            lead.AccountId?.Value,
            clock.OwnerId?.Value,
            lead.DecisionId,
            lead.ConfigVersion);
        return Item(EventTypes.ClockBreached, clock.ClockId, lead.Lead.Id, lead.Lead.Id.Value, clock.DueAt, source, data);
    }

    /// <summary>A clock of a play about an account or opportunity that was breached.</summary>
    public static OutboxItem Breached(PlayFile play, ClockRecord clock, string source)
    {
        ClockBreachedData data = new(
            1, null, clock.ClockId, clock.PlayId, clock.Policy, clock.Scope, clock.StartedAt, clock.DueAt, null, clock.AccountId?.Value, clock.OwnerId?.Value, null, play.ConfigVersion)
        {
            OpportunityId = clock.OpportunityId,
        };
        return Item(EventTypes.ClockBreached, clock.ClockId, null, play.Start.Subject.Id, clock.DueAt, source, data);
    }

    /// <summary>Whether the deadline of this clock passed without a touch, as far as was known then.</summary>
    public static bool IsBreached(ClockRecord clock) => clock.BreachedAt is not null || clock.State is ClockState.BreachedOpen or ClockState.BreachedClosed;

    private static OutboxItem Item<T>(string type, string of, LeadId? lead, string subject, DateTimeOffset at, string source, T data)
    {
        string id = DerivedId.From("event", type, of);
        string body = JsonSerializer.Serialize(CloudEvent<T>.Of(id, source, type, subject, at, data), ApiJson.Options);
        return new OutboxItem(id, lead, type, body, OutboxState.Pending, Attempts: 0, at, NextAttemptAt: null, LastFailure: null);
    }

    private static string[] Codes(IEnumerable<Reason> reasons) => [.. reasons.Select(reason => reason.Code).Distinct(StringComparer.Ordinal)];
}
