using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Abm.Local.Azurite;
using Abm.TestKit;
using Azure.Messaging.ServiceBus;

namespace Abm.EndToEnd.Tests;

/// <summary>The app with a Service Bus on the same storage: what it decides can be heard, and what the CRM says counts for the next lead.</summary>
public sealed class ServiceBusTests : IAsyncLifetime
{
    private const string Subscription = "endtoend";
    private static readonly TimeSpan Soon = Patience.OfBusyMachines;
    private AzuriteServer? _storage;
    private AppProcess? _app;
    private AbmClient _client = null!;
    private ServiceBusClient _bus = null!;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(AbmClient.DeployedApp is not null, "A deployed app's bus is not ours.");
        _storage = await AzuriteServer.StartAsync(new AzuriteOptions(), CancellationToken.None);
        _app = await AppProcess.StartAsync(
            new AppOptions
            {
                Storage = _storage.ConnectionString,
                Settings = new Dictionary<string, string>
                {
                    ["ServiceBusConnection"] = "UseDevelopmentStorage=true",
                    ["AzureWebJobs.ApplyCrmChange.Disabled"] = "false",
                    ["ServiceBus__Topics__abm-events__Subscriptions"] = Subscription,
                    ["ServiceBus__Topics__abm-events__DuplicateDetectionHistoryTimeWindow"] = "00:10:00",
                },
            },
            CancellationToken.None);
        _client = new AbmClient(_app.BaseAddress);
        _bus = new ServiceBusClient(_storage.ConnectionString);
        await Samples.ImportAsync(_client, CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        _client?.Dispose();
        if (_bus is not null)
            await _bus.DisposeAsync();
        if (_app is not null)
            await _app.DisposeAsync();
        if (_storage is not null)
            await _storage.DisposeAsync();
    }

    [Fact]
    public async Task A_decision_is_heard_once_and_the_next_lead_goes_to_the_owner_that_the_CRM_named()
    {
        // Arvenda Antriebstechnik: R010 owns it.
        JsonNode first = await PostAsync("eins@arvenda-antrieb.example");
        Assert.Equal(("L002", "R010"), ((string?)first["accountId"], (string?)first["ownerId"]));
        ServiceBusSender crm = _bus.CreateSender("crm-changes");
        DateTimeOffset at = DateTimeOffset.UtcNow;
        await crm.SendMessageAsync(Change("account.ownerChanged", at, "L002", """{"ownerId":"R011"}"""), Token);
        await crm.SendMessageAsync(Change("account.ownerChanged", at.AddMinutes(-5), "L002", """{"ownerId":"R004"}"""), Token); // older, and later to arrive
        await crm.SendMessageAsync(Change("account.created", at, "X001", """{"name":"Nordlicht Pumpen","domains":["nordlicht-pumpen.example"],"ownerId":"R011"}"""), Token);
        await crm.SendMessageAsync(new ServiceBusMessage("no JSON") { MessageId = "unreadable" }, Token);
        await AbmClient.UntilAsync(() => _client.GetAsync("api/accounts/X001", Token), answer => answer.Status == HttpStatusCode.OK, Soon, "The new account is there", Token);
        await AbmClient.UntilAsync(() => _client.GetAsync("api/accounts/L002", Token), answer => (string?)answer.Json["ownerId"] == "R011", Soon, "The new owner is there", Token);

        JsonNode second = await PostAsync("zwei@arvenda-antrieb.example");
        JsonNode third = await PostAsync("drei@nordlicht-pumpen.example");

        Assert.Equal(("L002", "R011"), ((string?)second["accountId"], (string?)second["ownerId"]));
        Assert.Equal(("X001", "R011"), ((string?)third["accountId"], (string?)third["ownerId"]));
        IReadOnlyList<ServiceBusReceivedMessage> heard = await HearAsync(3);
        Assert.Equal(3, heard.Select(message => message.MessageId).Distinct(StringComparer.Ordinal).Count());
        foreach (JsonNode lead in (JsonNode[])[first, second, third])
        {
            ServiceBusReceivedMessage message = Assert.Single(heard, message => (string)message.ApplicationProperties["subject"] == (string?)lead["leadId"]);
            JsonNode told = JsonNode.Parse(message.Body.ToString())!;
            Assert.Equal(("abm.lead.decided", "1.0", message.MessageId), ((string?)message.ApplicationProperties["type"], (string?)told["specversion"], (string?)told["id"]));
            Assert.Equal(((string?)lead["decisionId"], (string?)lead["ownerId"]), ((string?)told["data"]!["decisionId"], (string?)told["data"]!["ownerId"]));
        }

        ServiceBusReceivedMessage? dead = await _bus
            .CreateReceiver("crm-changes", new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter })
            .ReceiveMessageAsync(Soon, Token);
        Assert.Equal(("unreadable", "notJson"), (dead?.MessageId, dead?.DeadLetterReason));
    }

    /// <summary>What arrives until there are so many messages, and then for a while whatever else would.</summary>
    private async Task<IReadOnlyList<ServiceBusReceivedMessage>> HearAsync(int count)
    {
        ServiceBusReceiver receiver = _bus.CreateReceiver("abm-events", Subscription, new ServiceBusReceiverOptions { ReceiveMode = ServiceBusReceiveMode.ReceiveAndDelete });
        List<ServiceBusReceivedMessage> heard = [];
        while (true)
        {
            IReadOnlyList<ServiceBusReceivedMessage> more = await receiver.ReceiveMessagesAsync(100, heard.Count < count ? Soon : TimeSpan.FromSeconds(2), Token);
            if (more.Count == 0)
                return heard;
            heard.AddRange(more);
        }
    }

    private async Task<JsonNode> PostAsync(string email)
    {
        JsonObject lead = new() { ["email"] = email, ["source"] = "endtoend", ["externalId"] = Run.Name() };
        return await LeadJson.PostDecidedAsync(_client, lead, Token);
    }

    private static ServiceBusMessage Change(string type, DateTimeOffset at, string account, string changes) => new(
        $$"""{"version":1,"type":"{{type}}","id":"{{Run.Name()}}","occurredAt":"{{at.ToString("yyyy-MM-ddTHH:mm:ss.fffffffZ", CultureInfo.InvariantCulture)}}","accountId":"{{account}}","changes":{{changes}}}""");
}
