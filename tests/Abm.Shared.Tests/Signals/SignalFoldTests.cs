using Abm.Configuration;
using Abm.Signals;
using static Abm.Shared.Tests.Signals.Signalled;

namespace Abm.Shared.Tests.Signals;

public sealed class SignalFoldTests
{
    [Theory]
    [InlineData("Page View", "page.view")]
    [InlineData("page_view", "page.view")]
    [InlineData("visit", "page.view")]
    [InlineData("Demo Request", "demo.requested")]
    [InlineData("opt-out", "unsubscribed")]
    [InlineData("opportunity.stagechanged", "opportunity.stageChanged")]
    [InlineData("Badge scanned", "Badge_scanned")]
    [InlineData("plan.upgraded", "plan.upgraded")]
    public void A_kind_is_known_however_it_is_spelt_and_an_unknown_one_stays(string sent, string kind) => Assert.Equal(kind, EventKinds.Read(sent));

    [Fact]
    public void An_event_knows_how_long_nobody_had_come_before_it()
    {
        (_, IReadOnlyList<TimelineEntry> entries) = Tell(Event("page.view", 75, "p1"), Event("page.view", 0, "p1"));

        Assert.Equal("75", entries[1].Notes["event.dormantDays"]);
        Assert.False(entries[0].Notes.ContainsKey("event.dormantDays"));
    }

    [Fact]
    public void A_topic_is_no_engagement_so_dormancy_goes_on()
    {
        (SignalState state, IReadOnlyList<TimelineEntry> entries) = Tell(Event("page.view", 75, "p1"), Event("intent", 5, topic: "CMMS", score: 40), Event("page.view", 0, "p1"));

        Assert.Equal(("70", "75"), (entries[1].Notes["event.dormantDays"], entries[2].Notes["event.dormantDays"]));
        Assert.Equal("0", Facts(state)["signal.daysDormant"]);
    }

    [Fact]
    public void A_second_department_is_told_the_first_and_a_known_one_are_not()
    {
        (_, IReadOnlyList<TimelineEntry> entries) = Tell(
            Event("page.view", 5, "p1", "Maintenance"), Event("page.view", 4, "p2", "Maintenance"), Event("page.view", 3, "p3", "Procurement"), Event("page.view", 2, "p4", "maintenance"));

        TimelineEntry told = Assert.Single(entries, e => e.Event.Kind == EventKinds.DepartmentNew);
        Assert.Equal(("Procurement", "p3"), (told.Event.Custom["department"], told.Event.PersonKey));
    }

    [Fact]
    public void A_topic_surges_once_a_week_and_below_the_mark_never()
    {
        (_, IReadOnlyList<TimelineEntry> entries) = Tell(
            Event("intent", 12, topic: "CMMS", score: 59), Event("intent", 10, topic: "CMMS", score: 72), Event("intent", 6, topic: "cmms", score: 90), Event("intent", 1, topic: "CMMS", score: 75));

        TimelineEntry[] surges = [.. entries.Where(e => e.Event.Kind == EventKinds.SurgeStarted)];
        Assert.Equal([72.0, 75.0], surges.Select(e => e.Event.Score!.Value));
        Assert.All(surges, s => Assert.Equal("CMMS", s.Event.Topic));
    }

    [Fact]
    public void A_topic_about_a_competitor_is_noted()
    {
        SignalRules rules = new() { CompetitorTopics = ["Fiix CMMS"] };

        TimelineChange change = SignalFold.Add(SignalState.Empty, Subject, [Event("intent", 0, topic: "fiix cmms"), Event("intent", 0, topic: "Pumps")], rules, true, Now);

        Assert.Equal(["competitor", "other"], change.Entries.OrderBy(e => e.Event.Topic, StringComparer.Ordinal).Select(e => e.Notes["event.topicKind"]).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_heard_a_week_late_is_history_and_starts_nothing()
    {
        TimelineChange change = SignalFold.Add(SignalState.Empty, Subject, [Event("page.view", 8, heard: Now), Event("page.view", 6, heard: Now)], new(), true, Now);

        Assert.Equal([false, true], change.Entries.OrderBy(e => e.Event.At).Select(e => e.Starts));
        Assert.Equal("2", Facts(change.State)["signal.events30d"]);
    }

    [Fact]
    public void A_flood_is_counted_and_no_longer_kept()
    {
        AccountEvent[] flood = [.. Enumerable.Range(0, 700).Select(i => Event("page.view", 0.0001 * i, $"p{i}"))];

        TimelineChange change = SignalFold.Add(SignalState.Empty, Subject, flood, new(), true, Now);

        Assert.Equal((SignalState.MostEventsOfDay, 200), (change.Entries.Count(e => !e.IsOurs), change.Dropped.Count));
        Assert.Equal("700", Facts(change.State)["signal.events30d"]);
        Assert.InRange(change.State.Days.Single().People.Count, 1, SignalState.MostPeopleOfDay + 1);
    }

    [Fact]
    public void Counts_are_the_same_in_whatever_order_events_come()
    {
        Random random = new(7);
        AccountEvent[] events =
        [
            .. Enumerable.Range(0, 60).Select(i => Event(EventKinds.OfEngagement[i % EventKinds.OfEngagement.Count], random.Next(0, 85), $"p{i % 7}", $"Persona{i % 7 % 3}", heard: Now)),
        ];
        string expected = Told(events);

        for (int i = 0; i < 20; i++)
        {
            random.Shuffle(events);
            SignalState state = events.Aggregate(SignalState.Empty, (s, e) => SignalFold.Add(s, Subject, [e], new(), true, Now).State);
            Assert.Equal(expected, Told(state));
        }

        static string Told(object of) => string.Join('\n', Facts(of as SignalState ?? SignalFold.Add(SignalState.Empty, Subject, (AccountEvent[])of, new(), true, Now).State).Where(f => !f.Key.Contains("surge", StringComparison.OrdinalIgnoreCase)).OrderBy(f => f.Key, StringComparer.Ordinal));
    }

    [Fact]
    public void An_erased_person_is_gone_from_what_is_counted_and_the_numbers_stay()
    {
        SignalState state = Tell(Event("page.view", 2, "person-aaaaaaaaaaaaaaaaaaaaaaaaaa", "Executive"), Event("pricing.view", 1, "person-bbbbbbbbbbbbbbbbbbbbbbbbbb", "Operations")).State;

        SignalState after = SignalFold.WithoutPerson(state, "person-aaaaaaaaaaaaaaaaaaaaaaaaaa");

        Assert.Equal(Facts(state)["signal.events30d"], Facts(after)["signal.events30d"]);
        Assert.Equal(("1", "Operations"), (Facts(after)["signal.people30d"], Facts(after)["signal.personas"]));
        Assert.DoesNotContain(after.Days.SelectMany(d => d.People), p => p.Key == SignalFold.Mark("person-aaaaaaaaaaaaaaaaaaaaaaaaaa"));
    }
}
