using Abm.Accounts;
using Abm.Decisions;
using Abm.Leads;

namespace Abm.Matching;

/// <summary>What a match needs besides its answer: kept for the next one on this thread, so that a match by an exact key allocates nothing but its answer. Nothing of it outlives the match.</summary>
internal sealed class Workbench
{
    [ThreadStatic]
    private static Workbench? _free;

    private readonly LeadProfile _lead = new();
    private readonly List<ScoredCandidate> _all = new(24);
    private int _used;

    /// <summary>The candidates of this match.</summary>
    public List<ScoredCandidate> Candidates { get; } = new(24);

    /// <summary>Those of them that are nearly as good as the best.</summary>
    public List<ScoredCandidate> Near { get; } = new(24);

    /// <summary>The reasons of the decision, as they are collected.</summary>
    public List<Reason> Reasons { get; } = new(32);

    public static Workbench Take()
    {
        Workbench bench = _free ?? new();
        _free = null;
        return bench;
    }

    public void GiveBack()
    {
        for (int i = 0; i < _used; i++)
            _all[i].Clear();
        _used = 0;
        Candidates.Clear();
        Near.Clear();
        Reasons.Clear();
        _lead.Clear();
        _free = this;
    }

    /// <summary>The lead of this match, made ready.</summary>
    public LeadProfile Read(LeadIdentity identity, WordWeights weights)
    {
        _lead.Read(identity, weights, usesDomain: true);
        return _lead;
    }

    /// <summary>A candidate without evidence.</summary>
    public ScoredCandidate Next(AccountKeys account)
    {
        if (_used == _all.Count)
            _all.Add(new());
        ScoredCandidate candidate = _all[_used++];
        candidate.Begin(account);
        return candidate;
    }
}
