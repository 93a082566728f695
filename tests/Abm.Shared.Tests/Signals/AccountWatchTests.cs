using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Plays;
using Abm.Signals;
using static Abm.Shared.Tests.Signals.Signalled;

namespace Abm.Shared.Tests.Signals;

public sealed class AccountWatchTests
{
    private static readonly Account Acme = new() { Id = AccountId.Parse(Subject), Name = "Acme", OwnerId = RepId.Parse("R1"), EmployeeCount = 100 };

    private static readonly AbmConfig Config = AbmConfig.Default with
    {
        Scoring = new ScoringRules
        {
            Rules = [new ScoringRule { Name = "large", Points = 80, When = new Predicate.Test("account.employees", PredicateOp.Gte, ["1000"]) }],
            Levels = [new ScoreLevel { Name = "Low", From = 0 }, new ScoreLevel { Name = "Target", From = 80 }],
        },
    };

    [Fact]
    public void The_first_look_remembers_and_tells_nothing()
    {
        TimelineChange look = Look(SignalState.Empty, null, Acme);

        Assert.Empty(look.Entries);
        Assert.Equal("R1", look.State.Seen!.OwnerId);
    }

    [Fact]
    public void What_changed_is_told_by_name_once()
    {
        SignalState seen = Look(SignalState.Empty, null, Acme).State;
        Account after = Acme with { Status = AccountStatus.Customer, HasOpenOpportunity = true, OwnerId = null, EmployeeCount = 5000, Tier = AccountTier.OneToOne };

        TimelineChange look = Look(seen, null, after);

        Assert.Equal(["fit.changed", "opportunity.opened", "owner.changed", "stage.changed", "tier.changed"], look.Entries.Select(e => e.Event.Kind).Order(StringComparer.Ordinal));
        TimelineEntry fit = look.Entries.Single(e => e.Event.Kind == EventKinds.FitChanged);
        Assert.Equal(("0", "80", "Low", "Target"), (fit.Event.Custom["before"], fit.Event.Custom["after"], fit.Event.Custom["levelBefore"], fit.Event.Custom["levelAfter"]));
        Assert.Equal("R1", look.State.LastOwnerId);
        Assert.Empty(Look(look.State, null, after).Entries);
    }

    [Fact]
    public void An_account_that_was_never_looked_at_is_compared_with_how_it_was_before_the_change()
    {
        TimelineChange look = Look(SignalState.Empty, Acme, Acme with { HasOpenOpportunity = true });

        Assert.Equal("opportunity.opened", Assert.Single(look.Entries).Event.Kind);
    }

    [Theory]
    [InlineData(AccountStatus.Customer, null, "opportunity.won")]
    [InlineData(AccountStatus.Prospect, "Closed Won", "opportunity.won")]
    [InlineData(AccountStatus.Prospect, "Closed Lost", "opportunity.lost")]
    [InlineData(AccountStatus.Prospect, null, "opportunity.closed")]
    public void An_opportunity_that_is_open_no_more_was_won_or_lost_as_the_account_says(AccountStatus status, string? stage, string kind)
    {
        Account open = Acme with { HasOpenOpportunity = true };
        Account closed = Acme with { Status = status, Custom = stage is null ? Acme.Custom : new Dictionary<string, string> { ["opportunity_stage"] = stage } };

        Assert.Contains(Look(SignalState.Empty, open, closed).Entries, e => e.Event.Kind == kind);
    }

    [Fact]
    public void The_same_change_back_and_forth_is_another_entry_each_time()
    {
        SignalState state = Look(SignalState.Empty, null, Acme).State;
        List<string> ids = [];
        for (int i = 0; i < 4; i++)
        {
            TimelineChange look = Look(state, null, i % 2 == 0 ? Acme with { Tier = AccountTier.OneToFew } : Acme);
            state = look.State;
            ids.AddRange(look.Entries.Select(e => e.Event.EventId));
        }

        Assert.Equal(4, ids.Distinct().Count());
    }

    [Fact]
    public void Dormancy_is_told_once_for_each_time_that_it_begins()
    {
        SignalState state = Tell(Event("page.view", 60, "p1")).State;

        TimelineChange first = AccountWatch.Daily(state, Subject, new(), true, Now);
        Assert.Equal("60", Assert.Single(first.Entries).Event.Custom["days"]);
        Assert.Empty(AccountWatch.Daily(first.State, Subject, new(), true, Now.AddDays(1)).Entries);
        Assert.Empty(AccountWatch.Daily(state, Subject, new(), true, Now.AddDays(-1)).Entries);
        SignalState again = Tell(first.State, Event("page.view", 0, "p1")).State;
        Assert.Single(AccountWatch.Daily(again, Subject, new(), true, Now.AddDays(60)).Entries, e => e.Event.Kind == EventKinds.AccountDormant);
    }

    [Fact]
    public void Half_the_engagement_of_the_month_before_is_a_drop_told_once_until_it_comes_back()
    {
        AccountEvent[] before = [.. Enumerable.Range(0, 5).Select(i => Event("content.download", 35 + i, "p1"))];
        SignalState state = Tell([.. before, Event("content.download", 3, "p1"), Event("content.download", 2, "p1")]).State;

        TimelineChange day = AccountWatch.Daily(state, Subject, new(), true, Now);
        TimelineEntry drop = Assert.Single(day.Entries);
        Assert.Equal((EventKinds.EngagementDropped, "50", "20"), (drop.Event.Kind, drop.Event.Custom["from"], drop.Event.Custom["to"]));
        Assert.Equal("-60", Facts(state)["signal.engagementChange"]);
        Assert.Empty(AccountWatch.Daily(day.State, Subject, new(), true, Now.AddDays(1)).Entries);
        SignalState back = Tell(day.State, Event("meeting.held", 0, "p1")).State;
        Assert.False(AccountWatch.Daily(back, Subject, new(), true, Now).State.IsDropTold);
    }

    [Theory]
    [InlineData("2027-02-16", -90, true)]
    [InlineData("2027-02-16T00:00:00Z", -90, true)]
    [InlineData("16.02.2027", -90, true)]
    [InlineData("2027-02-17", -90, false)]
    [InlineData("02/03/2027", -90, false)]   // the second of March or the third of February: nobody knows
    [InlineData("soon", -90, false)]
    [InlineData("9999-12-31", 60, false)]
    [InlineData("2026-11-18", 0, true)]
    [InlineData("2026-11-11", 7, true)]
    public void A_date_is_told_on_the_day_that_is_so_far_from_it(string date, int days, bool isNear)
    {
        Account account = Acme with { Custom = new Dictionary<string, string> { ["Renewal Date"] = date } };

        IReadOnlyList<TimelineEntry> near = AccountWatch.Dates(account, [("renewalDate", days)], new DateOnly(2026, 11, 17), new DateOnly(2026, 11, 18), true, Now);

        Assert.Equal(isNear, near.Count == 1);
    }

    [Fact]
    public void Days_that_nobody_looked_at_are_made_up_for_up_to_a_fortnight()
    {
        Account account = Acme with { Custom = new Dictionary<string, string> { ["renewalDate"] = "2027-02-10" } };   // 90 days before it: 12 November

        Assert.Single(AccountWatch.Dates(account, [("renewalDate", -90)], new DateOnly(2026, 11, 10), new DateOnly(2026, 11, 18), true, Now));
        Assert.Single(AccountWatch.Dates(account, [("renewalDate", -90)], new DateOnly(2025, 1, 1), new DateOnly(2026, 11, 25), true, Now));
        Assert.Empty(AccountWatch.Dates(account, [("renewalDate", -90)], new DateOnly(2025, 1, 1), new DateOnly(2026, 11, 26), true, Now));
    }

    [Fact]
    public void The_buying_group_is_filled_by_personas_of_people_who_engaged()
    {
        SignalState state = Tell(Event("page.view", 5, "p1", "Executive"), Event("page.view", 4, "p2", "Operations"), Event("intent", 3, "p3", "Technology", topic: "x")).State;

        IReadOnlyDictionary<string, string> facts = Facts(state);

        Assert.Equal(("50", "technical-evaluator, champion", "2", "false"), (facts["signal.coverage"], facts["signal.rolesMissing"], facts["signal.rolesEngaged"], facts["signal.singleThreaded"]));
        Assert.Equal("true", Facts(Tell(Event("page.view", 5, "p1", "Executive")).State)["signal.singleThreaded"]);
    }

    [Fact]
    public void A_channel_counts_as_unsubscribed_when_everybody_who_engaged_has()
    {
        AccountEvent one = Event("unsubscribed", 1, "p1") with { Custom = new Dictionary<string, string> { ["channel"] = "Email" } };
        AccountEvent two = one with { EventId = "evt-two", PersonKey = "p2" };
        AccountEvent all = one with { EventId = "evt-all", PersonKey = null };

        Assert.Equal("false", Facts(Tell(Event("page.view", 5, "p1"), Event("page.view", 5, "p2"), one).State)["signal.unsubscribed.email"]);
        Assert.Equal("true", Facts(Tell(Event("page.view", 5, "p1"), Event("page.view", 5, "p2"), one, two).State)["signal.unsubscribed.email"]);
        Assert.Equal("true", Facts(Tell(Event("page.view", 5, "p1"), Event("page.view", 5, "p2"), all).State)["signal.unsubscribed.email"]);
        Assert.Equal("false", Facts(Tell(Event("page.view", 5, "p1"), one, one with { EventId = "evt-back", Kind = "subscribed", At = Now, ReceivedAt = Now }).State)["signal.unsubscribed.email"]);
    }

    [Fact]
    public void An_entry_is_an_event_of_its_name_and_what_the_name_means()
    {
        TimelineEntry surge = SignalFold.Ours(EventKinds.SurgeStarted, Subject, "1", Now, Now, true, []) with { };
        TimelineEntry date = SignalFold.Ours(EventKinds.DateNear, Subject, "1", Now, Now, true, new() { ["field"] = "renewalDate", ["days"] = "-90" });
        TimelineEntry won = new(Event("opportunity.won") with { OpportunityId = "O1" }, new Dictionary<string, string>(), true);

        Assert.Equal(["Event", "Surged"], Kinds(surge));
        Assert.Equal(["DateNear", "Event"], Kinds(date));
        Assert.Equal(["Event", "OpportunityChanged"], Kinds(won));
        Assert.All(SignalOccasions.Of(won, Subject, [], null), o => Assert.Equal("opportunity:O1", o.Subject.ToString()));

        static IEnumerable<string> Kinds(TimelineEntry entry) => SignalOccasions.Of(entry, Subject, [], null).Select(o => o.GetType().Name).Order(StringComparer.Ordinal);
    }

    private static TimelineChange Look(SignalState state, Account? before, Account current) =>
        AccountWatch.Look(state, Subject, before is null ? null : AccountSnapshot.Of(before, Config), AccountSnapshot.Of(current, Config), true, Now);
}
