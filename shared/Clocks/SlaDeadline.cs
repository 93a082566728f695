namespace Abm.Clocks;

/// <summary>A deadline that explains itself.</summary>
/// <param name="Policy">Name of the SLA policy in the configuration.</param>
/// <param name="StartAt">When the clock started, UTC.</param>
/// <param name="DueAt">When it is missed, UTC.</param>
/// <param name="Budget">Working time allowed.</param>
/// <param name="Calendar">Name of the calendar that was counted; <c>always</c> = wall clock.</param>
/// <param name="Intervals">What was counted and what was skipped, in order.</param>
public sealed record SlaDeadline(string Policy, DateTimeOffset StartAt, DateTimeOffset DueAt, TimeSpan Budget, string Calendar, IReadOnlyList<DeadlineInterval> Intervals)
{
    /// <summary>IANA zone that the hours were read in; null: not noted.</summary>
    public string? Zone { get; init; }
}

/// <summary>A stretch of time that was counted, or skipped for a reason such as <c>closed</c>, <c>weekend</c>, <c>holiday 'St Martin'</c> or <c>paused: waitingForCustomer</c>.</summary>
public sealed record DeadlineInterval(DateTimeOffset From, DateTimeOffset Until, bool IsCounted, string Why);
