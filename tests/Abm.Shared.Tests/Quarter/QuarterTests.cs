using System.Globalization;
using Abm.Clocks;

namespace Abm.Shared.Tests.Quarter;

public sealed class QuarterTests
{
    [Fact]
    public void A_quarter_of_five_thousand_leads_is_the_same_every_time_fair_and_leaves_no_clock_running()
    {
        QuarterRun quarter = new QuarterRun().Run();
        string digest = quarter.Digest;
        Dictionary<string, int> ends = quarter.Clocks.CountBy(c => c.State.ToString()).ToDictionary();

        // Every clock ends, and its end agrees with its deadline.
        Assert.Equal(["BreachedClosed", "Cancelled", "Met"], ends.Keys.Order(StringComparer.Ordinal));
        Assert.All(quarter.Clocks, c => Assert.NotNull(c.StoppedAt));
        Assert.All(quarter.Clocks.Where(c => c.State == ClockState.Met), c => Assert.True(c.StoppedAt < c.DueAt || c.Pauses.Any(p => p.From <= c.StoppedAt && (p.Until is null || c.StoppedAt < p.Until)), c.ClockId));
        Assert.All(quarter.Clocks.Where(c => c.State == ClockState.BreachedClosed), c => Assert.True(c.BreachedAt is not null || c.StoppedAt >= c.DueAt, c.ClockId));

        // Of the turns that a member could take nobody got a whole one more or less than the weight says, in any month.
        Assert.All(quarter.WorstBalances, p => Assert.True(p.Value <= 1, string.Create(CultureInfo.InvariantCulture, $"{p.Key}: {p.Value:0.###}")));
        Assert.Empty(quarter.Wrongs);

        // It happened at all: leads waited for openings, changed hands, were paused, told late, and moved by a holiday.
        Assert.True(quarter.Plays > 4_500 && quarter.Plays + quarter.Unplaced == QuarterCompany.Leads);
        Assert.True(quarter.Reassigned > 500 && quarter.Waited > 500);
        Assert.Contains(quarter.Clocks, c => c.Pauses.Count > 0 && c.State == ClockState.Met);
        Assert.Contains(quarter.Clocks, c => c.IsReportedLate && c.State == ClockState.Met && c.BreachedAt is not null);
        Assert.Contains(quarter.Clocks, c => c.History.Any(h => h.Code == "calendar"));

        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("tr-TR");
            Assert.Equal(digest, new QuarterRun().Run().Digest);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}

/// <summary>Beside the other, so that the two run at once.</summary>
public sealed class QuarterByFewestTests
{
    [Fact]
    public void In_a_quarter_with_the_default_pick_a_turn_never_brings_anybody_a_whole_turn_above_the_weight_and_who_fell_behind_is_made_even()
    {
        QuarterRun quarter = new QuarterRun(Abm.Configuration.PoolPick.Fewest).Run();

        Assert.Equal(["2026-10", "2026-11", "2026-12", "2027-01"], quarter.GreatestExcess.Keys.Order(StringComparer.Ordinal));
        Assert.All(quarter.GreatestExcess, p => Assert.True(p.Value <= 1, string.Create(CultureInfo.InvariantCulture, $"{p.Key}: {p.Value:0.###}")));

        // Whoever could not take some turns, because they had the lead before, is below for as long as it takes to make up for them.
        Assert.All(quarter.GapsAtEnd, g => Assert.True(g.Value <= 1, string.Create(CultureInfo.InvariantCulture, $"{g.Key}: {g.Value:0.###}")));
        Assert.Empty(quarter.Wrongs);
        Assert.All(quarter.Clocks, c => Assert.NotNull(c.StoppedAt));
    }
}
