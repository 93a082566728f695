using System.Text.Json.Nodes;
using Abm.Clocks;
using Abm.Configuration;
using Abm.Functions.Clocks;
using Abm.TestKit;

namespace Abm.Functions.Tests.Clocks;

public sealed class ClockEndpointTests
{
    private static readonly Holiday Thursday = new() { Name = "St Nobody", Date = new DateOnly(2026, 11, 19) };

    [Fact]
    public async Task A_clock_is_paused_and_resumed_in_its_file_on_the_board_and_for_its_play()
    {
        ClockWorld world = new();
        ClockRecord clock = await world.StartAsync();
        world.Clock.Advance(TimeSpan.FromHours(1));

        ApiAnswer paused = await world.PauseAsync(clock.ClockId, """{"reason":"waitingForCustomer","by":"R1","note":"Back on Friday"}""");
        world.Clock.Advance(TimeSpan.FromHours(23));
        ApiAnswer resumed = await world.ResumeAsync(clock.ClockId);

        Assert.Equal((200, "paused", 10_800), (paused.Status, (string?)paused.Json["clock"]!["clock"]!["state"], (double)paused.Json["clock"]!["remainingSeconds"]!));
        Assert.Equal((200, "running", "2026-11-19T13:00:00+00:00"), (resumed.Status, (string?)resumed.Json["clock"]!["clock"]!["state"], (string?)resumed.Json["clock"]!["clock"]!["dueAt"]));
        Assert.Equal("2026-11-18T14:00:00+00:00", (string?)resumed.Json["clock"]!["clock"]!["firstDueAt"]);
        Assert.Equal(await world.InFileAsync(clock), Assert.Single(world.Board.Clocks));
        Assert.Equal([clock.PlayId, clock.PlayId], world.Plays.Told);
        Assert.Equal(["clockPaused R1 waitingForCustomer Back on Friday", "clockResumed local waitingForCustomer "], (await world.EventsAsync(clock)).Skip(1).Select(e => $"{e.Kind} {e.By} {e.Details["reason"]} {e.Details.GetValueOrDefault("note")}"));
    }

    [Fact]
    public async Task The_same_pause_again_changes_nothing_and_tells_the_play_again()
    {
        ClockWorld world = new();
        ClockRecord clock = await world.StartAsync();
        await world.PauseAsync(clock.ClockId, """{"reason":"legalReview"}""");
        ClockRecord before = await world.InFileAsync(clock);

        ApiAnswer again = await world.PauseAsync(clock.ClockId, """{"reason":"legalReview"}""");

        Assert.Equal((200, true), (again.Status, (bool)again.Json["duplicate"]!));
        Assert.Equal(before, await world.InFileAsync(clock));
        Assert.Equal(2, world.Plays.Told.Count); // the first attempt may have died before it could
    }

    [Theory]
    [InlineData("{}", 400, "required reason")]
    [InlineData("""{"reason":"lunch"}""", 400, "unknownReason reason")]
    [InlineData("""{"reason":5,"at":"2026"}""", 400, "unknownField ", "wrongType reason")]
    [InlineData("""{"reason":"legalReview","by":"a/b"}""", 400, "invalidId by")]
    [InlineData("""{"reason":"\ud800"}""", 400, "invalidText reason")]
    [InlineData("[]", 400, "wrongType ")]
    public async Task A_pause_that_is_wrong_is_refused_by_name(string json, int status, params string[] codes)
    {
        ClockWorld world = new();
        ClockRecord clock = await world.StartAsync();

        ApiAnswer answer = await world.PauseAsync(clock.ClockId, json);

        Assert.Equal(status, answer.Status);
        Assert.Equal(codes, answer.Codes);
        Assert.Equal(clock, await world.InFileAsync(clock));
        Assert.Empty(world.Plays.Told);
    }

    [Fact]
    public async Task A_missed_clock_is_not_paused_one_that_is_not_paused_not_resumed_and_one_that_is_not_there_not_found()
    {
        ClockWorld world = new();
        ClockRecord clock = await world.StartAsync();

        ApiAnswer resumed = await world.ResumeAsync(clock.ClockId);
        world.Clock.Advance(TimeSpan.FromHours(4));
        ApiAnswer paused = await world.PauseAsync(clock.ClockId, """{"reason":"legalReview"}""");

        Assert.Equal((409, "notPaused "), (resumed.Status, Assert.Single(resumed.Codes)));
        Assert.Equal((409, "breached "), (paused.Status, Assert.Single(paused.Codes)));
        Assert.Equal(404, (await world.PauseAsync("clk-none", """{"reason":"legalReview"}""")).Status);
        Assert.Equal(404, (await world.GetAsync("a/b")).Status);
    }

    [Fact]
    public async Task A_clock_explains_its_deadline_in_stretches_and_sentences()
    {
        ClockWorld world = new();
        world.Rules.Config = ClockWorld.Config("v1", Thursday);
        ClockRecord clock = await world.StartAsync();
        await world.PauseAsync(clock.ClockId, """{"reason":"waitingForCustomer"}""");
        world.Clock.Advance(TimeSpan.FromHours(5));
        await world.ResumeAsync(clock.ClockId, """{"reason":"waitingForCustomer"}""");

        JsonNode json = (await world.GetAsync(clock.ClockId)).Json;

        Assert.Equal("2026-11-20T11:00:00+00:00", (string?)json["clock"]!["dueAt"]);
        string[] says = [.. json["explain"]!["says"]!.AsArray().Select(s => (string)s!)];
        Assert.Contains("Wed 18 Nov, 10:00–15:00 paused: waitingForCustomer.", says);
        Assert.Contains("Thu 19 Nov closed: holiday 'St Nobody'.", says);
        Assert.Equal(14_400, json["explain"]!["intervals"]!.AsArray().Where(i => (bool)i!["isCounted"]!).Sum(i => ((DateTimeOffset)i!["until"]! - (DateTimeOffset)i["from"]!).TotalSeconds));
    }

    [Fact]
    public async Task Deadlines_are_moved_when_a_holiday_is_published_and_finished_ones_are_not()
    {
        ClockWorld world = new();
        world.Clock.Advance(TimeSpan.FromHours(1));
        ClockRecord open = await world.StartAsync("open");
        ClockRecord met = await world.StartAsync("met");
        await world.Changes.ApplyAsync(met.LeadId!, f => new Abm.Functions.Plays.LeadFileChange(f with { Clocks = [ClockChanges.Touched(met, world.Clock.GetUtcNow(), world.Clock.GetUtcNow())] }, new("evt-touch", "touch", world.Clock.GetUtcNow(), "R1", new Dictionary<string, string>())), CancellationToken.None);
        await world.Board.PutAsync([await world.InFileAsync(met)], CancellationToken.None);
        world.Rules.Config = ClockWorld.Config("v2", new Holiday { Name = "Half", Date = new DateOnly(2026, 11, 18), Closed = LocalInterval.Hours(12, 24) });
        world.Rules.Versions["v2"] = world.Rules.Config;

        JsonNode preview = (await ApiAnswer.OfAsync(await world.Preview.RunAsync(ApiAnswer.Request("?config=v2"), CancellationToken.None))).Json;
        Assert.Equal(404, (await ApiAnswer.OfAsync(await world.Preview.RunAsync(ApiAnswer.Request("?config=v3"), CancellationToken.None))).Status);
        Assert.Equal(open, await world.InFileAsync(open));
        await world.NewRecounting().WalkAsync(world.Plays, CancellationToken.None);
        await world.NewRecounting().WalkAsync(world.Plays, CancellationToken.None);
        await world.NewRecounting().WalkAsync(world.Plays, CancellationToken.None);

        ClockRecord moved = await world.InFileAsync(open);
        Assert.Equal((Thursday.Date.ToDateTime(new TimeOnly(11, 0)), "v2", ClockWorld.Begin.AddHours(4)), (moved.DueAt.UtcDateTime, moved.ConfigVersion, moved.FirstDueAt));
        Assert.Equal("calendar", Assert.Single(moved.History).Code);
        Assert.Equal("deadlineMoved", (await world.EventsAsync(open))[^1].Kind);
        Assert.Equal(moved, Assert.Single(world.Board.Clocks, c => c.IsOpen));
        Assert.Equal([open.PlayId], world.Plays.Told);
        Assert.Equal((ClockState.Met, "v1"), ((await world.InFileAsync(met)).State, (await world.InFileAsync(met)).ConfigVersion));
        JsonNode line = Assert.Single(preview["items"]!.AsArray())!;
        Assert.Equal((1, 1, "moved", "calendar", "2026-11-19T11:00:00+00:00"), ((int)preview["looked"]!, (int)preview["moved"]!, (string?)line["outcome"], (string?)line["why"], (string?)line["wouldBeDueAt"]));
    }

    [Fact]
    public async Task A_walk_that_died_between_the_file_and_the_board_is_finished_by_the_next()
    {
        ClockWorld world = new();
        ClockRecord clock = await world.StartAsync();
        world.Rules.Config = ClockWorld.Config("v2", Thursday);
        ClockRecord movedInFile = ClockRecount.Of(clock, null, ClockWorld.Config("v2", new Holiday { Name = "x", Date = new DateOnly(2026, 11, 18), Closed = LocalInterval.Hours(12, 24) }, Thursday), ClockWorld.Begin).After;
        world.Rules.Config = ClockWorld.Config("v2", new Holiday { Name = "x", Date = new DateOnly(2026, 11, 18), Closed = LocalInterval.Hours(12, 24) }, Thursday);
        await world.Changes.ApplyAsync(clock.LeadId!, f => new Abm.Functions.Plays.LeadFileChange(f with { Clocks = [movedInFile] }, new("evt-moved", "deadlineMoved", ClockWorld.Begin, null, new Dictionary<string, string>())), CancellationToken.None);

        await world.NewRecounting().WalkAsync(world.Plays, CancellationToken.None);

        Assert.Equal(movedInFile.DueAt, Assert.Single(world.Board.Clocks).DueAt);
        Assert.Equal([clock.PlayId], world.Plays.Told);
        Assert.Equal(movedInFile, await world.InFileAsync(clock));
    }

    [Fact]
    public async Task Open_clocks_are_summarised_and_what_is_overdue_is_listed()
    {
        ClockWorld world = new();
        ClockRecord late = await world.StartAsync("late");
        ClockRecord held = await world.StartAsync("held");
        await world.PauseAsync(held.ClockId, """{"reason":"legalReview"}""");
        world.Clock.Advance(TimeSpan.FromHours(5));
        ListClocks board = new(world.Board, world.Clock);

        JsonNode summary = (await ApiAnswer.OfAsync(await board.SummariseAsync(ApiAnswer.Request("?by=rep"), CancellationToken.None))).Json;
        JsonNode overdue = (await ApiAnswer.OfAsync(await board.RunAsync(ApiAnswer.Request("?overdue=true&kind=firstTouch&tier=none"), CancellationToken.None))).Json;

        Assert.Equal(world.Clock.GetUtcNow(), (DateTimeOffset)summary["asOf"]!);
        JsonNode rep = Assert.Single(summary["items"]!.AsArray())!;
        Assert.Equal(("R1", 2, 0, 1, 1), ((string?)rep["key"], (int)rep["open"]!, (int)rep["running"]!, (int)rep["paused"]!, (int)rep["overdue"]!));
        Assert.Equal(late.ClockId, (string?)Assert.Single(overdue["items"]!.AsArray())!["clockId"]);
        Assert.Equal(["unknownValue by"], (await ApiAnswer.OfAsync(await board.SummariseAsync(ApiAnswer.Request("?by=weather"), CancellationToken.None))).Codes);
        Assert.Equal(["unknownValue tier", "unknownValue kind"], (await ApiAnswer.OfAsync(await board.RunAsync(ApiAnswer.Request("?tier=gold&kind=x"), CancellationToken.None))).Codes);
    }
}
