using Abm.Configuration;
using Abm.Decisions;
using Abm.People;
using Abm.Routing;
using Abm.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace Abm.Shared.Tests.Routing;

public sealed class PoolTests
{
    private static readonly DateTimeOffset Now = ManualTimeProvider.WednesdayMorning;
    private static readonly PoolRules Pool = new() { Name = "inbound" };
    private static readonly Rep Ann = A.Rep("ann").In("inbound");
    private static readonly Rep Bob = A.Rep("bob").In("inbound");
    private static readonly Rep Cat = A.Rep("cat").In("inbound");

    [Fact]
    public void Equal_members_take_turns_in_order()
    {
        Assert.Equal(["ann", "bob", "cat", "ann", "bob", "cat"], new Turns(Pool, Ann, Bob, Cat).Take(6));
    }

    [Fact]
    public void The_pools_order_breaks_ties_before_ids()
    {
        Assert.Equal(["cat", "ann", "bob"], new Turns(Pool with { Order = ["cat"] }, Ann, Bob, Cat).Take(3));
    }

    [Fact]
    public void Weight_two_gets_twice_as_many()
    {
        Turns turns = new(Pool with { Weights = new Dictionary<string, double> { ["bob"] = 2 } }, Ann, Bob);

        Assert.Equal(20, turns.Take(30).Count(w => w == "bob"));
    }

    [Fact]
    public void Three_thirds_tie_with_a_whole()
    {
        Turns turns = new(Pool with { Weights = new Dictionary<string, double> { ["bob"] = 3 } }, Ann, Bob);

        Assert.Equal(["bob", "bob", "ann", "bob", "bob", "bob", "ann", "bob"], turns.Take(8));
    }

    [Fact]
    public void Whoever_is_away_is_skipped_without_charge_and_told_why()
    {
        Turns turns = new(Pool, Ann.Away(Now, Now.AddDays(1)), Bob);

        PoolTurn turn = turns.Next();

        Assert.Equal("bob", turn.Member!.Value);
        Assert.Equal(0, turn.After.Members.Single(m => m.Rep == Ann.Id).Assigned);
        Assert.Contains(turn.Reasons, r => r.Code == RouteReasons.PoolSkipped && r.Says == "ann is skipped without charge: away.");
    }

    [Fact]
    public void Whoever_returns_begins_at_everyones_level_and_is_not_flooded()
    {
        Turns turns = new(Pool, Ann.Away(Now, Now.AddDays(1)), Bob, Cat);
        turns.Take(20);
        turns.Now = Now.AddDays(2);

        string[] after = turns.Take(6);

        Assert.Equal(2, after.Count(w => w == "ann"));
    }

    [Fact]
    public void Where_missed_turns_are_made_up_for_whoever_returns_gets_them()
    {
        Turns turns = new(Pool with { AwayCredit = AwayCredit.CatchUp }, Ann.Away(Now, Now.AddDays(1)), Bob);
        turns.Take(4);
        turns.Now = Now.AddDays(2);

        Assert.Equal(["ann", "ann", "bob", "ann", "ann", "bob", "ann", "ann"], turns.Take(8));
        Assert.Equal(1, turns.State!.Members.Single(m => m.Rep == Ann.Id).Missed);
    }

    [Fact]
    public void No_more_missed_turns_are_made_up_for_in_a_day_than_the_pool_says()
    {
        Turns turns = new(Pool with { AwayCredit = AwayCredit.CatchUp, CatchUpPerDay = 1 }, Ann.Away(Now, Now.AddDays(1)), Bob);
        turns.Take(4);
        turns.Now = Now.AddDays(2);

        Assert.Equal(["ann", "ann", "bob", "ann", "bob", "ann"], turns.Take(6));
        turns.Now = Now.AddDays(3);
        Assert.Equal(["ann", "bob", "ann", "bob"], turns.Take(4));
    }

    [Fact]
    public void Where_missed_turns_are_lost_whoever_returns_is_last()
    {
        Turns turns = new(Pool with { AwayCredit = AwayCredit.None }, Ann.Away(Now, Now.AddDays(1)), Bob, Cat);
        turns.Take(5);
        turns.Now = Now.AddDays(2);

        Assert.Equal(["cat", "ann", "bob"], turns.Take(3));
    }

    [Fact]
    public void A_pause_takes_out_of_the_pool_and_brings_back_at_everyones_level()
    {
        Turns turns = new(Pool, Ann with { PausedUntil = Now.AddMinutes(30) }, Bob);

        Assert.Equal(["bob", "bob", "bob", "bob"], turns.Take(4));
        Assert.Contains(turns.Last!.Reasons, r => r.Says.Contains("paused until", StringComparison.Ordinal));
        turns.Now = Now.AddMinutes(30);
        Assert.Equal(2, turns.Take(4).Count(w => w == "ann"));
    }

    [Fact]
    public void Whoever_joins_in_the_middle_begins_at_the_median_of_the_others()
    {
        Turns turns = new(Pool, Ann, Bob);
        turns.Take(10);
        turns.Reps = [Ann, Bob, Cat];

        Assert.Equal(["ann", "bob", "cat"], turns.Take(3).Order());
        Assert.Equal(5, turns.State!.Members.Single(m => m.Rep == Cat.Id).Adjustment);
    }

    [Fact]
    public void Whoever_leaves_and_comes_back_begins_at_everyones_level()
    {
        Turns turns = new(Pool, Ann, Bob);
        turns.Take(2);
        turns.Reps = [Bob];
        turns.Take(10);
        turns.Reps = [Ann, Bob];

        Assert.Equal(2, turns.Take(4).Count(w => w == "ann"));
    }

    [Fact]
    public void A_changed_weight_counts_from_now_on_and_does_not_rewrite_the_past()
    {
        Turns turns = new(Pool, Ann, Bob);
        turns.Take(20);
        turns.Pool = Pool with { Weights = new Dictionary<string, double> { ["bob"] = 3 } };

        Assert.Equal(6, turns.Take(8).Count(w => w == "bob"));
    }

    [Fact]
    public void A_new_period_begins_at_nothing_but_goes_on_in_the_rotation()
    {
        Turns turns = new(Pool with { Zone = "Asia/Tokyo" }, Ann, Bob);
        turns.Now = new DateTimeOffset(2026, 11, 30, 14, 59, 0, TimeSpan.Zero);
        turns.Take(1);
        Assert.Equal("2026-11", turns.State!.Period);

        turns.Now = new DateTimeOffset(2026, 11, 30, 15, 0, 0, TimeSpan.Zero); // midnight of the first in Tokyo
        Assert.Equal(["bob", "ann"], turns.Take(2));
        Assert.Equal("2026-12", turns.State!.Period);
        Assert.Equal([1, 1], turns.State.Members.Select(m => m.Assigned));
    }

    [Theory]
    [InlineData(PoolPeriod.Day, "2027-01-01")]
    [InlineData(PoolPeriod.Week, "2026-W53")]
    [InlineData(PoolPeriod.Month, "2027-01")]
    [InlineData(PoolPeriod.Quarter, "2027-Q1")]
    [InlineData(PoolPeriod.Year, "2027")]
    public void Periods_have_names_that_sort(PoolPeriod period, string name)
    {
        Turns turns = new(Pool with { Period = period }, Ann) { Now = new DateTimeOffset(2027, 1, 1, 12, 0, 0, TimeSpan.Zero) };
        turns.Take(1);

        Assert.Equal(name, turns.State!.Period);
    }

    [Fact]
    public void A_cap_skips_who_has_enough_until_the_clock_says_otherwise()
    {
        Turns turns = new(Pool with { Caps = [new() { Per = CapPeriod.Hour, Max = 2 }] }, Ann) { Now = Now.AddMinutes(59) };

        Assert.Equal(["ann", "ann", null!], turns.Take(3));
        Assert.Contains(turns.Last!.Reasons, r => r.Says.Contains("has 2 leads this hour already", StringComparison.Ordinal));
        turns.Now = Now.AddMinutes(60);
        Assert.Equal(["ann"], turns.Take(1));
        Assert.Single(turns.State!.Members[0].Capped);
    }

    [Fact]
    public void Working_hours_are_respected_where_the_pool_asks_for_it()
    {
        Rep berlin = Ann.Working("default", "Europe/Berlin");
        Rep tokyo = Bob.Working("default", "Asia/Tokyo"); // 19:00 there
        Turns free = new(Pool, berlin, tokyo) { Config = AbmConfig.Default };
        Turns respecting = new(Pool with { RespectSchedule = true }, berlin, tokyo) { Config = AbmConfig.Default };

        Assert.Equal(["ann", "bob"], free.Take(2));
        Assert.Equal(["ann", "ann"], respecting.Take(2));
    }

    [Fact]
    public void A_strict_pool_waits_for_whoever_is_next_in_line()
    {
        Rep berlin = Ann.Working("default", "Europe/Berlin");
        Rep tokyo = Bob.Working("default", "Asia/Tokyo");
        Turns turns = new(Pool with { RespectSchedule = true, Mode = PoolMode.Strict }, berlin, tokyo) { Config = AbmConfig.Default };

        Assert.Equal(["ann", null!], turns.Take(2));
        Assert.Contains(turns.Last!.Reasons, r => r.Code == RouteReasons.PoolHeld);
    }

    [Fact]
    public void Former_owners_are_passed_over()
    {
        Turns turns = new(Pool, Ann, Bob);

        Assert.Equal("bob", turns.Next(Ann.Id).Member!.Value);
    }

    [Fact]
    public void Who_gets_it_does_not_depend_on_the_order_in_which_members_are_listed()
    {
        Assert.Equal(new Turns(Pool, Ann, Bob, Cat).Take(7), new Turns(Pool, Cat, Bob, Ann).Take(7));
    }

    [Fact]
    public void At_every_moment_nobody_is_a_whole_turn_away_from_the_share_of_the_weight()
    {
        Gen<int[]> weights = Gen.ArrayOf(Gen.Choose(1, 20), 7);
        Prop.ForAll(weights.ToArbitrary(), Gen.Choose(1, 300).ToArbitrary(), (all, count) =>
        {
            Rep[] reps = [.. all.Select((_, i) => A.Rep($"r{i}").In("inbound"))];
            Dictionary<string, double> byRep = all.Select((w, i) => (Key: $"r{i}", Weight: (double)w)).ToDictionary(w => w.Key, w => w.Weight);
            string[] turns = new Turns(Pool with { Weights = byRep }, reps).Take(count);

            // At every moment, not only at the end.
            Dictionary<string, int> given = byRep.Keys.ToDictionary(r => r, _ => 0);
            for (int n = 1; n <= count; n++)
            {
                given[turns[n - 1]]++;
                if (byRep.Any(w => Math.Abs(given[w.Key] - (n * w.Value / all.Sum())) >= 1))
                    return false;
            }

            return true;
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(60).WithQuietOnSuccess(true));
    }

    /// <summary>A pool that is asked again and again.</summary>
    private sealed class Turns(PoolRules pool, params Rep[] reps)
    {
        public PoolRules Pool { get; set; } = pool;
        public Rep[] Reps { get; set; } = reps;
        public AbmConfig Config { get; init; } = A.Config();
        public DateTimeOffset Now { get; set; } = PoolTests.Now;
        public PoolState? State { get; private set; }
        public PoolTurn? Last { get; private set; }

        public PoolTurn Next(params RepId[] excluded)
        {
            Last = PoolTurn.Take(Pool, State, Config, Reps.ById(), excluded, Now);
            State = Last.Member is null ? State : Last.After;
            return Last;
        }

        public string[] Take(int count) => [.. Enumerable.Range(0, count).Select(_ => Next().Member?.Value!)];
    }
}
