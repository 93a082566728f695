using Abm.Configuration;
using Abm.People;

namespace Abm.Clocks;

/// <summary>Counts open clocks anew by the rules of now. Pure; the same for the preview and for the change itself.</summary>
/// <remarks>
/// Calendars and budgets are facts about the world and the promise made in it: they count for what is open, whatever version its play runs by. What is finished is never touched, and neither is a missed
/// clock: its breach was told. A deadline that would come to lie in the past stays where it was: a change of rules makes nobody late.
/// </remarks>
public static class ClockRecount
{
    /// <param name="owner">The clock's owner as of now; null: nobody, or unknown.</param>
    /// <param name="config">The rules to count by.</param>
    public static RecountedClock Of(ClockRecord clock, Rep? owner, AbmConfig config, DateTimeOffset now)
    {
        if (!clock.IsOpen)
            return new RecountedClock(clock, clock, RecountOutcome.Finished);
        if (clock.StateAt(now) == ClockState.BreachedOpen)
            return new RecountedClock(clock, clock, RecountOutcome.Breached);
        if (!config.SlaPolicies.TryGetValue(clock.Policy, out SlaPolicy? policy))
            return new RecountedClock(clock, clock, RecountOutcome.NoPolicy);

        CountedHours hours = HoursOf(clock, policy, owner, config);
        TimeSpan budget;
        SlaClock counted;
        try
        {
            budget = policy.BudgetFrom(clock.StartedAt, hours.Calendar);
            counted = clock.Counted.Recount(budget, hours.Calendar);
        }
        catch (InvalidOperationException)
        {
            return new RecountedClock(clock, clock, RecountOutcome.Unreachable); // it is closed for decades: the lint says so, and the old deadline stands
        }

        ClockRecord after = clock with
        {
            Budget = budget,
            Calendar = hours.Calendar.Name,
            CountedBy = hours.Choice,
            Zone = hours.Calendar.OwnZone,
            ConfigVersion = config.Version,
            DueAt = counted.DueAt,
        };
        if (after.DueAt == clock.DueAt)
            return new RecountedClock(clock, after, RecountOutcome.Same);
        if (after.DueAt <= now && clock.State != ClockState.Paused)
            return new RecountedClock(clock, clock, RecountOutcome.WouldBePast) { WouldBeDueAt = after.DueAt };
        string code = budget == clock.Budget && hours.Choice == clock.CountedBy ? "calendar" : "policy";
        return new RecountedClock(
            clock, after with { History = [.. clock.History, new DeadlineChange(clock.DueAt, clock.Budget, now, code, clock.ConfigVersion)] }, RecountOutcome.Moved);
    }

    /// <summary>The calendar that it began with goes on counting, as it reads now; another one only when the policy says otherwise than it did.</summary>
    private static CountedHours HoursOf(ClockRecord clock, SlaPolicy policy, Rep? owner, AbmConfig config)
    {
        ClockParties parties = new(owner, null, null, IsAccountView: clock.Scope == ClockScopes.Account);
        CountedHours today = WorkingTimes.For(policy, parties, config);
        return today.Choice is CalendarChoice.Member or CalendarChoice.Team or CalendarChoice.Account && today.Choice == clock.CountedBy && config.Calendars.ContainsKey(clock.Calendar)
            ? new CountedHours(WorkingTimes.Named(clock.Calendar, clock.Zone, config), today.Choice)
            : today;
    }
}

/// <summary>What counting a clock anew came to.</summary>
/// <param name="Before">As it stood.</param>
/// <param name="After">As it is to stand; the same record when nothing changes.</param>
public sealed record RecountedClock(ClockRecord Before, ClockRecord After, RecountOutcome Outcome)
{
    /// <summary>Where the new rules would have put the deadline, when that lies in the past.</summary>
    public DateTimeOffset? WouldBeDueAt { get; init; }
}

/// <summary>What became of a deadline when it was counted anew.</summary>
public enum RecountOutcome
{
    /// <summary>It lies elsewhere now.</summary>
    Moved,

    /// <summary>It lies where it lay.</summary>
    Same,

    /// <summary>It would lie in the past: it stays where it was.</summary>
    WouldBePast,

    /// <summary>It is missed, and stays so.</summary>
    Breached,

    /// <summary>It is stopped.</summary>
    Finished,

    /// <summary>The rules do not have its policy any more: it stays where it was.</summary>
    NoPolicy,

    /// <summary>By the new rules it would not come for decades: it stays where it was.</summary>
    Unreachable,
}

/// <summary>Whose view a clock is.</summary>
public static class ClockScopes
{
    /// <summary>The customer's, whoever owns the record.</summary>
    public const string Account = "account";

    /// <summary>One owner's.</summary>
    public const string Owner = "owner";
}
