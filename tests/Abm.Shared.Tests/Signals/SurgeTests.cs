using Abm.Signals;
using static Abm.Shared.Tests.Signals.Signalled;

namespace Abm.Shared.Tests.Signals;

/// <summary>Product rules on surges: seven days against the mean week of the twelve before.</summary>
public sealed class SurgeTests
{
    [Fact]
    public void A_week_of_nine_against_a_mean_of_four_is_two_and_a_half_deviations_and_surges()
    {
        SignalState state = Tell([.. Baseline(perWeek: 4), .. Week(9, people: 2)]).State;

        Surge surge = Surge.Of(state, Now, _ => false);

        Assert.Equal((true, 62.0, 9, 2, 4.0), (surge.IsActive, surge.Strength, surge.Events, surge.People, surge.WeeklyMean));
    }

    [Fact]
    public void Two_deviations_are_sixty_as_Bombora_counts()
    {
        SignalState state = Tell([.. Baseline(perWeek: 4), .. Week(8, people: 2)]).State;

        Assert.Equal((true, 60.0), (Surge.Of(state, Now, _ => false).IsActive, Surge.Of(state, Now, _ => false).Strength));
    }

    [Theory]
    [InlineData(7, 2, "Engineer", false)]  // z = 1.5
    [InlineData(8, 1, "Engineer", false)]  // a junior alone
    [InlineData(8, 1, "Executive", true)]  // somebody who decides alone
    [InlineData(8, 0, null, false)]        // nobody known
    public void It_takes_two_deviations_and_two_people_or_one_who_decides(int events, int people, string? persona, bool surges)
    {
        SignalState state = Tell([.. Baseline(perWeek: 4), .. Week(events, people, persona)]).State;

        Assert.Equal(surges, Surge.Of(state, Now, p => p == "Executive").IsActive);
    }

    [Fact]
    public void A_quiet_account_surges_with_five_events_but_not_with_four()
    {
        AccountEvent[] first = [Event("page.view", daysAgo: 80, person: "p9")];

        Assert.True(Surge.Of(Tell([.. first, .. Week(5, people: 2)]).State, Now, _ => false).IsActive);
        Assert.False(Surge.Of(Tell([.. first, .. Week(4, people: 2)]).State, Now, _ => false).IsActive);
    }

    [Fact]
    public void An_account_known_for_less_than_three_weeks_surges_with_eight_points_and_two_people()
    {
        Assert.True(Surge.Of(Tell(Event("pricing.view", 2, "p1"), Event("page.view", 1, "p2")).State, Now, _ => false).IsActive);
        Assert.False(Surge.Of(Tell(Event("page.view", 2, "p1"), Event("page.view", 1, "p2")).State, Now, _ => false).IsActive);
        Assert.False(Surge.Of(Tell(Event("pricing.view", 2, "p1"), Event("demo.requested", 1, "p1")).State, Now, _ => false).IsActive);
    }

    [Fact]
    public void Opened_emails_topics_and_kinds_nobody_knows_do_not_count()
    {
        AccountEvent[] noise = [.. Enumerable.Range(0, 30).Select(i => Event(i % 3 == 0 ? "email.open" : i % 3 == 1 ? "intent" : "own.kind", 1, $"p{i % 4}"))];

        Assert.Equal(0, Surge.Of(Tell([Event("page.view", 80, "p1"), .. noise]).State, Now, _ => true).Events);
    }

    [Fact]
    public void It_is_told_once_and_again_only_after_a_week()
    {
        (SignalState state, IReadOnlyList<TimelineEntry> entries) = Tell(Tell([.. Baseline(perWeek: 4)]).State, [.. Week(20, people: 3)]);
        Assert.Single(entries, e => e.Event.Kind == EventKinds.SurgeStarted);

        IReadOnlyList<TimelineEntry> next = SignalFold.Add(state, Subject, [Event("page.view", person: "p1", heard: Now.AddHours(1))], new(), true, Now.AddHours(1)).Entries;
        Assert.DoesNotContain(next, e => e.Event.Kind == EventKinds.SurgeStarted);

        DateTimeOffset later = Now.AddDays(8);
        AccountEvent[] more = [.. Enumerable.Range(0, 40).Select(i => new AccountEvent($"more-{i}", "page.view", later.AddHours(-i), later) { PersonKey = $"p{i % 3}" })];
        Assert.Single(SignalFold.Add(state, Subject, more, new(), true, later).Entries, e => e.Event.Kind == EventKinds.SurgeStarted);
    }

    private static IEnumerable<AccountEvent> Baseline(int perWeek) =>
        Enumerable.Range(0, 12).SelectMany(week => Enumerable.Range(0, perWeek).Select(i => Event("page.view", 84 + 6 - (7 * (week + 1)) + 7 - (i * 1.4) - 0.2, $"old{i}")));

    private static IEnumerable<AccountEvent> Week(int events, int people, string? persona = null) =>
        Enumerable.Range(0, events).Select(i => Event("page.view", i * 0.3, people == 0 ? null : $"p{i % people}", people == 0 ? null : persona));
}
