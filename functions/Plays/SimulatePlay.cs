using System.Text.Json;
using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Http;
using Abm.People;
using Abm.Plays;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.Plays;

/// <summary>What would happen.</summary>
/// <param name="Outcome">Null: it runs still when the time is over.</param>
/// <param name="IsCut">The timeline was cut off.</param>
public sealed record SimulationResponse(
    string Play, DateTimeOffset StartAt, DateTimeOffset UntilAt, PlayOutcome? Outcome, string? Result, string? OwnerId, IReadOnlyList<SimulationLineResponse> Timeline, bool IsCut);

/// <param name="After">Since the start, such as <c>1d2h</c>.</param>
public sealed record SimulationLineResponse(DateTimeOffset At, string After, string What, string? Step, string? To, string Says);

/// <summary>Tries a play on a virtual clock: nobody is told, nothing is kept.</summary>
public sealed class SimulatePlay(IConfigSource config, IRepDirectory reps, IAccountDirectory accounts, TimeProvider clock)
{
    private const int MaxEvents = 200;
    private static readonly TimeSpan Default = TimeSpan.FromDays(90);
    private static readonly TimeSpan Longest = TimeSpan.FromDays(731);

    // Deadlines of twenty years and ladders up to ten times as long still are dates.
    private static readonly DateTimeOffset Earliest = new(1970, 1, 1, 0, 0, 0, TimeSpan.Zero), Latest = new(2199, 12, 31, 0, 0, 0, TimeSpan.Zero);

    /// <summary><c>POST /api/plays/simulate</c> with <c>{play or definition, config?, startAt?, for?, ownerId?, pool?, accountId?, facts?, events: [{after, name, by?, reason?, facts?}]}</c>.</summary>
    [Function(nameof(SimulatePlay))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "plays/simulate")] HttpRequest request, CancellationToken cancellationToken)
    {
        (PlayBody? body, ApiResult? refusal) = await PlayBody.ReadAsync(request, isOptional: false, cancellationToken);
        if (body is null)
            return refusal!;
        using (body)
        {
            string? version = body.Id("config");
            AbmConfig? rules = version is null ? await config.CurrentAsync(cancellationToken) : await config.FindAsync(version, cancellationToken);
            if (rules is null)
                return Problems.Invalid("unknownValue", "config", "There is no such version.");
            PlayRules? play = Play(body, ref rules);
            DateTimeOffset startAt = body.Instant("startAt") ?? clock.GetUtcNow();
            if (startAt < Earliest || startAt > Latest)
                body.Problems.Add(new Problem("outOfRange", "startAt", "It must be from 1970 to 2199."));
            TimeSpan length = Length(body, body.Root, "for", "for") ?? Default;
            if (length <= TimeSpan.Zero || length > Longest)
                body.Problems.Add(new Problem("outOfRange", "for", "It must be more than nothing and at most 731d."));
            string? accountId = body.Id("accountId");
            Account? account = accountId is null ? null : (await accounts.CurrentAsync(cancellationToken)).Find(AccountId.Parse(accountId));
            if (accountId is not null && account is null)
                body.Problems.Add(new Problem("unknownValue", "accountId", "There is no account of this id."));
            string? pool = body.Text("pool", 100);
            if (pool is not null && !rules.Pools.ContainsKey(pool))
                body.Problems.Add(new Problem("unknownValue", "pool", "There is no such pool."));
            string? ownerId = body.Id("ownerId");
            IReadOnlyDictionary<RepId, Rep> people = await reps.CurrentAsync(cancellationToken);
            if (ownerId is not null && !people.ContainsKey(RepId.Parse(ownerId)))
                body.Problems.Add(new Problem("unknownValue", "ownerId", "There is no rep of this id."));
            Dictionary<string, string> facts = body.Values(body.Root, "facts", "facts");
            IReadOnlyList<ScriptedEvent> events = Events(body);
            if (body.Problems.Count > 0)
                return Problems.Invalid(body.Problems);

            SimulationScript script = new(play!, rules, people, account, startAt, length) { OwnerId = ownerId, Pool = pool, Facts = facts, Events = events };
            if (play!.Subject == PlaySubjectKind.Lead && PlaySimulation.FirstOwner(script) is null)
                return Problems.Invalid("required", "ownerId", "A lead's play starts when somebody got the lead, and no pool has anybody who could take one then: name an owner.");
            SimulatedPlay done = PlaySimulation.Run(script);
            return new ApiResult(StatusCodes.Status200OK, new SimulationResponse(
                play!.Name, startAt, startAt + length, done.Outcome, done.Result, done.OwnerId,
                [.. done.Timeline.Select(l => new SimulationLineResponse(l.At, ConfigLength.Write(l.After), l.What, l.Step, l.To, l.Says))],
                done.IsCut));
        }
    }

    private static PlayRules? Play(PlayBody body, ref AbmConfig rules)
    {
        bool isWritten = body.Root.TryGetProperty("definition", out JsonElement definition) && definition.ValueKind != JsonValueKind.Null;
        if (isWritten)
        {
            (PlayRules? play, AbmConfig tried, IReadOnlyList<ConfigProblem> problems) = PlayDefinition.Read(definition, rules);
            body.Problems.AddRange(problems.Select(p => new Problem(p.Code, p.Path.Length == 0 ? "definition" : $"definition.{p.Path}", p.Message)));
            rules = tried;
            return play;
        }

        string name = body.Required("play", body.Id("play"), "Name a play of the configuration, or send a definition.");
        PlayRules? known = rules.Plays.FirstOrDefault(p => p.Name == name);
        if (name.Length > 0 && known is null)
            body.Problems.Add(new Problem("unknownValue", "play", $"Version {rules.Version} has no such play."));
        return known;
    }

    private static List<ScriptedEvent> Events(PlayBody body)
    {
        List<ScriptedEvent> events = [];
        if (!body.Root.TryGetProperty("events", out JsonElement given) || given.ValueKind == JsonValueKind.Null)
            return events;
        if (given.ValueKind != JsonValueKind.Array || given.GetArrayLength() > MaxEvents)
        {
            body.Problems.Add(new Problem("wrongType", "events", $"It must be a list of at most {MaxEvents} events."));
            return events;
        }

        int index = 0;
        foreach (JsonElement e in given.EnumerateArray())
        {
            string path = $"events[{index++}]";
            if (e.ValueKind != JsonValueKind.Object)
            {
                body.Problems.Add(new Problem("wrongType", path, "It must be an object."));
                continue;
            }

            TimeSpan? after = Length(body, e, "after", $"{path}.after");
            string? name = body.Raw(e, "name", $"{path}.name");
            if (after is null && body.Problems.All(p => p.Field != $"{path}.after"))
                body.Problems.Add(new Problem("required", $"{path}.after", "Say when it happens, counted from the start, such as 2d or 1h30m."));
            if (name is null or { Length: 0 or > 60 })
                body.Problems.Add(new Problem("required", $"{path}.name", "Name the event."));
            events.Add(new ScriptedEvent(after ?? default, name ?? "", body.Raw(e, "by", $"{path}.by"), body.Raw(e, "reason", $"{path}.reason"), body.Values(e, "facts", $"{path}.facts")));
        }

        return events;
    }

    private static TimeSpan? Length(PlayBody body, JsonElement parent, string field, string path)
    {
        if (body.Raw(parent, field, path) is not { } text)
            return null;
        if (ConfigLength.TryParse(text, out TimeSpan length))
            return length;
        body.Problems.Add(new Problem("wrongType", path, "It must be a length such as 30m, 4h, 2d or 1d12h."));
        return null;
    }
}
