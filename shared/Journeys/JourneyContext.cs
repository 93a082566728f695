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
    AccountId? PinnedAccount = null);
