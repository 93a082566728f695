using System.Globalization;
using System.Text.Json;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Configuration.Versions;
using Abm.Functions.Explain;
using Abm.Functions.Http;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Replays;

/// <summary>Tries a draft on past leads.</summary>
public sealed class RunDryRun(
    DryRunner runner, IConfigVersions versions, IConfigSource config, IPublishGate gate, Callers callers, TimeProvider clock, ILogger<RunDryRun> logger)
{
    /// <summary>Leads when the caller does not say.</summary>
    public const int DefaultLimit = 10_000;

    /// <summary>Most leads of one run.</summary>
    public const int MaxLimit = 200_000;

    /// <summary>How much shorter than the rules ask a window may be and still count for the gate: whoever sends the instants computed them a while ago.</summary>
    private static readonly TimeSpan Tolerance = TimeSpan.FromHours(1);

    /// <summary><c>POST /api/config/dry-run</c> with files or <c>version</c>, and <c>from?</c>, <c>to?</c>, <c>limit?</c>: a stream of lines, <c>progress</c> about once a second, then <c>report</c>. No effects but the note for the publish gate.</summary>
    [Function(nameof(RunDryRun))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "config/dry-run")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (callers.Of(request).Refusal(Caller.Admin, Caller.Ops) is { } forbidden)
            return forbidden;
        (ConfigUpload? upload, ApiResult? unread) = await ConfigUpload.ReadAsync(request, cancellationToken);
        if (upload is null)
            return unread!;
        AbmConfig active = await config.CurrentAsync(cancellationToken);
        DateTimeOffset now = clock.GetUtcNow();
        List<Problem> problems = [];
        DryRunWindow window = new(
            Instant(upload, "from", problems) ?? now - active.Publishing.DryRunOver,
            Instant(upload, "to", problems) ?? now,
            Limit(upload, problems));
        if (problems.Count == 0 && window.From >= window.To)
            problems.Add(new Problem("outOfRange", "to", "It must be after from."));
        if (problems.Count > 0)
            return Problems.Invalid(problems);
        (ConfigDraft? draft, ApiResult? refusal) = await ChosenDraft.OfAsync(upload, versions, cancellationToken);
        if (draft is null)
            return refusal!;

        bool isWhole = window.From <= now - active.Publishing.DryRunOver + Tolerance && window.To >= now - Tolerance;
        return new DryRunStream(runner, gate, active, draft.Config, window, isWhole, now, logger);
    }

    private static DateTimeOffset? Instant(ConfigUpload upload, string field, List<Problem> problems)
    {
        if (upload.Fields.GetValueOrDefault(field) is not { Length: > 0 } text)
            return null;
        if (Instants.TryRead(text, out DateTimeOffset instant))
            return instant;
        problems.Add(new Problem("wrongType", field, "It must be an instant such as 2026-11-21T09:00:00Z."));
        return null;
    }

    private static int Limit(ConfigUpload upload, List<Problem> problems)
    {
        if (upload.Fields.GetValueOrDefault("limit") is not { Length: > 0 } text)
            return DefaultLimit;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int limit) && limit is >= 1 and <= MaxLimit)
            return limit;
        problems.Add(new Problem("outOfRange", "limit", $"It must be a number from 1 to {MaxLimit}."));
        return DefaultLimit;
    }
}

/// <summary>Runs while its lines go out: nothing is held but counters, and whoever hangs up ends it.</summary>
internal sealed class DryRunStream(
    DryRunner runner, IPublishGate gate, AbmConfig active, AbmConfig draft, DryRunWindow window, bool isWholeWindow, DateTimeOffset now, ILogger logger) : IActionResult
{
    private static readonly byte[] LineEnd = "\n"u8.ToArray();

    /// <inheritdoc/>
    public async Task ExecuteResultAsync(ActionContext context)
    {
        HttpResponse response = context.HttpContext.Response;
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/x-ndjson; charset=utf-8";
        context.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        await RunAsync(response.Body, context.HttpContext.RequestAborted);
    }

    internal async Task RunAsync(Stream output, CancellationToken cancellationToken)
    {
        DryRunLine last;
        try
        {
            DryRunOutcome outcome = await runner.RunAsync(active, draft, window, progress => WriteAsync(output, new DryRunLine { Progress = progress }, cancellationToken), cancellationToken);

            // A few leads, or those of one quiet day, say nothing about the month that the gate asks for.
            bool counts = isWholeWindow && (!outcome.IsCut || outcome.Report.Decisions >= RunDryRun.DefaultLimit) && draft.Version != active.Version;
            if (counts)
                await gate.NoteAsync(new DryRunSummary(draft.Version, active.Version, outcome.Report.Decisions, outcome.Report.Flips, now), cancellationToken);
            last = new DryRunLine { Report = DryRunReportResponse.Of(outcome, window, counts) };
            logger.DryRunDone(draft.Version, active.Version, outcome.Report.Decisions, outcome.Report.Flips, outcome.Took.TotalMilliseconds);
        }
        catch (Exception e) when (StorageFailures.IsUnavailable(e) && !cancellationToken.IsCancellationRequested)
        {
            // The status has gone out: the last line says how it ended.
            last = new DryRunLine { Error = (ProblemResponse)Problems.Unavailable("The run broke off; nothing was noted. Start it again.", TimeSpan.FromSeconds(5)).Body! };
        }

        await WriteAsync(output, last, cancellationToken);
    }

    private static async Task WriteAsync(Stream output, DryRunLine line, CancellationToken cancellationToken)
    {
        await JsonSerializer.SerializeAsync(output, line, ApiJson.Options, cancellationToken);
        await output.WriteAsync(LineEnd, cancellationToken);
        await output.FlushAsync(cancellationToken);
    }
}

internal static partial class ReplaysLog
{
    [LoggerMessage(1800, LogLevel.Information, "Dry run of {Draft} against {Active}: {Flips} of {Decisions} leads go another way, {ElapsedMs} ms")]
    public static partial void DryRunDone(this ILogger logger, string draft, string active, int decisions, int flips, double elapsedMs);
}
