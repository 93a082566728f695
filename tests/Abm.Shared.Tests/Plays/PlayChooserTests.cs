using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Leads;
using Abm.People;
using Abm.Plays;
using Abm.Routing;
using Abm.Scoring;
using Abm.TestKit;
using static Abm.Shared.Tests.Clocks.BusinessCalendarTests;

namespace Abm.Shared.Tests.Plays;

public sealed class PlayChooserTests
{
    private static readonly RouteDecision ToAnn = new RouteDecision.Assigned(RepId.Parse("ann"), null, [], "rule", []);
    private static readonly ScoreDecision Score = new(50, "Qualified", "Other", []);

    [Theory]
    [InlineData(AccountTier.OneToOne, "first-touch-1to1", "2026-11-18T17:00")]
    [InlineData(AccountTier.OneToFew, "first-touch-1tofew", "2026-11-19T12:00")]
    [InlineData(AccountTier.OneToMany, "first-touch", "2026-11-19T16:00")]
    [InlineData(AccountTier.None, "first-touch", "2026-11-19T16:00")]
    public void The_tier_decides_how_soon_somebody_must_touch_it(AccountTier tier, string policy, string due)
    {
        PlayDecision.Start start = Assert.IsType<PlayDecision.Start>(Choose(A.Lead(), A.Account().AsTier(tier), ToAnn, AbmConfig.Default));

        Assert.Equal(("inbound", policy), (start.Play, start.FirstTouch.Policy));
        Assert.Equal(Utc("2026-11-18T16:00"), start.FirstTouch.StartAt);
        Assert.Equal(Utc(due), start.FirstTouch.DueAt);
    }

    [Fact]
    public void The_deadline_names_what_was_skipped()
    {
        PlayDecision.Start start = Assert.IsType<PlayDecision.Start>(Choose(A.Lead(), A.Account().AsTier(AccountTier.OneToFew), ToAnn, AbmConfig.Default));

        Assert.Equal("default", start.FirstTouch.Calendar);
        Assert.Equal(["open", "closed", "open"], start.FirstTouch.Intervals.Select(i => i.Why));
    }

    [Fact]
    public void Nobodys_lead_starts_no_play()
    {
        PlayDecision play = Choose(A.Lead(), null, new RouteDecision.Queued("review", "rule", []), AbmConfig.Default);

        Assert.Equal(PlayReasons.NoOwner, Assert.Single(Assert.IsType<PlayDecision.None>(play).Reasons).Code);
    }

    [Fact]
    public void A_test_lead_starts_no_play()
    {
        Assert.IsType<PlayDecision.None>(Choose(A.Lead().AsTest(), null, ToAnn, AbmConfig.Default));
    }

    [Fact]
    public void The_first_play_whose_condition_is_true_is_started()
    {
        AbmConfig config = AbmConfig.Default with
        {
            Plays =
            [
                PlayRules.Inbound with { Name = "vip", When = A.Test("score.level", PredicateOp.Equals, "Target") },
                PlayRules.Inbound with { Name = "partners", When = A.Test("account.status", PredicateOp.Equals, "partner") },
                PlayRules.Inbound,
            ],
        };

        PlayDecision.Start start = Assert.IsType<PlayDecision.Start>(Choose(A.Lead(), A.Account().As(AccountStatus.Partner), ToAnn, config));

        Assert.Equal("partners", start.Play);
        Assert.Contains(start.Reasons, r => r.Code == PlayReasons.ConditionNotMet && r.Says.StartsWith("Play vip", StringComparison.Ordinal));
    }

    private static PlayDecision Choose(Lead lead, Account? account, RouteDecision route, AbmConfig config) =>
        PlayChooser.Choose(lead, A.Match(account), account, Score, route, config, new[] { A.Rep("ann") }.ById(), Utc("2026-11-18T16:00"));
}
