using Abm.Accounts;
using Abm.Decisions;
using Abm.Matching;
using static Abm.Shared.Tests.Matching.MatchScenario;

namespace Abm.Shared.Tests.Matching;

/// <summary>Each step alone, with the account that would win by id losing it; and each step against all that follow.</summary>
public sealed class TieBreakTests
{
    private static readonly (string Step, Func<Account, Account> Better)[] Steps =
    [
        ("openOpportunity", account => account with { HasOpenOpportunity = true }),
        ("customer", account => account with { Status = AccountStatus.Customer }),
        ("tier", account => account with { Tier = AccountTier.OneToOne }),
        ("owner", account => account with { OwnerId = RepId.Parse("R1") }),
        ("family", account => account with { ParentId = AccountId.Parse("A") }),
        ("contacts", account => account with { ContactCount = 5 }),
        ("leads", account => account with { LeadCount = 5 }),
        ("opportunities", account => account with { OpportunityCount = 5 }),
        ("oldest", account => account with { CreatedAt = DateTimeOffset.UnixEpoch }),
    ];

    private static readonly MatchModel Routing = MatchModel.Default with { NearTie = NearTiePolicy.Route };

    public static TheoryData<int> EachStep => [.. Enumerable.Range(0, Steps.Length)];

    [Theory]
    [MemberData(nameof(EachStep))]
    public void A_step_decides_when_all_before_it_are_equal(int step)
    {
        MatchDecision decision = Match(Twin("A"), Steps[step].Better(Twin("B")));

        Assert.Equal("B", decision.Matched());
        Assert.Contains($"match.tie.{Steps[step].Step}", decision.Codes());
    }

    [Theory]
    [MemberData(nameof(EachStep))]
    public void A_step_beats_all_that_follow_it(int step)
    {
        Account low = Twin("A");
        foreach ((string _, Func<Account, Account> better) in Steps.Skip(step + 1).Where(later => later.Step != "family"))
            low = better(low);

        Assert.Equal("B", Match(low, Steps[step].Better(Twin("B"))).Matched());
    }

    [Fact]
    public void The_lowest_id_decides_last_and_only_counts_or_ids_mean_low_confidence()
    {
        var matched = Assert.IsType<MatchDecision.Matched>(Match(Twin("B"), Twin("A")));

        Assert.Equal("A", matched.Account.Value);
        Assert.Contains("match.tie.id", matched.Codes());
        Assert.True(matched.IsLowConfidence);
    }

    [Theory]
    [InlineData("contacts", true)]
    [InlineData("leads", false)]
    public void Without_a_business_ground_a_near_tie_goes_to_a_person(string step, bool isAutomatic)
    {
        Account better = Steps.Single(s => s.Step == step).Better(Twin("B"));

        MatchDecision decision = MatchScenario.Match(Index(Twin("A"), better), new() { Company = "Quixatron Industries" });

        Assert.Equal(isAutomatic, decision is MatchDecision.Matched);
        Assert.Equal("B", decision.Candidates[0].Account.Value);
    }

    [Fact]
    public void The_account_whose_first_domain_it_is_comes_before_the_one_that_also_has_it()
    {
        AccountIndex index = Index(
            Account("A", "Alpha Works") with { Domains = ["alphaworks.com", "shared-house.com"] },
            Account("B", "Beta Works", "shared-house.com"));

        MatchDecision decision = MatchScenario.Match(index, new() { Email = "j@shared-house.com" });

        Assert.Equal("B", decision.Matched());
        Assert.Contains("match.tie.primaryDomain", decision.Codes());
    }

    [Fact]
    public void The_account_in_the_leads_country_comes_first()
    {
        AccountIndex index = Index(Twin("A"), Twin("B") with { Country = "Norway" });

        MatchDecision decision = MatchScenario.Match(index, new() { Company = "Quixatron Industries", Country = "NO" }, Routing with { Margin = 1.5 });

        Assert.Equal("B", decision.Matched());
        Assert.Contains("match.tie.country", decision.Codes());
    }

    [Fact]
    public void The_policy_says_whether_the_child_or_the_parent_is_meant()
    {
        Account parent = Twin("B");
        Account child = Twin("C") with { ParentId = parent.Id };
        Account grandchild = Twin("A") with { ParentId = child.Id };

        Assert.Equal("A", Match(Routing, parent, child, grandchild).Matched());
        Assert.Equal("B", Match(Routing with { Family = FamilyPolicy.Parent }, parent, child, grandchild).Matched());
    }

    [Fact]
    public void A_family_tree_that_bites_its_tail_is_no_endless_loop()
    {
        Account one = Twin("A") with { ParentId = AccountId.Parse("B") };
        Account two = Twin("B") with { ParentId = AccountId.Parse("A") };

        Assert.Equal("A", Match(one, two).Matched());
    }

    private static Account Twin(string id) => Account(id, "Quixatron Industries");

    private static MatchDecision Match(params Account[] accounts) => Match(Routing, accounts);

    private static MatchDecision Match(MatchModel model, params Account[] accounts) => MatchScenario.Match(Index(accounts), new() { Company = "Quixatron Industries" }, model);
}
