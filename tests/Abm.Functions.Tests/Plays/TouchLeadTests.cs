using Abm.Clocks;
using Abm.Decisions;
using Abm.Functions.Explain;
using Abm.Functions.Plays;
using Abm.Leads;
using Abm.Plays;
using Abm.Ports;
using Abm.TestKit;
using Microsoft.DurableTask.Client;

namespace Abm.Functions.Tests.Plays;

public sealed class TouchLeadTests
{
    private static readonly DateTimeOffset Begin = ManualTimeProvider.WednesdayMorning;

    [Theory]
    [InlineData("{}", "required kind", "required by")]
    [InlineData("""{"kind":"fax","by":"R1"}""", "unknownValue kind")]
    [InlineData("""{"kind":"call","by":"a/b"}""", "invalidId by")]
    [InlineData("""{"kind":1,"by":[],"at":{},"note":true}""", "wrongType kind", "wrongType by", "wrongType note", "wrongType at")]
    [InlineData("""{"kind":"call","by":"R1","at":"2026-11-18T10:00:00"}""", "wrongType at")]
    [InlineData("""{"kind":"call","by":"R1","at":"0001-01-01T00:00:00Z"}""", "wrongType at")]
    [InlineData("""{"kind":"call","by":"R1","at":"2026-11-18T09:59:59Z"}""", "outOfRange at")]
    [InlineData("""{"kind":"call","by":"R1","at":"2026-11-18T10:06:00Z"}""", "outOfRange at")]
    [InlineData("""{"kind":"status","by":"R1"}""", "required note")]
    [InlineData("""{"kind":"call","by":"R1","note":"a\u0007b"}""", "controlCharacters note")]
    [InlineData("""{"kind":"\ud800","by":"R1\udfff","note":"\ud800"}""", "invalidText kind", "invalidText by", "invalidText note")]
    [InlineData("[]", "wrongType ")]
    [InlineData("nonsense", "notJson ")]
    public async Task A_touch_that_is_wrong_gets_all_its_problems_and_changes_nothing(string json, params string[] problems)
    {
        PlayWorld world = new();
        PlayStartInput start = await world.DecideAsync();
        await using FakeDurableClient client = new();

        ApiAnswer answer = await ApiAnswer.OfAsync(await world.Touches.TouchAsync(ApiAnswer.Request("", json), start.LeadId!, client, CancellationToken.None));

        Assert.Equal((400, "application/problem+json; charset=utf-8"), (answer.Status, answer.ContentType));
        Assert.Equal(problems, answer.Codes);
        Assert.Empty(await world.EventsAsync(start));
    }

    [Fact]
    public async Task A_touch_is_kept_and_told_to_the_play()
    {
        PlayWorld world = new();
        PlayStartInput start = await world.DecideAsync();
        await using FakeDurableClient client = new();
        client.Has(start.PlayId, OrchestrationRuntimeStatus.Running);

        ApiAnswer answer = await ApiAnswer.OfAsync(await world.Touches.TouchAsync(
            ApiAnswer.Request("", """{"kind":"status","by":"R1","at":"2026-11-18T10:01:00+00:00","note":"Working on it"}"""), start.LeadId!, client, CancellationToken.None));

        Assert.Equal(200, answer.Status);
        Assert.False((bool)answer.Json["duplicate"]!);
        Assert.Equal((start.PlayId, PlayOrchestrator.SignalEvent, (object)new PlaySignal(1)), Assert.Single(client.Raised));
        LeadEvent touch = Assert.Single(await world.EventsAsync(start));
        Assert.Equal(("touch", "R1", "status", "Working on it"), (touch.Kind, touch.By, touch.Details["touch"], touch.Details["note"]));
    }

    [Fact]
    public async Task The_same_touch_again_is_kept_once_but_told_again()
    {
        PlayWorld world = new();
        PlayStartInput start = await world.DecideAsync();
        await using FakeDurableClient client = new();
        client.Has(start.PlayId, OrchestrationRuntimeStatus.Running);
        const string Json = """{"kind":"call","by":"R1"}""";

        await world.Touches.TouchAsync(ApiAnswer.Request("", Json), start.LeadId!, client, CancellationToken.None);
        world.Clock.Advance(TimeSpan.FromSeconds(20));
        ApiAnswer again = await ApiAnswer.OfAsync(await world.Touches.TouchAsync(ApiAnswer.Request("", Json), start.LeadId!, client, CancellationToken.None));

        Assert.True((bool)again.Json["duplicate"]!);
        Assert.Single(await world.EventsAsync(start));
        Assert.Equal(2, client.Raised.Count);
        Assert.Single(client.Raised.Select(r => r.Payload).Distinct());
    }

    [Fact]
    public async Task The_earliest_touch_counts_in_whatever_order_they_are_told()
    {
        PlayWorld world = new();
        PlayStartInput start = await world.DecideAsync();
        world.Clock.Advance(TimeSpan.FromMinutes(30));

        await world.TouchAsync(start, Begin.AddMinutes(20));
        await world.TouchAsync(start, Begin.AddMinutes(10));

        Assert.Equal(Begin.AddMinutes(10), (await world.FileAsync(start))!.FirstTouchAt);
        Assert.Equal(2, (await world.EventsAsync(start)).Count);
    }

    [Fact]
    public async Task A_clock_of_a_sender_that_is_ahead_makes_no_touch_late()
    {
        PlayWorld world = new();
        PlayStartInput start = await world.DecideAsync();
        await world.TurnAsync(start);
        world.Clock.Advance(TimeSpan.FromMinutes(58));

        await world.TouchAsync(start, Begin.AddMinutes(62));

        LeadFile file = (await world.FileAsync(start))!;
        Assert.Equal(Begin.AddMinutes(58), file.FirstTouchAt);
        Assert.All(file.Clocks, c => Assert.Equal(ClockState.Met, c.State));
    }

    [Fact]
    public async Task A_touch_after_the_deadline_that_nobody_noted_yet_shows_when_the_clock_was_missed()
    {
        PlayWorld world = new();
        PlayStartInput start = await world.DecideAsync();
        await world.TurnAsync(start);
        world.Clock.Advance(TimeSpan.FromMinutes(61));

        await world.TouchAsync(start);

        Assert.All((await world.FileAsync(start))!.Clocks, c => Assert.Equal(("breached", Begin.AddMinutes(60)), (ClockResponse.From(c).State, ClockResponse.From(c).BreachedAt)));
    }

    [Fact]
    public async Task A_play_that_is_missing_or_over_does_not_make_a_touch_fail()
    {
        PlayWorld world = new();
        PlayStartInput start = await world.DecideAsync();
        await using FakeDurableClient client = new();

        ApiAnswer answer = await ApiAnswer.OfAsync(await world.Touches.TouchAsync(
            ApiAnswer.Request("", """{"kind":"meeting","by":"R1"}"""), start.LeadId!, client, CancellationToken.None));

        Assert.Equal(200, answer.Status);
        Assert.NotNull((await world.FileAsync(start))!.FirstTouchAt);
    }

    [Fact]
    public async Task A_lead_that_is_unknown_is_not_found_and_one_without_a_decision_is_a_conflict()
    {
        PlayWorld world = new();
        Lead undecided = A.Lead("form-2");
        Lead quarantined = A.Lead("form-3");
        await world.Leads.AdmitAsync(undecided, "f", CancellationToken.None);
        await world.Leads.AdmitAsync(quarantined, "f", CancellationToken.None);
        await world.Leads.QuarantineAsync(quarantined.Id, CancellationToken.None);

        foreach (string unknown in new[] { "nobody", new string('x', 200) })
            Assert.Equal(404, (await TouchAsync(world, unknown)).Status);
        ApiAnswer early = await TouchAsync(world, undecided.Id.Value);
        ApiAnswer stuck = await TouchAsync(world, quarantined.Id.Value);

        Assert.Equal((409, "notDecided "), (early.Status, early.Codes[0]));
        Assert.Equal((409, "quarantined "), (stuck.Status, stuck.Codes[0]));
    }

    [Fact]
    public async Task A_disqualified_lead_is_not_followed_up_any_more()
    {
        PlayWorld world = new();
        PlayStartInput start = await world.DecideAsync();
        PlayedContext context = new(world, start);
        Task<PlayOutput?> play = PlayOrchestrator.RunAsync(context);
        await context.UntilAsync(play, Begin.AddMinutes(10));
        await using FakeDurableClient client = new();
        client.Has(start.PlayId, OrchestrationRuntimeStatus.Running);

        ApiAnswer answer = await ApiAnswer.OfAsync(await world.Touches.EndAsync(
            ApiAnswer.Request("", """{"disposition":"disqualified","by":"R1","note":"A student"}"""), start.LeadId!, client, CancellationToken.None));
        context.Raise();

        Assert.Equal(200, answer.Status);
        Assert.Equal(PlayOutcome.Disqualified, (await play)!.Outcome);
        LeadFile file = (await world.FileAsync(start))!;
        Assert.All(file.Clocks, c => Assert.Equal(ClockState.Cancelled, c.State));
        Assert.Equal(PlayStopKind.Disqualified, file.Disposition!.Kind);
        Assert.Null(file.FirstTouchAt);
    }

    private static async Task<ApiAnswer> TouchAsync(PlayWorld world, string lead)
    {
        await using FakeDurableClient client = new();
        return await ApiAnswer.OfAsync(await world.Touches.TouchAsync(ApiAnswer.Request("", """{"kind":"call","by":"R1"}"""), lead, client, CancellationToken.None));
    }
}
