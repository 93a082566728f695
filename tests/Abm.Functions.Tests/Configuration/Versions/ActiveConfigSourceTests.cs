using Abm.Configuration;
using Abm.Functions.Configuration.Versions;
using Abm.Ports;

namespace Abm.Functions.Tests.Configuration.Versions;

public sealed class ActiveConfigSourceTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Another_process_decides_by_a_new_version_after_its_next_look()
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync();
        ActiveConfigSource other = world.NewProcess();
        string before = (await other.CurrentAsync(Token)).Version;
        ConfigDraft draft = PublishingWorld.Draft(9);
        await world.PublishAsync(draft);

        Assert.Equal(before, (await other.CurrentAsync(Token)).Version);
        world.Clock.Advance(ActiveConfigSource.LookEvery);
        Assert.Equal(draft.Version, (await other.CurrentAsync(Token)).Version);
        Assert.True(ActiveConfigSource.LookEvery + ActiveConfigSource.WaitAtMost < TimeSpan.FromSeconds(5), "What is promised.");
    }

    [Fact]
    public async Task The_process_that_publishes_decides_by_it_at_once()
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync();
        ConfigDraft draft = PublishingWorld.Draft(9);

        await world.PublishAsync(draft);

        Assert.Equal(draft.Version, (await world.Source.CurrentAsync(Token)).Version);
        Assert.Equal(9, (await world.Source.CurrentAsync(Token)).Matching.AutomaticFrom);
    }

    [Fact]
    public async Task The_storage_is_looked_at_once_in_two_seconds_however_many_ask_and_never_while_nobody_does()
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync();
        ActiveConfigSource source = world.NewProcess();
        await source.CurrentAsync(Token);
        int before = world.Store.HeadReads;

        for (int second = 0; second < 10; second++)
        {
            await Task.WhenAll(Enumerable.Range(0, 50).Select(async _ => await source.CurrentAsync(Token)));
            world.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(4, world.Store.HeadReads - before); // at 2, 4, 6 and 8 seconds
        world.Clock.Advance(TimeSpan.FromHours(3));
        Assert.Equal(4, world.Store.HeadReads - before);
        Assert.Equal(1, world.Store.MostReadsAtOnce);
    }

    [Fact]
    public async Task After_hours_without_traffic_the_first_decision_waits_for_the_look()
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync();
        ActiveConfigSource other = world.NewProcess();
        await other.CurrentAsync(Token);
        ConfigDraft draft = PublishingWorld.Draft(9);
        await world.PublishAsync(draft);
        world.Clock.Advance(TimeSpan.FromHours(3));

        AbmConfig[] all = await Task.WhenAll(Enumerable.Range(0, 20).Select(async _ => await other.CurrentAsync(Token)));

        Assert.All(all, config => Assert.Equal(draft.Version, config.Version));
    }

    [Fact]
    public async Task Without_storage_the_last_known_version_goes_on_and_the_status_says_so()
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync();
        string known = (await world.Source.CurrentAsync(Token)).Version;
        world.Store.IsDown = true;
        world.Clock.Advance(TimeSpan.FromMinutes(10));

        Assert.Equal(known, (await world.Source.CurrentAsync(Token)).Version);
        Assert.False(world.Source.Status.IsCurrent);
        Assert.Equal(known, world.Source.Status.Version);

        world.Store.IsDown = false;
        world.Clock.Advance(ActiveConfigSource.LookEvery);
        await world.Source.CurrentAsync(Token);
        Assert.True(world.Source.Status.IsCurrent);
        Assert.Equal(world.Clock.GetUtcNow(), world.Source.Status.CheckedAt);
    }

    [Fact]
    public async Task A_storage_that_hangs_holds_decisions_up_for_two_seconds_at_most_and_is_not_asked_twice_meanwhile()
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync();
        ActiveConfigSource source = world.NewProcess();
        string known = (await source.CurrentAsync(Token)).Version;
        TaskCompletionSource hang = new();
        world.Store.Hold = hang.Task;
        world.Clock.Advance(ActiveConfigSource.LookEvery);

        Task<AbmConfig> waiting = source.CurrentAsync(Token).AsTask();
        Assert.False(waiting.IsCompleted);
        world.Clock.Advance(ActiveConfigSource.WaitAtMost);

        Assert.Equal(known, (await waiting.WaitAsync(TimeSpan.FromSeconds(10), Token)).Version);
        Assert.Equal(known, (await source.CurrentAsync(Token)).Version);
        Assert.Equal(1, world.Store.MostReadsAtOnce);
        hang.SetResult();
    }

    [Fact]
    public async Task What_is_scheduled_comes_into_force_at_its_instant_even_without_storage()
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync();
        ConfigDraft later = PublishingWorld.Draft(9);
        DateTimeOffset noon = world.Clock.GetUtcNow() + TimeSpan.FromHours(2);
        Assert.IsType<PublishOutcome.Done>(await world.PublishAsync(later, PublishingWorld.Order(at: noon)));
        string before = (await world.Source.CurrentAsync(Token)).Version;
        world.Store.IsDown = true;

        world.Clock.MoveTo(noon - TimeSpan.FromMilliseconds(1));
        Assert.Equal(before, (await world.Source.CurrentAsync(Token)).Version);
        world.Clock.MoveTo(noon);
        Assert.Equal(later.Version, (await world.Source.CurrentAsync(Token)).Version);
    }

    [Fact]
    public async Task What_is_scheduled_survives_a_restart_and_can_be_taken_back()
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync();
        DateTimeOffset noon = world.Clock.GetUtcNow() + TimeSpan.FromHours(2);
        PublishOutcome.Done scheduled = Assert.IsType<PublishOutcome.Done>(await world.PublishAsync(PublishingWorld.Draft(9), PublishingWorld.Order(at: noon)));
        PublishOutcome.Done second = Assert.IsType<PublishOutcome.Done>(await world.PublishAsync(PublishingWorld.Draft(7), PublishingWorld.Order(at: noon.AddHours(1), pending: PendingChoice.Keep)));
        string before = await world.ActiveAsync();

        Assert.IsType<PublishOutcome.Done>(await world.Publisher.CancelAsync(scheduled.Entry.Sequence, PublishingWorld.Order(), Token));
        Assert.IsType<PublishOutcome.NotPending>(await world.Publisher.CancelAsync(scheduled.Entry.Sequence, PublishingWorld.Order(), Token));
        ActiveConfigSource restarted = world.NewProcess();
        world.Clock.MoveTo(noon);
        Assert.Equal(before, (await restarted.CurrentAsync(Token)).Version);
        world.Clock.MoveTo(noon.AddHours(1));
        Assert.Equal(second.Entry.Version, (await restarted.CurrentAsync(Token)).Version);
    }

    [Fact]
    public async Task Running_plays_find_the_version_they_started_with()
    {
        PublishingWorld world = await new PublishingWorld().WithFolderAsync(8);
        string first = await world.ActiveAsync();
        await world.PublishAsync(PublishingWorld.Draft(9));
        ActiveConfigSource restarted = world.NewProcess();
        await restarted.CurrentAsync(Token);

        AbmConfig? found = await restarted.FindAsync(first, Token);

        Assert.Equal((first, 8), (found!.Version, found.Matching.AutomaticFrom));
        Assert.Null(await restarted.FindAsync("cfg-never", Token));
    }

    [Fact]
    public async Task Before_anything_was_published_nothing_is_made_up()
    {
        PublishingWorld world = new();

        await Assert.ThrowsAsync<InvalidOperationException>(async () => await world.Source.CurrentAsync(Token));
        Assert.Equal(new ConfigStatus(null, false, null), world.Source.Status);
    }
}
