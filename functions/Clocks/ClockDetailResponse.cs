using Abm.Clocks;
using Abm.Configuration;
using Abm.Functions.Explain;

namespace Abm.Functions.Clocks;

/// <summary>A clock with everything that its deadline came from.</summary>
/// <param name="WorkedSeconds">Time counted so far, or until it was stopped; goes on after a breach.</param>
/// <param name="RemainingSeconds">Of the budget; 0 when it is used up. Frozen while it is paused.</param>
/// <param name="LateSeconds">Counted time beyond the budget; 0 while in time.</param>
/// <param name="SinceReceivedSeconds">Time on the wall clock from the lead's reception until it was stopped, or until now; null: not a lead's.</param>
/// <param name="ConfigVersion">What the deadline was last counted by.</param>
/// <param name="Zone">IANA zone that its hours are read in.</param>
/// <param name="History">Deadlines that it had before, oldest first.</param>
public sealed record ClockDetailResponse(
    ClockResponse Clock,
    string Zone,
    string? ConfigVersion,
    double WorkedSeconds,
    double RemainingSeconds,
    double LateSeconds,
    double? SinceReceivedSeconds,
    IReadOnlyList<PauseResponse> Pauses,
    IReadOnlyList<DeadlineChangeResponse> History,
    ClockExplanation Explain)
{
    internal static ClockDetailResponse From(ClockRecord clock, AbmConfig rules, DateTimeOffset now)
    {
        BusinessCalendar calendar = ClockChanges.CalendarOf(clock, rules);
        SlaClock counted = clock.Counted;
        TimeSpan worked = counted.WorkedAt(now, calendar);
        SlaDeadline deadline = counted.Explain(calendar);
        TimeSpan late = worked - clock.Budget;
        return new ClockDetailResponse(
            ClockResponse.From(clock),
            calendar.Zone,
            clock.ConfigVersion,
            worked.TotalSeconds,
            late < TimeSpan.Zero ? -late.TotalSeconds : 0,
            late > TimeSpan.Zero ? late.TotalSeconds : 0,
            clock.ReceivedAt is { } received ? ((clock.StoppedAt ?? now) - received).TotalSeconds : null,
            [.. clock.Pauses.Select(p => new PauseResponse(p.Reason, p.From, p.Until, p.By, p.ResumedBy))],
            [.. clock.History.Select(h => new DeadlineChangeResponse(h.DueAt, h.Budget.TotalSeconds, h.ChangedAt, h.Code, h.ConfigVersion))],
            new ClockExplanation([.. deadline.Intervals.Select(i => new IntervalResponse(i.From, i.Until, i.IsCounted, i.Why))], [.. DeadlineWords.Of(deadline), .. Ends(clock)]));
    }

    private static IEnumerable<string> Ends(ClockRecord clock)
    {
        foreach (DeadlineChange change in clock.History.Where(h => h.Code != "resumed"))
            yield return FormattableString.Invariant($"It was due {change.DueAt.UtcDateTime:d MMM HH:mm} UTC until {change.ChangedAt.UtcDateTime:d MMM HH:mm} UTC, when the {change.Code} changed.");
        if (clock.IsReportedLate)
            yield return FormattableString.Invariant($"What stopped it is dated {clock.StoppedAt!.Value.UtcDateTime:d MMM HH:mm} UTC and was told only {clock.ReportedAt!.Value.UtcDateTime:d MMM HH:mm} UTC, after the deadline.");
    }
}

/// <param name="To">Null while it lasts.</param>
public sealed record PauseResponse(string Reason, DateTimeOffset From, DateTimeOffset? To, string? By, string? ResumedBy);

/// <param name="DueAt">The deadline until then.</param>
/// <param name="Why"><c>resumed</c>, <c>calendar</c> or <c>policy</c>.</param>
public sealed record DeadlineChangeResponse(DateTimeOffset DueAt, double BudgetSeconds, DateTimeOffset ChangedAt, string Why, string? ConfigVersion);

/// <param name="Intervals">What was counted and what was skipped, in order and without gaps. While it is paused the last one has no end.</param>
/// <param name="Says">The same in sentences, in the calendar's zone.</param>
public sealed record ClockExplanation(IReadOnlyList<IntervalResponse> Intervals, IReadOnlyList<string> Says);
