using Abm.Functions.Journeys;
using Abm.Journeys;
using Abm.Plays;
using Abm.Ports;
using Abm.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Abm.Functions.Tests.Journeys;

public sealed class BulkLaneTests
{
    private readonly ManualTimeProvider _clock = new(ManualTimeProvider.WednesdayMorning);
    private readonly InMemoryPlayFiles _files = new();
    private readonly InMemoryPlays _plays = new();

    [Fact]
    public async Task A_message_is_done_when_the_last_play_that_it_started_has_begun()
    {
        using BulkLane lane = Lane();

        Task<int> running = StartsAsync(lane, "first", "last");
        await BeginAsync("first");
        Pass(TimeSpan.FromSeconds(10));
        Assert.False(running.IsCompleted);

        await BeginAsync("last");
        await PassUntilAsync(running);

        Assert.Equal(2, await running);
        Assert.All(_plays.Started, start => Assert.True(start.IsBulk));
    }

    [Fact]
    public async Task Two_messages_are_worked_on_at_a_time_and_the_third_waits_for_its_turn()
    {
        using BulkLane lane = Lane();
        TaskCompletionSource<int>[] ends = [new(), new(), new()];
        int begun = 0;
        Task<int>[] running = [.. ends.Select(end => lane.RunAsync(async _ => Interlocked.Increment(ref begun) + await end.Task, _plays, CancellationToken.None))];

        Assert.Equal(2, begun);
        ends[0].SetResult(0);
        await running[0];
        await AbmClient.UntilAsync(() => Task.FromResult(Volatile.Read(ref begun)), count => count == 3, TimeSpan.FromSeconds(20), "The third", TestContext.Current.CancellationToken);
        ends[1].SetResult(0);
        ends[2].SetResult(0);
        await Task.WhenAll(running);
    }

    [Fact]
    public async Task Plays_that_do_not_begin_hold_an_import_up_for_half_a_minute_and_then_not_for_a_while()
    {
        using BulkLane lane = Lane();
        Task<int> waiting = StartsAsync(lane, "never");
        DateTimeOffset before = _clock.GetUtcNow();

        await PassUntilAsync(waiting);
        TimeSpan waited = _clock.GetUtcNow() - before;

        Assert.InRange(waited, BulkLane.LongestWait, BulkLane.LongestWait + TimeSpan.FromSeconds(5));
        Assert.Equal(1, await StartsAsync(lane, "neither").WaitAsync(TimeSpan.FromSeconds(20), TestContext.Current.CancellationToken));

        _clock.Advance(BulkLane.Pause);
        Task<int> again = StartsAsync(lane, "later");
        Assert.False(again.IsCompleted);
        await BeginAsync("later");
        await PassUntilAsync(again);
    }

    private BulkLane Lane() => new(_files, _clock, NullLogger<BulkLane>.Instance);

    private Task<int> StartsAsync(BulkLane lane, params string[] plays) => lane.RunAsync(
        async starter =>
        {
            foreach (string play in plays)
                await starter.StartAsync(Start(play), CancellationToken.None);
            return plays.Length;
        },
        _plays,
        CancellationToken.None);

    private Task BeginAsync(string play) => _files.BeginAsync(PlayFile.Begin(Start(play)), CancellationToken.None);

    private void Pass(TimeSpan time) => _clock.Advance(time);

    private async Task PassUntilAsync(Task done) => await AbmClient.UntilAsync(
        () =>
        {
            Pass(TimeSpan.FromSeconds(1));
            return Task.FromResult(done.IsCompleted);
        },
        isDone => isDone,
        TimeSpan.FromSeconds(20),
        "The message",
        TestContext.Current.CancellationToken);

    private static PlayStartInput Start(string id) =>
        new(1, id, "inbound", "lead-1", null, "decision-1", "v1", "R1", null, "first-touch", ManualTimeProvider.WednesdayMorning, ManualTimeProvider.WednesdayMorning);
}
