using System.Globalization;
using Abm.Configuration;
using NodaTime;

namespace Abm.Routing;

/// <summary>The periods of a pool at one instant, in the pool's own zone: they begin on the clock, not after so many hours.</summary>
internal sealed class PoolClock
{
    private readonly PoolRules _pool;
    private readonly ZonedDateTime _now;

    public PoolClock(PoolRules pool, DateTimeOffset now)
    {
        _pool = pool;
        DateTimeZone zone = DateTimeZoneProviders.Tzdb.GetZoneOrNull(pool.Zone) ?? throw new ArgumentException($"Zone '{pool.Zone}' is unknown.", nameof(pool));
        _now = Instant.FromDateTimeOffset(now).InZone(zone);
    }

    /// <summary>The current period, such as 2026-11, 2026-11-21, 2026-W47 (its Monday decides the year), 2026-Q4 or 2026.</summary>
    public string Period => _pool.Period switch
    {
        PoolPeriod.Day => Day,
        PoolPeriod.Week => Week,
        PoolPeriod.Month => Month,
        PoolPeriod.Quarter => string.Create(CultureInfo.InvariantCulture, $"{_now.Year:0000}-Q{((_now.Month - 1) / 3) + 1}"),
        PoolPeriod.Year => _now.Year.ToString("0000", CultureInfo.InvariantCulture),
        _ => throw new ArgumentOutOfRangeException(nameof(_pool), _pool.Period, "Unknown period."),
    };

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

    /// <summary>The first cap that is full; null when there is room under all.</summary>
    public PoolCap? FullCap(IReadOnlyDictionary<string, int> counted) =>
        _pool.Caps.FirstOrDefault(cap => counted.TryGetValue(Key(cap), out int count) && count >= cap.Max);

    /// <summary>One more in every current period; counts of past periods are forgotten.</summary>
    public IReadOnlyDictionary<string, int> Count(IReadOnlyDictionary<string, int> counted) =>
        _pool.Caps.Select(Key).Distinct(StringComparer.Ordinal).ToDictionary(key => key, key => counted.GetValueOrDefault(key) + 1);

    private string Key(PoolCap cap) => cap.Per switch
    {
        // The offset tells the two hours apart when clocks go back.
        CapPeriod.Hour => string.Create(CultureInfo.InvariantCulture, $"hour:{Day}T{_now.Hour:00}{_now.Offset}"),
        CapPeriod.Day => $"day:{Day}",
        CapPeriod.Week => $"week:{Week}",
        CapPeriod.Month => $"month:{Month}",
        _ => throw new ArgumentOutOfRangeException(nameof(cap), cap.Per, "Unknown period."),
    };
}
