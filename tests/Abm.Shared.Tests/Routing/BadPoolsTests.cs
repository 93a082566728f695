using Abm.Configuration;
using Abm.Decisions;
using Abm.People;
using Abm.TestKit;

namespace Abm.Shared.Tests.Routing;

/// <summary>What is refused, or at least said, before it is in force.</summary>
public sealed class BadPoolsTests
{
    private static readonly DateTimeOffset Now = ManualTimeProvider.WednesdayMorning;

    public static TheoryData<string, PoolRules> Refused => new()
    {
        { ConfigProblemCodes.OutOfRange, Pool with { Weights = new Dictionary<string, double> { ["ann"] = 0 } } },
        { ConfigProblemCodes.OutOfRange, Pool with { Weights = new Dictionary<string, double> { ["ann"] = -1 } } },
        { ConfigProblemCodes.OutOfRange, Pool with { Weights = new Dictionary<string, double> { ["ann"] = double.NaN } } },
        { ConfigProblemCodes.OutOfRange, Pool with { Caps = [new() { Per = CapPeriod.Day, Max = 0 }] } },
        { ConfigProblemCodes.OutOfRange, Pool with { Caps = [new() { Per = CapPeriod.Day, Max = 501, Rolling = true }] } },
        { ConfigProblemCodes.OutOfRange, Pool with { OpenCap = 0 } },
        { ConfigProblemCodes.OutOfRange, Pool with { MaxLead = 0 } },
        { ConfigProblemCodes.OutOfRange, Pool with { AcceptWithin = TimeSpan.Zero } },
        { ConfigProblemCodes.OutOfRange, Pool with { HoldFor = TimeSpan.FromDays(-1) } },
        { ConfigProblemCodes.OutOfRange, Pool with { DrainPerHour = 0 } },
        { ConfigProblemCodes.BadValues, Pool with { CatchUpPerDay = 3 } },
        { ConfigProblemCodes.UnknownZone, Pool with { Zone = "UTC+2" } },
        { ConfigProblemCodes.UnknownField, Pool with { CapsSparedWhen = A.Test("lead.heat", PredicateOp.Equals, "hot") } },
    };

    private static PoolRules Pool => new() { Name = "inbound" };

    [Theory]
    [MemberData(nameof(Refused))]
    public void A_pool_in_which_no_turn_can_be_taken_as_written_is_refused(string code, PoolRules pool)
    {
        Assert.Contains(ConfigCheck.Problems(A.Config().RoutingToPool(pool)), p => p.Code == code && p.Path.StartsWith("pools.inbound", StringComparison.Ordinal));
    }

    [Fact]
    public void A_pool_of_nobody_whose_members_never_work_or_who_are_unknown_is_told()
    {
        AbmConfig config = A.Config().RoutingToPool(Pool with { Weights = new Dictionary<string, double> { ["ghost"] = 2 } });
        string[] Codes(params Rep[] reps) => [.. ConfigLint.Findings(config, new LintContext(Now) { Reps = reps }).Select(f => f.Code)];

        Assert.Contains(LintCodes.PoolEmpty, Codes());
        Assert.Contains(LintCodes.PoolEmpty, Codes(A.Rep("ann").In("inbound").Inactive()));
        Assert.Contains(LintCodes.PoolEmpty, Codes(A.Rep("ann").In("inbound").Away(Now.AddDays(-1), Now.AddDays(8))));
        Assert.Contains(LintCodes.NotInPool, Codes(A.Rep("ann").In("inbound")));
    }

    [Fact]
    public void A_territory_that_leads_back_or_whose_sizes_are_upside_down_is_refused()
    {
        AbmConfig Config(TerritoryRules territory) => A.Config() with { Territories = new Dictionary<string, TerritoryRules> { ["t"] = territory with { Name = "t" } } };

        Assert.Contains(ConfigCheck.Problems(Config(new() { To = new RouteTarget.Territory() })), p => p.Code == ConfigProblemCodes.Cycle);
        Assert.Contains(ConfigCheck.Problems(Config(new() { To = new RouteTarget.Queue("q"), EmployeesFrom = 10, EmployeesTo = 9 })), p => p.Code == ConfigProblemCodes.Order);
        Assert.Contains(ConfigCheck.Problems(Config(new() { To = new RouteTarget.Queue("q"), Countries = ["Germany"] })), p => p.Code == ConfigProblemCodes.BadValues);
        Assert.Contains(ConfigCheck.Problems(Config(new() { To = new RouteTarget.Pool("nowhere") })), p => p.Code == ConfigProblemCodes.UnknownReference);
    }

    [Fact]
    public void A_list_that_ends_in_a_territory_or_pod_has_no_catch_all()
    {
        Assert.Contains(ConfigCheck.Problems(A.Config().Routing(new RoutingRule { Name = "T", To = new RouteTarget.Territory() })), p => p.Code == ConfigProblemCodes.NoCatchAll);
        Assert.Contains(ConfigCheck.Problems(A.Config().Routing(new RoutingRule { Name = "P", To = new RouteTarget.Pod() })), p => p.Code == ConfigProblemCodes.NoCatchAll);
    }
}
