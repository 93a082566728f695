using System.Globalization;
using Abm.Clocks;
using Abm.Configuration;
using Abm.Decisions;
using Abm.People;

namespace Abm.Routing;

/// <summary>Who of a pool can take a lead at one instant, and when those who cannot may.</summary>
internal sealed class PoolEligibility(PoolRules pool, AbmConfig config, PoolCaps caps, PoolAsk asked, IReadOnlyCollection<RepId> excluded, DateTimeOffset now)
{
    private const int MostSteps = 64;

    private readonly bool _isSpared = asked.Facts is { } facts && pool.CapsSparedWhen is { } spared && PredicateEvaluator.Evaluate(spared, facts).IsTrue;

    /// <summary>Where a member stands.</summary>
    public PoolStanding Of(Rep rep, MemberState state)
    {
        PoolStanding standing = new(rep.Id, state, PoolTurn.Level(state), null, null) { Prefers = Preferences(rep).Any(Fits) };
        if (!rep.IsActive)
            return standing with { Absent = "not active" };
        if (rep.IsAwayAt(now))
            return standing with { Absent = "away", FreeAt = AwayUntil(rep, now) };
        if (rep.IsPausedAt(now))
            return standing with { Absent = string.Create(CultureInfo.InvariantCulture, $"paused until {rep.PausedUntil!.Value.UtcDateTime:yyyy-MM-dd HH:mm} UTC"), FreeAt = rep.PausedUntil };
        if (excluded.Contains(rep.Id))
            return standing with { Absent = "had this lead before" };
        if (Preferences(rep).Any(p => p.Only) && !Preferences(rep).Where(p => p.Only).Any(Fits))
            return standing with { Absent = "takes other leads only" };
        if (pool.RespectSchedule && !WorkingTimes.Of(rep, config).IsOpenAt(now))
            return standing with { Unavailable = "outside working hours", FreeAt = WorkingTimes.Of(rep, config).NextOpening(now) };
        return !_isSpared && caps.Full(state) is { } full ? standing with { Unavailable = full.Says, FreeAt = full.Until } : standing;
    }

    /// <summary>Members who are too far ahead of the one with the fewest turns for the weight wait for the others.</summary>
    public IEnumerable<PoolStanding> Ahead(IReadOnlyList<PoolStanding> standings)
    {
        if (pool.MaxLead is not { } most || standings.Where(s => s.Absent is null).Select(s => (double?)s.Level).Min() is not { } least)
            return standings;
        return standings.Select(s => s.IsEligible && s.Turns - (least * s.State.Weight) > most - 1e-9
            ? s with { Unavailable = string.Create(CultureInfo.InvariantCulture, $"is {most} turns ahead of the others"), FreeAt = now }
            : s);
    }

    /// <summary>The first instant at which one of these may be eligible; null: none that can be seen. What may change at any moment counts as now.</summary>
    public DateTimeOffset? OpensAt(IEnumerable<PoolStanding> standings, IReadOnlyDictionary<RepId, Rep> reps) =>
        standings.Select(s => FreeAt(s, reps[s.Rep])).Where(at => at is not null).Min();

    private DateTimeOffset? FreeAt(PoolStanding standing, Rep rep)
    {
        if (standing.FreeAt is not { } at)
            return standing.IsEligible ? now : null;
        for (int step = 0; step < MostSteps; step++)
        {
            DateTimeOffset free = at;
            if (rep.IsPausedAt(free))
                free = rep.PausedUntil!.Value;
            if (rep.IsAwayAt(free))
                free = AwayUntil(rep, free);
            if (pool.RespectSchedule)
                free = WorkingTimes.Of(rep, config).NextOpening(free);
            if (free == at)
                return at;
            at = free;
        }

        return at;
    }

    private static DateTimeOffset AwayUntil(Rep rep, DateTimeOffset at) => rep.Absences.Where(a => a.From <= at && at < a.Until).Max(a => a.Until);

    private IEnumerable<PoolPreference> Preferences(Rep rep) => pool.Preferences.Where(p => string.Equals(p.Member, rep.Id.Value, StringComparison.Ordinal));

    private bool Fits(PoolPreference preference) => asked.Facts is { } known && PredicateEvaluator.Evaluate(preference.When, known).IsTrue;
}
