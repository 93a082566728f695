using Abm.Accounts;
using Abm.Configuration;
using Abm.Leads;
using Abm.Scoring;
using Abm.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace Abm.Shared.Tests.Scoring;

public sealed class LeadScorerTests
{
    private static readonly AbmConfig Config = A.Config() with
    {
        Scoring = new ScoringRules
        {
            Rules =
            [
                new() { Name = "Industry", Points = 50, When = A.Test("account.industry", PredicateOp.In, "paper", "mining") },
                new() { Name = "Size", Points = 30, When = A.Test("account.employees", PredicateOp.Gte, "500") },
                new() { Name = "Decider", Points = 40, When = A.Test("lead.persona", PredicateOp.Equals, "Executive") },
                new() { Name = "Retail", Points = -40, When = A.Test("account.industry", PredicateOp.Equals, "retail") },
            ],
        },
        Personas =
        [
            new() { Persona = "Executive", TitleHas = ["cto", "managing director"], UnlessTitleHas = ["assistant"] },
            new() { Persona = "Engineer", TitleHas = ["engineer", "director of engineering"] },
        ],
    };

    [Fact]
    public void Points_are_the_sum_of_the_rules_that_are_true()
    {
        ScoreDecision score = Score(A.Lead(), A.Account().InIndustry("Mining").Employing(500));

        Assert.Equal(80, score.FitPoints);
        Assert.Equal("Target", score.Level);
        Assert.Equal(80, score.Reasons.Sum(r => r.Points));
    }

    [Fact]
    public void A_sum_beyond_one_hundred_is_cut_and_says_so()
    {
        ScoreDecision score = Score(A.Lead().Titled("CTO"), A.Account().InIndustry("paper").Employing(900));

        Assert.Equal(100, score.FitPoints);
        Assert.Contains(score.Reasons, r => r.Code == ScoreReasons.Clamped && r.Says == "120 points are cut to 100.");
    }

    [Fact]
    public void A_sum_below_nothing_is_nothing()
    {
        Assert.Equal(0, Score(A.Lead(), A.Account().InIndustry("retail")).FitPoints);
    }

    [Fact]
    public void What_is_not_known_gives_no_points_and_is_no_vote_against()
    {
        ScoreDecision score = Score(A.Lead(), A.Account().InIndustry("paper"));

        Assert.Equal(50, score.FitPoints);
        Assert.Contains(score.Reasons, r => r.Code == ScoreReasons.RuleMissing && r.Says == "Size: account.employees is not known." && r.Points == 0);
    }

    [Fact]
    public void A_lead_of_nobody_is_scored_by_the_person_alone()
    {
        ScoreDecision score = Score(A.Lead().Titled("Managing Director"), null);

        Assert.Equal(40, score.FitPoints);
        Assert.Equal("Standard", score.Level);
    }

    [Theory]
    [InlineData(0, "Low")]
    [InlineData(19.99, "Low")]
    [InlineData(20, "Standard")]
    [InlineData(79.5, "Qualified")] // would fall into the gap between 79 and 80 if levels were written with both ends
    [InlineData(80, "Target")]
    [InlineData(100, "Target")]
    public void Levels_begin_at_their_minimum_and_leave_no_gap(double points, string level)
    {
        AbmConfig config = Config with { Scoring = new ScoringRules { Rules = [new() { Name = "All", Points = points, When = Predicate.Always }] } };

        Assert.Equal(level, LeadScorer.Score(A.Lead(), A.Match(null), null, config).Level);
    }

    [Theory]
    [InlineData("CTO", "Executive")]
    [InlineData("Director of Engineering", "Engineer")] // 'cto' stands in 'director', but not as a word
    [InlineData("Assistant to the CTO", "Other")]
    [InlineData("Co-CTO / Founder", "Executive")]
    [InlineData("  ", "Other")]
    [InlineData(null, "Other")]
    public void A_persona_goes_by_whole_words_of_the_title(string? title, string persona)
    {
        Assert.Equal(persona, Score(A.Lead().Titled(title), null).Persona);
    }

    [Fact]
    public void Reasons_do_not_repeat_what_the_person_typed()
    {
        AbmConfig config = Config with { Scoring = new ScoringRules { Rules = [new() { Name = "Title", Points = 1, When = A.Test("lead.title", PredicateOp.Contains, "chief") }] } };

        ScoreDecision score = LeadScorer.Score(A.Lead().Titled("Chief Tinkerer of Zanzibar"), A.Match(null), null, config);

        Assert.DoesNotContain(score.Reasons, r => r.Says.Contains("Zanzibar", StringComparison.Ordinal));
    }

    [Fact]
    public void The_score_is_always_the_clamped_sum_of_its_reasons()
    {
        Gen<double[]> points = Gen.ArrayOf(Gen.Choose(-100, 100).Select(p => (double)p));
        Prop.ForAll(points.ToArbitrary(), all =>
        {
            AbmConfig config = Config with { Scoring = new ScoringRules { Rules = [.. all.Select((p, i) => new ScoringRule { Name = $"{i}", Points = p, When = Predicate.Always })] } };
            ScoreDecision score = LeadScorer.Score(A.Lead(), A.Match(null), null, config);
            return score.FitPoints == Math.Clamp(score.Reasons.Sum(r => r.Points), 0, 100) && score.FitPoints == Math.Clamp(all.Sum(), 0, 100);
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithQuietOnSuccess(true));
    }

    private static ScoreDecision Score(Lead lead, Account? account) => LeadScorer.Score(lead, A.Match(account), account, Config);
}
