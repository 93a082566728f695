using System.Text;
using System.Text.Json.Nodes;
using Abm.Configuration;
using Abm.Functions.Clocks;
using Abm.Functions.Configuration.Versions;
using Abm.Functions.Tests.Configuration.Versions;
using Abm.Ports;
using Abm.TestKit;
using Microsoft.AspNetCore.Http;

namespace Abm.Functions.Tests.Clocks;

public sealed class ImportHolidaysTests
{
    private const string File = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:St Martin\r\nDTSTART;VALUE=DATE:20251111\r\nRRULE:FREQ=YEARLY\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nSUMMARY:Odd\r\nDTSTART:soon\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";

    [Fact]
    public async Task A_file_becomes_a_draft_that_can_be_published_and_nothing_is_in_force_before()
    {
        PublishingWorld world = await WithRulesAsync();

        ApiAnswer kept = await PostAsync(world, File);

        Assert.Equal(201, kept.Status);
        Assert.Equal(["St Martin on 11 November every year"], kept.Json["added"]!.AsArray().Select(a => (string?)a));
        Assert.Equal(["New Year on 1 January every year"], kept.Json["removed"]!.AsArray().Select(a => (string?)a));
        Assert.Equal("start", (string?)Assert.Single(kept.Json["skipped"]!.AsArray())!["code"]);
        Assert.Equal(["default"], kept.Json["calendars"]!.AsArray().Select(a => (string?)a));
        AbmConfig draft = (await world.Source.FindAsync((string)kept.Json["draft"]!["version"]!, CancellationToken.None))!;
        Assert.Equal(["St Martin"], draft.Holidays["de"].Select(h => h.Name));
        Assert.Equal(["New Year"], (await world.Source.CurrentAsync(CancellationToken.None)).Holidays["de"].Select(h => h.Name));
        Assert.Equal((200, true), (await PostAsync(world, File) is { } again ? (again.Status, (bool)again.Json["draft"]!["duplicate"]!) : default));
    }

    [Fact]
    public async Task A_dry_run_keeps_nothing_and_holidays_can_be_added_to_those_that_stand()
    {
        PublishingWorld world = await WithRulesAsync();

        ApiAnswer tried = await PostAsync(world, File, "?dryRun=true&keep=true&zone=Europe/Berlin");

        Assert.Equal((200, null, 1, 0), (tried.Status, tried.Json["draft"], (int)tried.Json["unchanged"]!, tried.Json["removed"]!.AsArray().Count));
        Assert.Equal("Europe/Berlin", (string?)tried.Json["zone"]);
    }

    [Theory]
    [InlineData("de", "<html>", "", 400, "notICalendar ")]
    [InlineData("d e", File, "", 400, "badKey list")]
    [InlineData("de", File, "?zone=Moon&years=90&dryRun=maybe", 400, "unknownValue dryRun", "outOfRange years", "unknownZone zone")]
    public async Task What_is_wrong_is_refused_by_name(string list, string body, string query, int status, params string[] codes)
    {
        ApiAnswer answer = await PostAsync(await WithRulesAsync(), body, query, list);

        Assert.Equal(status, answer.Status);
        Assert.Equal(codes, answer.Codes);
    }

    [Fact]
    public async Task Other_kinds_of_bodies_are_not_taken()
    {
        PublishingWorld world = await WithRulesAsync();
        Assert.Equal(415, (await PostAsync(world, File, type: "text/plain")).Status);
        Assert.Equal(413, (await PostAsync(world, new string(' ', 1024 * 1024 + 1))).Status);
    }

    [Fact]
    public async Task A_line_that_was_folded_in_the_middle_of_a_character_is_read()
    {
        byte[] whole = Encoding.UTF8.GetBytes("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nSUMMARY:Mariä Himmelfahrt\r\nDTSTART;VALUE=DATE:20260815\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n");
        int second = Array.IndexOf(whole, (byte)0xC3) + 1;
        byte[] folded = [.. whole[..second], .. "\r\n "u8, .. whole[second..]];

        ApiAnswer read = await PostAsync(await WithRulesAsync(), folded, "?dryRun=true");
        ApiAnswer notUtf8 = await PostAsync(await WithRulesAsync(), [.. "BEGIN:VCALENDAR\r\n"u8, 0xC3, 0x28]);

        Assert.Equal(["Mariä Himmelfahrt on 15 August 2026"], read.Json["added"]!.AsArray().Select(a => (string?)a));
        Assert.Equal(["encoding "], notUtf8.Codes);
    }

    private static async Task<PublishingWorld> WithRulesAsync()
    {
        PublishingWorld world = new();
        string rules = "calendars:\n  default:\n    zone: Etc/UTC\n    week: { monday-friday: ['09:00-17:00'] }\n    holidayLists: [de]\nholidays:\n  de:\n    - { name: New Year, date: 01-01 }\n";
        await world.Publisher.TakeOverFolderAsync([new ConfigSourceFile("rules.yaml", Encoding.UTF8.GetBytes(rules))], "config", CancellationToken.None);
        return world;
    }

    private static Task<ApiAnswer> PostAsync(PublishingWorld world, string body, string query = "", string list = "de", string type = "text/calendar; charset=utf-8") =>
        PostAsync(world, Encoding.UTF8.GetBytes(body), query, list, type);

    private static async Task<ApiAnswer> PostAsync(PublishingWorld world, byte[] body, string query = "", string list = "de", string type = "text/calendar; charset=utf-8")
    {
        InMemoryFacts people = new(A.Config(), new Dictionary<Abm.Decisions.RepId, Abm.People.Rep>(), Abm.Accounts.AccountIndex.Empty);
        HttpRequest request = ApiAnswer.Request(query, "");
        request.Body = new MemoryStream(body);
        request.ContentLength = body.Length;
        request.ContentType = type;
        ImportHolidays import = new(world.Store, world.Publisher, world.Check, world.Source, new InMemoryLists(), people, world.Callers, world.Clock);
        return await ApiAnswer.OfAsync(await import.RunAsync(request, list, CancellationToken.None));
    }
}
