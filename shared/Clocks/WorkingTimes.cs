using Abm.Configuration;
using Abm.People;

namespace Abm.Clocks;

/// <summary>Which calendar counts for whom.</summary>
public static class WorkingTimes
{
    /// <summary>The calendar of a person: their own one in their own zone, or the default one. A calendar or zone that the configuration does not know falls back to the default.</summary>
    public static BusinessCalendar Of(Rep? rep, AbmConfig config)
    {
        CalendarRules rules = rep?.Calendar is { } name && config.Calendars.TryGetValue(name, out CalendarRules? own) ? own : Default(config);
        return BusinessCalendar.From(rules, rep?.TimeZone);
    }

    /// <summary>The calendar that a policy counts for its owner.</summary>
    public static BusinessCalendar OfOwner(SlaPolicy policy, Rep? owner, AbmConfig config) =>
        policy.Hours == SlaHours.Always ? BusinessCalendar.Always
        : Named(policy, config) ?? Of(owner, config);

    /// <summary>The calendar that a policy counts for the account, whoever owns it: the policy's, or the default one.</summary>
    public static BusinessCalendar OfAccount(SlaPolicy policy, AbmConfig config) =>
        policy.Hours == SlaHours.Always ? BusinessCalendar.Always
        : Named(policy, config) ?? Of(null, config);

    private static BusinessCalendar? Named(SlaPolicy policy, AbmConfig config) =>
        policy.Calendar is { } name ? BusinessCalendar.From(config.Calendars[name]) : null;

    private static CalendarRules Default(AbmConfig config) =>
        config.Calendars.TryGetValue(config.DefaultCalendar, out CalendarRules? rules) ? rules : CalendarRules.Default;
}
