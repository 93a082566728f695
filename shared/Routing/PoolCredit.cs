using Abm.Configuration;
using Abm.Decisions;

namespace Abm.Routing;

/// <summary>Gives turns back, and notes leads that are no longer open. Pure; what is done once is seen to by whoever keeps it.</summary>
public static class PoolCredit
{
    /// <summary>Dispositions that show that the lead was worth no turn.</summary>
    public static IReadOnlyList<string> Worthless { get; } = ["junk", "duplicate", "test", "noShow", "merged"];

    /// <summary>The pool with the turn given back: the member is a turn behind and next in line sooner. A turn of a past period is given back in this one.</summary>
    /// <param name="turn">The turn that was charged.</param>
    public static (PoolState After, LedgerEntry Entry) Refund(PoolRules pool, PoolState stored, Assignment turn, string why, AbmConfig config, DateTimeOffset now)
    {
        PoolCaps caps = new(pool, config, PoolAsk.Plain, now);
        bool isPast = new PoolPeriods(pool.Zone, turn.At).Name(pool.Period) != stored.Period;
        return Change(stored, turn, LedgerKind.Refund, "refund", why, now, member =>
        {
            MemberState without = caps.Uncounting(member, turn.At, turn.Tag) with { Open = [.. member.Open.Where(l => l != turn.Lead)] };
            return isPast || without.Assigned == 0
                ? without with { Adjustment = without.Adjustment - 1, Share = Smoothed(without) }
                : without with { Assigned = without.Assigned - 1, Share = Smoothed(without) };
        });

        // What the turn took of the winner; what it gave to the others they keep, so that nobody is charged for it.
        double Smoothed(MemberState member) => pool.Pick == PoolPick.Smooth ? Math.Round(member.Share + 1, 9) : member.Share;
    }

    /// <summary>The pool with the lead no longer open; null when it was not.</summary>
    public static (PoolState After, LedgerEntry Entry)? Release(PoolState stored, Assignment turn, string why, DateTimeOffset now) =>
        stored.Members.Any(m => m.Rep == turn.Owner && m.Open.Contains(turn.Lead))
            ? Change(stored, turn, LedgerKind.Release, "release", why, now, m => m with { Open = [.. m.Open.Where(l => l != turn.Lead)] })
            : null;

    private static (PoolState After, LedgerEntry Entry) Change(
        PoolState stored, Assignment turn, LedgerKind kind, string id, string why, DateTimeOffset now, Func<MemberState, MemberState> change)
    {
        List<LedgerLine> lines = [];
        PoolState after = stored with
        {
            Members =
            [
                .. stored.Members.Select(member =>
                {
                    if (member.Rep != turn.Owner)
                        return member;
                    MemberState changed = change(member);
                    lines.Add(new LedgerLine(kind, member.Rep, why, MemberStanding.Of(member), MemberStanding.Of(changed)));
                    return changed;
                }),
            ],
        };
        return (after, new LedgerEntry($"{turn.Id}!{id}", stored.Pool, turn.Lead, now, why, lines));
    }
}
