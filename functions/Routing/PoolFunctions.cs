using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Explain;
using Abm.Functions.Http;
using Abm.People;
using Abm.Ports;
using Abm.Routing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.Routing;

/// <summary>A pool in one line.</summary>
/// <param name="Period">The period that counts began with.</param>
/// <param name="Eligible">Members who can take a lead now.</param>
/// <param name="NextId">Who would get a lead now of which nothing is known; null: nobody.</param>
/// <param name="OpensAt">When nobody can: when somebody may, UTC.</param>
public sealed record PoolLineResponse(string PoolId, PoolKind Kind, PoolMode Mode, string Period, int Members, int Eligible, string? NextId, DateTimeOffset? OpensAt);

/// <summary>A pool with everybody in it.</summary>
/// <param name="Members">In the order of turns.</param>
/// <param name="Waiting">Leads that wait for it, the next one first; at most 100.</param>
public sealed record PoolBoardResponse(
    string PoolId, PoolKind Kind, PoolMode Mode, PoolPick Pick, string Zone, string Period, string? NextId, DateTimeOffset? OpensAt, IReadOnlyList<PoolMemberResponse> Members, IReadOnlyList<WaitingResponse> Waiting);

/// <param name="Level">Leads and adjustment for the weight.</param>
/// <param name="Why">Why no lead can be taken now; null: one can.</param>
public sealed record PoolMemberResponse(
    string RepId, double Weight, int Assigned, double Adjustment, double Level, DateTimeOffset? LastAt, bool Eligible, string? Why, DateTimeOffset? FreeAt, int Open, int Missed);

/// <param name="Points">The higher the sooner it is given out.</param>
public sealed record WaitingResponse(string LeadId, double Points, DateTimeOffset ReceivedAt, DateTimeOffset Since, DateTimeOffset Until);

/// <summary>What happened to one member, and why.</summary>
/// <param name="Kind"><c>credit</c>: got the lead; <c>skip</c>: did not, and was charged nothing; <c>refund</c>: got a turn back; <c>release</c>: the lead is no longer open.</param>
/// <param name="Cause">The rule that asked, or why a turn was given back.</param>
public sealed record LedgerLineResponse(DateTimeOffset At, LedgerKind Kind, string RepId, string? LeadId, string Why, string Cause, MemberStanding Before, MemberStanding After);

/// <summary>Shows pools: whose turn it is, and why it was or was not somebody's.</summary>
public sealed class PoolFunctions(IPoolStore pools, IPoolLedger ledger, IRoutingDesk desk, IConfigSource config, IRepDirectory people, TimeProvider clock)
{
    private const int MostWaiting = 100;
    private const int MaxReads = 10;

    /// <summary><c>GET /api/pools</c>, by name.</summary>
    [Function(nameof(ListPools))]
    public async Task<IActionResult> ListPools([HttpTrigger(AuthorizationLevel.Function, "get", Route = "pools")] HttpRequest request, CancellationToken cancellationToken)
    {
        List<Problem> problems = [];
        PageQuery page = PageQuery.Read(request, problems);
        if (problems.Count > 0)
            return Problems.Invalid(problems);
        AbmConfig current = await config.CurrentAsync(cancellationToken);
        IReadOnlyDictionary<RepId, Rep> reps = await people.CurrentAsync(cancellationToken);
        IReadOnlyDictionary<string, PoolState> states = await StatesAsync(current, cancellationToken);
        DateTimeOffset now = clock.GetUtcNow();
        PoolRules[] wanted =
        [
            .. current.Pools.Values.OrderBy(p => p.Name, StringComparer.Ordinal).Where(p => page.After is null || string.CompareOrdinal(p.Name, page.After) > 0).Take(page.Limit + 1),
        ];
        PoolLineResponse[] lines = [.. wanted.Take(page.Limit).Select(pool => Line(pool, PoolBoard.Of(pool, current, reps, states, now)))];
        return new ApiResult(StatusCodes.Status200OK, new PageResponse<PoolLineResponse>(lines, wanted.Length > page.Limit ? Cursor.After(lines[^1].PoolId) : null));
    }

    /// <summary><c>GET /api/pools/{id}</c>.</summary>
    [Function(nameof(GetPool))]
    public async Task<IActionResult> GetPool([HttpTrigger(AuthorizationLevel.Function, "get", Route = "pools/{id}")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        _ = request;
        AbmConfig current = await config.CurrentAsync(cancellationToken);
        if (!current.Pools.TryGetValue(id, out PoolRules? pool))
            return Problems.NotFound("There is no pool of this name.");
        PoolBoard board = PoolBoard.Of(pool, current, await people.CurrentAsync(cancellationToken), await StatesAsync(current, cancellationToken), clock.GetUtcNow());
        IReadOnlyList<WaitingLead> waiting = await desk.WaitingAsync(id, MostWaiting, cancellationToken);
        return new ApiResult(StatusCodes.Status200OK, new PoolBoardResponse(
            id, pool.Kind, pool.Mode, pool.Pick, pool.Zone, board.Period, Next(board), board.OpensAt,
            [.. board.Seats.Select(s => new PoolMemberResponse(s.Rep.Value, s.State.Weight, s.State.Assigned, s.State.Adjustment, s.Level, s.State.LastAt, s.Why is null, s.Why, s.FreeAt, s.State.Open.Count, s.State.Missed))],
            [.. waiting.Select(w => new WaitingResponse(w.Lead.Value, w.Points, w.ReceivedAt, w.Since, w.Until))]));
    }

    /// <summary><c>GET /api/pools/{id}/ledger?rep=&amp;from=&amp;lead=</c>, newest first: "why was I skipped?".</summary>
    [Function(nameof(GetPoolLedger))]
    public async Task<IActionResult> GetPoolLedger([HttpTrigger(AuthorizationLevel.Function, "get", Route = "pools/{id}/ledger")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        List<Problem> problems = [];
        PageQuery page = PageQuery.Read(request, problems);
        string? rep = ListFilters.Id(request, "rep", problems);
        string? lead = ListFilters.Id(request, "lead", problems);
        LedgerFilter filter = new(id, ListFilters.Instant(request, "from", problems), lead is null ? null : LeadId.Parse(lead));
        if (problems.Count > 0)
            return Problems.Invalid(problems);
        if (!(await config.CurrentAsync(cancellationToken)).Pools.ContainsKey(id))
            return Problems.NotFound("There is no pool of this name.");
        List<LedgerLineResponse> lines = [];
        string? after = page.After;
        try
        {
            // An entry is never cut in two; where few entries have a line of the rep, a page may hold fewer than asked for and still have a next one.
            for (int read = 0; read < MaxReads && lines.Count < page.Limit; read++)
            {
                ListPage<LedgerEntry> entries = await ledger.ReadLedgerAsync(filter, page.Limit, after, cancellationToken);
                lines.AddRange(entries.Items.SelectMany(e => e.Lines.Where(l => rep is null || l.Rep.Value == rep)
                    .Select(l => new LedgerLineResponse(e.At, l.Kind, l.Rep.Value, e.Lead?.Value, l.Why, e.Cause, l.Before, l.After))));
                after = entries.Next;
                if (after is null)
                    break;
            }
        }
        catch (FormatException)
        {
            return Problems.Invalid("invalidCursor", "cursor", "This is no cursor that a list gave out as next.");
        }

        return new ApiResult(StatusCodes.Status200OK, new PageResponse<LedgerLineResponse>(lines, after is null ? null : Cursor.After(after)));
    }

    private static PoolLineResponse Line(PoolRules pool, PoolBoard board) =>
        new(pool.Name, pool.Kind, pool.Mode, board.Period, board.Seats.Count, board.Seats.Count(s => s.Why is null), Next(board), board.OpensAt);

    private static string? Next(PoolBoard board) => board.Seats.FirstOrDefault(s => s.IsNext)?.Rep.Value;

    private async Task<IReadOnlyDictionary<string, PoolState>> StatesAsync(AbmConfig current, CancellationToken cancellationToken) =>
        (await pools.RefreshAsync([.. current.Pools.Keys], cancellationToken)).ToDictionary(p => p.Key, p => p.Value.State, StringComparer.Ordinal);
}
