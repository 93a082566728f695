using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Journeys;
using Abm.Leads;
using Abm.Matching;
using Abm.Plays;
using Abm.Replays;
using Abm.Routing;
using Abm.TestKit;

namespace Abm.Shared.Tests.Matching;

public sealed class MatchingExceptionTests
{
    private static readonly DateTimeOffset Now = new(2026, 10, 1, 8, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Midnight = new(2026, 10, 2, 0, 0, 0, TimeSpan.Zero);
    private static readonly Account Nordwind = MatchScenario.Account("A17", "Nordwind Energie GmbH", "nordwind.example");
    private static readonly Account Agency = MatchScenario.Account("A1", "Bauer Agentur", "bauer.example");
    private static readonly Account Rival = MatchScenario.Account("A2", "Rival Works Ltd", "rival.example") with { Status = AccountStatus.Competitor };
    private static readonly AccountIndex Index = MatchScenario.Index(Nordwind, Agency, Rival);
    private static readonly Submission FromAgency = new() { Email = "eva@bauer.example", Company = "Bauer Agentur" };
    private static readonly Submission FromRival = new() { Email = "jo@rival.example", Company = "Rival Works" };
    private static readonly Predicate AtBauer = A.Test("lead.domain", PredicateOp.Equals, "bauer.example");
    private static readonly Predicate OfCompetitor = A.Test("account.status", PredicateOp.Equals, "competitor");

    [Fact]
    public void Without_exceptions_the_evidence_decides()
    {
        Assert.Equal("A1", Match(FromAgency).Matched());
        Assert.Equal(Index.Match(FromAgency).Text(), Match(FromAgency).Text());
    }

    [Fact]
    public void A_pin_decides_before_anything_is_compared_and_says_so()
    {
        MatchDecision decision = Match(FromAgency, Rule(ExceptionEffect.Pin, AtBauer, "A17"));

        Assert.Equal("A17", decision.Matched());
        Assert.Equal([ExceptionReasons.RuleTrue, ExceptionReasons.Pinned], decision.Codes());
        Assert.Equal(new RuleTrial(RuleKinds.MatchingExceptions, "pin", true), decision.Reasons[0].Rule);
        Assert.DoesNotContain("bauer.example' is", decision.Reasons[0].Says, StringComparison.Ordinal);
    }

    [Fact]
    public void A_pin_to_an_account_that_there_is_not_leaves_the_decision_to_the_next_rule_and_to_the_evidence()
    {
        MatchDecision decision = Match(FromAgency, Rule(ExceptionEffect.Pin, AtBauer, "A99"), Rule(ExceptionEffect.Pin, AtBauer, "A17", "second"));

        Assert.Equal("A17", decision.Matched());
        Assert.Equal(ExceptionReasons.NoEffect, decision.Codes()[0]);
        Assert.Equal("A1", Match(FromAgency, Rule(ExceptionEffect.Pin, AtBauer, "A99")).Matched());
    }

    [Fact]
    public void Exceptions_come_before_the_account_that_the_sender_names()
    {
        Submission claims = FromAgency with { AccountId = "A1" };

        Assert.Equal("A17", Match(claims, Rule(ExceptionEffect.Pin, AtBauer, "A17")).Matched());
        Assert.Equal("A1", Match(claims).Matched());
        MatchDecision forbidden = Match(claims, Rule(ExceptionEffect.Forbid, AtBauer, "A1"));
        Assert.Equal(UnmatchedReason.ForbiddenByRule, forbidden.Unmatched());
        Assert.Contains(ExceptionReasons.ClaimForbidden, forbidden.Codes());
        Assert.Equal(UnmatchedReason.ForbiddenByRule, Match(claims, Rule(ExceptionEffect.ForceReview, AtBauer, "A1")).Reviewed());
    }

    [Fact]
    public void A_forbidden_account_is_told_with_its_points_and_is_never_the_answer()
    {
        MatchDecision decision = Match(FromAgency, Rule(ExceptionEffect.Forbid, AtBauer, "A1"));

        Assert.Equal(UnmatchedReason.ForbiddenByRule, decision.Unmatched());
        Assert.Contains(decision.Reasons, r => r.Code == ExceptionReasons.Forbidden && r.Says.Contains("Bauer Agentur", StringComparison.Ordinal));
        MatchCandidate told = decision.Candidates.Single(c => c.Account == Agency.Id);
        Assert.Equal((0d, ExceptionReasons.Forbidden), (told.Confidence, told.Evidence[^1].Code));
        Assert.Equal(told.Points, told.Evidence.Sum(e => e.Points), 2);
    }

    [Fact]
    public void A_condition_about_the_account_is_asked_of_each_candidate()
    {
        ExceptionRule rule = Rule(ExceptionEffect.Forbid, OfCompetitor);

        Assert.Equal(UnmatchedReason.ForbiddenByRule, Match(FromRival, rule).Unmatched());
        MatchDecision other = Match(FromAgency, rule);
        Assert.Equal("A1", other.Matched());
        Assert.Equal((ExceptionReasons.RuleFalse, (bool?)false), (other.Reasons.Single(r => r.Rule?.Name == "forbid").Code, other.Reasons.Single(r => r.Rule?.Name == "forbid").Rule!.Holds));
    }

    [Fact]
    public void The_earlier_of_two_rules_that_contradict_each_other_stands()
    {
        ExceptionRule pin = Rule(ExceptionEffect.Pin, AtBauer, "A17"), forbid = Rule(ExceptionEffect.Forbid, AtBauer, "A17");

        Assert.Equal("A17", Match(FromAgency, pin, forbid).Matched());
        MatchDecision second = Match(FromAgency, forbid, pin);
        Assert.Equal("A1", second.Matched());
        Assert.Contains(ExceptionReasons.NoEffect, second.Codes());
    }

    [Fact]
    public void Where_the_name_counts_and_not_the_domain_the_domain_adds_nothing()
    {
        Submission sharedDomain = new() { Email = "eva@bauer.example", Company = "Nordwind Energie" };
        MatchDecision decision = Match(sharedDomain, Rule(ExceptionEffect.UseNameNotDomain, AtBauer));

        MatchCandidate best = decision.Candidates[0];
        Assert.Equal(Nordwind.Id, best.Account);
        Assert.All(decision.Candidates.SelectMany(c => c.Evidence).Where(e => e.Code.StartsWith("match.domain.", StringComparison.Ordinal)), e => Assert.Equal(0, e.Points));
        Assert.Contains(best.Evidence, e => e.Code == ExceptionReasons.NameNotDomain && e.Points == 0);
    }

    [Fact]
    public void Where_the_name_counts_and_not_the_domain_nobody_is_found_by_the_domain()
    {
        Submission sharedDomain = new() { Email = "eva@bauer.example", Company = "Nordwind Energie" };
        Submission domainOnly = new() { Email = "eva@bauer.example" };

        Assert.Contains(Agency.Id, Match(sharedDomain).Candidates.Select(c => c.Account));
        Assert.Equal([Nordwind.Id], Match(sharedDomain, Rule(ExceptionEffect.UseNameNotDomain, AtBauer)).Candidates.Select(c => c.Account));
        Assert.Empty(Assert.IsType<MatchDecision.Unmatched>(Match(domainOnly, Rule(ExceptionEffect.UseNameNotDomain, AtBauer))).Candidates);
        CandidateExamination examined = CandidateExamination.Of(MatchScenario.Lead(domainOnly), Index, With([Rule(ExceptionEffect.UseNameNotDomain, AtBauer)]), Now, Agency.Id)!;
        Assert.False(examined.IsCandidate);
    }

    [Fact]
    public void A_forced_review_lets_nothing_through_by_itself_and_touches_no_other_lead()
    {
        ExceptionRule rule = Rule(ExceptionEffect.ForceReview, AtBauer);

        MatchDecision decision = Match(FromAgency, rule);

        Assert.Equal(UnmatchedReason.ForbiddenByRule, decision.Reviewed());
        Assert.Equal(Agency.Id, decision.Candidates[0].Account);
        Assert.Equal(ExceptionReasons.Review, decision.Codes()[^1]);
        Assert.Equal("A2", Match(FromRival, rule).Matched());
        Assert.Equal(UnmatchedReason.ForbiddenByRule, Match(FromAgency, rule, Rule(ExceptionEffect.Pin, AtBauer, "A17")).Reviewed());
    }

    [Fact]
    public void An_ignored_lead_is_placed_nowhere_and_given_to_nobody()
    {
        AbmConfig config = A.Config() with { MatchingExceptions = [Rule(ExceptionEffect.Ignore, AtBauer)] };

        JourneyDecision decision = LeadJourney.Decide(MatchScenario.Lead(FromAgency), new JourneyContext(config, Index, new Dictionary<RepId, People.Rep>(), new Dictionary<string, PoolState>()), Now);

        Assert.Equal(UnmatchedReason.Ignored, decision.Match.Unmatched());
        Assert.IsType<RouteDecision.Suppressed>(decision.Route);
        Assert.IsNotType<PlayDecision.Start>(decision.Play);
    }

    [Fact]
    public void An_exception_holds_on_its_last_day_and_does_nothing_after_it()
    {
        ExceptionRule rule = Rule(ExceptionEffect.Pin, AtBauer, "A17") with { Expires = new(2026, 10, 1) };

        Assert.Equal("A17", Match(FromAgency, Midnight.AddTicks(-1), rule).Matched());
        MatchDecision after = Match(FromAgency, Midnight, rule);
        Assert.Equal("A1", after.Matched());
        Assert.Contains(after.Reasons, r => r is { Code: ExceptionReasons.Expired, Rule: null });
    }

    [Fact]
    public void What_is_not_known_makes_a_rule_missing_and_it_does_nothing()
    {
        MatchDecision decision = Match(FromAgency, Rule(ExceptionEffect.Ignore, A.Test("lead.countryCode", PredicateOp.Equals, "DE")));

        Assert.Equal("A1", decision.Matched());
        Assert.Contains(decision.Reasons, r => r is { Code: ExceptionReasons.RuleMissing, Rule.Holds: null });
    }

    [Fact]
    public void The_order_of_accounts_never_matters()
    {
        ExceptionRule[] rules = [Rule(ExceptionEffect.Forbid, OfCompetitor), Rule(ExceptionEffect.UseNameNotDomain, AtBauer), Rule(ExceptionEffect.ForceReview, null, "A1")];
        AccountIndex other = MatchScenario.Index(Rival, Agency, Nordwind);

        foreach (Submission lead in new[] { FromAgency, FromRival })
            Assert.Equal(Match(lead, rules).Text(), LeadMatcher.Match(MatchScenario.Lead(lead), other, With(rules), Now).Text());
    }

    [Fact]
    public void A_decision_with_exceptions_is_made_again_from_what_it_read()
    {
        AbmConfig config = A.Config() with { MatchingExceptions = [Rule(ExceptionEffect.Forbid, OfCompetitor), Rule(ExceptionEffect.Pin, AtBauer, "A17")] };
        JourneyContext context = new(config, Index, new Dictionary<RepId, People.Rep>(), new Dictionary<string, PoolState>());
        foreach (Submission lead in new[] { FromAgency, FromRival })
        {
            JourneyDecision decision = RecordedJourney.Decide(MatchScenario.Lead(lead), context, Now);

            ReplayResult again = DecisionReplay.Compare(decision, decision.Inputs!, config, config, context.Reps, today: null, JourneySteps.All);

            Assert.True(again.IsSame, $"{again.First}");
            Assert.Empty(again.NotRecorded);
        }
    }

    [Fact]
    public void Why_not_names_the_exception()
    {
        AbmConfig config = A.Config() with { MatchingExceptions = [Rule(ExceptionEffect.Forbid, OfCompetitor)] };
        JourneyContext context = new(config, Index, new Dictionary<RepId, People.Rep>(), new Dictionary<string, PoolState>());
        JourneyDecision decision = RecordedJourney.Decide(MatchScenario.Lead(FromRival), context, Now);

        WhyNotAnswer answer = WhyNot.Ask(
            "account",
            new WhyNotQuestion("A2", decision, decision.Inputs!, config, context.Reps, new RecordedAccounts(decision.Inputs!.Accounts, null, new AccountMemory())),
            JourneySteps.All)!;

        Assert.Equal("whyNot.account.exception", answer.FirstFailed?.Code);
        Assert.Contains(answer.FirstFailed!.Details, d => d.Says.Contains("'forbid'", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(ExceptionEffect.Pin, null, null, ConfigProblemCodes.Empty)]
    [InlineData(ExceptionEffect.Pin, "A17", null, ConfigProblemCodes.Empty)]
    [InlineData(ExceptionEffect.Ignore, "A17", "lead.domain", ConfigProblemCodes.BadValues)]
    [InlineData(ExceptionEffect.Ignore, null, "account.status", ConfigProblemCodes.UnknownField)]
    [InlineData(ExceptionEffect.Forbid, null, "lead.domain", ConfigProblemCodes.Empty)]
    [InlineData(ExceptionEffect.ForceReview, null, null, ConfigProblemCodes.Empty)]
    [InlineData(ExceptionEffect.ForceReview, null, "match.outcome", ConfigProblemCodes.UnknownField)]
    [InlineData(ExceptionEffect.ForceReview, null, "score.points", ConfigProblemCodes.UnknownField)]
    [InlineData(ExceptionEffect.Pin, "A/17", "lead.domain", ConfigProblemCodes.BadValues)]
    public void A_rule_that_cannot_mean_anything_is_refused(ExceptionEffect effect, string? account, string? field, string code)
    {
        ExceptionRule rule = Rule(effect, field is null ? null : A.Test(field, PredicateOp.Equals, "x"), account);

        Assert.Contains(ConfigCheck.Problems(With([rule])), p => p.Code == code && p.Path.StartsWith("matchingExceptions[0]", StringComparison.Ordinal));
    }

    [Fact]
    public void An_exception_that_has_ended_is_stale_and_hides_no_other()
    {
        ExceptionRule ended = Rule(ExceptionEffect.Ignore, AtBauer) with { Expires = new(2026, 9, 30) }, pin = Rule(ExceptionEffect.Pin, AtBauer, "A17");

        LintFinding stale = Assert.Single(ConfigLint.Findings(With([ended, pin]), new LintContext(Now)));
        Assert.Equal((LintCodes.Stale, "matchingExceptions[0].expires"), (stale.Code, stale.Path));
        Assert.Contains(ConfigLint.Findings(With([ended with { Expires = new(2027, 1, 1) }, pin]), new LintContext(Now)), f => f.Code == LintCodes.Shadowed);
    }

    private static MatchDecision Match(Submission lead, params ExceptionRule[] rules) => Match(lead, Now, rules);

    private static MatchDecision Match(Submission lead, DateTimeOffset now, params ExceptionRule[] rules) => LeadMatcher.Match(MatchScenario.Lead(lead), Index, With(rules), now);

    private static AbmConfig With(ExceptionRule[] rules) => A.Config() with { MatchingExceptions = rules };

    private static ExceptionRule Rule(ExceptionEffect effect, Predicate? when, string? account = null, string? name = null) => new()
    {
        Name = name ?? effect.ToString().ToLowerInvariant(),
        When = when,
        Effect = effect,
        Account = account,
        Owner = "RevOps",
        Why = "A test.",
        Expires = new(2027, 6, 30),
    };
}
