using System.Globalization;
using Abm.Configuration;
using Abm.Plays;

namespace Abm.Signals;

/// <summary>What an entry of a timeline means to plays. Pure.</summary>
public static class SignalOccasions
{
    /// <summary>The entry as an event of its own name, and as what that name means: a surge, a change of stage or opportunity, a score, a date.</summary>
    /// <param name="recent">The account's events up to this one, for sequences.</param>
    /// <param name="ownerId">Who shall work it where the account has no owner: who had it last; null: as plays say.</param>
    public static IReadOnlyList<PlayOccasion> Of(TimelineEntry entry, string accountId, IReadOnlyList<RecentEvent> recent, string? ownerId)
    {
        AccountEvent e = entry.Event;
        PlaySubject subject = e.OpportunityId is { } opportunity ? new PlaySubject(PlaySubjectKind.Opportunity, opportunity) : new PlaySubject(PlaySubjectKind.Account, accountId);
        PlayOccasion? meaning = e.Kind switch
        {
            EventKinds.SurgeStarted => new PlayOccasion.Surged(subject, accountId, e.EventId, e.At, e.Topic, e.Score ?? 0),
            EventKinds.FitChanged when Number("after") is { } after && Custom("levelAfter") is { } level =>
                new PlayOccasion.Scored(subject, accountId, e.EventId, e.At, Number("before"), after, Custom("levelBefore"), level),
            EventKinds.StageChanged or EventKinds.OpportunityStageChanged when Custom("to") is { } to => new PlayOccasion.StageChanged(subject, accountId, e.EventId, e.At, Custom("from"), to),
            EventKinds.DateNear when Custom("field") is { } field && Number("days") is { } days => new PlayOccasion.DateNear(subject, accountId, e.EventId, e.At, field, (int)days),
            _ when e.Kind.StartsWith(EventKinds.OpportunityPrefix, StringComparison.OrdinalIgnoreCase) && e.Kind.Length > EventKinds.OpportunityPrefix.Length =>
                new PlayOccasion.OpportunityChanged(subject, accountId, e.EventId, e.At, e.Kind[EventKinds.OpportunityPrefix.Length..]),
            _ => null,
        };
        PlayOccasion happened = new PlayOccasion.Event(subject, accountId, e.EventId, e.At, e.Kind, recent);
        return [happened with { OwnerId = ownerId }, .. meaning is null ? Array.Empty<PlayOccasion>() : [meaning with { OwnerId = ownerId }]];

        string? Custom(string name) => e.Custom.GetValueOrDefault(name);

        double? Number(string name) => double.TryParse(Custom(name), NumberStyles.Float, CultureInfo.InvariantCulture, out double value) ? value : null;
    }

    /// <summary>Properties of the entry that conditions and texts of plays can ask about, by field. They stay with the play: of what a sender adds only what some condition asks about, nothing that names a person.</summary>
    public static IReadOnlyDictionary<string, string> Properties(TimelineEntry entry, AbmConfig config)
    {
        AccountEvent e = entry.Event;
        Dictionary<string, string> facts = new(entry.Notes, StringComparer.Ordinal) { ["event.kind"] = e.Kind, ["event.source"] = e.Source, ["event.personKnown"] = e.PersonKey is null ? "false" : "true" };
        Add("event.topic", e.Topic);
        Add("event.persona", e.Persona);
        Add("event.department", e.Department);
        Add("event.score", e.Score?.ToString("0.##", CultureInfo.InvariantCulture));
        Add("opportunity.id", e.OpportunityId);
        IReadOnlySet<string>? asked = null;
        foreach ((string name, string value) in e.Custom)
        {
            string field = $"event.{name}";
            if (entry.IsOurs || (asked ??= Asked(config)).Contains(field))
                facts.TryAdd(field, value);
        }

        return facts;

        void Add(string field, string? value)
        {
            if (value is not null)
                facts[field] = value;
        }
    }

    /// <summary>Every field of events that some play's condition asks about.</summary>
    private static HashSet<string> Asked(AbmConfig config)
    {
        HashSet<string> fields = new(StringComparer.Ordinal);
        foreach (PlayRules play in config.Plays)
        {
            Collect(play.When);
            foreach (PlayStopRule stop in play.Stop)
                Collect(stop.When);
            foreach (PlayStepRule step in play.Steps)
            {
                Collect(step.When);
                foreach (PlayBranch way in step.Branch)
                    Collect(way.When);
            }
        }

        return fields;

        void Collect(Predicate? condition)
        {
            foreach (Predicate part in condition switch { Predicate.All all => all.Parts, Predicate.Any any => any.Parts, Predicate.Not not => [not.Part], _ => [] })
                Collect(part);
            if (condition is Predicate.Test test)
                fields.Add(test.Field);
        }
    }

    /// <summary>How far back a play of these wants to know events, when this one happens; null: none asks for a sequence that ends with it.</summary>
    public static TimeSpan? LooksBack(string kind, AbmConfig config)
    {
        TimeSpan[] spans =
        [
            .. config.Plays.Where(p => p is { IsOn: true, On: PlayTrigger.Sequence, Trigger.Events.Count: > 0 } && string.Equals(p.Trigger.Events[^1], kind, StringComparison.OrdinalIgnoreCase))
                .Select(p => p.Trigger!.Within ?? TimeSpan.FromDays(30)),
        ];
        return spans.Length == 0 ? null : spans.Max();
    }

    /// <summary>Whether any play starts because of such an entry, waits for it or is stopped by it, so that the others need not be looked at.</summary>
    public static bool IsHeard(TimelineEntry entry, AbmConfig config) => config.Plays.Any(p => p.Subject != PlaySubjectKind.Lead && (IsAwaited(p, entry.Event.Kind) || IsTrigger(p, entry)));

    /// <summary>Whether a play that runs can make something of such an event: it waits for it, or is stopped by it; or it is stopped by what may have become true.</summary>
    public static bool IsAwaited(PlayRules play, string kind) => PlayDecider.Hears(play).Contains(kind, StringComparer.Ordinal) || (play.Stop.Any(s => s.When is not null) && ChangesFacts(kind));

    /// <summary>Kinds after which the account is another one, or another's business.</summary>
    private static bool ChangesFacts(string kind) => kind is EventKinds.StageChanged or EventKinds.FitChanged or EventKinds.TierChanged or EventKinds.OwnerChanged or EventKinds.PersonIdentified or EventKinds.DepartmentNew
        || kind.StartsWith(EventKinds.OpportunityPrefix, StringComparison.Ordinal);

    private static bool IsTrigger(PlayRules play, TimelineEntry entry) => play.On switch
    {
        PlayTrigger.Event => play.Trigger?.Events.Contains(entry.Event.Kind, StringComparer.OrdinalIgnoreCase) == true,
        PlayTrigger.Sequence => play.Trigger is { Events.Count: > 0 } t && string.Equals(t.Events[^1], entry.Event.Kind, StringComparison.OrdinalIgnoreCase),
        PlayTrigger.Surge => entry.Event.Kind == EventKinds.SurgeStarted,
        PlayTrigger.Score or PlayTrigger.Level => entry.Event.Kind == EventKinds.FitChanged,
        PlayTrigger.Stage => entry.Event.Kind is EventKinds.StageChanged or EventKinds.OpportunityStageChanged,
        PlayTrigger.Opportunity => entry.Event.Kind.StartsWith(EventKinds.OpportunityPrefix, StringComparison.OrdinalIgnoreCase),
        PlayTrigger.Date => entry.Event.Kind == EventKinds.DateNear,
        _ => false,
    };
}
