using Abm.Accounts;
using Abm.Leads;
using Abm.Matching;
using static Abm.Shared.Tests.Matching.MatchScenario;

namespace Abm.Shared.Tests.Matching;

public sealed class UnmatchedReasonTests
{
    private static readonly AccountIndex Index = Index(Account("A1", "Acme Robotics", "acme.com"), Account("A2", "Borealis Chemicals", "borealis.com") with { Country = "AT" });

    [Theory]
    [InlineData("jane@gmail.com", null, UnmatchedReason.FreemailNoCompany)]
    [InlineData("jane@gmail.com", "self-employed", UnmatchedReason.FreemailNoCompany)]
    [InlineData("jane@mailinator.com", "n/a", UnmatchedReason.FreemailNoCompany)]
    [InlineData(null, null, UnmatchedReason.NoDomain)]
    [InlineData("jane@localhost", null, UnmatchedReason.NoDomain)]
    [InlineData("not an address", "-", UnmatchedReason.NoDomain)]
    [InlineData("jane@unknown-company.com", null, UnmatchedReason.NoCandidate)]
    [InlineData("jane@gmail.com", "Zyxomat", UnmatchedReason.NoCandidate)]
    [InlineData("jane@gmail.com", "Robotics for Schools", UnmatchedReason.BelowThreshold)]
    [InlineData("no-reply@unknown-company.com", "Notice", UnmatchedReason.AutomatedSender)]
    [InlineData("mailer-daemon@gmail.com", null, UnmatchedReason.AutomatedSender)]
    public void Each_reason_has_its_name(string? email, string? company, UnmatchedReason why) => Assert.Equal(why, Index.Match(new() { Email = email, Company = company }).Unmatched());

    [Fact]
    public void A_machine_may_be_linked_to_the_account_that_owns_its_domain() => Assert.Equal("A1", Index.Match(new() { Email = "no-reply@acme.com" }).Matched());

    [Fact]
    public void Two_equal_accounts_are_ambiguous()
    {
        AccountIndex twins = Index(Account("T1", "Quixatron"), Account("T2", "Quixatron"));

        Assert.Equal(UnmatchedReason.Ambiguous, twins.Match(new() { Company = "Quixatron" }).Reviewed());
    }

    [Fact]
    public void Too_little_says_how_near_the_nearest_came()
    {
        MatchDecision decision = Index.Match(new() { Company = "Robotics for Schools" });

        Assert.Contains(decision.Reasons, reason => reason.Code == MatchReasons.Below && reason.Says.Contains("Acme Robotics", StringComparison.Ordinal));
        Assert.NotEmpty(decision.Candidates);
    }

    [Fact]
    public void A_provider_domain_of_someone_without_employer_is_reviewed()
    {
        AccountIndex index = Index(Account("I1", "Telonet Communications", "telonet.net"));

        Assert.Equal("I1", index.Match(new() { Email = "jane@telonet.net" }).Matched());
        Assert.Equal(UnmatchedReason.BelowThreshold, index.Match(new() { Email = "jane@telonet.net", Company = "freelancer" }).Reviewed());
    }

    [Theory]
    [InlineData(DomainOnlyPolicy.Never, "review")]
    [InlineData(DomainOnlyPolicy.Fallback, "matched")]
    [InlineData(DomainOnlyPolicy.Always, "matched")]
    public void A_domain_alone_is_worth_what_the_policy_says(DomainOnlyPolicy policy, string outcome)
    {
        MatchDecision decision = Index.Match(new() { Email = "jane@acme.com" }, MatchModel.Default with { DomainOnly = policy });

        Assert.Equal(outcome, decision is MatchDecision.Matched ? "matched" : decision is MatchDecision.Review ? "review" : "unmatched");
    }

    [Fact]
    public void Other_bars_move_the_bands()
    {
        Submission lead = new() { Email = "jane@acme.com" };

        Assert.Equal(UnmatchedReason.BelowThreshold, Index.Match(lead, MatchModel.Default with { AutomaticFrom = 20 }).Reviewed());
        Assert.Equal(UnmatchedReason.BelowThreshold, Index.Match(lead, MatchModel.Default with { AutomaticFrom = 20, ReviewFrom = 19 }).Unmatched());
    }
}
