using System.Globalization;
using Abm.Configuration;

namespace Abm.Signals;

/// <summary>What conditions of plays can ask about an account's signals. Pure: from what is counted, at an instant.</summary>
public static class AccountSignals
{
    /// <summary>Channels that are always known, so that a condition about them is never missing.</summary>
    private static readonly string[] Channels = ["ads", "direct-mail", "email", "linkedin", "phone", "sms"];

    /// <summary>A topic counts as being researched for so long.</summary>
    private static readonly TimeSpan TopicLasts = TimeSpan.FromDays(21);

    /// <summary>An account's surge counts as on for so long after it was told.</summary>
    private static readonly TimeSpan SurgeLasts = TimeSpan.FromDays(14);

    private const int Month = 30;

    /// <summary>By field, <c>signal.…</c>. What cannot be said yet is not there, so that conditions about it are missing.</summary>
    public static IReadOnlyDictionary<string, string> Facts(SignalState state, SignalRules rules, DateTimeOffset now)
    {
        DateOnly today = SignalFold.DayOf(now);
        SignalDay[] month = Last(state, today, Month);
        SignalDay[] week = Last(state, today, 7);
        Dictionary<string, string> facts = new(StringComparer.Ordinal)
        {
            ["signal.events7d"] = Whole(Events(week)),
            ["signal.events30d"] = Whole(Events(month)),
            ["signal.people7d"] = Whole(People(week).Count),
            ["signal.people30d"] = Whole(People(month).Count),
            ["signal.anonymous30d"] = Whole(month.SelectMany(d => d.People).Where(p => !p.IsKnown).SelectMany(p => p.Counts).Where(c => EventKinds.IsEngagement(c.Key)).Sum(c => c.Value)),
            ["signal.departments"] = Whole(state.Departments.Count),
            ["signal.singleThreaded"] = Truth(People(month).Count < 2),
        };
        foreach (IGrouping<string, KeyValuePair<string, int>> kind in month.SelectMany(d => d.People).SelectMany(p => p.Counts).GroupBy(c => c.Key, StringComparer.Ordinal))
            facts[$"signal.count.{kind.Key}"] = Whole(kind.Sum(c => c.Value));

        (double recent, double before) = Engagement(state, now);
        facts["signal.engagement30d"] = Number(recent);
        if (before >= 10)
            facts["signal.engagementChange"] = Number(Math.Round(((recent - before) / before) * 100, 1));
        if (state.EngagedAt is { } last)
        {
            facts["signal.lastEngagementAt"] = last.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
            facts["signal.daysDormant"] = Whole((int)Math.Max(0, Math.Floor((now - last).TotalDays)));
        }

        Surge surge = Surge.Of(state, now, persona => SignalFold.Decides(rules, persona));
        bool isOn = surge.IsActive || state.Surges.Any(s => s.At <= now && now < s.At + SurgeLasts);
        facts["signal.surge"] = Truth(isOn);
        facts["signal.surgeStrength"] = Number(surge.Strength);
        if (state.Topics.Where(t => t.LastAt >= now - TopicLasts).OrderByDescending(t => t.LastAt).Select(t => t.Topic).ToArray() is { Length: > 0 } topics)
            facts["signal.topics"] = string.Join(", ", topics);
        foreach (string channel in Channels.Concat(state.Unsubscribed.Select(u => u[..u.IndexOf('|', StringComparison.Ordinal)])).Distinct(StringComparer.Ordinal))
            facts[$"signal.unsubscribed.{channel}"] = Truth(IsUnsubscribed(state, channel, today));
        if (state.LastOwnerId is { } owner)
            facts["signal.lastOwner"] = owner;
        Group(facts, state, rules, today);
        return facts;
    }

    /// <summary>Points of the last 30 days and of the 30 before.</summary>
    public static (double Recent, double Before) Engagement(SignalState state, DateTimeOffset now)
    {
        DateOnly today = SignalFold.DayOf(now);
        return (Points(Last(state, today, Month)), Points(Last(state, today.AddDays(-Month), Month)));
    }

    /// <summary>Which roles of the buying group people fill who did something with us in the last 90 days.</summary>
    private static void Group(Dictionary<string, string> facts, SignalState state, SignalRules rules, DateOnly today)
    {
        string[] personas = [.. People(Last(state, today, 90)).Values.OfType<string>()];
        if (personas.Length > 0)
            facts["signal.personas"] = string.Join(", ", personas.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
        List<double> completeness = [];
        List<string> missing = [];
        int engaged = 0;
        foreach (BuyingRole role in rules.BuyingGroup)
        {
            int people = personas.Count(p => role.Personas.Contains(p, StringComparer.OrdinalIgnoreCase));
            facts[$"signal.role.{role.Role}"] = Whole(people);
            if (!role.IsRequired)
                continue;
            completeness.Add(Math.Min(1, people / (double)role.AtLeast));
            if (people < role.AtLeast)
                missing.Add(role.Role);
            if (people > 0)
                engaged++;
        }

        if (completeness.Count == 0)
            return;
        facts["signal.coverage"] = Number(Math.Round(completeness.Average() * 100, 1));
        facts["signal.rolesEngaged"] = Whole(engaged);
        facts["signal.rolesMissing"] = missing.Count == 0 ? "none" : string.Join(", ", missing);
    }

    /// <summary>The account as a whole, or everybody of it who engaged lately; where nobody did, anybody.</summary>
    private static bool IsUnsubscribed(SignalState state, string channel, DateOnly today)
    {
        string[] people = [.. People(Last(state, today, 90)).Keys];
        return state.Unsubscribed.Contains($"{channel}|")
            || (people.Length > 0 ? people.All(p => state.Unsubscribed.Contains($"{channel}|{p}")) : state.Unsubscribed.Any(u => u.StartsWith($"{channel}|", StringComparison.Ordinal)));
    }

    private static SignalDay[] Last(SignalState state, DateOnly today, int days) => [.. state.Days.Where(d => d.Day <= today && d.Day > today.AddDays(-days))];

    private static int Events(SignalDay[] days) => days.SelectMany(d => d.People).SelectMany(p => p.Counts).Sum(c => c.Value);

    private static double Points(SignalDay[] days) => days.SelectMany(d => d.People).Sum(p => p.Points);

    /// <summary>Everybody known who engaged, with the persona that was told last.</summary>
    private static Dictionary<string, string?> People(SignalDay[] days)
    {
        Dictionary<string, string?> people = new(StringComparer.Ordinal);
        foreach (PersonDay person in days.SelectMany(d => d.People).Where(p => p.IsKnown && p.Key != PersonDay.Others && p.Counts.Keys.Any(EventKinds.IsEngagement)))
            people[person.Key] = person.Persona ?? people.GetValueOrDefault(person.Key);
        return people;
    }

    private static string Truth(bool value) => value ? "true" : "false";

    private static string Whole(int value) => value.ToString(CultureInfo.InvariantCulture);

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
