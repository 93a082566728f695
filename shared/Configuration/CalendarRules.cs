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

    /// <summary>Working intervals of each weekday in order, without overlap; a day that is not named is closed. At least one interval in the week. A night shift belongs to the day on which it begins.</summary>
    [Says("working hours"), WrittenAs(typeof(WeekForm))]
    public required IReadOnlyDictionary<DayOfWeek, IReadOnlyList<LocalInterval>> Week { get; init; }

    [Says("holidays")]
    public IReadOnlyList<Holiday> Holidays { get; init; } = [];

    /// <summary>Lists of holidays, such as a country's and a region's, beside its own.</summary>
    [Says("holidays of these lists too"), RefersTo("holidays", "list of holidays"), UniqueBy(null, "list of holidays")]
    public IReadOnlyList<string> HolidayLists { get; init; } = [];

    /// <summary>Pools whose deadlines it counts where a policy goes by the team's hours.</summary>
    [Says("team hours of these pools"), RefersTo("pools", "pool"), UniqueBy(null, "pool")]
    public IReadOnlyList<string> Pools { get; init; } = [];

    /// <summary>Teams, as the list of reps names them, whose deadlines it counts where a policy goes by the team's hours. A pool's calendar goes first.</summary>
    [Says("team hours of these teams"), UniqueBy(null, "team")]
    public IReadOnlyList<string> Teams { get; init; } = [];

    /// <summary>Countries (<c>DE</c>) or their regions (<c>US-CA</c>) whose accounts' deadlines it counts where a policy goes by the account's hours. A region's calendar goes first.</summary>
    [Says("account hours of these countries"), UniqueBy(null, "country"), Pattern("[A-Z]{2}(-[A-Z0-9]{1,3})?", "A country is two capital letters such as DE, a region of it DE-BY.")]
    public IReadOnlyList<string> Countries { get; init; } = [];

    /// <summary>Monday to Friday, 9 to 17, UTC.</summary>
    public static CalendarRules Default { get; } = new()
    {
        Name = "default",
        Zone = "Etc/UTC",
        Week = Enumerable.Range(1, 5).ToDictionary(d => (DayOfWeek)d, _ => (IReadOnlyList<LocalInterval>)[LocalInterval.Hours(9, 17)]),
    };
}

/// <summary>A stretch of wall-clock time, [From, Until), as time since the midnight that its day begins with. An end after 24:00 lies in the next day: 22:00 to 30:00 is the night shift 22:00-06:00.</summary>
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
