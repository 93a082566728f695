using Abm.Clocks;
using Abm.Configuration;

namespace Abm.Shared.Tests.Clocks;

public sealed class HolidayFileTests
{
    [Fact]
    public void Whole_days_are_read_with_folded_lines_and_escaped_names()
    {
        Assert.Equal(
            ["Mariä Himmelfahrt, Bayern on 15 August 2026"],
            Says("""
                BEGIN:VEVENT
                SUMMARY;LANGUAGE=de:Mariä Himmel
                 fahrt\, Ba
                 yern
                DTSTART;VALUE=DATE:20260815
                DTEND;VALUE=DATE:20260816
                TRANSP:TRANSPARENT
                END:VEVENT
                """));
    }

    [Fact]
    public void The_same_day_of_every_year_is_one_holiday_of_every_year()
    {
        Assert.Equal(
            ["Unity Day on 3 October every year", "Eve on 24 December every year, 12:00–24:00 only"],
            Says("""
                BEGIN:VEVENT
                SUMMARY:Unity Day
                DTSTART;VALUE=DATE:19901003
                RRULE:FREQ=YEARLY
                END:VEVENT
                BEGIN:VEVENT
                SUMMARY:Eve
                DTSTART;TZID=Europe/Berlin:20201224T120000
                DTEND;TZID=Europe/Berlin:20201225T000000
                RRULE:FREQ=YEARLY;INTERVAL=1;BYMONTH=12;BYMONTHDAY=24
                END:VEVENT
                """));
    }

    [Theory]
    [InlineData("19701126", "FREQ=YEARLY;BYMONTH=11;BYDAY=4TH", "2026-11-26 2027-11-25")] // Thanksgiving
    [InlineData("19700525", "FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO", "2026-05-25 2027-05-31")] // Memorial Day
    [InlineData("20200229", "FREQ=YEARLY;COUNT=3", "2028-02-29")]
    [InlineData("20260105", "FREQ=WEEKLY;UNTIL=20260201", "2026-01-05 2026-01-12 2026-01-19 2026-01-26")]
    [InlineData("20260105", "FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,FR;COUNT=4", "2026-01-05 2026-01-09 2026-01-19 2026-01-23")]
    [InlineData("20261231", "FREQ=MONTHLY;BYMONTHDAY=-1;COUNT=3", "2026-12-31 2027-01-31 2027-02-28")]
    [InlineData("20261224", "FREQ=DAILY;COUNT=3", "2026-12-24 2026-12-25 2026-12-26")]
    [InlineData("20240501", "FREQ=YEARLY;INTERVAL=2;UNTIL=20300101T000000Z", "2026-05-01 2028-05-01")]
    [InlineData("20261224", "FREQ=WEEKLY;WKST=SU;INTERVAL=2;BYDAY=SU,MO;UNTIL=20270120", "2027-01-03 2027-01-04 2027-01-17 2027-01-18")]
    [InlineData("20261224", "FREQ=WEEKLY;INTERVAL=2;BYDAY=SU,MO;UNTIL=20270120", "2026-12-27 2027-01-04 2027-01-10 2027-01-18")]
    [InlineData("18000103", "FREQ=DAILY;INTERVAL=2;UNTIL=20260105", "2026-01-02 2026-01-04")]
    [InlineData("16000115", "FREQ=MONTHLY;INTERVAL=5;UNTIL=20261231", "2026-04-15 2026-09-15")]
    [InlineData("20270501", "FREQ=YEARLY", "2027-05-01 2028-05-01")] // from next year on: not this year
    public void Days_that_recur_otherwise_are_written_out(string start, string rule, string days)
    {
        HolidayFileReading reading = Read($"BEGIN:VEVENT\nSUMMARY:x\nDTSTART;VALUE=DATE:{start}\nRRULE:{rule}\nEND:VEVENT", until: rule.Contains("BYMONTH=", StringComparison.Ordinal) ? 2027 : 2028);

        Assert.Empty(reading.Skipped);
        Assert.Equal(days, string.Join(' ', reading.Holidays!.Select(h => h.Date.ToString("O", System.Globalization.CultureInfo.InvariantCulture))));
    }

    [Fact]
    public void Exceptions_added_days_moved_days_and_cancelled_ones_are_heeded()
    {
        HolidayFileReading reading = Read("""
            BEGIN:VEVENT
            UID:closing@example
            SUMMARY:Closing day
            DTSTART;VALUE=DATE:20260105
            RRULE:FREQ=WEEKLY;COUNT=4
            EXDATE;VALUE=DATE:20260112
            RDATE;VALUE=DATE:20260201
            END:VEVENT
            BEGIN:VEVENT
            UID:closing@example
            RECURRENCE-ID;VALUE=DATE:20260119
            SUMMARY:Closing day, moved
            DTSTART;VALUE=DATE:20260120
            END:VEVENT
            BEGIN:VEVENT
            SUMMARY:Never
            DTSTART;VALUE=DATE:20260301
            STATUS:CANCELLED
            END:VEVENT
            """);

        Assert.Equal(["Closing day 5", "Closing day, moved 20", "Closing day 26", "Closing day 1"], reading.Holidays!.Select(h => $"{h.Name} {h.Date.Day}"));
    }

    [Fact]
    public void Times_close_parts_of_days_in_the_zone_that_is_asked_for()
    {
        Assert.Equal(
            ["Utc on 2 March 2026, 13:00–15:30 only", "Microsoft's zone on 3 March 2026, 15:00–16:00 only", "Floating on 4 March 2026, 09:00–10:00 only", "Over midnight on 5 March 2026, 22:00–24:00 only", "Over midnight on 6 March 2026, 00:00–02:00 only"],
            Says("""
                BEGIN:VEVENT
                SUMMARY:Utc
                DTSTART:20260302T120000Z
                DURATION:PT2H30M
                END:VEVENT
                BEGIN:VEVENT
                SUMMARY:Microsoft's zone
                DTSTART;TZID="Eastern Standard Time":20260303T090000
                DTEND;TZID="Eastern Standard Time":20260303T100000
                END:VEVENT
                BEGIN:VEVENT
                SUMMARY:Floating
                DTSTART:20260304T090000
                DTEND:20260304T100000
                BEGIN:VALARM
                DTSTART:20990101T000000
                END:VALARM
                END:VEVENT
                BEGIN:VEVENT
                SUMMARY:Over midnight
                DTSTART:20260305T220000
                DTEND:20260306T020000
                END:VEVENT
                """));
    }

    [Fact]
    public void Several_days_close_each_of_them_the_end_excluded()
    {
        Assert.Equal(3, Read("BEGIN:VEVENT\nSUMMARY:Works holidays\nDTSTART;VALUE=DATE:20260803\nDTEND;VALUE=DATE:20260806\nEND:VEVENT").Holidays!.Count);
    }

    [Theory]
    [InlineData("DTSTART;VALUE=DATE:20261301", "start")]
    [InlineData("SUMMARY:nothing", "start")]
    [InlineData("DTSTART;VALUE=DATE:20260805\nDTEND;VALUE=DATE:20260804", "end")]
    [InlineData("DTSTART:20260805T100000", "empty")]
    [InlineData("DTSTART:20260805T100000\nDURATION:soon", "duration")]
    [InlineData("DTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:20270101", "tooLong")]
    [InlineData("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=YEARLY;BYEASTER=1", "recurrence")]
    [InlineData("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=SECONDLY", "recurrence")]
    [InlineData("DTSTART;VALUE=DATE:20260101\nRRULE:BYMONTH=1", "recurrence")]
    [InlineData("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=YEARLY;BYMONTH=13", "recurrence")]
    [InlineData("DTSTART;VALUE=DATE:20150101", "outside")]
    [InlineData("DTSTART;VALUE=DATE:99991231\nRRULE:FREQ=YEARLY", "start")]
    [InlineData("DTSTART:99991231T235959Z\nDURATION:PT1H", "start")]
    [InlineData("DTSTART:00010101T000000Z\nDURATION:PT1H", "start")]
    [InlineData("DTSTART;VALUE=DATE:99980101\nDURATION:P9999Y", "tooLong")]
    [InlineData("DTSTART;VALUE=DATE:20260101\nDURATION:P2147483647Y", "tooLong")]
    [InlineData("DTSTART;VALUE=DATE:20260101\nDURATION:-P9999Y", "duration")]
    [InlineData("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=MONTHLY;BYDAY=6MO", "outside")]
    [InlineData("DTSTART;VALUE=DATE:20261201\nRRULE:FREQ=YEARLY;BYMONTH=12;BYDAY=6MO", "outside")]
    [InlineData("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=WEEKLY;WKST=XX", "recurrence")]
    [InlineData("DTSTART;TZID=Moon/Base:20260805T100000\nDURATION:PT1H", "zone")]
    [InlineData("DTSTART;VALUE=DATE:20260101\nRRULE:FREQ=YEARLY\nEXDATE;VALUE=DATE:soon", "dates")]
    [InlineData("DTSTART;VALUE=DATE:20260101\nRDATE;VALUE=PERIOD:20270101T000000Z/PT5H,x", "dates")]
    public void What_is_not_understood_is_skipped_and_named(string properties, string code)
    {
        HolidayFileReading reading = Read($"BEGIN:VEVENT\n{properties}\nEND:VEVENT");

        Assert.Empty(reading.Holidays!);
        Assert.Equal(code, Assert.Single(reading.Skipped).Code);
    }

    [Fact]
    public void A_text_that_is_no_calendar_is_none_and_hostile_ones_end_soon()
    {
        Assert.Null(HolidayFile.Read("<html>", "Etc/UTC", default, default).Holidays);
        Assert.Null(HolidayFile.Read("", "Etc/UTC", default, default).Holidays);
        Assert.NotEmpty(Read("BEGIN:VEVENT\nDTSTART;VALUE=DATE:00010101\nRRULE:FREQ=DAILY\nEND:VEVENT").Skipped);
        Assert.NotNull(Read(string.Concat(Enumerable.Repeat("BEGIN:VEVENT\n", 100_000))).Holidays);
        Assert.Empty(Read("BEGIN:VEVENT\nSUMMARY:x\nDTSTART;VALUE=DATE:20260230\nEND:VEVENT").Holidays!);
    }

    [Fact]
    public void Two_thousand_rules_of_each_day_for_centuries_are_read_in_a_moment()
    {
        HolidayFileReading reading = Read(string.Concat(Enumerable.Range(0, 2_000).Select(i => $"BEGIN:VEVENT\nUID:{i}\nSUMMARY:x\nDTSTART;VALUE=DATE:19000101\nRRULE:FREQ=DAILY;UNTIL=20260103\nEND:VEVENT\n")));

        Assert.Equal(3, reading.Holidays!.Count);
    }

    [Fact]
    public void A_zone_behind_a_vendors_prefix_is_that_zone() =>
        Assert.Equal(["x on 3 March 2026, 15:00–16:00 only"], Says("BEGIN:VEVENT\nSUMMARY:x\nDTSTART;TZID=/vendor.example/America/New_York:20260303T090000\nDURATION:PT1H\nEND:VEVENT"));

    [Fact]
    public void The_file_names_its_zone()
    {
        Assert.Equal("Europe/Berlin", HolidayFile.ZoneOf("BEGIN:VCALENDAR\nX-WR-TIMEZONE:Europe/Berlin\nBEGIN:VEVENT\nEND:VEVENT\nEND:VCALENDAR"));
        Assert.Null(HolidayFile.ZoneOf("BEGIN:VCALENDAR\nX-WR-TIMEZONE:Moon\nEND:VCALENDAR"));
    }

    private static IEnumerable<string> Says(string events) => Read(events).Holidays!.Select(DeadlineWords.Of);

    private static HolidayFileReading Read(string events, int until = 2028) =>
        HolidayFile.Read($"BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{events.ReplaceLineEndings("\r\n")}\r\nEND:VCALENDAR\r\n", "Europe/Berlin", new DateOnly(2026, 1, 1), new DateOnly(until, 12, 31));
}
