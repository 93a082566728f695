using Abm.Clocks;
using Abm.Configuration;
using static Abm.Shared.Tests.Clocks.BusinessCalendarTests;

namespace Abm.Shared.Tests.Clocks;

public sealed class DeadlineWordsTests
{
    private static readonly BusinessCalendar Munich = BusinessCalendar.From(Office("Europe/Berlin") with { Holidays = [new Holiday { Name = "St Martin", Date = new DateOnly(2026, 11, 11), EveryYear = true }] });

    [Fact]
    public void A_deadline_says_what_was_counted_and_what_was_closed_and_why()
    {
        SlaClock clock = SlaClock.Start("first-touch", TimeSpan.FromHours(4), Munich, Utc("2026-11-10T14:00"));

        Assert.Equal(
            [
                "4 h of working time are allowed (first-touch), by calendar 'office' in Europe/Berlin, from Tue 10 Nov 2026 15:00.",
                "Counted 2 h on Tue 10 Nov, 15:00–17:00.",
                "Tue 10 Nov, 17:00–24:00 closed.",
                "Wed 11 Nov closed: holiday 'St Martin'.",
                "Thu 12 Nov, 00:00–09:00 closed.",
                "Counted 2 h on Thu 12 Nov, 09:00–11:00.",
                "Due Thu 12 Nov 2026 11:00 (12 Nov 10:00 UTC).",
            ],
            DeadlineWords.Of(clock.Explain(Munich)));
    }

    [Fact]
    public void Weekends_pauses_and_the_wall_clock_are_said_as_well()
    {
        SlaClock clock = SlaClock.Start("first-touch", TimeSpan.FromHours(2), Munich, Utc("2026-11-20T15:00"))
            .Pause("waitingForCustomer", Utc("2026-11-20T15:30"))
            .Resume("waitingForCustomer", Utc("2026-11-20T15:45"), Munich);

        IReadOnlyList<string> says = DeadlineWords.Of(clock.Explain(Munich));

        Assert.Contains("Fri 20 Nov, 16:30–16:45 paused: waitingForCustomer.", says);
        Assert.Contains("Sat 21 Nov to Sun 22 Nov closed: weekend.", says);
        Assert.Equal(
            ["1 h 30 min on the wall clock are allowed (first-touch), from Fri 20 Nov 2026 23:30.", "Counted 1 h 30 min on Fri 20 Nov 23:30 to Sat 21 Nov 01:00.", "Due Sat 21 Nov 2026 01:00."],
            DeadlineWords.Of(SlaClock.Start("first-touch", TimeSpan.FromMinutes(90), BusinessCalendar.Always, Utc("2026-11-20T23:30")).Explain(BusinessCalendar.Always)));
    }

    [Fact]
    public void A_clock_that_is_paused_says_since_when_and_when_it_was_due()
    {
        SlaClock clock = SlaClock.Start("first-touch", TimeSpan.FromHours(2), Munich, Utc("2026-11-20T14:00")).Pause("legalReview", Utc("2026-11-20T15:00"));

        Assert.Equal(
            ["From Fri 20 Nov 16:00 on paused: legalReview.", "It is paused; before the pause it was due Fri 20 Nov 2026 17:00."],
            DeadlineWords.Of(clock.Explain(Munich)).TakeLast(2));
    }

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(1.5, "1.5 s")]
    [InlineData(90, "1 min 30 s")]
    [InlineData(5400, "1 h 30 min")]
    [InlineData(180000, "50 h")]
    public void Lengths_are_said_as_people_do(double seconds, string says) => Assert.Equal(says, DeadlineWords.Length(TimeSpan.FromSeconds(seconds)));
}
