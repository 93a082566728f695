using System.Globalization;
using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using System.Text;
using Abm.Configuration;

namespace Abm.Clocks;

/// <summary>What deadlines are counted by, apart from everything else in a configuration.</summary>
/// <remarks>
/// A play stays on the version that it started with; calendars, holidays and the time that a policy allows do not: they are facts about the world and the promise made in it, and count for whatever is open.
/// A policy's ladder belongs to the play.
/// </remarks>
public static class ClockRules
{
    // Many plays of one version ask; what it comes to by the rules of now is worked out once. A configuration never changes.
    private static readonly ConditionalWeakTable<AbmConfig, Merged> Made = [];

    /// <summary>The version of a play, with the calendars and the allowed times of now. What now does not have any more stays as the play knew it.</summary>
    public static AbmConfig InForce(AbmConfig ofPlay, AbmConfig now)
    {
        if (ReferenceEquals(ofPlay, now) || ofPlay.Version == now.Version)
            return ofPlay;
        if (Made.TryGetValue(ofPlay, out Merged? made) && ReferenceEquals(made.Now, now))
            return made.Rules;
        AbmConfig rules = Merge(ofPlay, now);
        Made.AddOrUpdate(ofPlay, new Merged(now, rules));
        return rules;
    }

    private static AbmConfig Merge(AbmConfig ofPlay, AbmConfig now) => ofPlay with
    {
        ClocksVersion = now.Version,
        Calendars = Over(ofPlay.Calendars, now.Calendars),
        Holidays = Over(ofPlay.Holidays, now.Holidays),
        DefaultCalendar = now.DefaultCalendar,
        SlaPolicies = ofPlay.SlaPolicies.ToDictionary(p => p.Key, p => now.SlaPolicies.TryGetValue(p.Key, out SlaPolicy? today) ? today with { Ladder = p.Value.Ladder, Urgent = p.Value.Urgent } : p.Value),
    };

    /// <summary>The same for rules that count every deadline alike.</summary>
    public static string Fingerprint(AbmConfig config)
    {
        StringBuilder text = new(config.DefaultCalendar);
        foreach (CalendarRules calendar in config.Calendars.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => WorkingTimes.RulesOf(c.Value, config)))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{calendar.Name}|{calendar.Zone}|{string.Join(',', calendar.Pools)}|{string.Join(',', calendar.Teams)}|{string.Join(',', calendar.Countries)}");
            foreach ((DayOfWeek day, IReadOnlyList<LocalInterval> hours) in calendar.Week.OrderBy(d => d.Key))
                text.Append(CultureInfo.InvariantCulture, $"|{(int)day}:{string.Join(',', hours.Select(Text))}");
            foreach (Holiday holiday in calendar.Holidays.OrderBy(h => h.Date).ThenBy(h => h.Name, StringComparer.Ordinal))
                text.Append(CultureInfo.InvariantCulture, $"|{holiday.Name}:{holiday.Date:yyyy-MM-dd}:{holiday.EveryYear}:{(holiday.Closed is { } closed ? Text(closed) : "")}");
        }

        foreach ((string name, SlaPolicy policy) in config.SlaPolicies.OrderBy(p => p.Key, StringComparer.Ordinal))
            text.Append(CultureInfo.InvariantCulture, $"\n{name}|{policy.Budget.Ticks}|{policy.WorkingDays}|{policy.Hours}|{policy.Calendar}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 12));
    }

    private static string Text(LocalInterval hours) => string.Create(CultureInfo.InvariantCulture, $"{hours.From.Ticks}-{hours.Until.Ticks}");

    private static Dictionary<string, T> Over<T>(IReadOnlyDictionary<string, T> before, IReadOnlyDictionary<string, T> now)
    {
        Dictionary<string, T> all = new(before, StringComparer.Ordinal);
        foreach ((string name, T value) in now)
            all[name] = value;
        return all;
    }

    private sealed record Merged(AbmConfig Now, AbmConfig Rules);
}
