using Abm.Functions.Plays;
using Abm.Plays;
using Microsoft.DurableTask.Client;

namespace Abm.Functions.Tests.Plays;

public sealed class DurablePlayStarterTests
{
    private static readonly DateTimeOffset Now = TestKit.ManualTimeProvider.WednesdayMorning;
    private static readonly PlayStartInput Start = new(1, "play-lead-1-inbound", "inbound", "lead-1", "A1", "dec-1", "c1", "R1", null, "first-touch", Now, Now);
    private static readonly PlayStop Touched = new(PlayStopKind.Touched, Now);

    [Fact]
    public async Task A_play_is_started_under_its_derived_id()
    {
        await using FakeDurableClient client = new();

        await new DurablePlayStarter(client).StartAsync(Start, CancellationToken.None);

        Assert.Equal(Start, Assert.Single(client.Started));
    }

    [Theory]
    [InlineData(OrchestrationRuntimeStatus.Pending)]
    [InlineData(OrchestrationRuntimeStatus.Running)]
    [InlineData(OrchestrationRuntimeStatus.Suspended)]
    [InlineData(OrchestrationRuntimeStatus.Completed)]
    [InlineData(OrchestrationRuntimeStatus.Failed)]
    [InlineData(OrchestrationRuntimeStatus.Terminated)]
    public async Task A_play_that_exists_in_whatever_status_is_neither_started_again_nor_an_error(OrchestrationRuntimeStatus status)
    {
        await using FakeDurableClient client = new();
        client.Has(Start.PlayId, status);

        await new DurablePlayStarter(client).StartAsync(Start, CancellationToken.None);

        Assert.Empty(client.Started);
    }

    [Fact]
    public async Task A_start_that_fails_is_an_error()
    {
        await using FakeDurableClient client = new() { Down = new IOException("down") };

        await Assert.ThrowsAsync<IOException>(() => new DurablePlayStarter(client).StartAsync(Start, CancellationToken.None));
        await Assert.ThrowsAsync<IOException>(() => new DurablePlayStarter(client).StopAsync(Start.PlayId, Touched, CancellationToken.None));
    }

    [Fact]
    public async Task A_running_play_is_told_that_its_file_says_something_new()
    {
        await using FakeDurableClient client = new();
        client.Has(Start.PlayId, OrchestrationRuntimeStatus.Running);

        Assert.True(await new DurablePlayStarter(client).StopAsync(Start.PlayId, Touched, CancellationToken.None));

        Assert.Equal((Start.PlayId, PlayOrchestrator.SignalEvent, new PlaySignal(1)), Assert.Single(client.Raised));
    }

    [Theory]
    [InlineData(null)]
    [InlineData(OrchestrationRuntimeStatus.Completed)]
    [InlineData(OrchestrationRuntimeStatus.Failed)]
    [InlineData(OrchestrationRuntimeStatus.Terminated)]
    public async Task A_play_that_is_missing_or_over_needs_no_telling(OrchestrationRuntimeStatus? status)
    {
        await using FakeDurableClient client = new();
        if (status is { } over)
            client.Has(Start.PlayId, over);

        Assert.False(await new DurablePlayStarter(client).StopAsync(Start.PlayId, Touched, CancellationToken.None));
    }
}
