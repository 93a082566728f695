using Abm.Configuration;
using Abm.Decisions;
using Abm.People;
using Abm.Routing;
using Abm.Scoring;
using Abm.TestKit;
using FsCheck;
using FsCheck.Fluent;

namespace Abm.Shared.Tests.Routing;

/// <summary>Caps, leads ahead, preferences, shares, credits: what stands around whose turn it is.</summary>
public sealed class PoolRulesTests
{
    private static readonly DateTimeOffset Now = ManualTimeProvider.WednesdayMorning;
    private static readonly PoolRules Pool = new() { Name = "inbound" };
    private static readonly Rep Ann = A.Rep("ann").In("inbound", "other");
    private static readonly Rep Bob = A.Rep("bob").In("inbound");
    private static readonly Rep Cat = A.Rep("cat").In("inbound");

    [Theory]
    [InlineData(CapPeriod.HalfHour, 29, 30)]
    [InlineData(CapPeriod.Hour, 59, 60)]
    public void A_cap_on_the_clock_begins_anew_with_the_clock(CapPeriod per, int stillFull, int free)
    {
        Run run = new(Pool with { Caps = [new() { Per = per, Max = 1 }] }, Bob);

        Assert.Equal("bob", run.Next());
        run.Now = Now.AddMinutes(stillFull);
        Assert.Equal("-", run.Next());
        Assert.Equal(Now.AddMinutes(free), run.Last.OpensAt);
        run.Now = Now.AddMinutes(free);
        Assert.Equal("bob", run.Next());
    }

    [Fact]
    public void A_rolling_cap_looks_back_from_now()
    {
        Run run = new(Pool with { Caps = [new() { Per = CapPeriod.Hour, Max = 2, Rolling = true }] }, Bob) { Now = Now.AddMinutes(50) };
        run.Next();
        run.Now = Now.AddMinutes(55);
        run.Next();

        run.Now = Now.AddMinutes(70);
        Assert.Equal("-", run.Next());
        Assert.Equal(Now.AddMinutes(110), run.Last.OpensAt);
        run.Now = Now.AddMinutes(110);
        Assert.Equal("bob", run.Next());
        Assert.Equal(2, run.State!.Members[0].Recent.Count);
    }

    [Fact]
    public void A_cap_of_all_pools_counts_what_others_gave()
    {
        PoolRules other = new() { Name = "other" };
        PoolRules capped = Pool with { Caps = [new() { Per = CapPeriod.Day, Max = 2, Scope = CapScope.AllPools }] };
        AbmConfig config = A.Config() with { Pools = new Dictionary<string, PoolRules> { ["inbound"] = capped, ["other"] = other } };
        Dictionary<string, PoolState> states = [];
        PoolTurn Take(PoolRules pool)
        {
            PoolTurn turn = PoolTurn.Take(pool, states.GetValueOrDefault(pool.Name), config, new[] { Ann }.ById(), [], Now, new PoolAsk { Others = states });
            if (turn.Member is not null)
                states[pool.Name] = turn.After;
            return turn;
        }

        Assert.NotNull(Take(other).Member);
        Assert.NotNull(Take(capped).Member);
        Assert.Null(Take(capped).Member);
        Assert.True(Take(capped).LooksAtOthers);
        Assert.NotNull(Take(other).Member);
    }

    [Fact]
    public void A_cap_with_a_tag_counts_and_stops_leads_of_that_tag_only()
    {
        Run run = new(Pool with { Caps = [new() { Per = CapPeriod.Day, Max = 1, Tag = "hot" }] }, Bob);

        Assert.Equal("bob", run.Next(new PoolAsk { Tag = "hot" }));
        Assert.Equal("-", run.Next(new PoolAsk { Tag = "hot" }));
        Assert.Equal("bob", run.Next());
        Assert.Equal("bob", run.Next(new PoolAsk { Tag = "cold" }));
    }

    [Fact]
    public void Hot_leads_go_out_whatever_the_caps_say()
    {
        Run run = new(Pool with { Caps = [new() { Per = CapPeriod.Day, Max = 1 }], CapsSparedWhen = A.Test("lead.source", PredicateOp.Equals, "demo") }, Bob);
        run.Next();

        Assert.Equal("-", run.Next());
        Assert.Equal("bob", run.Next(new PoolAsk { Facts = Facts(A.Lead().Submitting(s => s with { Source = "demo" })) }));
    }

    [Fact]
    public void Whoever_has_enough_open_leads_is_skipped_until_one_is_touched()
    {
        Run run = new(Pool with { OpenCap = 1 }, Bob);
        LeadId lead = LeadId.Parse("lead-1");
        Assert.Equal("bob", run.Next(new PoolAsk { Lead = lead }));
        Assert.Equal("-", run.Next(new PoolAsk { Lead = LeadId.Parse("lead-2") }));
        Assert.Contains("has 1 open leads already", run.Last.Standings[0].Why, StringComparison.Ordinal);

        Assignment turn = new("a1", lead, Bob.Id, "inbound", "r", Now);
        (PoolState after, LedgerEntry entry) = PoolCredit.Release(run.State!, turn, "touched", Now)!.Value;
        run.State = after;

        Assert.Equal(LedgerKind.Release, Assert.Single(entry.Lines).Kind);
        Assert.Null(PoolCredit.Release(after, turn, "touched", Now));
        Assert.Equal("bob", run.Next(new PoolAsk { Lead = LeadId.Parse("lead-2") }));
    }

    [Fact]
    public void Nobody_gets_further_ahead_of_the_others_than_the_pool_allows()
    {
        Rep tokyo = Bob.Working("default", "Asia/Tokyo"); // closed now
        Run run = new(Pool with { MaxLead = 3, RespectSchedule = true }, Ann.Working("default", "Europe/Berlin"), tokyo) { Config = AbmConfig.Default };

        Assert.Equal(["ann", "ann", "ann", "-"], new[] { run.Next(), run.Next(), run.Next(), run.Next() });
        Assert.Contains(run.Last.Lines, l => l.Kind == LedgerKind.Skip && l.Why.Contains("3 turns ahead", StringComparison.Ordinal));
    }

    [Fact]
    public void Leads_that_somebody_prefers_are_offered_to_them_first_and_cost_them_a_turn()
    {
        Run run = new(Pool with { Preferences = [new() { Member = "cat", When = A.Test("lead.source", PredicateOp.Equals, "fair") }] }, Ann, Bob, Cat);
        PoolAsk fair = new() { Facts = Facts(A.Lead().Submitting(s => s with { Source = "fair" })) };

        Assert.Equal(["cat", "cat"], new[] { run.Next(fair), run.Next(fair) });
        Assert.Equal(["ann", "bob", "ann", "bob"], new[] { run.Next(), run.Next(), run.Next(), run.Next() });
    }

    [Fact]
    public void Whoever_takes_one_kind_of_lead_only_is_skipped_for_others()
    {
        Run run = new(Pool with { Preferences = [new() { Member = "bob", When = A.Test("lead.source", PredicateOp.Equals, "fair"), Only = true }] }, Ann, Bob);

        Assert.Equal(["ann", "ann"], new[] { run.Next(new PoolAsk { Facts = Facts(A.Lead()) }), run.Next() });
        Assert.Equal("bob", run.Next(new PoolAsk { Facts = Facts(A.Lead().Submitting(s => s with { Source = "fair" })) }));
    }

    [Fact]
    public void Shares_are_had_only_in_turns_that_could_be_taken()
    {
        // Fewest makes even what was missed; smooth does not.
        Rep closed = Bob.Working("default", "Asia/Tokyo");
        Rep open = Ann.Working("default", "Europe/Berlin");
        Run fewest = new(Pool with { RespectSchedule = true }, open, closed) { Config = AbmConfig.Default };
        Run smooth = new(Pool with { RespectSchedule = true, Pick = PoolPick.Smooth }, open, closed) { Config = AbmConfig.Default };
        for (int i = 0; i < 4; i++)
            Assert.Equal(("ann", "ann"), (fewest.Next(), smooth.Next()));

        foreach (Run run in new[] { fewest, smooth })
            run.Reps = [Ann, Bob];
        fewest.Config = smooth.Config = A.Config();

        Assert.Equal(["bob", "bob", "bob", "bob"], new[] { fewest.Next(), fewest.Next(), fewest.Next(), fewest.Next() });
        Assert.Equal(2, new[] { smooth.Next(), smooth.Next(), smooth.Next(), smooth.Next() }.Count(w => w == "bob"));
    }

    [Fact]
    public void A_smooth_pool_interleaves_by_weight()
    {
        Run run = new(Pool with { Pick = PoolPick.Smooth, Weights = new Dictionary<string, double> { ["ann"] = 5 } }, Ann, Bob, Cat);

        Assert.Equal("ann ann bob ann cat ann ann", string.Join(' ', Enumerable.Range(0, 7).Select(_ => run.Next())));
    }

    [Fact]
    public void A_turn_that_is_given_back_is_had_again_soon_and_counts_under_no_cap()
    {
        PoolRules pool = Pool with { Caps = [new() { Per = CapPeriod.Day, Max = 5 }] };
        Run run = new(pool, Ann, Bob, Cat);
        for (int i = 0; i < 6; i++)
            run.Next();
        Assignment turn = new("a1", LeadId.Parse("lead-1"), Cat.Id, "inbound", "r", Now);

        (PoolState after, LedgerEntry entry) = PoolCredit.Refund(pool, run.State!, turn, "junk", run.Config, Now.AddHours(1));
        run.State = after;

        LedgerLine line = Assert.Single(entry.Lines);
        Assert.Equal((LedgerKind.Refund, "cat", 2, 1), (line.Kind, line.Rep.Value, line.Before.Assigned, line.After.Assigned));
        Assert.Equal(1, after.Members.Single(m => m.Rep == Cat.Id).Capped.Values.Single());
        Assert.Equal("cat", run.Next());
    }

    [Fact]
    public void A_turn_of_a_past_period_is_given_back_in_this_one()
    {
        Run run = new(Pool, Ann, Bob) { Now = new DateTimeOffset(2026, 12, 1, 0, 30, 0, TimeSpan.Zero) };
        run.Next();
        run.Next();
        Assignment turn = new("a1", LeadId.Parse("lead-1"), Bob.Id, "inbound", "r", new DateTimeOffset(2026, 11, 30, 23, 0, 0, TimeSpan.Zero));

        run.State = PoolCredit.Refund(Pool, run.State!, turn, "junk", run.Config, run.Now).After;

        Assert.Equal((1, -1.0), (run.State.Members[1].Assigned, run.State.Members[1].Adjustment));
        Assert.Equal("bob", run.Next());
    }

    [Fact]
    public void Waiting_leads_are_given_to_one_member_no_faster_than_the_pool_says()
    {
        Run run = new(Pool with { DrainPerHour = 2 }, Ann);

        Assert.Equal(["ann", "ann", "-"], new[] { run.Next(new PoolAsk { IsDrain = true }), run.Next(new PoolAsk { IsDrain = true }), run.Next(new PoolAsk { IsDrain = true }) });
        Assert.Equal("ann", run.Next());
        run.Now = Now.AddHours(1);
        Assert.Equal("ann", run.Next(new PoolAsk { IsDrain = true }));
    }

    [Fact]
    public void The_ledger_has_a_line_for_whoever_got_it_and_for_everybody_who_could_not()
    {
        Run run = new(Pool, Ann.Inactive(), Bob, Cat);
        run.Next();

        Assert.Equal([(LedgerKind.Credit, "bob"), (LedgerKind.Skip, "ann")], run.Last.Lines.Select(l => (l.Kind, l.Rep.Value)));
        Assert.Equal((0, 1), (run.Last.Lines[0].Before.Assigned, run.Last.Lines[0].After.Assigned));
        Assert.Equal("Skipped without charge: not active.", run.Last.Lines[1].Why);
    }

    [Fact]
    public void The_same_pool_asked_the_same_gives_the_same_whatever_the_order_of_its_members()
    {
        Prop.ForAll(Gen.ArrayOf(Gen.Choose(1, 9), 6).ToArbitrary(), Gen.Shuffle(Enumerable.Range(0, 6).ToArray()).ToArbitrary(), (weights, order) =>
        {
            PoolRules pool = Pool with { Weights = weights.Select((w, i) => (w, i)).ToDictionary(w => $"r{w.i}", w => (double)w.w) };
            Rep[] reps = [.. Enumerable.Range(0, 6).Select(i => A.Rep($"r{i}").In("inbound"))];
            Run one = new(pool, reps), other = new(pool, [.. order.Select(i => reps[i])]);
            return Enumerable.Range(0, 40).All(_ => one.Next() == other.Next());
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(30).WithQuietOnSuccess(true));
    }

    [Fact]
    public void Refunds_and_absences_never_lose_or_double_a_turn()
    {
        Prop.ForAll(Gen.ListOf(Gen.Choose(0, 9)).ToArbitrary(), steps =>
        {
            Run run = new(Pool, Ann, Bob, Cat);
            List<Assignment> turns = [];
            foreach (int step in steps)
            {
                run.Now = run.Now.AddMinutes(1);
                if (step < 7)
                    turns.Add(new Assignment($"a{turns.Count}", LeadId.Parse($"lead-{turns.Count}"), RepId.Parse(run.Next()), "inbound", "r", run.Now));
                else if (step == 7 && turns.Count > 0)
                {
                    run.State = PoolCredit.Refund(Pool, run.State!, turns[^1], "junk", run.Config, run.Now).After;
                    turns.RemoveAt(turns.Count - 1);
                }
                else
                    run.Reps = [run.Reps[0].Id == Ann.Id && run.Reps[0].PausedUntil is null ? Ann with { PausedUntil = run.Now.AddHours(1) } : Ann, Bob, Cat];
            }

            return (run.State?.Members.Sum(m => m.Assigned) ?? 0) == turns.Count;
        }).Check(FsCheck.Config.QuickThrowOnFailure.WithMaxTest(60).WithQuietOnSuccess(true));
    }

    private static Facts Facts(Abm.Leads.Lead lead) => new(lead, A.Match(null), null, new ScoreDecision(0, "", "Other", []));

    private sealed class Run(PoolRules pool, params Rep[] reps)
    {
        public Rep[] Reps { get; set; } = reps;
        public AbmConfig Config { get; set; } = A.Config() with { Pools = new Dictionary<string, PoolRules> { [pool.Name] = pool } };
        public DateTimeOffset Now { get; set; } = PoolRulesTests.Now;
        public PoolState? State { get; set; }
        public PoolTurn Last { get; private set; } = null!;

        public string Next(PoolAsk? ask = null)
        {
            Last = PoolTurn.Take(pool, State, Config, Reps.ById(), [], Now, ask);
            State = Last.Member is null ? State : Last.After;
            return Last.Member?.Value ?? "-"; // nobody
        }
    }
}
