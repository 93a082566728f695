namespace Abm.Clocks;

/// <summary>How many clocks are open, and how they stand.</summary>
/// <param name="CountedAt">When they were counted.</param>
/// <param name="By">By what they are grouped by (<c>rep, team, tier, policy, kind, scope</c>), then by key in ordinal order; the empty key: none.</param>
public sealed record ClockSummary(DateTimeOffset CountedAt, ClockCount All, IReadOnlyDictionary<string, IReadOnlyList<ClockCount>> By)
{
    /// <summary>What clocks can be grouped by.</summary>
    public static IReadOnlyList<string> Groups { get; } = ["rep", "team", "tier", "policy", "kind", "scope"];

    /// <summary>A deadline within this time is due soon.</summary>
    public static readonly TimeSpan Soon = TimeSpan.FromHours(1);
}

/// <param name="Key">Such as a rep's id.</param>
/// <param name="Running">In time so far; those due soon among them.</param>
/// <param name="DueSoon">Running, and due within <see cref="ClockSummary.Soon"/>.</param>
/// <param name="Overdue">Missed and not answered yet.</param>
/// <param name="NextDueAt">The next deadline of a running one; null: none runs.</param>
public sealed record ClockCount(string Key, int Running, int DueSoon, int Paused, int Overdue, DateTimeOffset? NextDueAt)
{
    public int Open => Running + Paused + Overdue;
}

/// <summary>An open clock, as far as it is counted.</summary>
public sealed record ClockLine(ClockState State, DateTimeOffset DueAt, string Rep, string Team, string Tier, string Policy, string Kind, string Scope);

/// <summary>Counts open clocks, however many, without keeping them.</summary>
public sealed class ClockTally(DateTimeOffset now)
{
    private readonly Dictionary<string, Dictionary<string, Count>> _by = ClockSummary.Groups.ToDictionary(g => g, _ => new Dictionary<string, Count>(StringComparer.Ordinal));
    private readonly Count _all = new();

    public void Add(ClockLine clock)
    {
        Add(_all, clock);
        foreach ((string group, Dictionary<string, Count> counts) in _by)
        {
            string key = group switch
            {
                "rep" => clock.Rep,
                "team" => clock.Team,
                "tier" => clock.Tier,
                "policy" => clock.Policy,
                "kind" => clock.Kind,
                _ => clock.Scope,
            };
            Add(counts.TryGetValue(key, out Count? count) ? count : counts[key] = new Count(), clock);
        }
    }

    public ClockSummary Result() => new(
        now,
        _all.As(""),
        _by.ToDictionary(g => g.Key, g => (IReadOnlyList<ClockCount>)[.. g.Value.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => c.Value.As(c.Key))]));

    private void Add(Count count, ClockLine clock)
    {
        if (clock.State == ClockState.Paused)
        {
            count.Paused++;
        }
        else if (clock.State == ClockState.BreachedOpen || clock.DueAt <= now)
        {
            count.Overdue++;
        }
        else
        {
            count.Running++;
            if (clock.DueAt - now <= ClockSummary.Soon)
                count.DueSoon++;
            if (count.NextDueAt is null || clock.DueAt < count.NextDueAt)
                count.NextDueAt = clock.DueAt;
        }
    }

    private sealed class Count
    {
        public int Running { get; set; }
        public int DueSoon { get; set; }
        public int Paused { get; set; }
        public int Overdue { get; set; }
        public DateTimeOffset? NextDueAt { get; set; }

        public ClockCount As(string key) => new(key, Running, DueSoon, Paused, Overdue, NextDueAt);
    }
}
