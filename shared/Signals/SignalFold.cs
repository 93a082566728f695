using System.Globalization;
using Abm.Configuration;
using Abm.Decisions;

namespace Abm.Signals;

/// <summary>What new events make of what is known of an account. Pure: the same events in the same order come to the same; counts come to the same in any order.</summary>
public static class SignalFold
{
    /// <summary>What happened longer ago than this, when we hear of it, is history: nothing starts because of it.</summary>
    public static readonly TimeSpan LateAfter = TimeSpan.FromDays(7);

    private const int MostDepartments = 50;
    private const int MostKinds = 30;
    private const int MostTopics = 20;
    private const int MostMarks = 50;
    private const int MostUnsubscribed = 200;

    /// <summary>A surge is not told again for so long.</summary>
    private static readonly TimeSpan SurgeRests = TimeSpan.FromDays(7);

    /// <summary>Adds events that are not known yet.</summary>
    /// <param name="starts">Whether plays may start at all now.</param>
    public static TimelineChange Add(SignalState state, string accountId, IReadOnlyList<AccountEvent> events, SignalRules rules, bool starts, DateTimeOffset now)
    {
        List<TimelineEntry> entries = [];
        List<string> dropped = [];
        foreach (AccountEvent e in events.OrderBy(e => e.At).ThenBy(e => e.EventId, StringComparer.Ordinal))
        {
            bool isCurrent = now - e.At <= LateAfter;
            bool isKept = (state.Days.FirstOrDefault(d => d.Day == DayOf(e.At))?.Kept ?? 0) < SignalState.MostEventsOfDay;
            Dictionary<string, string> notes = Notes(state, e, rules);
            bool isIdentified = e.PersonKey is not null && EventKinds.IsEngagement(e.Kind) && state.EngagedAt is not null && !state.Days.Any(d => d.People.Any(p => p.IsKnown));
            string? department = NewDepartment(state, e);
            state = Counted(state, e, isKept, now);
            if (isKept)
                entries.Add(new TimelineEntry(e, notes, starts && isCurrent));
            else
                dropped.Add(e.EventId);
            if (department is not null)
            {
                bool isFirst = state.Departments.Count == 0;
                state = state with { Departments = Bounded([.. state.Departments, department], MostDepartments) };
                if (!isFirst && isCurrent)
                    entries.Add(Like(e with { Department = department }, Ours(EventKinds.DepartmentNew, accountId, e.EventId, e.At, now, starts, new() { ["department"] = department })));
            }

            if (isCurrent && isIdentified)
                entries.Add(Like(e, Ours(EventKinds.PersonIdentified, accountId, e.EventId, e.At, now, starts, [])));
            if (isCurrent && TopicSurge(ref state, e, rules))
                entries.Add(Like(e, Ours(EventKinds.SurgeStarted, accountId, e.EventId, e.At, now, starts, new() { ["reason"] = "topic" })));
        }

        if (AccountSurge(ref state, rules, now) is { } surge)
        {
            SurgeMark mark = state.Surges[^1];
            TimelineEntry told = Ours(EventKinds.SurgeStarted, accountId, $"{state.FirstAt:O}|{DayOf(now):O}", now, now, starts, new()
            {
                ["reason"] = "activity",
                ["events"] = Number(surge.Events),
                ["people"] = Number(surge.People),
                ["weeklyMean"] = Number(Math.Round(surge.WeeklyMean, 2)),
            });
            entries.Add(told with { Event = told.Event with { Score = mark.Strength, Topic = MainTopic(state, now) } });
        }

        return new TimelineChange(Forgotten(state, now), entries, dropped);
    }

    /// <summary>An entry that the app itself notes.</summary>
    /// <param name="because">Tells it apart from others of its kind: the same again is the same entry.</param>
    internal static TimelineEntry Ours(string kind, string accountId, string because, DateTimeOffset at, DateTimeOffset now, bool starts, Dictionary<string, string> custom) => new(
        new AccountEvent(DerivedId.From("sig", accountId, kind, because), kind, at, now) { Source = TimelineEntry.Us, Custom = custom },
        new Dictionary<string, string>(),
        starts);

    /// <summary>Everything about a person goes from what is counted; the numbers stay.</summary>
    public static SignalState WithoutPerson(SignalState state, string personKey)
    {
        string key = Mark(personKey);
        return state with
        {
            Days = [.. state.Days.Select(d => d with { People = Merged([.. d.People.Select(p => p.Key == key ? p with { Key = PersonDay.Others, Persona = null } : p)]) })],
            Unsubscribed = [.. state.Unsubscribed.Where(u => !u.EndsWith($"|{key}", StringComparison.Ordinal))],
        };
    }

    /// <summary>The state of an account that takes over another one's events: what is counted is counted anew from the events, what was seen of the account itself stays.</summary>
    public static SignalState Recounted(SignalState state, IEnumerable<AccountEvent> events, DateTimeOffset now)
    {
        SignalState anew = state with { Days = [], FirstAt = null, EngagedAt = null, Departments = [], Topics = [] };
        foreach (AccountEvent e in events.OrderBy(e => e.At).ThenBy(e => e.EventId, StringComparer.Ordinal))
        {
            if (e.Source == TimelineEntry.Us)
                continue;
            if (NewDepartment(anew, e) is { } department)
                anew = anew with { Departments = Bounded([.. anew.Departments, department], MostDepartments) };
            anew = Counted(anew, e, isKept: true, now);
        }

        return Forgotten(anew, now);
    }

    /// <summary>The key of a person as counts know it.</summary>
    public static string Mark(string personKey) => personKey.Length <= 20 ? personKey : personKey[^16..];

    internal static bool Decides(SignalRules rules, string? persona) => persona is not null && rules.DecisionMakers.Contains(persona, StringComparer.OrdinalIgnoreCase);

    internal static DateOnly DayOf(DateTimeOffset at) => DateOnly.FromDateTime(at.UtcDateTime);

    private static Dictionary<string, string> Notes(SignalState state, AccountEvent e, SignalRules rules)
    {
        Dictionary<string, string> notes = new(StringComparer.Ordinal);
        if (state.EngagedAt is { } before && e.At >= before)
            notes["event.dormantDays"] = Number(Math.Floor((e.At - before).TotalDays));
        if (e.Topic is { } topic)
            notes["event.topicKind"] = rules.CompetitorTopics.Any(t => string.Equals(t.Trim(), topic, StringComparison.OrdinalIgnoreCase)) ? "competitor" : "other";
        return notes;
    }

    private static string? NewDepartment(SignalState state, AccountEvent e)
    {
        string? department = e.Department ?? (e.Persona is null or Scoring.Personas.Other ? null : e.Persona);
        return department is not null && EventKinds.IsEngagement(e.Kind) && state.Departments.Count < MostDepartments && !state.Departments.Contains(department, StringComparer.OrdinalIgnoreCase) ? department : null;
    }

    private static SignalState Counted(SignalState state, AccountEvent e, bool isKept, DateTimeOffset now)
    {
        DateOnly day = DayOf(e.At);
        state = state with
        {
            FirstAt = state.FirstAt is { } first && first <= e.At ? first : e.At,
            EngagedAt = EventKinds.IsEngagement(e.Kind) && !(state.EngagedAt >= e.At) ? e.At : state.EngagedAt,
            Topics = Topics(state, e),
            Unsubscribed = Unsubscriptions(state, e),
        };
        if (day <= DayOf(now).AddDays(-SignalState.DaysKept))
            return state;
        SignalDay known = state.Days.FirstOrDefault(d => d.Day == day) ?? new SignalDay(day, [], 0, 0);
        SignalDay counted = known with { People = People(known.People, e), Kept = known.Kept + (isKept ? 1 : 0), Dropped = known.Dropped + (isKept ? 0 : 1) };
        return state with { Days = [.. state.Days.Where(d => d.Day != day).Append(counted).OrderBy(d => d.Day)] };
    }

    private static PersonDay[] People(IReadOnlyList<PersonDay> people, AccountEvent e)
    {
        string key = e.PersonKey is { } person ? Mark(person) : "";
        if (key.Length > 0 && people.All(p => p.Key != key) && people.Count >= SignalState.MostPeopleOfDay)
            key = PersonDay.Others;
        PersonDay known = people.FirstOrDefault(p => p.Key == key) ?? new PersonDay(key, null, new Dictionary<string, int>());
        Dictionary<string, int> counts = new(known.Counts, StringComparer.Ordinal);
        if (counts.ContainsKey(e.Kind) || counts.Count < MostKinds)
            counts[e.Kind] = counts.GetValueOrDefault(e.Kind) + 1;
        return [.. people.Where(p => p.Key != key).Append(known with { Persona = key == PersonDay.Others ? null : e.Persona ?? known.Persona, Counts = counts }).OrderBy(p => p.Key, StringComparer.Ordinal)];
    }

    private static PersonDay[] Merged(IReadOnlyList<PersonDay> people) =>
    [
        .. people.GroupBy(p => p.Key, StringComparer.Ordinal).Select(g => g.First() with
        {
            Counts = g.SelectMany(p => p.Counts).GroupBy(c => c.Key, StringComparer.Ordinal).ToDictionary(c => c.Key, c => c.Sum(n => n.Value), StringComparer.Ordinal),
        }).OrderBy(p => p.Key, StringComparer.Ordinal),
    ];

    private static IReadOnlyList<TopicSeen> Topics(SignalState state, AccountEvent e)
    {
        if (e.Topic is not { } topic)
            return state.Topics;
        TopicSeen? known = state.Topics.FirstOrDefault(t => string.Equals(t.Topic, topic, StringComparison.OrdinalIgnoreCase));
        TopicSeen seen = known is null
            ? new TopicSeen(topic, e.At, e.At, e.Score)
            : known with { FirstAt = e.At < known.FirstAt ? e.At : known.FirstAt, LastAt = e.At > known.LastAt ? e.At : known.LastAt, Score = e.At >= known.LastAt ? e.Score ?? known.Score : known.Score };
        return Bounded([.. state.Topics.Where(t => t != known).Append(seen).OrderBy(t => t.LastAt).ThenBy(t => t.Topic, StringComparer.Ordinal)], MostTopics);
    }

    /// <summary><c>email|</c> of everybody, <c>email|key</c> of one person.</summary>
    private static IReadOnlyList<string> Unsubscriptions(SignalState state, AccountEvent e)
    {
        if (e.Kind is not EventKinds.Unsubscribed and not EventKinds.Subscribed)
            return state.Unsubscribed;
        string channel = e.Custom.GetValueOrDefault("channel")?.Trim().ToLowerInvariant() is { Length: > 0 and <= 40 } named ? named : "email";
        string mark = $"{channel}|{(e.PersonKey is { } person ? Mark(person) : "")}";
        string[] others = [.. state.Unsubscribed.Where(u => u != mark)];
        return e.Kind == EventKinds.Unsubscribed ? Bounded([.. others, mark], MostUnsubscribed) : others;
    }

    /// <summary>A provider's score of a topic reaches the mark.</summary>
    private static bool TopicSurge(ref SignalState state, AccountEvent e, SignalRules rules)
    {
        if (e is not { Kind: EventKinds.Intent, Topic: { } topic, Score: { } score } || score < rules.TopicSurgesFrom)
            return false;
        string name = topic.ToLowerInvariant();
        if (state.Surges.Any(s => s.Topic == name && e.At < s.At + SurgeRests))
            return false;
        state = state with { Surges = Bounded([.. state.Surges.Where(s => s.Topic != name), new SurgeMark(name, e.At, score)], MostMarks) };
        return true;
    }

    private static Surge? AccountSurge(ref SignalState state, SignalRules rules, DateTimeOffset now)
    {
        if (state.Surges.Any(s => s.Topic.Length == 0 && now < s.At + SurgeRests) || Surge.Of(state, now, persona => Decides(rules, persona)) is not { IsActive: true } surge)
            return null;
        state = state with { Surges = Bounded([.. state.Surges.Where(s => s.Topic.Length > 0), new SurgeMark("", now, surge.Strength)], MostMarks) };
        return surge;
    }

    private static string? MainTopic(SignalState state, DateTimeOffset now) => state.Topics.LastOrDefault(t => t.LastAt >= now.AddDays(-21))?.Topic;

    private static SignalState Forgotten(SignalState state, DateTimeOffset now)
    {
        DateOnly before = DayOf(now).AddDays(-SignalState.DaysKept);
        return state.Days.Any(d => d.Day <= before) ? state with { Days = [.. state.Days.Where(d => d.Day > before)] } : state;
    }

    /// <summary>With what the event says that made us note it; its person is erased with it.</summary>
    private static TimelineEntry Like(AccountEvent e, TimelineEntry ours) =>
        ours with { Event = ours.Event with { PersonKey = e.PersonKey, Persona = e.Persona, Department = e.Department, Topic = e.Topic, Score = e.Score } };

    private static T[] Bounded<T>(T[] all, int most) => all.Length <= most ? all : all[^most..];

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
