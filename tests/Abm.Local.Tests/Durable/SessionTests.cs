using System.Globalization;
using Abm.Local.Durable.Engine;
using Abm.Local.Durable.Storage;

namespace Abm.Local.Tests.Durable;

/// <summary>Who is alive.</summary>
public class SessionTests
{
    [Fact]
    public void This_process_is_not_gone() => Assert.False(SessionId.IsGoneFromThisMachine(SessionId.ForThisProcess().Text));

    [Fact]
    public void A_process_id_that_nobody_has_or_that_began_at_another_time_is_gone()
    {
        string[] parts = SessionId.ForThisProcess().Text.Split('.');
        string earlier = (long.Parse(parts[2], CultureInfo.InvariantCulture) - 100).ToString(CultureInfo.InvariantCulture);

        Assert.True(SessionId.IsGoneFromThisMachine($"{parts[0]}.{parts[1]}.{earlier}.abc"));
        Assert.True(SessionId.IsGoneFromThisMachine($"{parts[0]}.{int.MaxValue}.{parts[2]}.abc"));
    }

    [Theory]
    [InlineData("elsewherex1.1.1.abc")]
    [InlineData("nonsense")]
    [InlineData("")]
    public void Of_other_machines_nothing_is_known(string session) => Assert.False(SessionId.IsGoneFromThisMachine(session));

    [Fact]
    public async Task A_session_is_dead_when_its_beat_stands_still_over_several_readings_not_when_storage_was_away()
    {
        var clock = new VirtualClock(new DateTimeOffset(2026, 3, 2, 9, 0, 0, TimeSpan.Zero));
        var wakes = new WakeTable(new MemoryTable());
        var watch = new SessionWatch(wakes, clock, _ => false);
        await wakes.BeatAsync("other", 1, CancellationToken.None);

        Assert.False(await watch.IsDeadAsync("other", CancellationToken.None));
        clock.Advance(TimeSpan.FromMinutes(5));
        Assert.False(await watch.IsDeadAsync("other", CancellationToken.None));
        await wakes.BeatAsync("other", 2, CancellationToken.None);
        Assert.False(await watch.IsDeadAsync("other", CancellationToken.None));
        clock.Advance(SessionWatch.Patience / 2);
        Assert.False(await watch.IsDeadAsync("other", CancellationToken.None));
        clock.Advance(SessionWatch.Patience / 2);
        Assert.True(await watch.IsDeadAsync("other", CancellationToken.None));
    }

    [Fact]
    public async Task A_session_that_ended_in_order_is_dead_at_once()
    {
        var wakes = new WakeTable(new MemoryTable());
        var watch = new SessionWatch(wakes, TimeProvider.System, _ => false);
        await wakes.BeatAsync("other", 1, CancellationToken.None);
        await wakes.EndSessionAsync("other", CancellationToken.None);

        Assert.True(await watch.IsDeadAsync("other", CancellationToken.None));
    }

    [Fact]
    public async Task Rows_of_sessions_that_gave_no_sign_of_life_for_ten_minutes_are_removed_and_come_back_with_the_next()
    {
        var table = new MemoryTable();
        var wakes = new WakeTable(table);
        await using EngineHarness durable = await new EngineHarness(wakes: table) { DeadSessions = ["here"] }.StartAsync();
        foreach (string session in new[] { "elsewhere", "alive", "here" })
            await wakes.BeatAsync(session, 1, CancellationToken.None);

        await durable.AdvanceAsync(TimeSpan.FromMinutes(2));
        Assert.Equal(["alive", "elsewhere", durable.Session.Text], Sessions());
        await wakes.BeatAsync("alive", 2, CancellationToken.None);
        await durable.AdvanceAsync(TimeSpan.FromMinutes(10));
        Assert.Equal(["alive", durable.Session.Text], Sessions());

        await wakes.BeatAsync("elsewhere", 2, CancellationToken.None);
        Assert.Equal(3, Sessions().Length);

        string[] Sessions() => [.. table.Rows.Where(row => row.PartitionKey == "sessions").Select(row => row.RowKey).Order(StringComparer.Ordinal)];
    }
}
