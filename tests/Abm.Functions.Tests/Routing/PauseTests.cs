using System.Collections.Immutable;
using Abm.Decisions;
using Abm.Functions.Http;
using Abm.Functions.People;
using Abm.Functions.Routing;
using Abm.Functions.Storage.Reps;
using Abm.Functions.Tests.Http;
using Abm.Functions.Tests.Plays;
using Abm.People;
using Abm.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace Abm.Functions.Tests.Routing;

public sealed class PauseTests
{
    private readonly People _people = new();
    private readonly ManualTimeProvider _clock = new(ManualTimeProvider.WednesdayMorning);

    [Theory]
    [InlineData("""{"minutes":30}""", 30)]
    [InlineData("""{"minutes":90}""", 90)]
    [InlineData("""{"until":"2026-11-19T10:00:00+01:00"}""", null)]
    public async Task A_pause_lasts_as_long_as_was_said_and_can_be_ended(string json, int? minutes)
    {
        ApiAnswer paused = await PauseAsync("R1", json);

        Assert.Equal(200, paused.Status);
        DateTimeOffset until = _people.Reps[RepId.Parse("R1")].PausedUntil!.Value;
        Assert.Equal(minutes is { } said ? _clock.GetUtcNow().AddMinutes(said) : new DateTimeOffset(2026, 11, 19, 9, 0, 0, TimeSpan.Zero), until);
        Assert.Equal(until, (DateTimeOffset)paused.Json["pausedUntil"]!);
        Assert.Equal(200, (await ResumeAsync("R1")).Status);
        Assert.Null(_people.Reps[RepId.Parse("R1")].PausedUntil);
        Assert.Equal(200, (await ResumeAsync("R1")).Status);
    }

    [Theory]
    [InlineData("R1", "{}", 400)]
    [InlineData("R1", """{"minutes":45}""", 400)]
    [InlineData("R1", """{"minutes":"30"}""", 400)]
    [InlineData("R1", """{"minutes":30,"until":"2026-11-19T10:00:00Z"}""", 400)]
    [InlineData("R1", """{"until":"2026-11-18T09:00:00Z"}""", 400)]
    [InlineData("R1", """{"until":"2026-12-24T09:00:00Z"}""", 400)]
    [InlineData("R1", """{"until":"soon"}""", 400)]
    [InlineData("R9", """{"minutes":30}""", 404)]
    public async Task A_pause_that_is_wrong_changes_nothing(string rep, string json, int status)
    {
        Assert.Equal(status, (await PauseAsync(rep, json)).Status);
        Assert.Null(_people.Reps[RepId.Parse("R1")].PausedUntil);
    }

    [Theory]
    [InlineData("?apply=yes", null, 400)]
    [InlineData("?apply=true", """{"leads":[]}""", 400)]
    [InlineData("?apply=true", """{"leads":["a/b"],"reason":"x"}""", 400)]
    [InlineData("?apply=true", """{"leads":["lead-1"]}""", 400)]
    [InlineData("?apply=true", """{"leads":["lead-1"],"reason":"x"}""", 200)]
    [InlineData("?since=yesterday", null, 400)]
    [InlineData("", null, 200)]
    public async Task Orphans_are_looked_for_or_moved_as_asked(string query, string? json, int status)
    {
        RoutingWorld routing = new();
        await using FakeDurableClient client = new();

        ApiAnswer answer = await ApiAnswer.OfAsync(await new OrphanFunctions(routing.Orphans, RoutingWorld.Callers, routing.World.Clock).RunAsync(ApiAnswer.Request(query, json), client, CancellationToken.None));

        Assert.Equal(status, answer.Status);
        if (status == 200 && json is not null)
            Assert.Equal("missing", (string?)answer.Json["moved"]![0]!["became"]);
    }

    [Theory]
    [InlineData("r1@corp.example", "rep", 200)] // themselves
    [InlineData("boss@corp.example", "rep", 200)] // their manager
    [InlineData("r2@corp.example", "rep", 403)] // a colleague
    [InlineData("stranger@corp.example", "rep", 403)]
    [InlineData("stranger@corp.example", "ops", 200)]
    [InlineData("stranger@corp.example", "admin", 200)]
    [InlineData("r1@corp.example", "viewer", 403)]
    [InlineData(null, "", 200)] // a function key, or the own machine
    public async Task Reps_pause_themselves_and_those_whom_they_manage_and_operations_everybody(string? name, string role, int status)
    {
        _people.Add(A.Rep("R1").Under("M1") with { Email = "R1@corp.example" }, A.Rep("R2").Under("M1") with { Email = "r2@corp.example" }, A.Rep("M1") with { Email = "boss@corp.example" });
        Callers callers = new(Options.Create(new AuthOptions { TrustPrincipalHeader = true }));
        HttpRequest Request(string json)
        {
            HttpRequest request = ApiAnswer.Request("", json);
            if (name is not null)
                request.Headers[CallerTests.Principal(name, role).Name] = CallerTests.Principal(name, role).Value;
            return request;
        }

        PauseRep pause = new(_people, callers, _clock);
        ApiAnswer paused = await ApiAnswer.OfAsync(await pause.PauseAsync(Request("""{"minutes":30}"""), "R1", CancellationToken.None));
        bool isPaused = _people.Reps[RepId.Parse("R1")].PausedUntil is not null;
        ApiAnswer resumed = await ApiAnswer.OfAsync(await pause.ResumeAsync(Request("{}"), "R1", CancellationToken.None));

        Assert.Equal((status, status, status == 200), (paused.Status, resumed.Status, isPaused));
        Assert.Equal(role == "viewer" ? 403 : 404, (await ApiAnswer.OfAsync(await pause.ResumeAsync(Request("{}"), "R9", CancellationToken.None))).Status);
    }

    private async Task<ApiAnswer> PauseAsync(string rep, string json) =>
        await ApiAnswer.OfAsync(await new PauseRep(_people, RoutingWorld.Callers, _clock).PauseAsync(ApiAnswer.Request("", json), rep, CancellationToken.None));

    private async Task<ApiAnswer> ResumeAsync(string rep) =>
        await ApiAnswer.OfAsync(await new PauseRep(_people, RoutingWorld.Callers, _clock).ResumeAsync(ApiAnswer.Request("", "{}"), rep, CancellationToken.None));

    private sealed class People : IRepCatalogue
    {
        public ImmutableDictionary<RepId, Rep> Reps { get; private set; } = ImmutableDictionary<RepId, Rep>.Empty.Add(RepId.Parse("R1"), A.Rep("R1"));

        public void Add(params IEnumerable<Rep> reps) => Reps = Reps.SetItems(reps.Select(r => KeyValuePair.Create(r.Id, r)));

        public ValueTask<RepsState> CurrentAsync(CancellationToken cancellationToken) => ValueTask.FromResult(new RepsState(Reps));

        public Task<RepsState> SaveAsync(Func<RepsState, IReadOnlyCollection<Rep>> decide, CancellationToken cancellationToken)
        {
            foreach (Rep rep in decide(new RepsState(Reps)))
                Reps = Reps.SetItem(rep.Id, rep);
            return Task.FromResult(new RepsState(Reps));
        }
    }
}
