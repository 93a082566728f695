using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using Abm.Accounts;
using Abm.Configuration;
using Abm.Lists;
using Abm.People;

namespace Abm.Clocks;

/// <summary>Which calendar counts for whom.</summary>
public static class WorkingTimes
{
    // What a configuration's calendars come to is worked out once for each of them; a configuration never changes.
    private static readonly ConditionalWeakTable<AbmConfig, ConcurrentDictionary<(string Name, string? Zone), BusinessCalendar>> Known = [];

    /// <summary>The calendar of a person: their own one in their own zone, or the default one. A calendar or zone that the configuration does not know falls back to the default.</summary>
    public static BusinessCalendar Of(Rep? rep, AbmConfig config) => Named(rep?.Calendar, rep?.TimeZone, config);

    /// <summary>The calendar of that name, with the holidays of its lists; the default one when there is none of that name.</summary>
    /// <param name="zone">IANA zone of a person, instead of the calendar's own; null = the calendar's own.</param>
    public static BusinessCalendar Named(string? name, string? zone, AbmConfig config)
    {
        if (name == BusinessCalendar.AlwaysName && !config.Calendars.ContainsKey(name))
            return BusinessCalendar.Always;
        string known = name is not null && config.Calendars.ContainsKey(name) ? name : config.DefaultCalendar;
        return Known.GetOrCreateValue(config).GetOrAdd((known, zone), static (key, config) => BusinessCalendar.From(RulesOf(config.Calendars.GetValueOrDefault(key.Name) ?? CalendarRules.Default, config), key.Zone), config);
    }

    /// <summary>The rules of a calendar, with the holidays of the lists that it names.</summary>
    public static CalendarRules RulesOf(CalendarRules calendar, AbmConfig config) => calendar.HolidayLists.Count == 0
        ? calendar
        : calendar with { Holidays = [.. calendar.Holidays, .. calendar.HolidayLists.SelectMany(list => config.Holidays.GetValueOrDefault(list) ?? [])], HolidayLists = [] };

    /// <summary>The calendar that a policy counts for its owner, when nothing is known of pool and account.</summary>
    public static BusinessCalendar OfOwner(SlaPolicy policy, Rep? owner, AbmConfig config) => For(policy, ClockParties.Owner(owner), config).Calendar;

    /// <summary>The calendar that a policy counts for the account, whoever owns it, when nothing is known of the account.</summary>
    public static BusinessCalendar OfAccount(SlaPolicy policy, AbmConfig config) => For(policy, ClockParties.Account(null), config).Calendar;

    /// <summary>The calendar that a policy counts, and how it was come by.</summary>
    public static CountedHours For(SlaPolicy policy, ClockParties parties, AbmConfig config) => policy.Hours switch
    {
        SlaHours.Always => new CountedHours(BusinessCalendar.Always, CalendarChoice.Always),
        _ when policy.Calendar is { } name => new CountedHours(Named(name, null, config), CalendarChoice.Named),
        SlaHours.Team => new CountedHours(Named(TeamCalendar(parties, config), null, config), CalendarChoice.Team),
        SlaHours.Account => new CountedHours(Named(AccountCalendar(parties.Place, config), parties.Place?.TimeZone, config), CalendarChoice.Account),

        // The customer's clock of a policy by members' hours is nobody's in particular: it goes by the calendar of the house.
        _ => new CountedHours(parties.IsAccountView ? Named(null, null, config) : Of(parties.Rep, config), CalendarChoice.Member),
    };

    private static string? TeamCalendar(ClockParties parties, AbmConfig config) =>
        config.Calendars.Values.FirstOrDefault(c => parties.Pool is { } pool && c.Pools.Contains(pool, StringComparer.Ordinal))?.Name
        ?? config.Calendars.Values.FirstOrDefault(c => parties.Rep?.Team is { } team && c.Teams.Contains(team, StringComparer.OrdinalIgnoreCase))?.Name;

    private static string? AccountCalendar(AccountPlace? place, AbmConfig config) =>
        config.Calendars.Values.FirstOrDefault(c => place is { Country: { } country, Region: { } region } && c.Countries.Contains($"{country}-{region}", StringComparer.Ordinal))?.Name
        ?? config.Calendars.Values.FirstOrDefault(c => place?.Country is { } country && c.Countries.Contains(country, StringComparer.Ordinal))?.Name;
}

/// <summary>Whom a clock is about, as far as its calendar depends on that.</summary>
/// <param name="Rep">The owner; null: nobody, or unknown.</param>
/// <param name="Pool">The pool that the lead came from; null: none.</param>
/// <param name="Place">Where the account is; null: unknown.</param>
/// <param name="IsAccountView">Whether it is the customer's clock, which runs on whoever owns the lead.</param>
public sealed record ClockParties(Rep? Rep, string? Pool, AccountPlace? Place, bool IsAccountView)
{
    /// <summary>An owner's clock.</summary>
    public static ClockParties Owner(Rep? rep, string? pool = null, AccountPlace? place = null) => new(rep, pool, place, IsAccountView: false);

    /// <summary>The customer's clock.</summary>
    public static ClockParties Account(AccountPlace? place, Rep? firstOwner = null, string? pool = null) => new(firstOwner, pool, place, IsAccountView: true);
}

/// <summary>Where an account is.</summary>
/// <param name="Country">ISO 3166-1 code; null: unknown.</param>
/// <param name="Region">Code of the state or province within the country; null: unknown.</param>
/// <param name="TimeZone">IANA zone, from the account's own field <c>timeZone</c>; null: the calendar's.</param>
public sealed record AccountPlace(string? Country, string? Region, string? TimeZone)
{
    /// <summary>As the account says it.</summary>
    public static AccountPlace Of(Account account)
    {
        string? country = account.Country is { Length: > 0 } written ? Countries.Code(TextFold.Fold(written)) : null;
        string? region = country is not null && account.State is { Length: > 0 } state ? Countries.Region(country, TextFold.Fold(state)) : null;
        return new AccountPlace(country, region, account.Custom.GetValueOrDefault("timeZone") ?? account.Custom.GetValueOrDefault("time_zone"));
    }
}

/// <summary>A calendar, and how it was come by.</summary>
public sealed record CountedHours(BusinessCalendar Calendar, CalendarChoice Choice);

/// <summary>How the calendar of a clock was come by.</summary>
public enum CalendarChoice
{
    /// <summary>The owner's; for the customer's clock the house's.</summary>
    Member = 0,

    /// <summary>The one that the policy names.</summary>
    Named = 1,

    /// <summary>The pool's or team's.</summary>
    Team = 2,

    /// <summary>That of the account's country.</summary>
    Account = 3,

    /// <summary>None: the wall clock.</summary>
    Always = 4,
}
