using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.People;
using Abm.Routing;

namespace Abm.Journeys;

/// <summary>What a decision needs to know of the world, gathered before it is made.</summary>
/// <param name="Reps">Everyone who can own leads, by id.</param>
/// <param name="Pools">Current state of the pools by name; a pool without an entry is new.</param>
/// <param name="PinnedAccount">The account that a person chose for this lead earlier; never overwritten by the matcher.</param>
public sealed record JourneyContext(
    AbmConfig Config,
    IAccountIndex Accounts,
    IReadOnlyDictionary<RepId, Rep> Reps,
    IReadOnlyDictionary<string, PoolState> Pools,
    AccountId? PinnedAccount = null)
{
    /// <summary>A person said that the lead is nobody's: no account, no owner, no play.</summary>
    public bool IsIgnored { get; init; }

    /// <summary>1 for the first decision about a lead; one more for each time it is decided anew on purpose. A repeat after a crash has the same number.</summary>
    public int Attempt { get; init; } = 1;

    /// <summary>Assignments of this lead that are stored already. One under this decision's id is returned unchanged: a repeat never charges twice.</summary>
    public IReadOnlyList<Assignment> PriorAssignments { get; init; } = [];

    /// <summary>Nobody of these may get it: they had it and did not touch it.</summary>
    public IReadOnlyList<RepId> FormerOwners { get; init; } = [];

    /// <summary>Who had the same person before; null when nobody or unknown.</summary>
    public StickyOwner? Sticky { get; init; }

    /// <summary>Who had the last lead of the same account; null when nobody or unknown.</summary>
    public StickyOwner? AccountSticky { get; init; }

    /// <summary>The play that follows the account up; null when none is open or it is unknown.</summary>
    public OpenPlay? OpenPlay { get; init; }

    /// <summary>The lead waited for a member of a pool, and is given out now.</summary>
    public bool IsDrain { get; init; }

    /// <summary>Names the snapshot of <see cref="Reps"/> that is kept, so that the decision can be made again with the same people; null: none is kept.</summary>
    public string? RepsVersion { get; init; }

    /// <summary>Versions of lists that came from outside, to be stored with the decision beside those that are part of the program.</summary>
    public IReadOnlyDictionary<string, string> DataVersions { get; init; } = new Dictionary<string, string>();
}
