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
    public sealed record Assigned(RepId Owner, string? Pool, IReadOnlyList<RepId> Notify, string Rule, IReadOnlyList<Reason> Reasons) : RouteDecision(Rule, Reasons);

    /// <summary>Nobody is eligible now, or a person must look first: it waits in a named queue.</summary>
    public sealed record Queued(string Queue, string Rule, IReadOnlyList<Reason> Reasons) : RouteDecision(Rule, Reasons);

    /// <summary>Deliberately nobody: do not contact, competitor, automated sender.</summary>
    public sealed record Suppressed(string Rule, IReadOnlyList<Reason> Reasons) : RouteDecision(Rule, Reasons);
}
