using Abm.Decisions;
using Abm.Functions.Intake;
using Abm.Functions.Journeys;
using Abm.Functions.Settings;
using Abm.TestKit;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Abm.Functions.Tests.Journeys;

public sealed class SweepUndecidedTests
{
    [Fact]
    public async Task A_lead_that_nobody_decided_in_time_goes_back_to_the_queue()
    {
        JourneyWorld world = new();
        LeadId lead = await world.AdmitAsync(A.Lead());
        RememberedQueue queue = new();

        world.Clock.Advance(TimeSpan.FromMinutes(4));
        await SweepAsync(world, queue);
        Assert.Empty(queue.Leads);

        world.Clock.Advance(TimeSpan.FromMinutes(2));
        await SweepAsync(world, queue);
        Assert.Equal([lead], queue.Leads);
    }

    [Fact]
    public async Task The_same_lead_is_put_back_ever_more_seldom()
    {
        JourneyWorld world = new();
        await world.AdmitAsync(A.Lead());
        RememberedQueue queue = new();

        for (int minute = 0; minute < 120; minute++)
        {
            world.Clock.Advance(TimeSpan.FromMinutes(1));
            await SweepAsync(world, queue);
        }

        Assert.Equal(4, queue.Leads.Count); // after about 5, 15, 35 and 75 minutes
    }

    [Fact]
    public async Task A_lead_whose_message_may_still_wait_on_the_queue_is_not_put_on_it_again()
    {
        JourneyWorld world = new();
        await world.AdmitAsync(A.Lead());
        RememberedQueue queue = new() { WaitingSince = world.Clock.GetUtcNow() + TimeSpan.FromSeconds(30) };

        world.Clock.Advance(TimeSpan.FromMinutes(20));
        await SweepAsync(world, queue);
        Assert.Empty(queue.Leads);

        queue.WaitingSince = world.Clock.GetUtcNow();
        await SweepAsync(world, queue);
        Assert.Single(queue.Leads);
    }

    [Fact]
    public async Task A_decided_lead_is_left_alone()
    {
        JourneyWorld world = new();
        await world.RunAsync(await world.AdmitAsync(A.Lead()));
        RememberedQueue queue = new();
        world.Clock.Advance(TimeSpan.FromDays(1));

        await SweepAsync(world, queue);

        Assert.Empty(queue.Leads);
    }

    [Fact]
    public async Task Many_leads_go_in_few_messages()
    {
        JourneyWorld world = new();
        for (int i = 0; i < 70; i++)
            await world.AdmitAsync(A.Lead($"form-{i}"));
        RememberedQueue queue = new();
        world.Clock.Advance(TimeSpan.FromHours(1));

        await SweepAsync(world, queue);

        Assert.Equal((70, 3), (queue.Leads.Count, queue.Messages));
    }

    private static Task SweepAsync(JourneyWorld world, RememberedQueue queue) =>
        new SweepUndecided(world.Leads, queue, Options.Create(new JourneyOptions()), world.Clock, NullLogger<SweepUndecided>.Instance)
            .RunAsync(new TimerInfo(), CancellationToken.None);

    private sealed class RememberedQueue : ILeadQueue
    {
        public List<LeadId> Leads { get; } = [];

        public int Messages { get; private set; }

        public DateTimeOffset? WaitingSince { get; set; }

        public Task<DateTimeOffset?> WaitingSinceAsync(CancellationToken cancellationToken) => Task.FromResult(WaitingSince);

        public Task EnqueueAsync(IReadOnlyList<LeadId> leads, CancellationToken cancellationToken) => throw new NotSupportedException("Late leads do not go before those that come.");

        public Task EnqueueBulkAsync(IReadOnlyList<LeadId> leads, CancellationToken cancellationToken)
        {
            Leads.AddRange(leads);
            Messages++;
            return Task.CompletedTask;
        }
    }
}
