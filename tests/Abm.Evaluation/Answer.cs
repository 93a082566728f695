using Abm.Matching;

namespace Abm.Evaluation;

/// <summary>What a method said about a lead.</summary>
/// <param name="Automatic">The account it matched; null when it did not.</param>
/// <param name="Offered">Accounts offered to a person, best first; the matched one included.</param>
internal sealed record Answer(string Outcome, string? Automatic, IReadOnlyList<string> Offered, double Confidence = 0, MatchDecision? Decision = null)
{
    public static Answer Of(MatchDecision decision)
    {
        string[] offered = [.. decision.Candidates.Select(candidate => candidate.Account.Value)];
        return decision switch
        {
            MatchDecision.Matched matched => new("matched", matched.Account.Value, offered, matched.Confidence, decision),
            MatchDecision.Review review => new($"review: {review.Why}", null, offered, 0, decision),
            MatchDecision.Unmatched unmatched => new($"unmatched: {unmatched.Why}", null, [], 0, decision),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    public static Answer Of(string? account) => account is null ? new("unmatched", null, []) : new("matched", account, [account]);
}
