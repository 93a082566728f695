using System.Text.Json;
using Abm.Accounts;
using Abm.Decisions;
using Abm.Functions.Delivery;
using Abm.Functions.Events;
using Abm.Functions.Messages;
using Abm.Functions.Quarantine;
using Abm.Functions.Settings;
using Abm.Functions.Tests.Http;
using Abm.Functions.Tests.Journeys;
using Abm.Functions.Tests.Plays;
using Abm.Journeys;
using Abm.Plays;
using Abm.People;
using Abm.Ports;
using Abm.TestKit;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Abm.Functions.Tests.Events;

public sealed class EventPublishingTests
{
    private static readonly ServiceBusException Busy = new("busy", ServiceBusFailureReason.ServiceBusy);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_message_carries_the_text_its_id_and_what_filters_need()
    {
        World world = new();

        await world.DeliverAsync();

        ServiceBusMessage sent = Assert.Single(world.Bus.Sent);
        Assert.Equal(world.Kept.Body, sent.Body.ToString());
        Assert.Equal((world.Kept.DeliveryId, "application/cloudevents+json; charset=utf-8"), (sent.MessageId, sent.ContentType));
        Assert.Equal(("abm.lead.decided", A.Lead().Id.Value), (sent.ApplicationProperties["type"], sent.ApplicationProperties["subject"]));
        Assert.Equal((OutboxState.Delivered, 1), (world.Kept.State, world.Kept.Attempts));
    }

    [Fact]
    public async Task While_the_bus_is_down_an_event_waits_longer_each_time_and_arrives_under_the_same_id()
    {
        World world = new();
        world.Bus.Before = _ => throw Busy;
        await world.DeliverAsync();
        Assert.Equal((OutboxState.Pending, 1, "busServiceBusy"), (world.Kept.State, world.Kept.Attempts, world.Kept.LastFailure));
        Assert.Equal(TimeSpan.FromSeconds(10), world.Queues.Sent[^1].VisibleAfter);

        world.Clock.Advance(TimeSpan.FromSeconds(10));
        await world.DeliverAsync();
        Assert.Equal(TimeSpan.FromSeconds(40), world.Queues.Sent[^1].VisibleAfter);

        world.Bus.Before = _ => Task.CompletedTask;
        world.Clock.Advance(TimeSpan.FromSeconds(40));
        await world.DeliverAsync();
        Assert.Equal((OutboxState.Delivered, 3), (world.Kept.State, world.Kept.Attempts));
        Assert.Equal(world.Kept.DeliveryId, Assert.Single(world.Bus.Sent).MessageId);
    }

    [Fact]
    public async Task An_event_that_was_given_up_is_listed_and_can_be_sent_again()
    {
        World world = new(maxAttempts: 1);
        world.Bus.Before = _ => throw new UnauthorizedAccessException("no role");
        await world.DeliverAsync();
        Assert.Equal((OutboxState.Dead, "busUnauthorizedAccessException"), (world.Kept.State, world.Kept.LastFailure));
        Assert.Single((await world.Outbox.DeadAsync(10, null, Token)).Items);

        world.Bus.Before = _ => Task.CompletedTask;
        world.Clock.Advance(EventPublisher.Rest);
        await new OutboxHttp(world.Outbox, world.Queues).ReplayAsync(Requests.PostJson("/api/outbox/x/replay", "{}"), world.Kept.DeliveryId, Token);
        await world.DeliverAsync(world.Queues.Sent[^1].Text);

        Assert.Equal(world.Kept.DeliveryId, Assert.Single(world.Bus.Sent).MessageId);
    }

    [Fact]
    public async Task After_a_failure_the_bus_is_left_alone_for_a_while()
    {
        World world = new();
        world.Bus.Before = _ => throw Busy;

        Assert.Equal("busServiceBusy", await world.Publisher.TrySendAsync(world.Kept, Token));
        Assert.Equal("busResting", await world.Publisher.TrySendAsync(world.Kept, Token));
        Assert.Equal(1, world.Bus.Attempts);
        world.Clock.Advance(EventPublisher.Rest);
        world.Bus.Before = _ => Task.CompletedTask;
        Assert.Null(await world.Publisher.TrySendAsync(world.Kept, Token));
    }

    [Fact]
    public async Task A_bus_that_does_not_answer_is_given_the_time_that_the_settings_allow()
    {
        World world = new();
        world.Bus.Before = token => Task.Delay(Timeout.InfiniteTimeSpan, token);

        Task<string?> sending = world.Publisher.TrySendAsync(world.Kept, Token);
        world.Clock.Advance(TimeSpan.FromSeconds(9));
        Assert.False(sending.IsCompleted);
        world.Clock.Advance(TimeSpan.FromSeconds(1));

        Assert.Equal("busTimeout", await sending);
    }

    [Fact]
    public async Task What_waits_when_the_connection_is_taken_away_is_not_taken_for_delivered()
    {
        EventPublisher publisher = new(null, Options.Create(new EventsOptions()), new ManualTimeProvider(ManualTimeProvider.WednesdayMorning));

        Assert.Equal("busNotConnected", await publisher.TrySendAsync(LeadEventTexts.Decided(LeadEventTextsTests.Matched(), "/abm"), Token));
    }

    [Fact]
    public async Task A_decision_is_put_out_once_however_often_its_lead_is_delivered()
    {
        JourneyWorld world = new();
        LeadId lead = await world.AdmitAsync(A.Lead());
        await world.RunAsync(lead);
        OutboxItem item = Assert.Single(world.Outbox.Items);
        Assert.Equal((EventTypes.LeadDecided, lead), (item.Kind, item.LeadId));
        Assert.Single(world.Queues.Sent);

        await world.RunAsync(lead);
        Assert.Equal(2, world.Queues.Sent.Count); // the first attempt may have died before it could queue it
        await world.Outbox.SaveAsync(item with { Attempts = 1 }, Token);
        await world.RunAsync(lead);

        Assert.Single(world.Outbox.Items);
        Assert.Equal(2, world.Queues.Sent.Count); // once it was attempted, its message keeps itself going
    }

    [Fact]
    public async Task Every_breach_of_a_play_is_put_out_once()
    {
        PlayWorld world = new();
        PlayStartInput start = await world.DecideAsync();
        PlayedContext context = new(world, start);

        await context.ToTheEndAsync(Functions.Plays.PlayOrchestrator.RunAsync(context));

        string[] noted = [.. (await world.EventsAsync(start)).Where(e => e.Kind == "breach").Select(e => e.Details["clockId"]).Order(StringComparer.Ordinal)];
        string[] told = [.. world.Published.Items.Select(item => JsonDocument.Parse(item.Body).RootElement.GetProperty("data").GetProperty("clockId").GetString()!).Order(StringComparer.Ordinal)];
        Assert.Equal(4, told.Length);
        Assert.Equal(noted, told);
        Assert.All(world.Published.Items, item => Assert.Equal(EventTypes.ClockBreached, item.Kind));
    }

    [Fact]
    public async Task A_touch_after_the_deadline_that_the_play_has_not_noted_yet_is_a_breach_too()
    {
        PlayWorld world = new();
        PlayStartInput start = await world.DecideAsync();
        await world.TurnAsync(start);

        world.Clock.Advance(TimeSpan.FromHours(2));
        await world.TouchAsync(start);

        Assert.Equal(2, world.Published.Items.Count); // the owner's and the account's
    }

    [Fact]
    public void Without_a_connection_nobody_listens()
    {
        using ServiceProvider services = Services([]);

        Assert.IsType<NoLeadEvents>(services.GetRequiredService<ILeadEvents>());
        Assert.Null(services.GetService<ServiceBusClient>());
    }

    [Theory]
    [InlineData("ServiceBusConnection", "UseDevelopmentStorage=true")]
    [InlineData("ServiceBusConnection:fullyQualifiedNamespace", "localhost")]
    public async Task With_a_connection_events_go_to_the_outbox(string key, string value)
    {
        await using ServiceProvider services = Services([new(key, value)]);

        Assert.IsType<OutboxLeadEvents>(services.GetRequiredService<ILeadEvents>());
        Assert.NotNull(services.GetRequiredService<ServiceBusClient>());
    }

    [Fact]
    public void A_connection_that_cannot_be_used_ends_the_start_with_its_name()
    {
        using ServiceProvider services = Services([new("ServiceBusConnection", "nonsense")]);

        OptionsValidationException refused = Assert.Throws<OptionsValidationException>(services.GetRequiredService<IStartupValidator>().Validate);

        Assert.Contains("ServiceBusConnection", refused.Message, StringComparison.Ordinal);
    }

    private static ServiceProvider Services(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(settings).Build();
        return new ServiceCollection()
            .AddSingleton(configuration)
            .AddSingleton<IOutbox>(new InMemoryOutbox())
            .AddSingleton<IMessageSender>(new InMemoryQueues())
            .AddEvents(configuration)
            .BuildServiceProvider();
    }

    private sealed class World
    {
        private readonly DeliverNotification _deliver;

        public World(int maxAttempts = 8)
        {
            IOptions<WebhookOptions> webhook = Options.Create(new WebhookOptions { MaxAttempts = maxAttempts });
            Publisher = new EventPublisher(Bus, Options.Create(new EventsOptions()), Clock);
            _deliver = new DeliverNotification(
                Outbox,
                Queues,
                new Webhook(new HttpClient(), webhook, Clock),
                Publisher,
                new SetAside(new InMemoryQuarantine(), new InMemoryLeads(), Clock, NullLogger<SetAside>.Instance),
                new InMemoryFacts(A.Config(), new Dictionary<RepId, Rep>(), AccountIndex.Empty),
                webhook,
                Clock,
                NullLogger<DeliverNotification>.Instance);
            new OutboxLeadEvents(Outbox, Queues, Options.Create(new EventsOptions())).DecidedAsync(LeadEventTextsTests.Matched(), CancellationToken.None).GetAwaiter().GetResult();
        }

        public ManualTimeProvider Clock { get; } = new(ManualTimeProvider.WednesdayMorning);

        public FakeSender Bus { get; } = new();

        public EventPublisher Publisher { get; }

        public InMemoryOutbox Outbox { get; } = new();

        public InMemoryQueues Queues { get; } = new();

        public OutboxItem Kept => Outbox.Items.Single();

        public Task DeliverAsync(string? body = null) =>
            _deliver.RunAsync(body ?? JsonSerializer.Serialize(new DeliverMessage(1, Kept.DeliveryId)), CancellationToken.None);
    }
}
