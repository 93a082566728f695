using Abm.Local.Hosting;
using Abm.Local.ServiceBus;
using Azure.Core;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker.ServiceBus;
using Microsoft.Extensions.Configuration;

namespace Abm.Local.Tests.ServiceBus;

public class SettingsTests
{
    [Theory]
    [InlineData("UseDevelopmentStorage=true", "localhost")]
    [InlineData("Endpoint=sb://localhost;SharedAccessKeyName=RootManageSharedAccessKey;SharedAccessKey=SAS_KEY_VALUE;UseDevelopmentEmulator=true;", "localhost")]
    [InlineData("endpoint=sb://sbemulatorns;usedevelopmentemulator=true", "sbemulatorns")]
    [InlineData("Endpoint=sb://127.0.0.1/", "127.0.0.1")]
    public void A_connection_string_of_this_machine_means_the_storage_of_the_app(string text, string host)
    {
        BusAddress address = BusAddress.Parse(text);

        Assert.Equal((host, null), (address.Namespace, address.StorageConnectionString));
    }

    [Fact]
    public void A_storage_connection_string_means_that_storage()
    {
        const string Storage = "DefaultEndpointsProtocol=http;AccountName=a;AccountKey=Zm9v;QueueEndpoint=http://127.0.0.1:1/a;TableEndpoint=http://127.0.0.1:2/a;";

        Assert.Equal(Storage, BusAddress.Parse(Storage).StorageConnectionString);
    }

    [Fact]
    public void A_namespace_in_the_cloud_is_refused_by_name()
    {
        NotSupportedException byKey = Assert.Throws<NotSupportedException>(() => new ServiceBusClient("Endpoint=sb://sales.servicebus.windows.net/;SharedAccessKeyName=k;SharedAccessKey=c2VjcmV0"));
        NotSupportedException byIdentity = Assert.Throws<NotSupportedException>(() => new ServiceBusClient("sales.servicebus.windows.net", new NoCredential()));

        Assert.All([byKey, byIdentity], refusal => Assert.Contains("sales.servicebus.windows.net", refusal.Message, StringComparison.Ordinal));
        Assert.DoesNotContain("c2VjcmV0", byKey.Message, StringComparison.Ordinal);
        Assert.Equal("localhost", new ServiceBusClient("localhost", new NoCredential()).FullyQualifiedNamespace);
    }

    [Theory]
    [InlineData("SharedAccessKeyName=k")]
    [InlineData("nonsense")]
    [InlineData("Endpoint=not an address")]
    public void A_malformed_connection_string_is_a_FormatException(string text) => Assert.Throws<FormatException>(() => new ServiceBusClient(text));

    [Fact]
    public void Transactions_are_refused_by_name()
    {
        NotSupportedException refusal = Assert.Throws<NotSupportedException>(() => new ServiceBusClientOptions { EnableCrossEntityTransactions = true });

        Assert.Contains("EnableCrossEntityTransactions", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Topics_and_queues_are_declared_short_or_with_options()
    {
        EntityDescription[] entities = Read(
            ("ServiceBus:Queues", "orders, returns"),
            ("ServiceBus:Queues:urgent:MaxDeliveryCount", "3"),
            ("ServiceBus:Queues:urgent:LockDuration", "00:00:30"),
            ("ServiceBus:Topics:decisions", "CRM,analytics"),
            ("ServiceBus:Topics:breaches:Subscriptions:pager:DeadLetteringOnMessageExpiration", "true"),
            ("ServiceBus:Topics:breaches:DuplicateDetectionHistoryTimeWindow", "00:10:00"));

        Assert.Equal(["breaches", "decisions", "orders", "returns", "urgent"], entities.Select(entity => entity.Name).Order());
        EntityDescription urgent = entities.Single(entity => entity.Name == "urgent");
        Assert.Equal((3, TimeSpan.FromSeconds(30)), (urgent.Mailbox.MaxDeliveryCount, urgent.Mailbox.LockDuration));
        Assert.Equal(["analytics", "crm"], entities.Single(entity => entity.Name == "decisions").Subscriptions.Keys.Order());
        EntityDescription breaches = entities.Single(entity => entity.Name == "breaches");
        Assert.True(breaches.Subscriptions["pager"].DeadLetteringOnMessageExpiration);
        Assert.Equal(TimeSpan.FromMinutes(10), breaches.DuplicateDetectionWindow);
    }

    [Theory]
    [InlineData("ServiceBus:Queues:a:LockDuration", "00:06:00", "ServiceBus:Queues:a:LockDuration")]
    [InlineData("ServiceBus:Queues:a:MaxDeliveryCount", "0", "from 1 to 2000")]
    [InlineData("ServiceBus:Queues:a:RequiresSession", "true", "RequiresSession is not known")]
    [InlineData("ServiceBus:Topics:t:Subscriptions:s:ForwardTo", "x", "ForwardTo is not known")]
    [InlineData("ServiceBus:Queues", "bad name", "'bad name' is no Service Bus name")]
    [InlineData("ServiceBus:Topics:t", "a/b", "'a/b' is no Service Bus name")]
    public void An_option_that_cannot_be_used_is_refused_with_its_name(string key, string value, string expected)
    {
        LocalRuntimeException refusal = Assert.Throws<LocalRuntimeException>(() => Read((key, value)));

        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void One_name_cannot_be_a_queue_and_a_topic()
    {
        var declared = new Declarations();
        declared.Add(EntityPath.OfQueue("both"));

        Assert.Throws<InvalidOperationException>(() => declared.AddTopic("Both"));
    }

    [Fact]
    public void Host_json_has_the_defaults_of_the_platform()
    {
        ServiceBusSettings settings = ServiceBusSettings.Read(HostJson.Parse("""{ "version": "2.0" }"""));

        Assert.Equal((16, true, TimeSpan.FromMinutes(5), 1000), (settings.MaxConcurrentCalls, settings.AutoCompleteMessages, settings.MaxAutoLockRenewalDuration, settings.MaxMessageBatchSize));
        Assert.Empty(settings.WithoutEffect);
    }

    [Fact]
    public void Host_json_is_obeyed_and_what_is_not_obeyed_is_named()
    {
        ServiceBusSettings settings = ServiceBusSettings.Read(HostJson.Parse(
            """{ "version": "2.0", "extensions": { "serviceBus": { "maxConcurrentCalls": 2, "autoCompleteMessages": false, "maxAutoLockRenewalDuration": "00:01:00", "maxMessageBatchSize": 7, "prefetchCount": 100 } } }"""));

        Assert.Equal((2, false, TimeSpan.FromMinutes(1), 7), (settings.MaxConcurrentCalls, settings.AutoCompleteMessages, settings.MaxAutoLockRenewalDuration, settings.MaxMessageBatchSize));
        Assert.Equal(["extensions.serviceBus.prefetchCount"], settings.WithoutEffect);
    }

    [Fact]
    public void Transactions_in_host_json_are_refused()
    {
        HostJson hostJson = HostJson.Parse("""{ "version": "2.0", "extensions": { "serviceBus": { "enableCrossEntityTransactions": true } } }""");

        Assert.Contains("transactions", Assert.Throws<LocalRuntimeException>(() => ServiceBusSettings.Read(hostJson)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("orders", null)]
    [InlineData("a/very/deep.name_with-everything", null)]
    [InlineData("decisions", "crm")]
    public void Every_entity_has_storage_queues_with_valid_names_of_its_own(string name, string? subscription)
    {
        EntityPath path = subscription is null ? EntityPath.OfQueue(name) : EntityPath.OfSubscription(name, subscription);

        Assert.All([path.StorageQueue, path.DeadLetters.StorageQueue], queue => Assert.Matches("^[a-z0-9](-?[a-z0-9]){2,61}$", queue));
        Assert.NotEqual(path.StorageQueue, path.DeadLetters.StorageQueue);
        Assert.NotEqual(EntityPath.OfQueue("a.b").StorageQueue, EntityPath.OfQueue("a-b").StorageQueue);
        Assert.Equal(EntityPath.OfQueue("ORDERS").StorageQueue, EntityPath.OfQueue("orders").StorageQueue);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(-5, 0)]
    [InlineData(0.2, 1)]
    [InlineData(90, 90)]
    [InlineData(30 * 86400, 7 * 86400)]
    public void A_ticket_is_hidden_in_whole_seconds_and_seven_days_at_most(double secondsFromNow, double hiddenSeconds)
    {
        var now = new DateTimeOffset(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

        Assert.Equal(TimeSpan.FromSeconds(hiddenSeconds), Tickets.Delay(now.AddSeconds(secondsFromNow), now));
    }

    private static EntityDescription[] Read(params (string Key, string Value)[] settings)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(settings.Select(setting => new KeyValuePair<string, string?>(setting.Key, setting.Value))).Build();
        return [.. TopologySettings.Read(configuration).Entities.Select(entity => entity.Entity)];
    }

    private sealed class NoCredential : TokenCredential
    {
        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new InvalidOperationException("never asked");

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) => throw new InvalidOperationException("never asked");
    }
}
