using System.Globalization;
using Abm.Clocks;
using Abm.Configuration;
using Abm.Decisions;
using Abm.People;

namespace Abm.Routing;

/// <summary>What a pool is asked for, beyond whose turn it is.</summary>
internal sealed record PoolAsk
{
    /// <summary>Nothing is known of the lead.</summary>
    public static PoolAsk Plain { get; } = new();

    public LeadId? Lead { get; init; }

    /// <summary>What conditions of preferences and spared caps may ask about; null: they hold for no lead.</summary>
    public Facts? Facts { get; init; }

    /// <summary>Of the rule that sends the lead.</summary>
    public string? Tag { get; init; }

    /// <summary>The lead waited and is given out now.</summary>
    public bool IsDrain { get; init; }

    /// <summary>The states of all pools, for caps that count them together.</summary>
    public IReadOnlyDictionary<string, PoolState> Others { get; init; } = new Dictionary<string, PoolState>();
}

/// <summary>Whose turn it is in a pool.</summary>
/// <param name="Member">Null when nobody is eligible, or the next in line is not.</param>
/// <param name="Before">State as read.</param>
/// <param name="After">State to save; equal to <paramref name="Before"/> in content when nobody was chosen and nothing had to be levelled.</param>
internal sealed record PoolTurn(RepId? Member, PoolState Before, PoolState After, IReadOnlyList<Reason> Reasons)
{
    /// <summary>Every member in the order of turns as it stood before this one, and why who could not take it could not.</summary>
    public required IReadOnlyList<PoolStanding> Standings { get; init; }

    /// <summary>A credit for whoever got it, and a skip for everybody who could not.</summary>
    public required IReadOnlyList<LedgerLine> Lines { get; init; }

    /// <summary>When nobody got it: the next instant at which somebody may; null: there is none to be seen.</summary>
    public DateTimeOffset? OpensAt { get; init; }

    /// <summary>Whether the state of other pools mattered.</summary>
    public bool LooksAtOthers { get; init; }

    /// <summary>
    /// Chooses the member who is due first: of those who have no more turns than their share of all turns including this one, the least <c>(turns + 1) / weight</c>, where turns are
    /// those assigned and adjusted; ties by the oldest last turn, then the pool's order, then id. Who is not eligible is skipped without charge.
    /// </summary>
    /// <remarks>
    /// Of members who are always eligible nobody is ever a whole turn away from the exact share, whatever the weights (the quota method of Balinski and Young). The least
    /// <c>turns / weight</c> alone lets members of great weight fall several turns behind; for equal weights both are the same.
    /// </remarks>
    /// <param name="stored">State of the pool as it is stored; null for a new one.</param>
    /// <param name="excluded">Nobody of these, whoever's turn it is.</param>
    public static PoolTurn Take(
        PoolRules pool,
        PoolState? stored,
        AbmConfig config,
        IReadOnlyDictionary<RepId, Rep> reps,
        IReadOnlyCollection<RepId> excluded,
        DateTimeOffset now,
        PoolAsk? asked = null)
    {
        PoolAsk ask = asked ?? PoolAsk.Plain;
        PoolCaps caps = new(pool, config, ask, now);
        List<Reason> reasons = [];
        Rep[] members = [.. reps.Values.Where(r => r.Pools.Contains(pool.Name, StringComparer.Ordinal)).OrderBy(r => r.Id)];
        Dictionary<RepId, MemberState> states = PoolLevels.Bring(pool, stored, members, caps.Period, now, reasons);

        PoolEligibility eligibility = new(pool, config, caps, ask, excluded, now);
        List<PoolStanding> standings = [.. eligibility.Ahead([.. members.Select(rep => eligibility.Of(rep, states[rep.Id]))])];
        reasons.AddRange(standings.Where(s => !s.IsEligible).Select(s => new Reason(RouteReasons.PoolSkipped, $"{s.Rep} is skipped without charge: {s.Why}.")));

        PoolPicker picker = new(pool, caps);
        PoolStanding[] taking = [.. standings.Where(s => pool.Mode == PoolMode.Strict ? s.Absent is null : s.IsEligible)];
        PoolStanding[] preferring = [.. taking.Where(s => s.Prefers)];
        PoolStanding[] among = preferring.Length > 0 && (pool.Mode == PoolMode.Flexible || preferring.Any(p => p.IsEligible)) ? preferring : taking;
        PoolStanding? next = picker.Next(among);
        PoolStanding? winner = next is { IsEligible: true } ? next : null;
        if (winner is null && next is not null)
            reasons.Add(new Reason(RouteReasons.PoolHeld, $"Pool {pool.Name} is strict: the lead waits for {next.Rep}, who is next in line."));
        else if (winner is null)
            reasons.Add(new Reason(RouteReasons.PoolNobody, members.Length == 0 ? $"Pool {pool.Name} has no members." : $"Nobody in pool {pool.Name} is eligible now."));
        else if (preferring.Length > 0 && among == preferring)
            reasons.Add(new Reason(RouteReasons.PoolPreferred, $"It is offered first to {string.Join(", ", preferring.Select(p => p.Rep))}, who prefer such leads."));

        PoolState before = stored ?? PoolState.Empty(pool.Name, caps.Period);
        List<LedgerLine> lines = [];
        if (winner is not null)
        {
            MemberState state = states[winner.Rep];
            bool isExtra = picker.IsExtra(winner);
            string says = string.Create(
                CultureInfo.InvariantCulture,
                $"It is {winner.Rep}'s turn in pool {pool.Name}: {state.Assigned} leads this period, weight {state.Weight:0.##}, level {Level(state):0.##}{(isExtra ? ", and a missed turn is made up for" : "")}.");
            reasons.Add(new Reason(RouteReasons.PoolTurn, says));
            picker.Charge(winner, taking, states, now);
            lines.Add(new LedgerLine(LedgerKind.Credit, winner.Rep, says, MemberStanding.Of(state), MemberStanding.Of(states[winner.Rep])));
        }

        lines.AddRange(standings.Where(s => !s.IsEligible).Select(s => new LedgerLine(LedgerKind.Skip, s.Rep, $"Skipped without charge: {s.Why}.", MemberStanding.Of(s.State), MemberStanding.Of(s.State))));
        return new PoolTurn(winner?.Rep, before, new PoolState(pool.Name, caps.Period, [.. states.Values.OrderBy(m => m.Rep)]), reasons)
        {
            Standings = [.. picker.InTurn(standings)],
            Lines = lines,
            OpensAt = winner is not null ? null : eligibility.OpensAt(next is null ? standings : [next], reps),
            LooksAtOthers = caps.LooksAtOthers,
        };
    }

    /// <summary>The lead went to a member because they know its person or account, whoever's turn it was. Where the pool says so it counts as their turn, else they are charged nothing; the ledger has a line either way.</summary>
    /// <param name="why">Why it is theirs.</param>
    public static PoolTurn OfKnown(
        PoolRules pool, PoolState? stored, AbmConfig config, IReadOnlyDictionary<RepId, Rep> reps, RepId member, string why, DateTimeOffset now, PoolAsk asked)
    {
        PoolCaps caps = new(pool, config, asked, now);
        List<Reason> reasons = [];
        Rep[] members = [.. reps.Values.Where(r => r.Pools.Contains(pool.Name, StringComparer.Ordinal)).OrderBy(r => r.Id)];
        Dictionary<RepId, MemberState> states = PoolLevels.Bring(pool, stored, members, caps.Period, now, reasons);
        PoolEligibility eligibility = new(pool, config, caps, asked, [], now);
        PoolStanding[] standings = [.. members.Select(rep => eligibility.Of(rep, states[rep.Id]))];
        PoolStanding winner = standings.Single(s => s.Rep == member);
        MemberState before = states[member];
        PoolPicker picker = new(pool, caps);
        if (pool.ChargeKnown)
            picker.Charge(winner, [.. standings.Where(s => s.IsEligible || s.Rep == member)], states, now);
        string says = pool.ChargeKnown ? $"{member} {why}: that counts as a turn in pool {pool.Name}." : $"{member} {why}: that counts as no turn in pool {pool.Name}.";
        reasons.Add(new Reason(RouteReasons.PoolKnown, says));
        LedgerLine line = new(pool.ChargeKnown ? LedgerKind.Credit : LedgerKind.Known, member, says, MemberStanding.Of(before), MemberStanding.Of(states[member]));
        return new PoolTurn(member, stored ?? PoolState.Empty(pool.Name, caps.Period), new PoolState(pool.Name, caps.Period, [.. states.Values.OrderBy(m => m.Rep)]), reasons)
        {
            Standings = [.. picker.InTurn(standings)],
            Lines = [line],
        };
    }

    /// <summary>Turns for the weight. Rounded, so that 1/3 + 1/3 + 1/3 ties with 1.</summary>
    internal static double Level(MemberState member) => Math.Round((member.Assigned + member.Adjustment) / member.Weight, 9);
}

/// <summary>Where a member of a pool stands when a turn is taken.</summary>
/// <param name="State">Before the turn, levelled.</param>
/// <param name="Level">Turns for the weight.</param>
/// <param name="Absent">Why the member takes no turns at all now; null: takes them.</param>
/// <param name="Unavailable">Why the member cannot take this one; null: can.</param>
internal sealed record PoolStanding(RepId Rep, MemberState State, double Level, string? Absent, string? Unavailable)
{
    public bool IsEligible => Absent is null && Unavailable is null;

    public string? Why => Absent ?? Unavailable;

    /// <summary>Whether the member prefers such leads.</summary>
    public bool Prefers { get; init; }

    /// <summary>When what stands in the way may be over, as far as it is a matter of time; null: it is not.</summary>
    public DateTimeOffset? FreeAt { get; init; }

    /// <summary>Turns of the period, adjusted.</summary>
    public double Turns => State.Assigned + State.Adjustment;
}
