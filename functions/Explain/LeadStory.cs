using System.Globalization;
using Abm.Clocks;
using Abm.Decisions;
using Abm.Journeys;
using Abm.Matching;
using Abm.Plays;
using Abm.Ports;
using Abm.Routing;

namespace Abm.Functions.Explain;

/// <summary>Tells a lead's story in sentences that sales operations can check. Pure: from the stored decision and what happened since.</summary>
public static class LeadStory
{
    /// <param name="decision">Null: it is not decided yet.</param>
    /// <param name="events">What happened since, oldest first.</param>
    public static IReadOnlyList<string> Tell(LeadFile file, JourneyDecision? decision, IReadOnlyList<LeadEvent> events)
    {
        List<string> story = [$"It came from {file.Lead.Lead.Submitted.Source} at {At(file.Lead.Lead.ReceivedAt)}."];
        if (decision is null)
        {
            story.Add(file.Lead.State switch
            {
                LeadState.Quarantined => "It could not be decided; its message waits in quarantine for a person.",
                LeadState.Decided => "It was decided, but longer ago than decisions are kept.",
                _ => "It is not decided yet.",
            });
            return story;
        }

        TellMatch(story, decision);
        story.Add($"It fits with {Number(decision.Score.FitPoints)} of 100 points: level {decision.Score.Level}, persona {decision.Score.Persona}.");
        story.AddRange(decision.Score.Reasons.Where(r => r.Points != 0).Select(r => $"  {r.Says} ({Signed(r.Points)})"));
        TellRoute(story, decision);
        TellPlay(story, decision);
        story.AddRange(events.Select(TellEvent));
        return story;
    }

    private static void TellMatch(List<string> story, JourneyDecision decision)
    {
        string decided = $"At {At(decision.DecidedAt)}, by configuration {decision.ConfigVersion},";
        switch (decision.Match)
        {
            case MatchDecision.Matched matched:
                MatchCandidate? winner = matched.Candidates.FirstOrDefault(c => c.Account == matched.Account);
                story.Add($"{decided} it was matched to {winner?.Name ?? matched.Account.Value} ({matched.Account}) with a confidence of {Percent(matched.Confidence)}.");
                if (matched.IsLowConfidence)
                    story.Add("That is a low confidence: it was routed, and listed for review.");
                break;
            case MatchDecision.Review review:
                story.Add($"{decided} no single account was sure enough ({Words(review.Why)}): a person must pick.");
                break;
            case MatchDecision.Unmatched unmatched:
                story.Add($"{decided} it was matched to no account ({Words(unmatched.Why)}).");
                break;
        }

        story.AddRange(decision.Match.Reasons.Select(r => $"  {r.Says}{(r.Points == 0 ? "" : $" ({Signed(r.Points)})")}"));
        AccountId? account = (decision.Match as MatchDecision.Matched)?.Account;
        foreach (MatchCandidate other in decision.Match.Candidates.Where(c => c.Account != account))
            story.Add($"  Also considered: {other.Name} ({other.Account}), confidence {Percent(other.Confidence)}, {Number(other.Points)} points.");
    }

    private static void TellRoute(List<string> story, JourneyDecision decision)
    {
        story.Add(decision.Route switch
        {
            RouteDecision.Assigned { Pool: { } pool } a => $"It went to {a.Owner}, whose turn it was in pool {pool}, by rule '{a.Rule}'.",
            RouteDecision.Assigned a => $"It went to {a.Owner} by rule '{a.Rule}'.",
            RouteDecision.Queued q => $"It went to nobody yet: it waits in queue {q.Queue}, by rule '{q.Rule}'.",
            _ => $"It went to nobody on purpose, by rule '{decision.Route.Rule}'.",
        });
        story.AddRange(decision.Route.Reasons.Select(r => $"  {r.Says}"));
    }

    private static void TellPlay(List<string> story, JourneyDecision decision)
    {
        if (decision.Play is PlayDecision.Start start)
        {
            SlaDeadline due = start.FirstTouch;
            story.Add($"Play {start.Play} follows it up; the first touch was due by {At(due.DueAt)} ({due.Policy}: {Length(due.Budget)}, calendar {due.Calendar}).");
            story.AddRange(DeadlineWords.Of(due).Select(says => $"  {says}"));
        }
        else
        {
            story.Add("No play follows it up.");
            story.AddRange(decision.Play.Reasons.Select(r => $"  {r.Says}"));
        }
    }

    private static string TellEvent(LeadEvent happened)
    {
        string Detail(string name) => happened.Details.GetValueOrDefault(name) ?? "";
        string Owner(string name) => Detail(name) is { Length: > 0 } owner ? owner : "nobody";
        string when = $"At {At(happened.At)}";
        return happened.Kind switch
        {
            "playStarted" => $"{when} the play began.",
            "touch" => $"{when} {happened.By} touched it: {Detail("touch")}.",
            "disposition" => $"{when} {happened.By} ended it: {Detail("disposition")}.",
            "breach" => $"{when} the deadline of {Detail("ownerId")} was missed ({Detail("policy")}, {Detail("scope")} clock).",
            "reassigned" when happened.By is not null => $"{when} {happened.By} gave it from {Owner("formerOwnerId")} to {Detail("ownerId")}.",
            "associated" => $"{when} {happened.By} said that it belongs to {Detail("accountId")}{(Detail("formerAccountId").Length == 0 ? "" : $", not to {Detail("formerAccountId")}")}.",
            "reassigned" => $"{when} it went from {Detail("formerOwnerId")} to {Detail("ownerId")}.",
            "rematched" => $"{when} it was decided anew, because accounts changed or somebody asked: {Detail("fromOutcome")} {Detail("from")} became {Detail("toOutcome")} {Detail("to")}.",
            "resolved" => $"{when} {happened.By} resolved it: {Detail("action")} {Detail("accountId")}",
            "clockPaused" => $"{when} {happened.By} paused the {Detail("scope")} clock of {Detail("policy")}: {Detail("reason")}.",
            "clockResumed" => $"{when} {happened.By} let the {Detail("scope")} clock of {Detail("policy")} go on, due by {Detail("dueAt")}.",
            "deadlineMoved" => $"{when} the deadline of {Detail("policy")} ({Detail("scope")} clock) moved from {Detail("from")} to {Detail("dueAt")}, because the {Detail("why")} changed.",
            "accepted" => $"{when} {happened.By} accepted it.",
            "declined" => $"{when} {happened.By} declined it: {Detail("note")}",
            "drained" => $"{when} it was given out of pool {Detail("pool")}, where it had waited.",
            "unrouted" => $"{when} it had waited too long for pool {Detail("pool")} and went to queue {Detail("queue")}.",
            "rerouted" => $"{when} {happened.By} had it routed anew, away from {Owner("formerOwnerId")}: {Detail("note")}",
            "handedOver" => $"{when} it was handed over to queue {Detail("queue")}.",
            "playEnded" => $"{when} the play ended: {Detail("outcome")}.",
            _ => $"{when} {happened.Kind}.",
        };
    }

    private static string At(DateTimeOffset instant) => instant.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    private static string Signed(double value) => value.ToString("+0.##;-0.##", CultureInfo.InvariantCulture);

    private static string Percent(double share) => (share * 100).ToString("0.#", CultureInfo.InvariantCulture) + " %";

    private static string Length(TimeSpan length) => length >= TimeSpan.FromHours(1)
        ? Number(length.TotalHours) + " h"
        : length >= TimeSpan.FromMinutes(1) ? Number(length.TotalMinutes) + " min" : Number(length.TotalSeconds) + " s";

    private static string Words(UnmatchedReason why) => why switch
    {
        UnmatchedReason.FreemailNoCompany => "a free-mail address and no company",
        UnmatchedReason.SwitchedOff => "matching is switched off",
        UnmatchedReason.NoDomain => "no domain to go by",
        UnmatchedReason.NoCandidate => "no account comes near",
        UnmatchedReason.BelowThreshold => "what speaks for the nearest one is too little",
        UnmatchedReason.Ambiguous => "several are too close to call",
        UnmatchedReason.ForbiddenByRule => "a rule forbids it",
        UnmatchedReason.Ignored => "it is nobody's, on purpose",
        UnmatchedReason.AutomatedSender => "an automated sender",
        _ => why.ToString(),
    };
}
