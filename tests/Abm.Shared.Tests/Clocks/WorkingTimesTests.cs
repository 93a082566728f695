using Abm.Accounts;
using Abm.Clocks;
using Abm.Configuration;
using Abm.Decisions;
using Abm.People;
using static Abm.Shared.Tests.Clocks.BusinessCalendarTests;

namespace Abm.Shared.Tests.Clocks;

public sealed class WorkingTimesTests
{
    private static readonly AbmConfig Config = AbmConfig.Default with
    {
        Calendars = new Dictionary<string, CalendarRules>
        {
            ["house"] = Named("house", "Etc/UTC"),
            ["berlin"] = Named("berlin", "Europe/Berlin") with { Teams = ["DACH"], Countries = ["DE"], HolidayLists = ["de", "de-by"] },
            ["sdr"] = Named("sdr", "Europe/London") with { Pools = ["sdr"] },
            ["california"] = Named("california", "America/Los_Angeles") with { Countries = ["US-CA"] },
            ["us"] = Named("us", "America/New_York") with { Countries = ["US"] },
        },
        DefaultCalendar = "house",
        Holidays = new Dictionary<string, IReadOnlyList<Holiday>>
        {
            ["de"] = [new Holiday { Name = "Unity Day", Date = new DateOnly(2026, 10, 3), EveryYear = true }],
            ["de-by"] = [new Holiday { Name = "St Martin", Date = new DateOnly(2026, 11, 11) }],
        },
    };

    private static readonly Rep Ann = new() { Id = RepId.Parse("R1"), Name = "Ann", Calendar = "berlin", Team = "dach", TimeZone = "Europe/Madrid" };

    [Theory]
    [InlineData(SlaHours.Member, null, "berlin", "Europe/Madrid")]
    [InlineData(SlaHours.Team, null, "berlin", "Europe/Berlin")]
    [InlineData(SlaHours.Team, "sdr", "sdr", "Europe/London")]
    [InlineData(SlaHours.Always, null, "always", "UTC")]
    public void An_owners_clock_goes_by_the_hours_that_its_policy_names(SlaHours hours, string? pool, string calendar, string zone)
    {
        BusinessCalendar counted = WorkingTimes.For(Policy(hours), ClockParties.Owner(Ann, pool), Config).Calendar;

        Assert.Equal((calendar, zone), (counted.Name, counted.Zone));
    }

    [Theory]
    [InlineData("United States", "California", null, "california", "America/Los_Angeles")]
    [InlineData("US", "Texas", null, "us", "America/New_York")]
    [InlineData("Deutschland", null, null, "berlin", "Europe/Berlin")]
    [InlineData("Germany", null, "Europe/Busingen", "berlin", "Europe/Busingen")]
    [InlineData("Peru", null, null, "house", "Etc/UTC")]
    [InlineData(null, null, null, "house", "Etc/UTC")]
    public void An_account_clock_goes_by_the_accounts_region_then_country_then_the_house(string? country, string? state, string? timeZone, string calendar, string zone)
    {
        Account account = new()
        {
            Id = AccountId.Parse("A1"),
            Name = "A",
            Country = country,
            State = state,
            Custom = timeZone is null ? new Dictionary<string, string>() : new Dictionary<string, string> { ["timeZone"] = timeZone },
        };

        BusinessCalendar counted = WorkingTimes.For(Policy(SlaHours.Account), ClockParties.Account(AccountPlace.Of(account)), Config).Calendar;

        Assert.Equal((calendar, zone), (counted.Name, counted.Zone));
    }

    [Fact]
    public void The_customers_clock_of_members_hours_goes_by_the_house_and_a_named_calendar_goes_before_all()
    {
        Assert.Equal("house", WorkingTimes.OfAccount(Policy(SlaHours.Member), Config).Name);
        Assert.Equal("us", WorkingTimes.OfOwner(Policy(SlaHours.Team) with { Calendar = "us" }, Ann, Config).Name);
        Assert.Equal("house", WorkingTimes.Of(Ann with { Calendar = "gone", TimeZone = "Mars/Base" }, Config).Name);
    }

    [Fact]
    public void Holidays_of_every_list_that_a_calendar_names_are_kept()
    {
        BusinessCalendar berlin = WorkingTimes.Named("berlin", null, Config);

        Assert.Equal(TimeSpan.Zero, berlin.Elapsed(Utc("2026-11-10T23:00"), Utc("2026-11-11T23:00")));
        Assert.Equal(TimeSpan.FromHours(8), WorkingTimes.Named("house", null, Config).Elapsed(Utc("2026-11-11T00:00"), Utc("2026-11-12T00:00")));
    }

    [Theory]
    [InlineData("2026-11-16T15:00", 5, "2026-11-23T15:00")]
    [InlineData("2026-11-16T09:00", 5, "2026-11-20T17:00")] // until the next Monday opens: that is the Friday's closing
    [InlineData("2026-11-14T12:00", 1, "2026-11-16T17:00")]
    [InlineData("2026-11-18T17:00", 2, "2026-11-20T17:00")]
    [InlineData("2026-12-22T10:00", 15, "2027-01-13T10:00")] // Christmas lies between
    public void Working_days_are_counted_and_not_hours(string start, int days, string due)
    {
        SlaPolicy policy = new() { Name = "days", WorkingDays = days };
        BusinessCalendar calendar = BusinessCalendar.From(Office("Etc/UTC") with { Holidays = [new Holiday { Name = "Christmas", Date = new DateOnly(2026, 12, 25), EveryYear = true }] });

        Assert.Equal(Utc(due), calendar.Deadline(Utc(start), policy.BudgetFrom(Utc(start), calendar)).DueAt);
    }

    [Fact]
    public void The_built_in_policies_are_those_of_every_kind_of_record()
    {
        Assert.Equal(
            ["FirstTouch 01:00:00", "FirstTouch 04:00:00", "FirstTouch 1.00:00:00", "HandOff 04:00:00", "Meeting 5", "NextResponse 04:00:00", "Opportunity 15"],
            SlaPolicy.Defaults.Values.Select(p => $"{p.Kind} {(p.WorkingDays is { } days ? days.ToString(System.Globalization.CultureInfo.InvariantCulture) : p.Budget.ToString())}").Order(StringComparer.Ordinal));
    }

    private static SlaPolicy Policy(SlaHours hours) => new() { Name = "p", Budget = TimeSpan.FromHours(4), Hours = hours };

    private static CalendarRules Named(string name, string zone) => Office(zone) with { Name = name };
}
