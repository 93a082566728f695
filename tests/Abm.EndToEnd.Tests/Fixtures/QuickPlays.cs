using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using Abm.Local.Azurite;
using Abm.TestKit;

namespace Abm.EndToEnd.Tests;

/// <summary>The app with the invented company, whose deadlines are seconds, and a receiver for what it sends.</summary>
public sealed class QuickPlays : IAsyncLifetime
{
    public const string Secret = "the secret of the end-to-end tests";

    /// <summary>Seconds that an owner has.</summary>
    public const int Budget = 3;

    // 50 %, 80 %, 100 %, 125 % and 200 % of the budget; one reassignment. Everything else is as in samples/config.
    private const string Plays = """
        slaPolicies:
          quick:
            budget: {0}s
            hours: always
            urgent: true
          answer:
            kind: handOff
            budget: 4s
            hours: always
            urgent: true
            ladder:
              - { at: 75, do: remind }
              - { at: 100, do: breach }
        plays:
          - name: inbound
            on: routeAssigned
            firstTouch:
              - policy: quick
            fallbackPool: sdr-emea
            maxReassignments: 1
            keepMeasuringFor: 1s
          - name: hand-over
            on: manual
            owner: [{ pool: sdr-emea }]
            stop: [{ event: withdrawn, outcome: withdrawn }]
            steps:
              - { name: offer, notify: owner, template: context-card, urgent: true }
              - { name: answer, wait: [accepted, rejected], needsReason: [rejected], deadline: answer, within: 30m, on: { accepted: taken, rejected: back }, otherwise: nobody }
              - { name: back, task: manager, template: reassigned, urgent: true }
              - { name: returned, end: returned }
              - { name: taken, end: accepted }
              - { name: nobody, end: unanswered }
        """;

    private readonly string _configuration = Directory.CreateTempSubdirectory("abm-config-").FullName;
    private AzuriteServer? _storage;

    public AppProcess App { get; private set; } = null!;
    public AbmClient Client { get; private set; } = null!;
    public WebhookReceiver Receiver { get; } = new();
    public string Storage => _storage!.ConnectionString;

    /// <summary>The folder that its rules were read from.</summary>
    public string Configuration => _configuration;

    public async ValueTask InitializeAsync()
    {
        if (AbmClient.DeployedApp is not null)
            return; // its tests skip themselves: a fixture cannot
        WriteConfiguration(_configuration);
        Desks.AddTo(_configuration);
        _storage = await AzuriteServer.StartAsync(new AzuriteOptions(), CancellationToken.None);
        App = await AppProcess.StartAsync(
            new AppOptions
            {
                Storage = _storage.ConnectionString,
                Settings = Settings(_configuration, Receiver),
            },
            CancellationToken.None);
        Client = new AbmClient(App.BaseAddress);
        await Samples.ImportAsync(Client, CancellationToken.None);
        await Desks.StaffAsync(Client, CancellationToken.None);
    }

    /// <summary>The invented company's configuration with these plays.</summary>
    public static void WriteConfiguration(string folder, int budgetSeconds = Budget)
    {
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "samples", "config"), "*.yaml"))
            File.Copy(file, Path.Combine(folder, Path.GetFileName(file)));
        File.WriteAllText(Path.Combine(folder, "plays.yaml"), Plays.Replace("{0}", budgetSeconds.ToString(CultureInfo.InvariantCulture), StringComparison.Ordinal));
    }

    /// <summary>What the app is told so that it uses that configuration and tells the receiver.</summary>
    public static Dictionary<string, string> Settings(string configuration, WebhookReceiver receiver) => new()
    {
        ["Abm__ConfigPath"] = configuration,
        ["Abm__Webhook__Url"] = receiver.Address.ToString(),
        ["Abm__Webhook__Secret"] = Secret,
        ["Abm__Webhook__FirstRetry"] = "00:00:00.2",
    };

    /// <summary>Posts a lead of an account that nobody owns, and returns it decided: somebody of the pool has it.</summary>
    public async Task<JsonNode> PostAsync(string email, CancellationToken cancellationToken)
    {
        JsonObject lead = new() { ["email"] = email, ["source"] = "endtoend", ["externalId"] = Run.Name() };
        return await LeadJson.PostDecidedAsync(Client, lead, cancellationToken);
    }

    public async Task<JsonNode> LeadAsync(string leadId, CancellationToken cancellationToken) =>
        (await Client.GetAsync($"api/leads/{leadId}", cancellationToken)).Expect(HttpStatusCode.OK).Json;

    /// <summary>What has been delivered about a lead, each delivery id once: <c>kind to</c>, in the order of arrival.</summary>
    public IReadOnlyList<string> Told(string leadId) =>
    [
        .. Receiver.Deliveries
            .DistinctBy(delivery => delivery.Headers["X-Abm-Delivery"], StringComparer.Ordinal)
            .Select(delivery => JsonNode.Parse(delivery.Body)!)
            .Where(body => (string?)body["leadId"] == leadId)
            .Select(body => $"{(string?)body["kind"]} {(string?)body["to"]!["id"]}"),
    ];

    /// <summary>What has been delivered about a play, each delivery id once.</summary>
    public IReadOnlyList<JsonNode> ToldOf(string playId) =>
    [
        .. Receiver.Deliveries
            .DistinctBy(delivery => delivery.Headers["X-Abm-Delivery"], StringComparer.Ordinal)
            .Select(delivery => JsonNode.Parse(delivery.Body)!)
            .Where(body => (string?)body["playId"] == playId),
    ];

    /// <summary>Waits until so many different notifications about the lead have arrived.</summary>
    public Task<IReadOnlyList<string>> UntilToldAsync(string leadId, int count, TimeSpan within, CancellationToken cancellationToken) => AbmClient.UntilAsync(
        () => Task.FromResult(Told(leadId)), told => told.Count >= count, within, $"{count} notifications about lead {leadId}", cancellationToken);

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (App is not null)
            await App.DisposeAsync();
        await Receiver.DisposeAsync();
        if (_storage is not null)
            await _storage.DisposeAsync();
        Directory.Delete(_configuration, recursive: true);
    }
}

[CollectionDefinition]
public sealed class QuickPlaysCollection : ICollectionFixture<QuickPlays>;
