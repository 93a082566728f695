namespace Abm.Configuration;

/// <summary>When people work: intervals for each weekday in a named zone, less holidays.</summary>
[Says("working calendar"), CheckedBy(typeof(CalendarCheck))]
public sealed record CalendarRules
{
    /// <summary>The key it stands under.</summary>
    [NotWritten]
    public string Name { get; init; } = "";

    /// <summary>IANA zone such as Europe/Berlin. Offsets such as +01:00 are refused: they break twice a year.</summary>
    [Says("time zone"), Format(TextFormat.Zone)]
    public required string Zone { get; init; }

    /// <summary>Working intervals of each weekday in order, without overlap; a day that is not named is closed. At least one interval in the week.</summary>
    [Says("working hours"), WrittenAs(typeof(WeekForm))]
    public required IReadOnlyDictionary<DayOfWeek, IReadOnlyList<LocalInterval>> Week { get; init; }

    [Says("holidays")]
    public IReadOnlyList<Holiday> Holidays { get; init; } = [];

    /// <summary>Monday to Friday, 9 to 17, UTC.</summary>
    public static CalendarRules Default { get; } = new()
    {
        Name = "default",
        Zone = "Etc/UTC",
        Week = Enumerable.Range(1, 5).ToDictionary(d => (DayOfWeek)d, _ => (IReadOnlyList<LocalInterval>)[LocalInterval.Hours(9, 17)]),
    };
}

/// <summary>A stretch of a local day, [From, Until), as time since midnight on the wall clock; <c>Until</c> up to 24:00.</summary>
[WrittenAs(typeof(HoursForm))]
public readonly record struct LocalInterval(TimeSpan From, TimeSpan Until)
{
    public static LocalInterval Hours(double from, double until) => new(TimeSpan.FromHours(from), TimeSpan.FromHours(until));
}

/// <summary>A day, or a part of it, on which nobody works.</summary>
[WrittenAs(typeof(HolidayForm))]
public sealed record Holiday
{
    /// <summary>Shown where it moves a deadline.</summary>
    public required string Name { get; init; }

    /// <summary>The one date, or, with <see cref="EveryYear"/>, the month and day of every year.</summary>
    public required DateOnly Date { get; init; }
    public bool EveryYear { get; init; }

    /// <summary>The part of the day that is closed; null = all of it.</summary>
    public LocalInterval? Closed { get; init; }
}
