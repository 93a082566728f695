using System.Globalization;
using System.Text.Json;
using Abm.Clocks;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Explain;
using Abm.Plays;
using Abm.Ports;

namespace Abm.Functions.Plays;

/// <summary>An instance of a play in one line.</summary>
/// <param name="State"><c>running</c> or <c>over</c>.</param>
/// <param name="Outcome">How it ended; null while it runs.</param>
public sealed record PlayLineResponse(
    string PlayId,
    string Name,
    PlaySubjectResponse Subject,
    string? AccountId,
    string? OwnerId,
    string State,
    PlayStatus Status,
    string ConfigVersion,
    string Trigger,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    string? Outcome)
{
    public static PlayLineResponse From(PlayLine line) => new(
        line.PlayId, line.Play, PlaySubjectResponse.From(line.Subject), line.AccountId, line.OwnerId, line.EndedAt is null ? "running" : "over", line.Status, line.ConfigVersion, line.Trigger, line.StartedAt, line.EndedAt, line.Outcome);
}

/// <param name="Kind"><c>lead</c>, <c>account</c> or <c>opportunity</c>.</param>
public sealed record PlaySubjectResponse(string Kind, string Id)
{
    public static PlaySubjectResponse From(PlaySubject subject) => new(JsonNamingPolicy.CamelCase.ConvertName(subject.Kind.ToString()), subject.Id);
}

/// <summary>An instance of a play: what it has done, what it waits for until when and why, and its clocks.</summary>
/// <param name="LeadId">Null: it is about an account or an opportunity.</param>
/// <param name="Status"><c>pending</c>, <c>running</c>, <c>completed</c> or <c>stopped</c>.</param>
/// <param name="Outcome">How it ended; null while it runs.</param>
/// <param name="Result">The outcome that the play itself names, or the reason of a cancellation; null: none.</param>
/// <param name="Steps">What was done, skipped and gone through, oldest first.</param>
/// <param name="Hears">Names of events that it can make something of.</param>
/// <param name="Says">The same in sentences.</param>
public sealed record PlayResponse(
    string PlayId,
    string Name,
    PlaySubjectResponse Subject,
    string? LeadId,
    string? AccountId,
    string ConfigVersion,
    PlayStatus Status,
    PlayOutcome? Outcome,
    string? Result,
    string? OwnerId,
    string Trigger,
    DateTimeOffset StartedAt,
    DateTimeOffset? EndedAt,
    PlayWaitingResponse? WaitingFor,
    IReadOnlyList<PlayStepResponse> Steps,
    IReadOnlyList<PlayHeardResponse> Events,
    IReadOnlyList<string> Hears,
    IReadOnlyList<ClockResponse> Clocks,
    IReadOnlyList<string> Says);

/// <param name="Step">Null: a lead's first touch.</param>
/// <param name="Until">When it goes on in any case.</param>
public sealed record PlayWaitingResponse(string? Step, IReadOnlyList<string> Events, DateTimeOffset? Until, string Why);

public sealed record PlayStepResponse(string Step, DateTimeOffset At, string Code, string? Says);

public sealed record PlayHeardResponse(string EventId, string Name, DateTimeOffset At, string? By, string? Reason);

/// <summary>Tells how plays stand.</summary>
public sealed class PlayAnswers(ILeadFileStore leads, PlayFacts facts)
{
    internal async Task<PlayResponse> ShowAsync(PlayFile file, CancellationToken cancellationToken)
    {
        LeadFile? lead = file.Start.LeadId is { } leadId ? await leads.ReadAsync(LeadId.Parse(leadId), cancellationToken) : null;
        ClockRecord[] clocks = [.. lead is null ? file.Clocks : lead.Clocks.Where(c => c.PlayId == file.Start.PlayId)];
        AbmConfig config = await facts.ConfigAsync(file.ConfigVersion, cancellationToken);
        PlayRules? play = config.Plays.FirstOrDefault(p => p.Name == file.Start.Play);
        PlayProgress progress = file.Progress;
        string? owner = file.IsOver ? file.OwnerId : lead?.Lead.OwnerId?.Value ?? file.OwnerId;
        return new PlayResponse(
            file.Start.PlayId,
            file.Start.Play,
            PlaySubjectResponse.From(file.Start.Subject),
            file.Start.LeadId,
            file.Start.AccountId,
            file.ConfigVersion,
            file.Status,
            progress.Outcome,
            progress.Result,
            owner,
            file.Start.Trigger,
            file.Start.RoutedAt,
            progress.EndedAt,
            progress.Waiting is { } waiting ? new PlayWaitingResponse(waiting.Step, waiting.Events, waiting.Until.Year == 9999 ? null : waiting.Until, waiting.Says) : null,
            [.. progress.DoneSteps.Select(d => new PlayStepResponse(d.Id, d.At, d.Code, d.Says))],
            [.. progress.Events.Select(e => new PlayHeardResponse(e.Id, e.Name, e.At, e.By, e.Reason))],
            play is null ? [] : PlayDecider.Hears(play),
            [.. clocks.Select(ClockResponse.From)],
            [.. Sentences(file, owner, clocks)]);
    }

    private static IEnumerable<string> Sentences(PlayFile file, string? owner, IReadOnlyList<ClockRecord> clocks)
    {
        PlayProgress progress = file.Progress;
        yield return $"Play {file.Start.Play} about {file.Start.Subject} began on {Day(file.Start.RoutedAt)} because of {file.Start.Trigger}, and goes by configuration {file.ConfigVersion}.";
        yield return owner is null ? "Nobody works it." : $"{owner} works it.";
        if (progress.DoneSteps.Count > 0)
            yield return string.Create(CultureInfo.InvariantCulture, $"{progress.DoneSteps.Count} steps are behind it; the last was {progress.DoneSteps[^1].Id} on {Day(progress.DoneSteps[^1].At)}{(progress.DoneSteps[^1].Says is { } says ? $": {says}" : ".")}");
        foreach (ClockRecord clock in clocks.Where(c => c.IsOpen))
            yield return $"The {clock.Scope}'s clock of {clock.Policy} is {clock.State.Text()} and due by {Day(clock.DueAt)}.";
        if (progress.Waiting is { } waiting)
            yield return waiting.Says;
        if (progress.EndedAt is { } ended)
            yield return $"It ended on {Day(ended)}: {progress.Outcome}{(progress.Result is null ? "" : $", {progress.Result}")}.";
    }

    private static string Day(DateTimeOffset at) => at.UtcDateTime.ToString("d MMMM yyyy HH:mm 'UTC'", CultureInfo.InvariantCulture);
}
