using System.Text.Json;
using Abm.Accounts;
using Abm.Clocks;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Http;
using Abm.Functions.Plays;
using Abm.Plays;
using Abm.Ports;
using Abm.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Abm.Functions.Tests.Plays;

/// <summary>Plays about accounts, from the occasion over HTTP to what is told.</summary>
public sealed class AccountPlayTests
{
    private static readonly DateTimeOffset Begin = ManualTimeProvider.WednesdayMorning;
    private static readonly CancellationToken None = CancellationToken.None;
    private readonly PlayWorld _world = new();

    public AccountPlayTests() => Configure(_world);

    [Fact]
    public async Task A_hand_off_is_told_with_its_history_and_its_rejection_needs_a_reason_and_returns_it()
    {
        PlayStartInput start = await StartAsync(_world);
        await _world.TurnAsync(start);
        Assert.Equal(["context-card R1"], Told(_world)); // the pool's next: the account has no owner

        ApiAnswer unreasoned = await TellAsync(_world, start.PlayId, "rejected", """{"by":"R1"}""");
        ApiAnswer rejected = await TellAsync(_world, start.PlayId, "rejected", """{"by":"R1","reason":"No budget this year"}""", "key-1");
        ApiAnswer again = await TellAsync(_world, start.PlayId, "rejected", """{"by":"R1","reason":"No budget this year"}""", "key-1");
        await _world.TurnAsync(start);

        Assert.Equal((400, "required reason"), (unreasoned.Status, unreasoned.Codes[0]));
        Assert.Equal((200, false, true), (rejected.Status, (bool)rejected.Json["duplicate"]!, (bool)again.Json["duplicate"]!));
        PlayFile file = (await _world.Files.FindAsync(start.PlayId, None))!;
        Assert.Single(file.Progress.Events);
        Assert.Equal((PlayOutcome.Completed, "returned"), (file.Progress.Outcome, file.Progress.Result));
        JsonElement told = JsonDocument.Parse(_world.Outbox.Items.Single(i => i.Kind == "reassigned").Body).RootElement;
        Assert.Contains(told.GetProperty("history").EnumerateArray(), h => h.GetProperty("says").GetString() == "No budget this year" && h.GetProperty("by").GetString() == "R1");
        Assert.Equal(("account", "A1"), (told.GetProperty("about").GetProperty("kind").GetString(), told.GetProperty("about").GetProperty("id").GetString()));
        Assert.Equal("pricing", told.GetProperty("event").GetProperty("event.topic").GetString());
        Assert.All(file.Clocks, c => Assert.Equal(ClockState.Met, c.State));
        Assert.Equal(file.Clocks.OrderBy(c => c.ClockId), _world.Lists.Clocks.OrderBy(c => c.ClockId));
    }

    [Fact]
    public async Task A_play_shows_what_it_has_done_and_what_it_waits_for_until_when_and_why()
    {
        PlayStartInput start = await StartAsync(_world);
        await _world.TurnAsync(start);

        ApiAnswer answer = await ApiAnswer.OfAsync(await new GetPlay(_world.Files, Answers(_world)).RunAsync(ApiAnswer.Request(), start.PlayId, new FakeDurableClient(), None));
        ApiAnswer list = await ApiAnswer.OfAsync(await new GetPlay(_world.Files, Answers(_world)).ListAsync(ApiAnswer.Request("?play=offer&state=running&accountId=A1&ownerId=R1&kind=account"), None));
        ApiAnswer none = await ApiAnswer.OfAsync(await new GetPlay(_world.Files, Answers(_world)).ListAsync(ApiAnswer.Request("?state=over"), None));

        Assert.Equal("answer", (string?)answer.Json["waitingFor"]!["step"]);
        Assert.Equal(["accepted", "rejected"], answer.Json["waitingFor"]!["events"]!.AsArray().Select(e => (string?)e));
        Assert.Contains("hand-off is due by 2026-11-18 14:00 UTC", (string?)answer.Json["waitingFor"]!["why"], StringComparison.Ordinal);
        Assert.Equal(["owner", "begin", "tell~1", "answer~2.clocks"], answer.Json["steps"]!.AsArray().Select(s => (string?)s!["step"]));
        Assert.Contains(answer.Json["says"]!.AsArray(), s => ((string)s!).StartsWith("R1 works it.", StringComparison.Ordinal));
        Assert.Equal(start.PlayId, (string?)Assert.Single(list.Json["items"]!.AsArray())!["playId"]);
        Assert.Empty(none.Json["items"]!.AsArray());
    }

    [Fact]
    public async Task Nobody_answers_it_is_reminded_missed_given_on_and_handed_over_each_once()
    {
        PlayStartInput start = await StartAsync(_world);

        PlayTurnOutput output = await _world.ToTheEndAsync(start);

        Assert.Equal(PlayOutcome.Completed, output.Outcome);
        PlayFile file = (await _world.Files.FindAsync(start.PlayId, None))!;
        Assert.Equal("unanswered", file.Progress.Result);
        string[] kinds = [.. _world.Outbox.Items.CountBy(i => i.Kind).Select(k => $"{k.Key} {k.Value}").Order(StringComparer.Ordinal)];
        Assert.Equal(["backup 3", "breach 3", "context-card 1", "reminder 6", "revops 1"], kinds);
        Assert.Equal(4, file.Clocks.Count); // the account's, and three owners'
        Assert.All(file.Clocks, c => Assert.Equal(ClockState.BreachedClosed, c.State));
        Assert.Equal(4, _world.Published.Items.Count); // each breach is published once
        Assert.Equal(3, _world.Pools.Turns.Count);
        Assert.All(_world.Pools.Turns, t => Assert.Equal(start.PlayId, t.Assignment.Lead.Value));
    }

    [Fact]
    public async Task A_crash_after_any_call_gives_the_same_end()
    {
        PlayWorld unharmed = new();
        Configure(unharmed);
        PlayStartInput start = await StartAsync(unharmed);
        unharmed.Faults.Off();
        await unharmed.ToTheEndAsync(start);
        string expected = await EndAsync(unharmed, start.PlayId);
        int calls = unharmed.Faults.Calls.Count;
        Assert.True(calls > 30, $"{calls} calls");

        for (int crash = 1; crash <= calls; crash++)
        {
            PlayWorld world = new();
            Configure(world);
            PlayStartInput again = await StartAsync(world);
            world.Faults.CrashAfter(crash);

            await world.ToTheEndAsync(again);

            Assert.True(expected == await EndAsync(world, again.PlayId), $"call {crash}:\n{await EndAsync(world, again.PlayId)}\nexpected:\n{expected}");
        }
    }

    [Fact]
    public async Task One_instance_runs_about_an_account_and_the_same_key_starts_it_once()
    {
        ApiAnswer first = await StartByHandAsync(_world, """{"play":"offer","accountId":"A1"}""", "k1");
        ApiAnswer repeat = await StartByHandAsync(_world, """{"play":"offer","accountId":"A1"}""", "k1");
        ApiAnswer other = await StartByHandAsync(_world, """{"play":"offer","accountId":"A1"}""", "k2");

        Assert.Equal((202, 200, 409), (first.Status, repeat.Status, other.Status));
        Assert.Equal((string?)first.Json["playId"], (string?)repeat.Json["playId"]);
        Assert.Equal("play.runs", (string?)other.Json["problems"]![0]!["code"]);
        Assert.Single(_world.Plays.Started);
    }

    [Theory]
    [InlineData("""{"accountId":"A1"}""", "required play")]
    [InlineData("""{"play":"offer"}""", "required accountId")]
    [InlineData("""{"play":"none","accountId":"A1"}""", "unknownValue play")]
    [InlineData("""{"play":"inbound","accountId":"A1"}""", "invalidValue play")]
    [InlineData("""{"play":"offer","accountId":"A9"}""", "unknownValue accountId")]
    [InlineData("""{"play":"offer","accountId":"A1","ownerId":"nobody"}""", "unknownValue ownerId")]
    public async Task A_start_that_cannot_be_is_refused_by_name(string json, string problem) => Assert.Equal(problem, (await StartByHandAsync(_world, json, null)).Codes[0]);

    [Fact]
    public async Task A_cancelled_play_is_over_and_hears_nothing_any_more()
    {
        PlayStartInput start = await StartAsync(_world);
        await _world.TurnAsync(start);

        ApiAnswer unreasoned = await CancelAsync(start.PlayId, "{}");
        ApiAnswer cancelled = await CancelAsync(start.PlayId, """{"reason":"Wrong account","by":"ops"}""");
        await _world.TurnAsync(start);
        ApiAnswer late = await TellAsync(_world, start.PlayId, "accepted", """{"by":"R1"}""");

        Assert.Equal((400, 200, 409), (unreasoned.Status, cancelled.Status, late.Status));
        Assert.Contains("Cancelled, ops: Wrong account", (string?)late.Json["detail"], StringComparison.Ordinal);
        PlayFile file = (await _world.Files.FindAsync(start.PlayId, None))!;
        Assert.Equal((PlayOutcome.Cancelled, PlayStatus.Stopped), (file.Progress.Outcome, file.Status));
        Assert.All(file.Clocks, c => Assert.Equal(ClockState.Cancelled, c.State));
        Assert.Equal(202, (await StartByHandAsync(_world, """{"play":"offer","accountId":"A1"}""", "k2")).Status); // its place is free
    }

    [Fact]
    public async Task Unknown_plays_and_events_are_answered_by_name()
    {
        PlayStartInput start = await StartAsync(_world);

        ApiAnswer noPlay = await TellAsync(_world, "play-none", "accepted", "{}");
        ApiAnswer noEvent = await TellAsync(_world, start.PlayId, "acceptd", "{}");
        ApiAnswer future = await TellAsync(_world, start.PlayId, "accepted", """{"at":"2026-11-18T11:00:00Z"}""");
        ApiAnswer past = await TellAsync(_world, start.PlayId, "accepted", """{"at":"2026-11-18T09:59:00Z"}""");

        Assert.Equal((404, 404, 400, 400), (noPlay.Status, noEvent.Status, future.Status, past.Status));
        Assert.Contains("accepted, joined, rejected", (string?)noEvent.Json["detail"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whatever_is_told_to_a_play_that_is_over_is_answered_with_how_it_ended()
    {
        PlayStartInput start = await StartAsync(_world);
        await CancelAsync(start.PlayId, """{"reason":"a mistake"}""");
        await _world.ToTheEndAsync(start);

        ApiAnswer unknown = await TellAsync(_world, start.PlayId, "touched", "{}");
        ApiAnswer withoutReason = await TellAsync(_world, start.PlayId, "rejected", "{}");

        Assert.Equal((409, 409), (unknown.Status, withoutReason.Status));
        Assert.Equal(["over ", "over "], [.. unknown.Codes, .. withoutReason.Codes]);
    }

    [Fact]
    public async Task A_merged_account_and_an_erased_person_stop_their_plays_at_once()
    {
        PlayStartInput start = await StartAsync(_world);
        await _world.TurnAsync(start);
        PlayStartInput lead = await _world.DecideAsync();
        await _world.TurnAsync(lead);

        await _world.Endings.OfMergedAsync("A1", "A2", _world.Clock.GetUtcNow(), None);
        await _world.Endings.OfErasedAsync(LeadId.Parse(lead.LeadId!), _world.Clock.GetUtcNow(), None);
        Assert.Equal([start.PlayId, lead.PlayId], _world.Plays.Told.TakeLast(2));
        PlayTurnOutput merged = await _world.TurnAsync(start);
        PlayTurnOutput erased = await _world.TurnAsync(lead);

        Assert.Equal((PlayOutcome.Merged, PlayOutcome.Erased), (merged.Outcome, erased.Outcome));
        Assert.All(_world.Lists.Clocks, c => Assert.Equal(ClockState.Cancelled, c.State));
    }

    [Fact]
    public async Task Running_instances_stay_on_their_version_until_somebody_migrates_them_and_the_preview_says_what_would_be()
    {
        PlayStartInput start = await StartAsync(_world);
        await _world.TurnAsync(start);
        PlayRules offer = _world.Facts.Config.Plays[^1];
        Newer(offer with { Steps = [.. offer.Steps.Select(s => s.Name == "answer" ? s with { Name = "reply" } : s)] }, "renamed");
        Newer(offer with { Steps = [.. offer.Steps.Select(s => s.Name == "won" ? s with { End = "taken" } : s)] }, "newer");

        ApiAnswer cannot = await MigrateAsync("?preview=true", """{"play":"offer","to":"renamed"}""");
        ApiAnswer preview = await MigrateAsync("?preview=true", """{"play":"offer","to":"newer"}""");
        string before = (await _world.Files.FindAsync(start.PlayId, None))!.ConfigVersion;
        ApiAnswer done = await MigrateAsync("", """{"play":"offer","to":"newer"}""");
        ApiAnswer again = await MigrateAsync("", """{"play":"offer","to":"newer"}""");
        await TellAsync(_world, start.PlayId, "accepted", """{"by":"R1"}""");
        await _world.TurnAsync(start);

        Assert.Equal("stepGone", (string?)cannot.Json["items"]![0]!["code"]);
        Assert.Equal(("migrates", 1, "test"), ((string?)preview.Json["items"]![0]!["code"], (int)preview.Json["migrated"]!, before));
        Assert.Equal((1, 0), ((int)done.Json["migrated"]!, (int)again.Json["migrated"]!));
        Assert.Equal("taken", (await _world.Files.FindAsync(start.PlayId, None))!.Progress.Result);
    }

    [Fact]
    public async Task A_play_starts_another_one_once_and_says_why_not()
    {
        PlayRules second = new() { Name = "second", On = PlayTrigger.Manual, Steps = [new() { Webhook = "crm" }, new() { End = "done" }] };
        PlayRules first = new() { Name = "first", On = PlayTrigger.Manual, Steps = [new() { Start = "second" }, new() { Start = "second" }] };
        _world.Facts.Config = _world.Facts.Config with { Version = "chain", Plays = [.. _world.Facts.Config.Plays, first, second] };
        await StartByHandAsync(_world, """{"play":"first","accountId":"A1"}""", "k");
        PlayStartInput start = _world.Plays.Started.Single();

        await _world.ToTheEndAsync(start);

        PlayFile file = (await _world.Files.FindAsync(start.PlayId, None))!;
        Assert.Equal(["started", "notStarted"], file.Progress.DoneSteps.Where(d => d.Id.Contains('~', StringComparison.Ordinal)).Select(d => d.Code));
        PlayStartInput other = _world.Plays.Started.Single(s => s.Play == "second");
        await _world.ToTheEndAsync(other);
        Assert.Equal("webhook crm", Told(_world).Single());
    }

    [Fact]
    public async Task A_simulation_over_HTTP_prints_the_timeline_and_refuses_what_it_cannot_try()
    {
        ApiAnswer named = await SimulateAsync("""{"play":"offer","accountId":"A1","startAt":"2026-11-18T10:00:00Z","events":[{"after":"1h","name":"accepted","by":"R1"}]}""");
        ApiAnswer written = await SimulateAsync("""{"definition":{"name":"x","on":"manual","steps":[{"delay":"30d"},{"end":"over"}]},"for":"40d"}""");
        ApiAnswer bad = await SimulateAsync("""{"definition":{"name":"x","on":"manual","steps":[{"wait":["a"]}]},"for":"0s","events":[{"after":"soon"}]}""");

        Assert.Equal(("accepted", "R1"), ((string?)named.Json["result"], (string?)named.Json["ownerId"]));
        Assert.Contains(named.Json["timeline"]!.AsArray(), l => (string?)l!["what"] == "notify" && (string?)l["to"] == "R1" && (string?)l["after"] == "0s");
        Assert.Equal(("over", "30d"), ((string?)written.Json["result"], (string?)written.Json["timeline"]!.AsArray()[^1]!["after"]));
        Assert.Equal(["neverEnds definition.steps[0]", "outOfRange for", "wrongType events[0].after", "required events[0].name"], bad.Codes);
        Assert.Empty(_world.Outbox.Items);
    }

    [Theory]
    [InlineData("""{"play":"offer","startAt":"9999-12-31T23:59:59Z"}""", "outOfRange startAt")]
    [InlineData("""{"play":"offer","startAt":"1601-01-01T00:00:00Z"}""", "outOfRange startAt")]
    [InlineData("""{"play":"offer","ownerId":"nobody"}""", "unknownValue ownerId")]
    public async Task A_simulation_that_cannot_begin_is_refused_by_name(string json, string code) => Assert.Equal([code], (await SimulateAsync(json)).Codes);

    private static void Configure(PlayWorld world)
    {
        PlayRules offer = new()
        {
            Name = "offer",
            On = PlayTrigger.Surge,
            Owner = [new RouteTarget.AccountOwner(), new RouteTarget.Pool(PlayWorld.Pool)],
            Steps =
            [
                new() { Name = "tell", Notify = PlayRecipient.Owner, Template = "context-card", Urgent = true },
                new() { Name = "answer", Wait = ["accepted", "rejected"], NeedsReason = ["rejected"], Deadline = "hand-off", Within = TimeSpan.FromDays(4), On = new Dictionary<string, string> { ["accepted"] = "won", ["rejected"] = "back" }, Otherwise = "nobody" },
                new() { Name = "back", Notify = PlayRecipient.Manager, Template = "reassigned", Urgent = true },
                new() { Name = "returned", End = "returned" },
                new() { Name = "won", End = "accepted" },
                new() { Name = "nobody", End = "unanswered" },
            ],
        };
        AbmConfig config = world.Facts.Config;
        Dictionary<string, SlaPolicy> policies = new(config.SlaPolicies) { ["hand-off"] = SlaPolicy.Defaults["hand-off"] with { Hours = SlaHours.Always, Urgent = true } };
        world.Facts.Config = config with { Plays = [.. config.Plays, offer], SlaPolicies = policies };
        world.Facts.Versions[config.Version] = world.Facts.Config;
    }

    private AbmConfig Newer(PlayRules offer, string version) => _world.Facts.Versions[version] = _world.Facts.Config with { Version = version, Plays = [.. _world.Facts.Config.Plays.SkipLast(1), offer] };

    private static async Task<PlayStartInput> StartAsync(PlayWorld world)
    {
        PlayOccasion.Surged surged = new(new PlaySubject(PlaySubjectKind.Account, "A1"), "A1", "surge-1", Begin, "pricing", 4);
        IReadOnlyList<EnrolmentDecision> decisions = await world.Launch.HappenedAsync(surged, new Dictionary<string, string> { ["event.topic"] = "pricing" }, world.Plays, None);
        return Assert.IsType<EnrolmentDecision.Start>(Assert.Single(decisions)).Input;
    }

    private static Callers Anybody => new(Options.Create(new AuthOptions()));

    private static PlayAnswers Answers(PlayWorld world) => new(world.Leads, new PlayFacts(world.Facts, world.Facts));

    private static TellPlay Tell(PlayWorld world) => new(world.Files, Answers(world), new PlayFacts(world.Facts, world.Facts), Anybody, world.Clock, NullLogger<TellPlay>.Instance);

    private static async Task<ApiAnswer> TellAsync(PlayWorld world, string id, string name, string json, string? key = null) =>
        await ApiAnswer.OfAsync(await Tell(world).TellAsync(Keyed(json, key), id, name, world.Plays, None));

    private async Task<ApiAnswer> CancelAsync(string id, string json) => await ApiAnswer.OfAsync(await Tell(_world).CancelAsync(ApiAnswer.Request("", json), id, _world.Plays, None));

    private static async Task<ApiAnswer> StartByHandAsync(PlayWorld world, string json, string? key) => await ApiAnswer.OfAsync(
        await new StartPlay(world.Launch, world.Files, world.Facts, world.Facts, world.Facts, Anybody, world.Clock).RunAsync(Keyed(json, key), world.Plays, None));

    private async Task<ApiAnswer> MigrateAsync(string query, string json) => await ApiAnswer.OfAsync(
        await new MigratePlays(_world.Files, _world.Facts, Anybody, NullLogger<MigratePlays>.Instance).RunAsync(ApiAnswer.Request(query, json), _world.Plays, None));

    private async Task<ApiAnswer> SimulateAsync(string json) => await ApiAnswer.OfAsync(await new SimulatePlay(_world.Facts, _world.Facts, _world.Facts, _world.Clock).RunAsync(ApiAnswer.Request("", json), None));

    private static Microsoft.AspNetCore.Http.HttpRequest Keyed(string json, string? key)
    {
        Microsoft.AspNetCore.Http.HttpRequest request = ApiAnswer.Request("", json);
        if (key is not null)
            request.Headers["Idempotency-Key"] = key;
        return request;
    }

    private static string[] Told(PlayWorld world) =>
        [.. world.Outbox.Items.Select(i => $"{i.Kind} {JsonDocument.Parse(i.Body).RootElement.GetProperty("to").GetProperty("id").GetString()}")];

    private static async Task<string> EndAsync(PlayWorld world, string playId)
    {
        PlayFile file = (await world.Files.FindAsync(playId, None))!;
        return string.Join(
            '\n',
            $"{file.Status} {file.OwnerId} {file.Progress.Outcome} {file.Progress.Result} {file.Progress.EndedAt:O}",
            string.Join('\n', file.Progress.DoneSteps),
            string.Join('\n', file.Clocks.OrderBy(c => c.ClockId).Select(c => $"{c.ClockId} {c.State} {c.StoppedAt:O} {c.OwnerId}")),
            string.Join('\n', world.Lists.Clocks.OrderBy(c => c.ClockId).Select(c => $"{c.ClockId} {c.State} {c.StoppedAt:O} {c.OwnerId}")),
            string.Join('\n', world.Outbox.Items.OrderBy(i => i.DeliveryId).Select(i => $"{i.DeliveryId} {i.Kind} {i.Body}")),
            string.Join('\n', world.Published.Items.Select(i => $"{i.DeliveryId} {i.Kind} {i.Body}").Order(StringComparer.Ordinal)),
            string.Join('\n', world.Pools.Turns.Select(t => t.Assignment)));
    }
}
