using System.Diagnostics;
using System.Globalization;
using Abm.Clocks;
using Abm.Configuration;
using Abm.Decisions;
using Abm.People;
using NodaTime;

namespace Abm.Plays;

/// <summary>A play's own course: its steps, its waits, its stop conditions, beside the ladders of its clocks.</summary>
public static partial class PlayDecider
{
    /// <summary>Steps that a play may come to: one that goes round in circles ends.</summary>
    public const int MostVisits = 500;

    /// <summary>Events that a play keeps.</summary>
    public const int MostEvents = 500;

    /// <summary>Id of the step that finds somebody to work a play which nobody was named for.</summary>
    public const string FirstOwner = "owner";

    /// <summary>Event by which a provider says that it has enriched.</summary>
    public const string Enriched = "enriched";

    /// <summary>What the play does at this instant. Ask, do it, note it, ask again; after <see cref="PlayStep.End"/> no more.</summary>
    /// <exception cref="ArgumentException">The configuration does not have the play or one of its policies.</exception>
    public static PlayStep Next(PlaySituation situation, DateTimeOffset now)
    {
        PlayProgress progress = situation.Progress;
        PlayPlan? firstTouch = situation.Start is { LeadId: not null, Policy: { } policy } ? situation.Ladder("", policy) : null;
        if (StopOf(situation, now) is { } stop)
            return Stopped(stop, firstTouch);
        if (progress.Visit > MostVisits)
            return new PlayStep.End(PlayOutcome.Exhausted, now, ClockState.Cancelled, ClockState.Cancelled);
        if (situation.Start.LeadId is not null && (firstTouch is null || !progress.HasDone("clocks")))
            return new PlayStep.Do(new PlannedStep("clocks", PlayAction.StartClocks, null, null, situation.Start.RoutedAt, situation.Start.RoutedAt) { Stage = "" });

        // Whoever gave the lead away, a step of the ladder or a person: the play goes on with the new owner, and says so once.
        if (situation.Start.LeadId is not null && situation.Hop > 0 && $"{Number(situation.Hop)}.owner" is var noted && !progress.HasDone(noted))
            return new PlayStep.Do(new PlannedStep(noted, PlayAction.NoteOwner, situation.OwnerId, null, now, now) { Stage = "" });

        PlayStep course = Course(situation, now);
        PlayStep? ladder = firstTouch is null ? null : Next(firstTouch, progress, now);
        return ladder is null ? course : Sooner(course, ladder);
    }

    /// <summary>Whether anything in the play asks about facts, so that they have to be looked up.</summary>
    public static bool AsksFacts(PlayRules play) => play.Stop.Any(s => s.When is not null) || play.Steps.Any(s => s.When is not null || s.Branch.Count > 0);

    /// <summary>The progress after a step was done, with what became of it.</summary>
    public static PlayProgress After(PlaySituation situation, PlannedStep step, PlayStepResult result, DateTimeOffset now)
    {
        // A lead's new owner is noted by the owner's clock in its file, and told as a step of its own.
        PlayProgress done = step.Action == PlayAction.Reassign && result.OwnerId is not null && situation.Start.LeadId is not null
            ? situation.Progress
            : Done(situation.Progress, step, result, now);
        if (result.OwnerId is { } owner && situation.Start.LeadId is null && !string.Equals(owner, situation.OwnerId, StringComparison.Ordinal))
        {
            done = done with
            {
                OwnerId = owner,
                Hop = step.Id == FirstOwner ? situation.Hop : situation.Hop + 1,
                Reassigned = situation.Progress.Reassigned + (step.Action == PlayAction.Reassign ? 1 : 0),
                FormerOwnerIds = situation.OwnerId is { } former ? [.. situation.FormerOwnerIds, former] : situation.FormerOwnerIds,
            };
        }

        // What belongs to a ladder, to clocks or to a question goes on where it stands.
        return step.Stage is not null || step.Action is PlayAction.StartClocks or PlayAction.Enrich || IndexAt(situation) is not { } index
            ? done
            : Enter(done, PlayFlow.After(situation.Play, index), now);
    }

    /// <summary>The progress after the play went from one step to another.</summary>
    public static PlayProgress Moved(PlayProgress progress, PlayMove move)
    {
        PlayProgress moved = Enter(progress, move.To, move.At);
        return moved with
        {
            DoneSteps = [.. progress.DoneSteps, new DoneStep(move.From is null ? "begin" : Visited(progress, move.From), move.At, move.Code, move.Says)],
            AnsweredBy = move.EventId is { } id ? [.. progress.AnsweredBy, id] : progress.AnsweredBy,
        };
    }

    /// <summary>The play was told something. The same told twice, or after its end, changes nothing.</summary>
    public static PlayProgress Heard(PlayProgress progress, PlayEvent told) =>
        progress.EndedAt is not null || progress.Events.Count >= MostEvents || progress.Events.Any(e => e.Id == told.Id) ? progress : progress with { Events = [.. progress.Events, told] };

    /// <summary>The play waits: for what is kept, so that it can be shown.</summary>
    public static PlayProgress Waits(PlayProgress progress, PlayStep.Wait wait) => progress with { Waiting = wait.For };

    /// <summary>It is over.</summary>
    public static PlayProgress Ended(PlayProgress progress, PlayStep.End end) => progress.EndedAt is not null
        ? progress
        : progress with { At = null, Waiting = null, Outcome = end.Outcome, Result = end.Result, EndedAt = end.At };

    /// <summary>Names of every event that the play can make something of: what steps wait for, what stops it, and what others send it.</summary>
    public static IReadOnlyList<string> Hears(PlayRules play) =>
    [
        .. play.Steps.SelectMany(s => s.Wait).Concat(play.Stop.Select(s => s.Event).OfType<string>())
            .Concat(play.Steps.Any(s => s.Enrich is not null) ? [Enriched] : []).Append(PlayNames.Joined)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal),
    ];

    /// <summary>What the play itself knows and conditions can ask about: <c>play.events.rejected</c> is how often it heard that.</summary>
    public static IReadOnlyDictionary<string, string> OwnFacts(PlayRules play, PlayProgress progress) => Hears(play).ToDictionary(
        name => $"play.events.{name}",
        name => progress.Events.Count(e => string.Equals(e.Name, name, StringComparison.Ordinal)).ToString(CultureInfo.InvariantCulture),
        StringComparer.Ordinal);

    /// <summary>Whether the event must come with a reason.</summary>
    public static bool NeedsReason(PlayRules play, string eventName) => play.Steps.Any(s => s.NeedsReason.Contains(eventName, StringComparer.Ordinal));

    /// <summary>Whether the play stands at a wait for this event.</summary>
    public static bool WaitsFor(PlayRules play, PlayProgress progress, string eventName) =>
        progress.At is { } at && PlayFlow.IndexOf(play, at) is { } index && play.Steps[index] is { Kind: PlayStepKind.Wait } step && step.Wait.Contains(eventName, StringComparer.Ordinal);

    /// <summary>
    /// The answer that this person has given already to what they answer now: one question has one answer of a person, and a play that asks again asks anew. Null: they have not answered, or what they say now is
    /// more than an answer: it stops the play, or another wait listens to it too.
    /// </summary>
    /// <param name="eventName">What they answer now.</param>
    public static PlayEvent? AnswerOf(PlayRules play, PlayProgress progress, string eventName, string by)
    {
        if (play.Stop.Any(s => string.Equals(s.Event, eventName, StringComparison.Ordinal)))
            return null;
        PlayStepRule[] questions = [.. play.Steps.Where(s => s.Kind == PlayStepKind.Wait && s.Wait.Contains(eventName, StringComparer.Ordinal))];
        if (progress.EndedAt is null && WaitsFor(play, progress, eventName))
        {
            // It stands at the question: what this person said to it and no wait has taken yet is the answer.
            PlayStepRule here = questions.First(s => ReferenceEquals(s, play.Steps[PlayFlow.IndexOf(play, progress.At!)!.Value]));
            return progress.Events.FirstOrDefault(e => e.By == by && here.Wait.Contains(e.Name, StringComparer.Ordinal) && !progress.AnsweredBy.Contains(e.Id, StringComparer.Ordinal));
        }

        return progress.Events.LastOrDefault(e => e.By == by && progress.AnsweredBy.Contains(e.Id, StringComparer.Ordinal)
            && questions.Length > 0 && questions.All(s => s.Wait.Contains(e.Name, StringComparer.Ordinal)));
    }

    /// <summary>The key of the wait that a play stands at: its step and the visit of it.</summary>
    public static string StageOf(PlayProgress progress) => progress.At is { } at ? Visited(progress, at) : "";

    /// <summary>The clocks that start with a step of <see cref="PlayAction.StartClocks"/>.</summary>
    /// <param name="place">Where the account is; null: unknown.</param>
    public static PlayPlan ClocksOf(PlaySituation situation, PlannedStep step, AccountPlace? place = null)
    {
        bool isFirstTouch = step.Stage is { Length: 0 };
        SlaPolicy policy = PolicyOf(isFirstTouch ? situation.Start.Policy! : situation.Play.Steps[IndexAt(situation)!.Value].Deadline!, situation.Config);
        DateTimeOffset startAt = isFirstTouch ? situation.Start.RoutedAt : situation.Progress.EnteredAt;
        return PlanOf(
            situation.Start, situation.Play, policy, isFirstTouch ? "" : StageOf(situation.Progress), isFirstTouch ? situation.Start.OwnerId : situation.OwnerId, situation.Hop, situation.FormerOwnerIds,
            Pool(situation.Play, situation.Start.Pool, situation.Reassigned), startAt, null, situation.Config, situation.Reps, place);
    }

    /// <summary>The ladder that a step of <see cref="PlannedStep.Stage"/> belongs to, as its clocks stand.</summary>
    public static PlayPlan? LadderOf(PlaySituation situation, string stage) =>
        (stage.Length == 0 ? situation.Start.Policy : StepAt(situation)?.Deadline) is { } policy ? situation.Ladder(stage, policy) : null;

    /// <summary>To whom the step gives it: the targets in order, or the person that is meant.</summary>
    public static (IReadOnlyList<RouteTarget> Targets, string? Person) ReceiversOf(PlaySituation situation, PlannedStep step)
    {
        if (step.Id == FirstOwner)
            return (situation.Play.Owner, null);
        PlayStepRule rule = StepAt(situation) ?? throw new ArgumentException("The play does not stand at that step.", nameof(step));
        return rule.Assign is { } target
            ? ([target], null)
            : ([], PlayPeople.Of(situation.OwnerId, situation.FormerOwnerIds, situation.Play, situation.Reps).Find(rule.AssignTo!.Value));
    }

    /// <summary>The step where the play stands; null: before the first, after the last, or the definition has no such step.</summary>
    public static PlayStepRule? StepAt(PlaySituation situation) => IndexAt(situation) is { } index ? situation.Play.Steps[index] : null;

    private static int? IndexAt(PlaySituation situation) => situation.Progress.At is { } at ? PlayFlow.IndexOf(situation.Play, at) : null;

    private static PlayProgress Enter(PlayProgress progress, string? to, DateTimeOffset at) =>
        progress with { At = to, Visit = progress.Visit + 1, EnteredAt = at, Waiting = null };

    private static string Visited(PlayProgress progress, string step) => $"{step}~{Number(progress.Visit)}";

    private static PlayStep Sooner(PlayStep course, PlayStep ladder) => (course, ladder) switch
    {
        (PlayStep.Do c, PlayStep.Do l) => l.Step.DoAt < c.Step.DoAt ? l : c,
        (PlayStep.Wait c, PlayStep.Wait l) => c with { Until = c.Until < l.Until ? c.Until : l.Until },
        (PlayStep.Wait, _) => ladder,
        (_, PlayStep.Wait) => course,
        (PlayStep.End, _) => course,
        (_, PlayStep.Skip) => ladder,
        _ => course,
    };

    /// <summary>From outside, by an event, or because something has become true.</summary>
    private static PlayStop? StopOf(PlaySituation situation, DateTimeOffset now)
    {
        if (situation.Stop is { } outside && (situation.Progress.Stop is not { } inside || outside.At <= inside.At))
            return outside;
        if (situation.Progress.Stop is { } noted)
            return noted;
        foreach (PlayStopRule rule in situation.Play.Stop)
        {
            PlayEvent? heard = rule.Event is null ? null : situation.Progress.Events.FirstOrDefault(e => string.Equals(e.Name, rule.Event, StringComparison.Ordinal));
            if (rule.Event is not null && heard is null)
                continue;
            if (rule.When is null || (situation.Facts is { } facts && PredicateEvaluator.Evaluate(rule.When, facts).IsTrue))
                return new PlayStop(PlayStopKind.Rule, heard?.At ?? now, rule.Outcome);
        }

        return null;
    }

    private static PlayStep Course(PlaySituation situation, DateTimeOffset now)
    {
        PlayProgress progress = situation.Progress;
        if (progress.Visit == 0 && situation is { Start.LeadId: null, OwnerId: null, Play.Owner.Count: > 0 } && !progress.HasDone(FirstOwner))
            return new PlayStep.Do(new PlannedStep(FirstOwner, PlayAction.Assign, null, null, situation.Start.RoutedAt, situation.Start.RoutedAt) { Stage = "" });
        if (progress.Visit == 0)
            return Move(null, PlayFlow.First(situation.Play), situation.Start.RoutedAt, "begun", "It has begun.");
        if (progress.At is null)
        {
            return situation.Start.LeadId is not null
                ? new PlayStep.Wait(DateTimeOffset.MaxValue) { For = new PlayWaiting(null, [], DateTimeOffset.MaxValue, "The lead's first touch is waited for.") }
                : new PlayStep.End(PlayOutcome.Completed, progress.EnteredAt, ClockState.Cancelled, ClockState.Cancelled);
        }

        if (IndexAt(situation) is not { } index)
            return Move(progress.At, null, now, "gone", $"The definition has no step '{progress.At}' any more.");
        PlayStepRule step = situation.Play.Steps[index];
        string? after = PlayFlow.After(situation.Play, index);
        if (step.When is { } condition && !IsUnderWay(progress, step))
        {
            PredicateVerdict verdict = Ask(condition, situation);
            if (!verdict.IsTrue)
                return Move(progress.At, after, now, "leftOut", $"Left out: {verdict.Because}.");
        }

        return step.Kind switch
        {
            PlayStepKind.Notify => Tell(situation, step, step.Notify!.Value, PlayAction.Notify, after, now),
            PlayStepKind.Task => Tell(situation, step, step.Task!.Value, PlayAction.Task, after, now),
            PlayStepKind.Sequence => Now(situation, PlayAction.Enrol, step.Sequence),
            PlayStepKind.Webhook => Now(situation, PlayAction.CallWebhook, step.Webhook),
            PlayStepKind.Start => Now(situation, PlayAction.StartPlay, step.Start),
            PlayStepKind.Assign => Now(situation, PlayAction.Assign, null),
            PlayStepKind.Enrich => Enriching(situation, step, after, now),
            PlayStepKind.Wait => Waiting(situation, step, after, now),
            PlayStepKind.Delay => Until(situation, progress.EnteredAt + step.Delay!.Value, after, now, "It pauses."),
            PlayStepKind.Until => Until(situation, BeginOf(step.Until!.Value, situation.Config), after, now, "It waits for the day."),
            PlayStepKind.Branch => Branch(situation, step, now),
            PlayStepKind.End => new PlayStep.End(PlayOutcome.Completed, now, ClockState.Cancelled, ClockState.Cancelled) { Result = step.End },
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>A wait that has begun is not asked again whether it shall begin.</summary>
    private static bool IsUnderWay(PlayProgress progress, PlayStepRule step) =>
        step.Kind is PlayStepKind.Wait or PlayStepKind.Delay or PlayStepKind.Until or PlayStepKind.Enrich
        && (progress.Waiting?.Step == progress.At || progress.HasDone($"{StageOf(progress)}.asked") || progress.HasDone($"{StageOf(progress)}.clocks"));

    private static PlayStep Tell(PlaySituation situation, PlayStepRule step, PlayRecipient recipient, PlayAction action, string? after, DateTimeOffset now)
    {
        PlayProgress progress = situation.Progress;
        PlayPeople people = PlayPeople.Of(situation.OwnerId, situation.FormerOwnerIds, situation.Play, situation.Reps);

        // A task is nobody's loss: it waits where people look. A message to nobody is left out.
        string? to = people.Find(recipient) ?? (action == PlayAction.Task ? situation.Play.RevOpsQueue : null);
        if (to is null)
            return Move(progress.At, after, now, "nobody", "Left out: there is nobody to tell.");
        Rep? who = recipient == PlayRecipient.RevOps || to == situation.Play.RevOpsQueue ? null : situation.Reps.GetValueOrDefault(RepId.Parse(to));
        DateTimeOffset doAt = step.Urgent ? progress.EnteredAt : PlayPlanner.AtWork(WorkingTimes.Of(who, situation.Config), progress.EnteredAt);
        PlannedStep planned = new(StageOf(progress), action, to, step.Template, progress.EnteredAt, doAt);
        return doAt <= now
            ? new PlayStep.Do(planned)
            : new PlayStep.Wait(doAt) { For = new PlayWaiting(progress.At, [], doAt, $"It waits for the working hours of {to}.") };
    }

    private static PlayStep.Do Now(PlaySituation situation, PlayAction action, string? to) =>
        new(new PlannedStep(StageOf(situation.Progress), action, to, situation.Play.Steps[IndexAt(situation)!.Value].Template, situation.Progress.EnteredAt, situation.Progress.EnteredAt));

    private static PlayStep Enriching(PlaySituation situation, PlayStepRule step, string? after, DateTimeOffset now)
    {
        PlayProgress progress = situation.Progress;
        PlannedStep ask = new($"{StageOf(progress)}.asked", PlayAction.Enrich, step.Enrich, null, progress.EnteredAt, progress.EnteredAt);
        if (!progress.HasDone(ask.Id))
            return new PlayStep.Do(ask);
        DateTimeOffset until = progress.EnteredAt + step.Within!.Value;
        if (Unanswered(progress, [Enriched]).FirstOrDefault(e => e.At <= until) is { } answer)
            return Move(progress.At, after, Later(answer.At, progress.EnteredAt), "answered", $"{step.Enrich} has answered.", answer.Id);
        return until <= now
            ? Move(progress.At, step.Otherwise ?? after, until, "timeUp", $"{step.Enrich} did not answer in time; it goes on without.")
            : new PlayStep.Wait(until) { For = new PlayWaiting(progress.At, [Enriched], until, $"It waits for {step.Enrich} to enrich.") };
    }

    private static PlayStep Waiting(PlaySituation situation, PlayStepRule step, string? after, DateTimeOffset now)
    {
        PlayProgress progress = situation.Progress;
        string stage = StageOf(progress);
        PlayPlan? ladder = step.Deadline is { } policy ? situation.Ladder(stage, policy) : null;
        if (step.Deadline is not null && (ladder is null || !progress.HasDone($"{stage}.clocks")))
            return new PlayStep.Do(new PlannedStep($"{stage}.clocks", PlayAction.StartClocks, null, null, progress.EnteredAt, progress.EnteredAt) { Stage = stage });
        DateTimeOffset? over = Earlier(step.Within is { } within ? progress.EnteredAt + within : null, ladder is { IsPaused: false } ? ladder.GiveUpAt : null);
        if (Unanswered(progress, step.Wait).FirstOrDefault(e => over is null || e.At <= over) is { } answer)
            return Move(progress.At, step.On.TryGetValue(answer.Name, out string? target) ? target : after, Later(answer.At, progress.EnteredAt), "answered", $"{answer.Name} was heard.", answer.Id);

        PlayStep? rung = ladder is null ? null : Next(ladder, progress, now);
        if (over <= now && rung is not PlayStep.Do and not PlayStep.Skip)
            return Move(progress.At, step.Otherwise ?? after, over.Value, "timeUp", $"None of {string.Join(", ", step.Wait)} was heard in time.");
        if (rung is PlayStep.Do or PlayStep.Skip)
            return rung;
        DateTimeOffset until = Earlier(over, (rung as PlayStep.Wait)?.Until) ?? throw new UnreachableException();
        string due = ladder is null ? "" : string.Create(CultureInfo.InvariantCulture, $"; {ladder.OwnerClock.Policy} is due by {ladder.OwnerClock.DueAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC{(ladder.IsPaused ? ", but the clock is paused" : "")}");
        return new PlayStep.Wait(until) { For = new PlayWaiting(progress.At, step.Wait, over ?? until, $"It waits for {string.Join(" or ", step.Wait)}{due}.") };
    }

    private static PlayStep Until(PlaySituation situation, DateTimeOffset until, string? after, DateTimeOffset now, string says) => until <= now
        ? Move(situation.Progress.At, after, Later(until, situation.Progress.EnteredAt), "waited", "The time has come.")
        : new PlayStep.Wait(until) { For = new PlayWaiting(situation.Progress.At, [], until, says) };

    private static PlayStep.Move Branch(PlaySituation situation, PlayStepRule step, DateTimeOffset now)
    {
        foreach (PlayBranch way in step.Branch)
        {
            PredicateVerdict verdict = Ask(way.When, situation);
            if (verdict.IsTrue)
                return Move(situation.Progress.At, way.GoTo, now, "branched", verdict.Because.Length == 0 ? $"To {way.GoTo}, in every other case." : $"To {way.GoTo}: {verdict.Because}.");
        }

        return Move(situation.Progress.At, null, now, "branched", "No way was open.");
    }

    private static PredicateVerdict Ask(Predicate? condition, PlaySituation situation) =>
        condition is null ? new PredicateVerdict(PredicateResult.True, "")
        : situation.Facts is { } facts ? PredicateEvaluator.Evaluate(condition, facts)
        : throw new InvalidOperationException($"Play {situation.Start.PlayId} asks about facts that were not looked up.");

    /// <summary>Events of these names that no wait was answered by, oldest first. What came before the wait began counts: nothing that was told is lost.</summary>
    private static IEnumerable<PlayEvent> Unanswered(PlayProgress progress, IReadOnlyList<string> names) =>
        progress.Events.Where(e => names.Contains(e.Name, StringComparer.Ordinal) && !progress.AnsweredBy.Contains(e.Id, StringComparer.Ordinal));

    private static PlayStep.Move Move(string? from, string? to, DateTimeOffset at, string code, string says, string? eventId = null) => new(new PlayMove(from, to, at, code, says, eventId));

    private static DateTimeOffset Later(DateTimeOffset one, DateTimeOffset other) => one > other ? one : other;

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) => one is null || other < one ? other ?? one : one;

    /// <summary>When the day begins in the zone of the default calendar.</summary>
    private static DateTimeOffset BeginOf(DateOnly day, AbmConfig config)
    {
        DateTimeZone zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull((config.Calendars.GetValueOrDefault(config.DefaultCalendar) ?? CalendarRules.Default).Zone) ?? DateTimeZone.Utc;
        return zone.AtStartOfDay(LocalDate.FromDateOnly(day)).ToDateTimeOffset().ToUniversalTime();
    }
}
