using Abm.Clocks;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Explain;
using Abm.Functions.Http;
using Abm.People;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.Clocks;

/// <summary>Says which deadlines a version of the rules would move, before it is published. Changes nothing.</summary>
public sealed class PreviewRecount(IClockBoard board, IConfigSource config, IRepDirectory reps, Callers callers, TimeProvider clock)
{
    /// <summary><c>GET /api/clock-recalculation?config=</c>: page by page through the open clocks. A version that is kept, also a draft; without one those rules that are in force.</summary>
    [Function(nameof(PreviewRecount))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "clock-recalculation")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (callers.Of(request).Refusal(Caller.Admin, Caller.Ops) is { } forbidden)
            return forbidden;
        List<Problem> problems = [];
        PageQuery page = PageQuery.Read(request, problems);
        string? version = ListFilters.Id(request, "config", problems);
        if (problems.Count > 0)
            return Problems.Invalid(problems);
        if ((version is null ? await config.CurrentAsync(cancellationToken) : await config.FindAsync(version, cancellationToken)) is not { } rules)
            return Problems.NotFound("There is no such version.");

        ListPage<ClockRecord> open;
        try
        {
            open = await board.ListAsync(new ClockFilter { IsOpen = true }, page.Limit, page.After, cancellationToken);
        }
        catch (FormatException)
        {
            return Problems.Invalid("invalidCursor", "cursor", "This is no cursor that a list gave out as next.");
        }

        IReadOnlyDictionary<RepId, Rep> people = await reps.CurrentAsync(cancellationToken);
        DateTimeOffset now = clock.GetUtcNow();
        RecountedClock[] counted = [.. open.Items.Select(c => ClockRecount.Of(c, c.OwnerId is { } owner ? people.GetValueOrDefault(owner) : null, rules, now))];
        return new ApiResult(
            StatusCodes.Status200OK,
            new RecountPreviewResponse(
                rules.Version,
                counted.Length,
                counted.Count(c => c.Outcome == RecountOutcome.Moved),
                [.. counted.Where(c => c.Outcome is RecountOutcome.Moved or RecountOutcome.WouldBePast or RecountOutcome.Unreachable or RecountOutcome.NoPolicy).Select(RecountedResponse.From)],
                open.Next is null ? null : Cursor.After(open.Next)));
    }
}

/// <param name="Looked">Open clocks of this page.</param>
/// <param name="Moved">Those whose deadline would move.</param>
/// <param name="Items">Those, and those that stay for another reason than that nothing changes.</param>
/// <param name="Next">The cursor of the next page; null: this was the last.</param>
public sealed record RecountPreviewResponse(string ConfigVersion, int Looked, int Moved, IReadOnlyList<RecountedResponse> Items, string? Next);

/// <param name="Outcome"><c>moved</c>; <c>wouldBePast</c>, <c>noPolicy</c> or <c>unreachable</c>: it stays.</param>
/// <param name="DueAt">As it is.</param>
/// <param name="WouldBeDueAt">As it would be; null: it stays.</param>
/// <param name="Why">What changes: <c>calendar</c> or <c>policy</c>; null: it stays.</param>
public sealed record RecountedResponse(string ClockId, string? LeadId, string? OwnerId, string Policy, RecountOutcome Outcome, DateTimeOffset DueAt, DateTimeOffset? WouldBeDueAt, string? Why)
{
    internal static RecountedResponse From(RecountedClock counted) => new(
        counted.Before.ClockId,
        counted.Before.LeadId?.Value,
        counted.Before.OwnerId?.Value,
        counted.Before.Policy,
        counted.Outcome,
        counted.Before.DueAt,
        counted.Outcome == RecountOutcome.Moved ? counted.After.DueAt : counted.WouldBeDueAt,
        counted.Outcome == RecountOutcome.Moved ? counted.After.History[^1].Code : null);
}
