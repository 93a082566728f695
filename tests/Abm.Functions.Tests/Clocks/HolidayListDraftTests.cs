using System.Text;
using Abm.Configuration;
using Abm.Functions.Clocks;
using Abm.Functions.Configuration.Versions;
using Abm.Ports;

namespace Abm.Functions.Tests.Clocks;

public sealed class HolidayListDraftTests
{
    private static readonly Holiday Feast = new() { Name = "St Martin's: \"feast\"", Date = new DateOnly(2026, 11, 11) };
    private static readonly Holiday Half = new() { Name = "Eve", Date = new DateOnly(2000, 12, 24), EveryYear = true, Closed = LocalInterval.Hours(12, 24) };

    [Fact]
    public void The_list_alone_is_replaced_and_every_other_line_stays()
    {
        string text = Put("# ours\ndefaultCalendar: default\nholidays:\n  # the country\n  at: # Austria\n    - { name: A, date: 01-01 } # kept\n  de:\n    - { name: Old, date: 01-02 }\n    - { name: Older, date: 01-03 }\n\n  # the last one\n  fr: []\nfeatures: { plays: true }\n", "de", [Feast, Half]);

        Assert.Equal(
            "# ours\ndefaultCalendar: default\nholidays:\n  # the country\n  at: # Austria\n    - { name: A, date: 01-01 } # kept\n  \"de\":\n    - {\"name\":\"St Martin's: \\\"feast\\\"\",\"date\":\"2026-11-11\"}\n    - {\"name\":\"Eve\",\"date\":\"12-24\",\"closed\":\"12:00-24:00\"}\n\n  # the last one\n  fr: []\nfeatures: { plays: true }\n",
            text);
    }

    [Theory]
    [InlineData("holidays:\n  fr:\n    - { name: A, date: 01-01 }\ntiers: {}\n")]
    [InlineData("holidays: { de: [{ name: Old, date: 01-01 }], fr: [] }\ntiers: {}\n")]
    [InlineData("holidays:\n  de: [\n    { name: Old, date: 01-01 } ]\ntiers: {}\n")]
    [InlineData("holidays:\n  \"de\":\n  - { name: Old, date: 01-01 }\n  - { name: Older, date: 01-01 }\n")]
    [InlineData("holidays:\r\n  de:\r\n    - { name: Old, date: 01-01 }\r\ntiers: {}\r\n")]
    [InlineData("holidays:\n")]
    [InlineData("tiers: {}\n")]
    public void However_the_section_is_written_it_reads_as_wanted_afterwards(string text)
    {
        AbmConfig config = Read(Put(text, "de", [Feast, Half]));

        Assert.Equal([Feast, Half], config.Holidays["de"]);
        Assert.Equal(text.Contains("fr", StringComparison.Ordinal), config.Holidays.ContainsKey("fr"));
    }

    [Fact]
    public void A_list_can_become_empty() => Assert.Empty(Read(Put("holidays:\n  de:\n    - { name: Old, date: 01-01 }\n", "de", [])).Holidays["de"]);

    [Fact]
    public void A_file_of_that_name_with_other_sections_is_not_touched() =>
        Assert.Null(HolidayListDraft.Put([new ConfigSourceFile("holidays.yaml", Encoding.UTF8.GetBytes("tiers: {}\n"))], "de", new Dictionary<string, IReadOnlyList<Holiday>> { ["de"] = [] }));

    private static string Put(string text, string list, IReadOnlyList<Holiday> holidays)
    {
        ConfigSourceFile[] files = [new("calendars.yaml", Encoding.UTF8.GetBytes(text))];
        Dictionary<string, IReadOnlyList<Holiday>> all = new(Read(text).Holidays) { [list] = holidays };
        return string.Join("\n---\n", HolidayListDraft.Put(files, list, all)!.Select(f => Encoding.UTF8.GetString(f.Bytes.Span)));
    }

    private static AbmConfig Read(string text) => Assert.IsType<ConfigDraftReading.Accepted>(
        ConfigDraft.Read(text.Split("\n---\n").Select((t, i) => new ConfigSourceFile($"f{i}.yaml", Encoding.UTF8.GetBytes(t))))).Draft.Config;
}
