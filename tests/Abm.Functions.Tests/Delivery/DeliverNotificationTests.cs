using System.Net;
using System.Text.Json;
using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Delivery;
using Abm.Functions.Events;
using Abm.Functions.Messages;
using Abm.Functions.Quarantine;
using Abm.Functions.Settings;
using Abm.People;
using Abm.Ports;
using Abm.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Abm.Functions.Tests.Delivery;

public sealed class DeliverNotificationTests
{
    private const string Secret = "a secret of some length";
    private static readonly OutboxItem Item = new(
        "dlv-1", LeadId.From("web", "1"), "context-card", """{"text":"Grüße"}""", OutboxState.Pending, 0, ManualTimeProvider.WednesdayMorning, null, null);

    [Fact]
    public async Task A_notification_is_sent_signed_and_marked()
    {
        await using WebhookReceiver receiver = new();
        World world = new(receiver.Address);

        await world.DeliverAsync();

        Abm.TestKit.Delivery sent = Assert.Single(receiver.Deliveries);
        Assert.Equal((Item.Body, "dlv-1"), (sent.Body, sent.Headers["X-Abm-Delivery"]));
        Assert.True(sent.IsSignedWith(Secret));
        Assert.Equal((OutboxState.Delivered, 1), (world.Kept.State, world.Kept.Attempts));
        Assert.Empty(world.Queues.Sent);
    }

    [Fact]
    public async Task Without_an_address_it_is_only_logged()
    {
        World world = new(null);

        await world.DeliverAsync();

        Assert.Equal(OutboxState.Delivered, world.Kept.State);
    }

    [Fact]
    public async Task A_repeat_of_what_was_delivered_sends_nothing()
    {
        await using WebhookReceiver receiver = new();
        World world = new(receiver.Address);

        await world.DeliverAsync();
        await world.DeliverAsync();

        Assert.Single(receiver.Deliveries);
    }

    [Theory]
    [InlineData(HttpStatusCode.ServiceUnavailable, "http503")]
    [InlineData(HttpStatusCode.BadRequest, "http400")]
    [InlineData(HttpStatusCode.Redirect, "http302")]
    public async Task What_the_receiver_refuses_is_tried_again_later_under_the_same_id(HttpStatusCode answer, string code)
    {
        await using WebhookReceiver receiver = new();
        receiver.AnswerNext(answer);
        World world = new(receiver.Address);

        await world.DeliverAsync();

        Assert.Equal((OutboxState.Pending, 1, code), (world.Kept.State, world.Kept.Attempts, world.Kept.LastFailure));
        SentMessage again = Assert.Single(world.Queues.Sent);
        Assert.Equal((DeliverMessage.Queue, TimeSpan.FromSeconds(10)), (again.Queue, again.VisibleAfter));

        world.Clock.Advance(again.VisibleAfter);
        await world.DeliverAsync(again.Text);

        Assert.Equal((OutboxState.Delivered, 2), (world.Kept.State, world.Kept.Attempts));
        Assert.Single(receiver.Deliveries.Select(d => d.Headers["X-Abm-Delivery"]).Distinct());
        Assert.All(receiver.Deliveries, d => Assert.True(d.IsSignedWith(Secret)));
    }

    [Fact]
    public async Task A_receiver_that_nobody_reaches_is_a_failure_like_any_other()
    {
        World world = new(new Uri($"http://127.0.0.1:{FreePort.Take()}/"));

        await world.DeliverAsync();

        Assert.Equal((OutboxState.Pending, "unreachable"), (world.Kept.State, world.Kept.LastFailure));
    }

    [Fact]
    public async Task After_the_last_attempt_it_is_kept_as_dead_and_can_be_replayed()
    {
        await using WebhookReceiver receiver = new();
        receiver.AnswerNext([.. Enumerable.Repeat(HttpStatusCode.InternalServerError, 3)]);
        World world = new(receiver.Address, maxAttempts: 3);

        for (int attempt = 0; attempt < 3; attempt++)
        {
            await world.DeliverAsync();
            world.Clock.Advance(TimeSpan.FromHours(1));
        }

        Assert.Equal((OutboxState.Dead, 3), (world.Kept.State, world.Kept.Attempts));
        Assert.Equal([TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(40)], world.Queues.Sent.Select(m => m.VisibleAfter));
        await world.DeliverAsync();
        Assert.Equal(3, receiver.Deliveries.Count); // dead is dead until a person says otherwise

        ApiAnswer replayed = await ApiAnswer.OfAsync(await new OutboxHttp(world.Outbox, world.Queues).ReplayAsync(ApiAnswer.Request(), "dlv-1", CancellationToken.None));
        await world.DeliverAsync(world.Queues.Sent[^1].Text);

        Assert.Equal(202, replayed.Status);
        Assert.Equal(OutboxState.Delivered, world.Kept.State);
        Assert.Single(receiver.Deliveries.Select(d => d.Headers["X-Abm-Delivery"]).Distinct());
    }

    [Fact]
    public async Task A_crash_between_sending_and_marking_sends_it_again_rather_than_never()
    {
        await using WebhookReceiver receiver = new();
        World world = new(receiver.Address);
        world.Faults.CrashAfter(1); // right after the outbox was read

        await Assert.ThrowsAsync<InjectedCrashException>(() => world.DeliverAsync());
        world.Faults.Off();
        await world.DeliverAsync();

        Assert.Equal(OutboxState.Delivered, world.Kept.State);
        Assert.NotEmpty(receiver.Deliveries);
    }

    [Fact]
    public async Task A_crash_between_noting_a_failure_and_queueing_the_next_attempt_loses_nothing()
    {
        await using WebhookReceiver receiver = new();
        receiver.AnswerNext(HttpStatusCode.ServiceUnavailable);
        World world = new(receiver.Address);
        world.Faults.CrashAfter(2); // right after the failure was noted

        await Assert.ThrowsAsync<InjectedCrashException>(() => world.DeliverAsync());
        world.Faults.Off();
        Assert.Empty(world.Queues.Sent);
        await world.DeliverAsync(); // the redelivery comes before the next attempt is due

        Assert.Equal(TimeSpan.FromSeconds(10), Assert.Single(world.Queues.Sent).VisibleAfter);
        Assert.Single(receiver.Deliveries);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("{\"version\":2,\"deliveryId\":\"dlv-1\"}")]
    [InlineData("{\"version\":1,\"deliveryId\":\"unknown\"}")]
    public async Task A_message_nobody_can_deliver_is_set_aside(string body)
    {
        World world = new(null);

        await world.DeliverAsync(body);

        Assert.Equal((DeliverMessage.Queue, body), (Assert.Single(world.Quarantine.Messages).Queue, world.Quarantine.Messages[0].Body));
    }

    [Theory]
    [InlineData(true, false)]
    [InlineData(false, true)]
    public async Task While_it_is_switched_off_nothing_leaves_and_everything_waits(bool abm, bool delivery)
    {
        await using WebhookReceiver receiver = new();
        World world = new(receiver.Address);
        world.Facts.Config = world.Facts.Config with { Features = new FeatureSwitches { Abm = abm, Delivery = delivery } };

        await world.DeliverAsync();

        Assert.Empty(receiver.Deliveries);
        Assert.Equal((OutboxState.Pending, 0), (world.Kept.State, world.Kept.Attempts));
        Assert.Equal((DeliverMessage.Queue, DeliverNotification.HeldFor), (Assert.Single(world.Queues.Sent).Queue, world.Queues.Sent[0].VisibleAfter));

        world.Facts.Config = world.Facts.Config with { Features = new FeatureSwitches() };
        await world.DeliverAsync();
        Assert.Single(receiver.Deliveries);
        Assert.Equal(OutboxState.Delivered, world.Kept.State);
    }

    private sealed class World
    {
        private readonly DeliverNotification _deliver;

        public World(Uri? url, int maxAttempts = 8)
        {
            Outbox = new InMemoryOutbox(Faults);
            Queues = new InMemoryQueues(Faults);
            IOptions<WebhookOptions> options = Options.Create(new WebhookOptions { Url = url, Secret = Secret, MaxAttempts = maxAttempts });
            HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false });
            InMemoryLeads leads = new();
            Outbox.AddAsync(Item, CancellationToken.None).GetAwaiter().GetResult();
            Faults.Off();
            _deliver = new DeliverNotification(
                Outbox,
                Queues,
                new Webhook(http, options, Clock),
                new EventPublisher(null, Options.Create(new EventsOptions()), Clock),
                new SetAside(Quarantine, leads, Clock, NullLogger<SetAside>.Instance),
                Facts,
                options,
                Clock,
                NullLogger<DeliverNotification>.Instance);
        }

        public Faults Faults { get; } = new();

        public InMemoryFacts Facts { get; } = new(A.Config(), new Dictionary<RepId, Rep>(), AccountIndex.Empty);

        public ManualTimeProvider Clock { get; } = new(ManualTimeProvider.WednesdayMorning);

        public InMemoryOutbox Outbox { get; }

        public InMemoryQueues Queues { get; }

        public InMemoryQuarantine Quarantine { get; } = new();

        public OutboxItem Kept => Outbox.Items.Single();

        public Task DeliverAsync(string? body = null) =>
            _deliver.RunAsync(body ?? JsonSerializer.Serialize(new DeliverMessage(1, Item.DeliveryId)), CancellationToken.None);
    }
}
