using Abm.Configuration;
using Abm.Decisions;

namespace Abm.Plays;

/// <summary>Something happened that may start plays.</summary>
/// <param name="OccasionId">Derived from what happened: the same again starts nothing twice.</param>
/// <param name="At">When it happened, UTC.</param>
public abstract record PlayOccasion(PlaySubject Subject, string AccountId, string OccasionId, DateTimeOffset At)
{
    /// <summary>Who shall work it, where what happened says so, such as the previous owner; null: the play finds somebody as it says under owner.</summary>
    public string? OwnerId { get; init; }

    /// <summary>An event.</summary>
    /// <param name="Recent">The account's events up to this one, oldest first, for sequences; may be bounded.</param>
    public sealed record Event(PlaySubject Subject, string AccountId, string OccasionId, DateTimeOffset At, string Name, IReadOnlyList<RecentEvent> Recent) : PlayOccasion(Subject, AccountId, OccasionId, At);

    /// <summary>The account was scored anew.</summary>
    /// <param name="Before">Points before; null: it had none.</param>
    /// <param name="LevelBefore">Null: it had none.</param>
    public sealed record Scored(PlaySubject Subject, string AccountId, string OccasionId, DateTimeOffset At, double? Before, double After, string? LevelBefore, string LevelAfter) : PlayOccasion(Subject, AccountId, OccasionId, At);

    /// <summary>Interest surged.</summary>
    /// <param name="Topic">Null: in no topic of its own.</param>
    public sealed record Surged(PlaySubject Subject, string AccountId, string OccasionId, DateTimeOffset At, string? Topic, double Strength) : PlayOccasion(Subject, AccountId, OccasionId, At);

    /// <summary>The stage of an account or opportunity changed.</summary>
    public sealed record StageChanged(PlaySubject Subject, string AccountId, string OccasionId, DateTimeOffset At, string? From, string To) : PlayOccasion(Subject, AccountId, OccasionId, At);

    /// <summary>An opportunity changed.</summary>
    /// <param name="Change">Such as <c>opened</c>, <c>won</c>, <c>lost</c>, <c>changed</c>.</param>
    public sealed record OpportunityChanged(PlaySubject Subject, string AccountId, string OccasionId, DateTimeOffset At, string Change) : PlayOccasion(Subject, AccountId, OccasionId, At);

    /// <summary>A day came that lies so many days from a date.</summary>
    /// <param name="Days">-90: 90 days before the date.</param>
    public sealed record DateNear(PlaySubject Subject, string AccountId, string OccasionId, DateTimeOffset At, string Field, int Days) : PlayOccasion(Subject, AccountId, OccasionId, At);

    /// <summary>A person, or another play, starts this play.</summary>
    public sealed record Asked(PlaySubject Subject, string AccountId, string OccasionId, DateTimeOffset At, string Play) : PlayOccasion(Subject, AccountId, OccasionId, At);
}

/// <summary>An event that an account had.</summary>
public sealed record RecentEvent(string Name, DateTimeOffset At);

/// <summary>A play that runs, or ran, about the same account.</summary>
/// <param name="EndedAt">Of the last instance; null: it runs.</param>
public sealed record KnownPlay(string PlayId, string Play, PlaySubject Subject, DateTimeOffset StartedAt, DateTimeOffset? EndedAt)
{
    public bool IsActive => EndedAt is null;
}

/// <summary>What becomes of one play because of an occasion.</summary>
public abstract record EnrolmentDecision
{
    private EnrolmentDecision(string play, Reason reason) => (Play, Because) = (play, reason);

    public string Play { get; }
    public Reason Because { get; }

    /// <summary>It is started.</summary>
    public sealed record Start(PlayStartInput Input, Reason Reason) : EnrolmentDecision(Input.Play, Reason);

    /// <summary>A running one is told with the event <see cref="PlayNames.Joined"/>; nothing is started.</summary>
    public sealed record Join(string Name, string RunningPlayId, Reason Reason) : EnrolmentDecision(Name, Reason);

    /// <summary>Nothing happens, and why.</summary>
    public sealed record None(string Name, Reason Reason) : EnrolmentDecision(Name, Reason);
}

/// <summary>Which plays start about an account or opportunity, and why the others do not. Pure: the order of what is known never changes the answer.</summary>
public static class PlayEnrolment
{
    private static readonly TimeSpan SequenceWithin = TimeSpan.FromDays(30);

    /// <summary>One decision for each play that listens to what happened, in the order of the configuration. Plays that listen to something else are not named.</summary>
    /// <param name="facts">Of the account, with the properties of what happened.</param>
    /// <param name="known">Every play that runs about the account or one of its opportunities, and the last instance of each that is over.</param>
    public static IReadOnlyList<EnrolmentDecision> Decide(PlayOccasion occasion, Facts facts, AbmConfig config, IReadOnlyList<KnownPlay> known, DateTimeOffset now)
    {
        List<EnrolmentDecision> decisions = [];
        List<(string PlayId, PlayRules Play)> active = [.. known.Where(k => k.IsActive)
            .Select(k => (k.PlayId, Play: config.Plays.FirstOrDefault(p => p.Name == k.Play))).Where(k => k.Play is not null).Select(k => (k.PlayId, k.Play!))];
        foreach (PlayRules play in config.Plays)
        {
            if (play.Subject == PlaySubjectKind.Lead || Listens(play, occasion) is not { } fits)
                continue;
            EnrolmentDecision decision = Of(play, fits.Misfit, occasion, facts, config, known, active, now);
            decisions.Add(decision);

            // What is started now stands in the way of what comes after it, as if it ran already.
            if (decision is EnrolmentDecision.Start start)
                active.Add((start.Input.PlayId, play));
        }

        return decisions;
    }

    private static EnrolmentDecision Of(
        PlayRules play,
        Reason? misfit,
        PlayOccasion occasion,
        Facts facts,
        AbmConfig config,
        IReadOnlyList<KnownPlay> known,
        IReadOnlyList<(string PlayId, PlayRules Play)> active,
        DateTimeOffset now)
    {
        PlaySubject subject = play.Subject == PlaySubjectKind.Account ? new PlaySubject(PlaySubjectKind.Account, occasion.AccountId) : occasion.Subject;
        string playId = PlayStartInput.IdFor(play.Name, subject, occasion.OccasionId);
        KnownPlay[] own = [.. known.Where(k => k.Play == play.Name && k.Subject == subject)];
        if (!config.Features.Plays)
            return None(PlayReasons.SwitchedOff, "Plays are switched off.");
        if (!play.IsOn)
            return None(PlayReasons.PlayOff, $"Play {play.Name} is switched off.");
        if (misfit is not null)
            return new EnrolmentDecision.None(play.Name, misfit);
        if (subject.Kind != play.Subject)
            return None(PlayReasons.OtherSubject, $"Play {play.Name} is about an opportunity, and this is about none.");
        if (own.FirstOrDefault(k => k.PlayId == playId) is { } same)
            return None(PlayReasons.Repeat, same.IsActive ? "This very occasion has started it." : "This very occasion had started it, and it is over.");
        if (own.FirstOrDefault(k => k.IsActive) is { } running)
            return None(PlayReasons.AlreadyRuns, $"Play {play.Name} runs already about {subject}, as {running.PlayId}.");
        if (play.Trigger?.Fire == PlayFireMode.Once && own.Length > 0)
            return None(PlayReasons.OnceOnly, $"Play {play.Name} starts once only, and it has.");
        if (play.CoolOff is { } rest && own.Max(k => k.EndedAt) is { } ended && now < ended + rest)
            return None(PlayReasons.CoolOff, FormattableString.Invariant($"Play {play.Name} ended at {ended:yyyy-MM-dd HH:mm} and rests until {ended + rest:yyyy-MM-dd HH:mm} UTC."));
        PredicateVerdict verdict = PredicateEvaluator.Evaluate(play.When, facts);
        if (!verdict.IsTrue)
            return None(PlayReasons.ConditionNotMet, $"Play {play.Name}: {verdict.Because}.", verdict.Holds);
        if (play.BesideOthers != PlayCompetition.Start
            && active.Where(a => a.Play.Name != play.Name && a.Play.Priority >= play.Priority).OrderByDescending(a => a.Play.Priority).ThenBy(a => a.PlayId, StringComparer.Ordinal).ToArray() is [var other, ..])
        {
            return play.BesideOthers == PlayCompetition.Join
                ? new EnrolmentDecision.Join(play.Name, other.PlayId, new Reason(PlayReasons.Joins, $"Play {other.Play.Name} of priority {other.Play.Priority} runs about the account; {play.Name} joins it."))
                : None(PlayReasons.StaysAway, $"Play {other.Play.Name} of priority {other.Play.Priority} runs about the account; {play.Name} stays away.");
        }

        string because = verdict.Because.Length == 0 ? $"Play {play.Name} is started." : $"Play {play.Name} is started: {verdict.Because}.";
        PlayStartInput input = new(1, playId, play.Name, null, occasion.AccountId, null, config.Version, occasion.OwnerId, PoolOf(play), null, now, occasion.At)
        {
            OpportunityId = subject.Kind == PlaySubjectKind.Opportunity ? subject.Id : null,
            Trigger = TriggerName(play.On),
            OccasionId = occasion.OccasionId,
        };
        return new EnrolmentDecision.Start(input, new Reason(PlayReasons.Chosen, because) { Rule = new RuleTrial(RuleKinds.Plays, play.Name, true) });

        EnrolmentDecision.None None(string code, string says, bool? holds = false) =>
            new(play.Name, new Reason(code, says) { Rule = new RuleTrial(RuleKinds.Plays, play.Name, holds) });
    }

    /// <summary>Null: it listens to something else. A reason that is null inside: what happened fits.</summary>
    private static Fit? Listens(PlayRules play, PlayOccasion occasion)
    {
        PlayTriggerRule trigger = play.Trigger ?? new();
        return (play.On, occasion) switch
        {
            (PlayTrigger.Event, PlayOccasion.Event e) when Has(trigger.Events, e.Name) => Fit.Yes,
            (PlayTrigger.Sequence, PlayOccasion.Event e) when trigger.Events.Count > 0 && Same(trigger.Events[^1], e.Name) =>
                InOrder(trigger, e) ? Fit.Yes : Fit.No(play, $"{e.Name} came, but not after {string.Join(", ", trigger.Events.SkipLast(1))}."),
            (PlayTrigger.Score, PlayOccasion.Scored s) => s.After >= trigger.AtLeast && !(s.Before >= trigger.AtLeast) ? Fit.Yes
                : Fit.No(play, FormattableString.Invariant($"The points are {s.After:0.#} and were {s.Before:0.#}: they did not come to {trigger.AtLeast:0.#}.")),
            (PlayTrigger.Level, PlayOccasion.Scored s) => Has(trigger.Levels, s.LevelAfter) && !(s.LevelBefore is { } before && Has(trigger.Levels, before)) ? Fit.Yes
                : Fit.No(play, $"The level is {s.LevelAfter} and was {s.LevelBefore ?? "unknown"}."),
            (PlayTrigger.Surge, PlayOccasion.Surged s) => (trigger.Topics.Count == 0 || (s.Topic is { } topic && Has(trigger.Topics, topic))) && !(s.Strength < trigger.AtLeast) ? Fit.Yes
                : Fit.No(play, FormattableString.Invariant($"The surge is in {s.Topic ?? "no topic"}, of strength {s.Strength:0.##}.")),
            (PlayTrigger.Stage, PlayOccasion.StageChanged c) => Has(trigger.Stages, c.To) && (trigger.FromStages.Count == 0 || (c.From is { } from && Has(trigger.FromStages, from))) ? Fit.Yes
                : Fit.No(play, $"The stage went from {c.From ?? "unknown"} to {c.To}."),
            (PlayTrigger.Opportunity, PlayOccasion.OpportunityChanged c) => trigger.Changes.Count == 0 || Has(trigger.Changes, c.Change) ? Fit.Yes : Fit.No(play, $"The opportunity was {c.Change}."),
            (PlayTrigger.Date, PlayOccasion.DateNear d) when Same(trigger.Field ?? "", d.Field) => trigger.Days.Contains(d.Days) ? Fit.Yes
                : Fit.No(play, FormattableString.Invariant($"{d.Field} is {d.Days} days from here.")),
            (not PlayTrigger.RouteAssigned, PlayOccasion.Asked a) when a.Play == play.Name => Fit.Yes,
            _ => null,
        };
    }

    /// <summary>The events of the sequence stand in that order among the recent ones, the last of them being what happened.</summary>
    private static bool InOrder(PlayTriggerRule trigger, PlayOccasion.Event happened)
    {
        DateTimeOffset from = happened.At - (trigger.Within ?? SequenceWithin);
        RecentEvent[] before = [.. happened.Recent.Where(e => e.At >= from && e.At <= happened.At).OrderBy(e => e.At).ThenBy(e => e.Name, StringComparer.Ordinal)];
        int wanted = 0;
        foreach (RecentEvent e in before)
        {
            if (wanted < trigger.Events.Count - 1 && Same(trigger.Events[wanted], e.Name))
                wanted++;
        }

        return wanted == trigger.Events.Count - 1;
    }

    private static bool Has(IReadOnlyList<string> names, string name) => names.Any(n => Same(n, name));

    private static bool Same(string one, string other) => string.Equals(one, other, StringComparison.OrdinalIgnoreCase);

    private static string? PoolOf(PlayRules play) => play.Owner.OfType<RouteTarget.Pool>().FirstOrDefault()?.Name;

    private static string TriggerName(PlayTrigger trigger) => char.ToLowerInvariant(trigger.ToString()[0]) + trigger.ToString()[1..];

    private sealed record Fit(Reason? Misfit)
    {
        public static Fit Yes { get; } = new((Reason?)null);

        public static Fit No(PlayRules play, string says) =>
            new(new Reason(PlayReasons.TriggerNotMet, $"Play {play.Name}: {says}") { Rule = new RuleTrial(RuleKinds.Plays, play.Name, false) });
    }
}
