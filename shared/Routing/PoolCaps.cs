using System.Globalization;
using Abm.Configuration;
using Abm.Decisions;
using NodaTime;

namespace Abm.Routing;

/// <summary>Periods and caps of a pool at one instant, in the pool's own zone: fixed ones begin on the clock; rolling ones end now.</summary>
/// <param name="asked">What is asked for, and what other pools gave.</param>
internal sealed class PoolCaps(PoolRules pool, AbmConfig config, PoolAsk asked, DateTimeOffset now)
{
    private readonly PoolPeriods _periods = new(pool.Zone, now);

    /// <summary>Every fixed cap that counts what this pool gives: its own, and those of other pools that count all.</summary>
    private readonly (PoolCap Cap, PoolPeriods Periods)[] _counted =
    [
        .. pool.Caps.Select(c => (c, new PoolPeriods(pool.Zone, now))),
        .. config.Pools.Values.Where(p => p.Name != pool.Name).OrderBy(p => p.Name, StringComparer.Ordinal)
            .SelectMany(p => p.Caps.Where(c => c.Scope == CapScope.AllPools).Select(c => (c, new PoolPeriods(p.Zone, now)))),
    ];

    /// <summary>Name of the current period of the pool.</summary>
    public string Period => _periods.Name(pool.Period);

    /// <summary>Whether what other pools gave matters to who can take a lead.</summary>
    public bool LooksAtOthers => pool.Caps.Any(c => c.Scope == CapScope.AllPools);

    /// <summary>The first cap that is full, and when it has room again; null when there is room under all.</summary>
    public FullCap? Full(MemberState member)
    {
        foreach (PoolCap cap in pool.Caps.Where(Applies))
        {
            if (cap.Rolling)
            {
                DateTimeOffset[] taken = [.. Members(member, cap.Scope).SelectMany(m => m.Recent).Where(t => Counts(cap, t.Tag) && t.At > now - Length(cap.Per)).Select(t => t.At).Order()];
                if (taken.Length >= cap.Max)
                    return new FullCap(string.Create(CultureInfo.InvariantCulture, $"has {cap.Max} leads{Tagged(cap)} within the last {Word(cap.Per)} already"), taken[^cap.Max] + Length(cap.Per));
            }
            else if (Members(member, cap.Scope).Sum(m => m.Capped.GetValueOrDefault(Key(cap, _periods))) >= cap.Max)
            {
                return new FullCap(string.Create(CultureInfo.InvariantCulture, $"has {cap.Max} leads{Tagged(cap)} this {Word(cap.Per)} already"), _periods.EndOf(cap.Per));
            }
        }

        if (pool.OpenCap is { } open && member.Open.Count >= open)
            return new FullCap(string.Create(CultureInfo.InvariantCulture, $"has {open} open leads already"), now);
        return asked.IsDrain && member.Capped.GetValueOrDefault(DrainKey) >= pool.DrainPerHour
            ? new FullCap(string.Create(CultureInfo.InvariantCulture, $"was given {pool.DrainPerHour} waiting leads this hour already"), _periods.EndOf(CapPeriod.Hour))
            : null;
    }

    /// <summary>Whether one more turn may be made up for today.</summary>
    public bool MayMakeUp(MemberState member) => pool.CatchUpPerDay is not { } most || member.Capped.GetValueOrDefault(ExtraKey) < most;

    /// <summary>The member with this lead counted in every current period; what is past is forgotten.</summary>
    public MemberState Counting(MemberState member, bool isExtra)
    {
        Dictionary<string, int> capped = new(StringComparer.Ordinal);
        foreach (string key in Keys(isExtra))
            capped[key] = member.Capped.GetValueOrDefault(key) + 1;
        foreach (string kept in Keys(isExtra: true, any: true).Where(k => !capped.ContainsKey(k) && member.Capped.ContainsKey(k)))
            capped[kept] = member.Capped[kept];
        TimeSpan back = Back;
        return member with
        {
            Capped = capped,
            Recent = back == TimeSpan.Zero ? [] : [.. member.Recent.Where(t => t.At > now - back), new TakenLead(now, asked.Tag)],
            Open = pool.OpenCap is null ? [] : asked.Lead is { } lead ? [.. member.Open.Where(o => o != lead), lead] : member.Open,
        };
    }

    /// <summary>The member without a lead that was counted at an instant: in every current period that has begun before it.</summary>
    public MemberState Uncounting(MemberState member, DateTimeOffset at, string? tag)
    {
        Dictionary<string, int> capped = new(member.Capped, StringComparer.Ordinal);
        foreach ((PoolCap cap, PoolPeriods periods) in _counted.Where(c => !c.Cap.Rolling && Counts(c.Cap, tag)).DistinctBy(c => Key(c.Cap, c.Periods)))
        {
            string key = Key(cap, periods);
            if (Key(cap, periods.At(at)) == key && capped.TryGetValue(key, out int count) && count > 0)
                capped[key] = count - 1;
        }

        int taken = member.Recent.ToList().FindIndex(t => t.At == at);
        return member with { Capped = capped, Recent = taken < 0 ? member.Recent : [.. member.Recent.Where((_, i) => i != taken)] };
    }

    private string DrainKey => $"drain:{_periods.Key(CapPeriod.Hour)}";

    private string ExtraKey => $"extra:{_periods.Key(CapPeriod.Day)}";

    private TimeSpan Back => _counted.Where(c => c.Cap.Rolling).Select(c => Length(c.Cap.Per)).DefaultIfEmpty(TimeSpan.Zero).Max();

    private IEnumerable<string> Keys(bool isExtra, bool any = false) => _counted
        .Where(c => !c.Cap.Rolling && (any || Counts(c.Cap, asked.Tag)))
        .Select(c => Key(c.Cap, c.Periods))
        .Concat(asked.IsDrain || any ? [DrainKey] : [])
        .Concat(isExtra ? [ExtraKey] : [])
        .Distinct(StringComparer.Ordinal);

    private IEnumerable<MemberState> Members(MemberState member, CapScope scope) => scope == CapScope.Pool
        ? [member]
        : asked.Others.Values.Where(p => p.Pool != pool.Name).SelectMany(p => p.Members).Where(m => m.Rep == member.Rep).Append(member);

    private bool Applies(PoolCap cap) => cap.Tag is null || cap.Tag == asked.Tag;

    private static bool Counts(PoolCap cap, string? tag) => cap.Tag is null || cap.Tag == tag;

    private static string Key(PoolCap cap, PoolPeriods periods) =>
        $"{(cap.Scope == CapScope.AllPools ? $"{periods.Zone}|" : "")}{periods.Key(cap.Per)}{(cap.Tag is null ? "" : $"#{cap.Tag}")}";

    private static string Tagged(PoolCap cap) => cap.Tag is null ? "" : $" tagged {cap.Tag}";

    private static string Word(CapPeriod per) => per == CapPeriod.HalfHour ? "half hour" : per.ToString().ToLowerInvariant();

    private static TimeSpan Length(CapPeriod per) => per switch
    {
        CapPeriod.HalfHour => TimeSpan.FromMinutes(30),
        CapPeriod.Hour => TimeSpan.FromHours(1),
        CapPeriod.Day => TimeSpan.FromDays(1),
        CapPeriod.Week => TimeSpan.FromDays(7),
        CapPeriod.Month => TimeSpan.FromDays(30),
        _ => throw new ArgumentOutOfRangeException(nameof(per), per, "Unknown period."),
    };
}

/// <summary>A cap that is full.</summary>
/// <param name="Says">Such as <c>has 2 leads this hour already</c>.</param>
/// <param name="Until">When there may be room again; an instant that is not later means that it can be any time.</param>
internal sealed record FullCap(string Says, DateTimeOffset Until);

/// <summary>The periods of the clock in one zone that an instant lies in.</summary>
internal sealed class PoolPeriods
{
    private readonly DateTimeZone _zone;
    private readonly ZonedDateTime _now;

    public PoolPeriods(string zone, DateTimeOffset now)
    {
        Zone = zone;
        _zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) ?? throw new ArgumentException($"Zone '{zone}' is unknown.", nameof(zone));
        _now = Instant.FromDateTimeOffset(now).InZone(_zone);
    }

    public string Zone { get; }

    /// <summary>Those of another instant.</summary>
    public PoolPeriods At(DateTimeOffset instant) => new(Zone, instant);

    /// <summary>The current period, such as 2026-11, 2026-11-21, 2026-W47 (its Monday decides the year), 2026-Q4 or 2026.</summary>
    public string Name(PoolPeriod period) => period switch
    {
        PoolPeriod.Day => Day,
        PoolPeriod.Week => Week,
        PoolPeriod.Month => Month,
        PoolPeriod.Quarter => string.Create(CultureInfo.InvariantCulture, $"{_now.Year:0000}-Q{((_now.Month - 1) / 3) + 1}"),
        PoolPeriod.Year => _now.Year.ToString("0000", CultureInfo.InvariantCulture),
        _ => throw new ArgumentOutOfRangeException(nameof(period), period, "Unknown period."),
    };

    /// <summary>The current period of a cap, such as <c>hour:2026-11-21T09+01</c>.</summary>
    public string Key(CapPeriod per) => per switch
    {
        // The offset tells the two hours apart when clocks go back.
        CapPeriod.HalfHour => string.Create(CultureInfo.InvariantCulture, $"half:{Day}T{_now.Hour:00}{(_now.Minute < 30 ? "00" : "30")}{_now.Offset}"),
        CapPeriod.Hour => string.Create(CultureInfo.InvariantCulture, $"hour:{Day}T{_now.Hour:00}{_now.Offset}"),
        CapPeriod.Day => $"day:{Day}",
        CapPeriod.Week => $"week:{Week}",
        CapPeriod.Month => $"month:{Month}",
        _ => throw new ArgumentOutOfRangeException(nameof(per), per, "Unknown period."),
    };

    /// <summary>When the current period of a cap ends.</summary>
    public DateTimeOffset EndOf(CapPeriod per)
    {
        LocalDate day = _now.Date;
        return per switch
        {
            CapPeriod.HalfHour => Sooner(30 - (_now.Minute % 30)),
            CapPeriod.Hour => Sooner(60 - _now.Minute),
            CapPeriod.Day => Midnight(day.PlusDays(1)),
            CapPeriod.Week => Midnight(day.Next(IsoDayOfWeek.Monday)),
            CapPeriod.Month => Midnight(new LocalDate(day.Year, day.Month, 1).PlusMonths(1)),
            _ => throw new ArgumentOutOfRangeException(nameof(per), per, "Unknown period."),
        };

        DateTimeOffset Sooner(int minutes) =>
            _now.ToInstant().Minus(Duration.FromTicks(_now.TickOfSecond)).Minus(Duration.FromSeconds(_now.Second)).Plus(Duration.FromMinutes(minutes)).ToDateTimeOffset();

        DateTimeOffset Midnight(LocalDate date) => _zone.AtStartOfDay(date).ToInstant().ToDateTimeOffset();
    }

    private string Day => string.Create(CultureInfo.InvariantCulture, $"{_now.Year:0000}-{_now.Month:00}-{_now.Day:00}");
    private string Month => string.Create(CultureInfo.InvariantCulture, $"{_now.Year:0000}-{_now.Month:00}");

    private string Week
    {
        get
        {
            NodaTime.Calendars.IWeekYearRule rule = NodaTime.Calendars.WeekYearRules.Iso;
            return string.Create(CultureInfo.InvariantCulture, $"{rule.GetWeekYear(_now.Date):0000}-W{rule.GetWeekOfWeekYear(_now.Date):00}");
        }
    }
}
