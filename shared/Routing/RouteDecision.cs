using Abm.Decisions;

namespace Abm.Routing;

/// <summary>Who takes the lead, by which rule.</summary>
public abstract record RouteDecision
{
    private RouteDecision(string rule, IReadOnlyList<Reason> reasons)
    {
        Rule = rule;
        Reasons = reasons;
    }

    /// <summary>Name of the rule that decided.</summary>
    public string Rule { get; }

    /// <summary>Rules tried (true, false, missing), conflicts checked, members skipped, in order.</summary>
    public IReadOnlyList<Reason> Reasons { get; }

    /// <summary>One person owns it now.</summary>
    /// <param name="Pool">The pool whose turn it was; null when it went to a named owner.</param>
    /// <param name="Notify">Others who are told, such as the owner who is away.</param>
    public sealed record Assigned(RepId Owner, string? Pool, IReadOnlyList<RepId> Notify, string Rule, IReadOnlyList<Reason> Reasons) : RouteDecision(Rule, Reasons)
    {
        /// <summary>When it goes to the next unless the owner has accepted it, UTC; null: nobody is asked.</summary>
        public DateTimeOffset? AcceptBy { get; init; }

        /// <summary>The open play that it joins: none of its own is started, and no second deadline runs. Null: it joins none.</summary>
        public string? JoinsPlay { get; init; }

        /// <summary>Of the rule that sent it; null when it has none.</summary>
        public string? Tag { get; init; }
    }

    /// <summary>Nobody is eligible now, or a person must look first: it waits in a named queue.</summary>
    public sealed record Queued(string Queue, string Rule, IReadOnlyList<Reason> Reasons) : RouteDecision(Rule, Reasons)
    {
        /// <summary>The pool that nobody could take it in; null: no pool was asked.</summary>
        public string? Pool { get; init; }

        /// <summary>When the pool's next member may be able to take it, UTC; null: that cannot be seen.</summary>
        public DateTimeOffset? OpensAt { get; init; }

        /// <summary>Until when it waits for that; then it goes to the fallback queue. Null: it is there already, or it waits for a person.</summary>
        public DateTimeOffset? WaitsUntil { get; init; }
    }

    /// <summary>Deliberately nobody: do not contact, competitor, automated sender.</summary>
    public sealed record Suppressed(string Rule, IReadOnlyList<Reason> Reasons) : RouteDecision(Rule, Reasons);
}
