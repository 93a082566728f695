using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Journeys;
using Abm.People;
using Abm.Routing;

namespace Abm.Replays;

/// <summary>Decides past leads anew, one after the other in the order of time, under the rules in force and under a draft, and counts what would be different.</summary>
/// <remarks>
/// Both run beside each other from the same start: the state of each pool is the recorded one when the pool is first met, and from then on what each run made of it. So a difference is
/// the draft's doing, and not that of what happened meanwhile. The clock is each decision's own instant. Memory is bounded: counters, the reps, and the most valuable flips.
/// On one thread; feed it oldest first.
/// </remarks>
/// <param name="today">Answers what was not recorded; null: nobody does. Either way such decisions are counted.</param>
public sealed class DryRun(AbmConfig active, AbmConfig draft, IAccountIndex? today, IReadOnlyList<JourneyStep> steps)
{
    /// <summary>Flips that are told one by one.</summary>
    public const int MostFlips = 20;

    private readonly AccountMemory _memory = new();
    private readonly Simulation _before = new(active);
    private readonly Simulation _after = new(draft);
    private readonly Dictionary<string, FacetTally> _facets = steps.SelectMany(s => s.Facets, (s, f) => new FacetTally(s.Name, f.Name)).ToDictionary(t => t.Facet, StringComparer.Ordinal);
    private readonly HashSet<RuleName> _hit = [];
    private readonly Dictionary<RepId, (int Before, int After)> _load = [];
    private readonly PriorityQueue<Flip, Flip> _top = new(Comparer<Flip>.Create(static (a, b) => Flip.Compare(b, a)));
    private readonly Dictionary<string, int> _levels = draft.Scoring.Levels.Concat(active.Scoring.Levels).OrderBy(l => l.From).Select((l, i) => (l.Name, i)).DistinctBy(l => l.Name).ToDictionary(l => l.Name, l => l.i, StringComparer.Ordinal);
    private int _decisions, _flips, _minor, _notRecorded, _newlyMatched, _newlyUnmatched;
    private DateTimeOffset? _first, _last;

    /// <summary>Decisions so far.</summary>
    public int Decisions => _decisions;

    /// <summary>Flips so far.</summary>
    public int Flips => _flips;

    /// <summary>Decides one past lead under both.</summary>
    /// <param name="reps">The people at that time.</param>
    public void Add(DecisionInputs inputs, IReadOnlyDictionary<RepId, Rep> reps)
    {
        RecordedAccounts accounts = new(inputs.Accounts, today, _memory);
        DecidedLead before = DecisionReplay.Of(_before.Decide(inputs, reps, accounts), accounts, active, reps);
        DecidedLead after = DecisionReplay.Of(_after.Decide(inputs, reps, accounts), accounts, draft, reps);
        _decisions++;
        _first ??= inputs.DecidedAt;
        _last = inputs.DecidedAt;
        if (accounts.NotRecorded.Count > 0)
            _notRecorded++;
        NoteLoad(before, after);
        foreach (JourneyStep step in steps)
        {
            foreach (Reason reason in step.Reasons(after.Decision))
            {
                if (reason.Rule is { Holds: true } rule)
                    _hit.Add(new RuleName(rule.Kind, rule.Name));
            }
        }

        IReadOnlyList<FacetChange> changes = DecisionComparison.Changes(before, after, steps);
        if (changes.Count == 0)
            return;
        foreach (FacetChange change in changes)
            _facets[change.Facet].Add(change);
        bool wasMatched = before.Decision.Outcome == "matched", isMatched = after.Decision.Outcome == "matched";
        _newlyMatched += !wasMatched && isMatched ? 1 : 0;
        _newlyUnmatched += wasMatched && !isMatched ? 1 : 0;
        if (changes.All(c => c.IsMinor))
            _minor++;
        else
            Keep(before, after, changes);
    }

    /// <summary>What was found so far.</summary>
    public DryRunReport Report() => new()
    {
        DraftVersion = draft.Version,
        ActiveVersion = active.Version,
        FirstAt = _first,
        LastAt = _last,
        Decisions = _decisions,
        Flips = _flips,
        MinorOnly = _minor,
        PartlyRecorded = _notRecorded,
        NewlyMatched = _newlyMatched,
        NewlyUnmatched = _newlyUnmatched,
        Facets = [.. steps.SelectMany(s => s.Facets).Select(f => _facets[f.Name].Told())],
        Load = [.. _load.OrderBy(l => l.Key).Select(l => new RepLoad(l.Key, l.Value.Before, l.Value.After))],
        NeverHit = [.. steps.SelectMany(s => s.Rules(draft)).Distinct().Where(r => !_hit.Contains(r))],
        Top = [.. _top.UnorderedItems.Select(i => i.Element).Order(Comparer<Flip>.Create(Flip.Compare))],
    };

    private void NoteLoad(DecidedLead before, DecidedLead after)
    {
        if (before.Decision.Route is RouteDecision.Assigned one)
            _load[one.Owner] = _load.GetValueOrDefault(one.Owner) is var load ? (load.Before + 1, load.After) : default;
        if (after.Decision.Route is RouteDecision.Assigned other)
            _load[other.Owner] = _load.GetValueOrDefault(other.Owner) is var load ? (load.Before, load.After + 1) : default;
    }

    private void Keep(DecidedLead before, DecidedLead after, IReadOnlyList<FacetChange> changes)
    {
        _flips++;
        Flip flip = new(before.Decision.Lead.Id, before.Decision.DecisionId, before.Decision.DecidedAt, FlipValue.Of(before, after, _levels), changes);
        if (_top.Count >= MostFlips && Flip.Compare(flip, _top.Peek()) >= 0)
            return;
        _top.Enqueue(flip with { Because = Because(before, after, changes) }, flip);
        if (_top.Count > MostFlips)
            _top.Dequeue();
    }

    /// <summary>The reasons of the first step that changed which only one of the two has.</summary>
    private FlipReasons Because(DecidedLead before, DecidedLead after, IReadOnlyList<FacetChange> changes)
    {
        const int Most = 6;
        JourneyStep step = steps.First(s => s.Name == changes.First(c => !c.IsMinor).Step);
        HashSet<Reason> one = [.. step.Reasons(before.Decision)];
        HashSet<Reason> other = [.. step.Reasons(after.Decision)];
        return new FlipReasons(step.Name, [.. step.Reasons(before.Decision).Where(r => !other.Contains(r)).Take(Most)], [.. step.Reasons(after.Decision).Where(r => !one.Contains(r)).Take(Most)]);
    }

    /// <summary>One of the two runs.</summary>
    private sealed class Simulation(AbmConfig config)
    {
        private readonly Dictionary<string, PoolState> _pools = new(StringComparer.Ordinal);
        private readonly HashSet<string> _met = new(StringComparer.Ordinal);

        public JourneyDecision Decide(DecisionInputs inputs, IReadOnlyDictionary<RepId, Rep> reps, RecordedAccounts accounts)
        {
            foreach ((string pool, PoolState state) in inputs.Pools)
            {
                if (_met.Add(pool))
                    _pools[pool] = state;
            }

            JourneyDecision decision = DecisionReplay.Decide(inputs, config, reps, accounts, _pools);
            if (decision.PoolAfter is { } after)
            {
                _pools[after.Pool] = after;
                _met.Add(after.Pool);
            }

            return decision;
        }
    }

    /// <summary>Changes of one facet.</summary>
    private sealed class FacetTally(string step, string facet)
    {
        /// <summary>Kinds of change that are told one by one; values such as deadlines have as many as there are leads.</summary>
        private const int MostKinds = 40;

        private readonly Dictionary<(string? Before, string? After), int> _kinds = [];
        private int _changed, _minor, _others;

        public string Facet { get; } = facet;

        public void Add(FacetChange change)
        {
            _changed++;
            _minor += change.IsMinor ? 1 : 0;
            (string?, string?) kind = (change.Before, change.After);
            if (_kinds.Count < MostKinds || _kinds.ContainsKey(kind))
                _kinds[kind] = _kinds.GetValueOrDefault(kind) + 1;
            else
                _others++;
        }

        public FacetCount Told() => new(
            step, Facet, _changed, _minor,
            [.. _kinds.OrderByDescending(k => k.Value).ThenBy(k => k.Key.Before, StringComparer.Ordinal).ThenBy(k => k.Key.After, StringComparer.Ordinal).Select(k => new FacetMove(k.Key.Before, k.Key.After, k.Value))],
            _others);
    }
}

/// <summary>What a lead is worth looking at: first the tier of its account, then the level, then an open opportunity, then the fit points; of before and after the higher one counts.</summary>
/// <param name="Tier">3 for 1:1, 2 for 1:few, 1 for 1:many, 0 for none.</param>
/// <param name="Level">Place among the levels, 0 for the lowest; -1 for none of them.</param>
public sealed record FlipValue(int Tier, int Level, bool HasOpenOpportunity, double FitPoints) : IComparable<FlipValue>
{
    internal static FlipValue Of(DecidedLead before, DecidedLead after, Dictionary<string, int> levels) => new(
        Math.Max(TierOf(before.Account), TierOf(after.Account)),
        Math.Max(levels.GetValueOrDefault(before.Decision.Score.Level, -1), levels.GetValueOrDefault(after.Decision.Score.Level, -1)),
        before.Account?.HasOpenOpportunity == true || after.Account?.HasOpenOpportunity == true,
        Math.Max(before.Decision.Score.FitPoints, after.Decision.Score.FitPoints));

    /// <inheritdoc/>
    public int CompareTo(FlipValue? other) => other is null ? 1 : (Tier, Level, HasOpenOpportunity, FitPoints).CompareTo((other.Tier, other.Level, other.HasOpenOpportunity, other.FitPoints));

    private static int TierOf(Account? account) => account?.Tier switch
    {
        AccountTier.OneToOne => 3,
        AccountTier.OneToFew => 2,
        AccountTier.OneToMany => 1,
        _ => 0,
    };
}
