using System.Globalization;
using Abm.Accounts;
using Abm.Configuration;
using NodaTime;

namespace Abm.Signals;

/// <summary>What a look at an account tells that nobody sent an event about: what changed since the last look, what has not happened, which dates come near. Pure.</summary>
public static class AccountWatch
{
    /// <summary>Days that a look for dates may be late: after a longer outage older ones are not told any more.</summary>
    public const int MostDaysBehind = 14;

    /// <summary>Fewer points in the month before are too few to drop from.</summary>
    private const double FewestPoints = 10;
    private const double DroppedTo = 0.5;

    /// <summary>What changed since the account was last looked at.</summary>
    /// <param name="before">The account before the change that made us look, in case that it was never looked at; null: nothing is compared, it is only remembered.</param>
    public static TimelineChange Look(SignalState state, string accountId, AccountSnapshot? before, AccountSnapshot current, bool starts, DateTimeOffset now)
    {
        List<TimelineEntry> entries = [];
        AccountSnapshot? was = state.Seen ?? before;
        if (was is not null && was != current)
        {
            int change = state.SeenChanges;
            if (was.Status != current.Status)
                Note(EventKinds.StageChanged, ("of", "status"), ("from", was.Status), ("to", current.Status));
            if (was.Stage != current.Stage && current.Stage is not null)
                Note(EventKinds.StageChanged, ("of", "stage"), ("from", was.Stage), ("to", current.Stage));
            if (!was.HasOpenOpportunity && current.HasOpenOpportunity)
                Note(EventKinds.OpportunityPrefix + "opened");
            else if (was.HasOpenOpportunity && !current.HasOpenOpportunity)
                Note(EventKinds.OpportunityPrefix + Closing(was, current));
            if (was.OpportunityStage != current.OpportunityStage && current.OpportunityStage is not null)
                Note(EventKinds.OpportunityStageChanged, ("from", was.OpportunityStage), ("to", current.OpportunityStage));
            if (was.OwnerId != current.OwnerId)
                Note(EventKinds.OwnerChanged, ("from", was.OwnerId), ("to", current.OwnerId));
            if (was.Tier != current.Tier)
                Note(EventKinds.TierChanged, ("from", was.Tier), ("to", current.Tier));
            if (current is { Points: { } points, Level: { } level } && (was.Points != points || was.Level != level))
                Note(EventKinds.FitChanged, ("before", was.Points is { } p ? Number(p) : null), ("after", Number(points)), ("levelBefore", was.Level), ("levelAfter", level));

            void Note(string kind, params ReadOnlySpan<(string Name, string? Value)> details)
            {
                Dictionary<string, string> custom = new(StringComparer.Ordinal);
                foreach ((string name, string? value) in details)
                {
                    if (value is not null)
                        custom[name] = value;
                }

                TimelineEntry entry = SignalFold.Ours(kind, accountId, $"{Number(change)}|{entries.Count}", now, now, starts, custom);
                entries.Add(kind.StartsWith(EventKinds.OpportunityPrefix, StringComparison.Ordinal) ? entry with { Event = entry.Event with { OpportunityId = current.OpportunityId ?? was.OpportunityId } } : entry);
            }
        }

        SignalState seen = state.Seen == current ? state : state with { Seen = current, SeenChanges = state.SeenChanges + 1, LastOwnerId = current.OwnerId ?? was?.OwnerId ?? state.LastOwnerId };
        return new TimelineChange(seen, entries, []);
    }

    /// <summary>What a day passing means: nobody engages any more, or much less than before.</summary>
    public static TimelineChange Daily(SignalState state, string accountId, SignalRules rules, bool starts, DateTimeOffset now)
    {
        List<TimelineEntry> entries = [];
        if (state.EngagedAt is { } last && now - last >= rules.DormantAfter && state.DormantTold != last)
        {
            state = state with { DormantTold = last };
            entries.Add(SignalFold.Ours(EventKinds.AccountDormant, accountId, $"{last:O}", now, now, starts, new() { ["days"] = Number(Math.Floor((now - last).TotalDays)) }));
        }

        (double recent, double before) = AccountSignals.Engagement(state, now);
        bool hasDropped = before >= FewestPoints && recent <= before * DroppedTo;
        if (hasDropped && !state.IsDropTold)
        {
            entries.Add(SignalFold.Ours(EventKinds.EngagementDropped, accountId, $"{SignalFold.DayOf(now):O}", now, now, starts, new() { ["from"] = Number(before), ["to"] = Number(recent) }));
        }

        return new TimelineChange(state with { IsDropTold = hasDropped }, entries, []);
    }

    /// <summary>The dates of an account that have come so near today as a play wants to know.</summary>
    /// <param name="fields">The fields and days that plays listen to.</param>
    /// <param name="after">The last day that was looked at; days since then are made up for, up to <see cref="MostDaysBehind"/>.</param>
    public static IReadOnlyList<TimelineEntry> Dates(Account account, IReadOnlyCollection<(string Field, int Days)> fields, DateOnly after, DateOnly today, bool starts, DateTimeOffset now)
    {
        List<TimelineEntry> entries = [];
        DateOnly from = after < today.AddDays(-MostDaysBehind) ? today.AddDays(-MostDaysBehind) : after;
        foreach ((string field, int days) in fields)
        {
            if (AccountSnapshot.Custom(account, field) is not { } text || ReadDate(text) is not { } date || !IsStorable(date.DayNumber + days))
                continue;
            DateOnly near = date.AddDays(days);
            if (near > from && near <= today)
            {
                entries.Add(SignalFold.Ours(
                    EventKinds.DateNear, account.Id.Value, $"{field}|{date:O}|{Number(days)}", now, now, starts, new() { ["field"] = field, ["days"] = Number(days), ["date"] = date.ToString("O", CultureInfo.InvariantCulture) }));
            }
        }

        return entries;
    }

    /// <summary>Every field and number of days that some play that is switched on listens to.</summary>
    public static IReadOnlyCollection<(string Field, int Days)> DatesOf(AbmConfig config) =>
        [.. config.Plays.Where(p => p is { IsOn: true, On: PlayTrigger.Date, Trigger.Field: not null }).SelectMany(p => p.Trigger!.Days.Select(d => (p.Trigger.Field!, d))).Distinct()];

    /// <summary>The day that it is where the company works: in the zone of the default calendar.</summary>
    public static DateOnly Today(AbmConfig config, DateTimeOffset now)
    {
        string zone = (config.Calendars.GetValueOrDefault(config.DefaultCalendar) ?? CalendarRules.Default).Zone;
        return Instant.FromDateTimeOffset(now).InZone(DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) ?? DateTimeZone.Utc).Date.ToDateOnly();
    }

    /// <summary>The day of a date as people and systems write it: <c>2026-11-30</c>, with or without a time; <c>30.11.2026</c>. Not what may be read in two ways.</summary>
    public static DateOnly? ReadDate(string text)
    {
        string day = text.Length > 10 && text[10] is 'T' or ' ' ? text[..10] : text;
        return DateOnly.TryParseExact(day, ["yyyy-MM-dd", "yyyy/MM/dd", "yyyyMMdd", "dd.MM.yyyy"], CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date) ? date : null;
    }

    private static string Closing(AccountSnapshot was, AccountSnapshot current)
    {
        string outcome = current.OpportunityOutcome ?? current.OpportunityStage ?? "";
        return outcome.Contains("won", StringComparison.OrdinalIgnoreCase) || (was.Status != "customer" && current.Status == "customer") ? "won"
            : outcome.Contains("lost", StringComparison.OrdinalIgnoreCase) ? "lost"
            : "closed";
    }

    private static bool IsStorable(int dayNumber) => dayNumber >= DateOnly.MinValue.DayNumber && dayNumber <= DateOnly.MaxValue.DayNumber;

    private static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);
}
