using Abm.Accounts;
using Abm.Decisions;
using Abm.Leads;
using Abm.Matching;

namespace Abm.Shared.Tests.Matching;

/// <summary>Short ways to say what is in the directory and who asks.</summary>
internal static class MatchScenario
{
    public static Account Account(string id, string name, string? domain = null) => new() { Id = AccountId.Parse(id), Name = name, Domains = domain is null ? [] : [domain] };

    public static AccountIndex Index(params Account[] accounts) => AccountIndex.Build(accounts, [], 1);

    public static Lead Lead(Submission submitted) => new(LeadId.From("test", "1"), submitted, DateTimeOffset.UnixEpoch);

    public static MatchDecision Match(this IAccountIndex index, Submission submitted, MatchModel? model = null) => LeadMatcher.Match(Lead(submitted), index, model ?? MatchModel.Default);

    public static string Matched(this MatchDecision decision) => Assert.IsType<MatchDecision.Matched>(decision).Account.Value;

    public static UnmatchedReason Reviewed(this MatchDecision decision) => Assert.IsType<MatchDecision.Review>(decision).Why;

    public static UnmatchedReason Unmatched(this MatchDecision decision) => Assert.IsType<MatchDecision.Unmatched>(decision).Why;

    public static string[] Codes(this MatchDecision decision) => [.. decision.Reasons.Select(reason => reason.Code)];

    /// <summary>Everything that a decision says, to be compared.</summary>
    public static string Text(this MatchDecision decision)
    {
        string outcome = decision switch
        {
            MatchDecision.Matched m => $"matched {m.Account} {m.Confidence} {m.IsLowConfidence}",
            MatchDecision.Review r => $"review {r.Why}",
            MatchDecision.Unmatched u => $"unmatched {u.Why}",
            _ => throw new System.Diagnostics.UnreachableException(),
        };
        return outcome + "\n" + string.Join('\n', decision.Candidates.Select(c => $"{c.Account} {c.Points} {c.Confidence}: {string.Join(' ', c.Evidence)}")) + "\n" + string.Join('\n', decision.Reasons);
    }
}
