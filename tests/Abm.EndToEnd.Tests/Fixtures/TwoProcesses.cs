using System.Net;
using System.Text.Json.Nodes;
using Abm.Local.Azurite;
using Abm.TestKit;

namespace Abm.EndToEnd.Tests;

/// <summary>Two processes of the app on one storage, plays that take seconds, a receiver, and callers that ask the other process when one is gone.</summary>
public sealed class TwoProcesses : IAsyncDisposable
{
    private readonly string _configuration = Directory.CreateTempSubdirectory("abm-config-").FullName;
    private readonly List<AppProcess> _apps = [];
    private readonly List<AbmClient> _clients = [];
    private readonly AzuriteServer _storage;
    private int _preferred;

    private TwoProcesses(AzuriteServer storage, int budgetSeconds) => (_storage, BudgetSeconds) = (storage, budgetSeconds);

    public WebhookReceiver Receiver { get; } = new();
    public IReadOnlyList<AppProcess> Apps => _apps;
    public string Storage => _storage.ConnectionString;

    /// <summary>What an owner has before a lead counts as missed.</summary>
    public int BudgetSeconds { get; }

    public static async Task<TwoProcesses> StartAsync(int budgetSeconds, CancellationToken cancellationToken)
    {
        TwoProcesses both = new(await AzuriteServer.StartAsync(new AzuriteOptions(), cancellationToken), budgetSeconds);
        try
        {
            QuickPlays.WriteConfiguration(both._configuration, budgetSeconds);
            Dictionary<string, string> settings = QuickPlays.Settings(both._configuration, both.Receiver);
            settings["LocalRuntime__QueueLockTime"] = "00:00:03"; // what a killed process had in hand comes back after this time
            settings["Abm__Journeys__UndecidedAfter"] = "00:00:10"; // so that the sweep has something to do while it is disturbed
            AppOptions options = new() { Storage = both.Storage, Settings = settings };
            both._apps.AddRange(await Task.WhenAll(AppProcess.StartAsync(options, cancellationToken), AppProcess.StartAsync(options, cancellationToken)));
            both._clients.AddRange(both._apps.Select(app => new AbmClient(app.BaseAddress)));
            await Samples.ImportAsync(both._clients[0], cancellationToken);
            return both;
        }
        catch
        {
            await both.DisposeAsync();
            throw;
        }
    }

    /// <summary>Posts JSON as the API asks for: the same request again, to the other process, until one of them answers.</summary>
    public Task<JsonNode> PostAsync(string path, JsonObject body, string key, CancellationToken cancellationToken) => UntilAnsweredAsync(
        client => client.PostJsonAsync(path, body, cancellationToken, ("Idempotency-Key", key)), cancellationToken);

    public Task<JsonNode> GetAsync(string path, CancellationToken cancellationToken) => UntilAnsweredAsync(
        client => client.GetAsync(path, cancellationToken), cancellationToken);

    public Task<IReadOnlyList<JsonNode>> ListAsync(string path, CancellationToken cancellationToken) => _clients[^1].ListAsync(path, cancellationToken);

    /// <summary>Asks for the lead until it is as wanted.</summary>
    public Task<JsonNode> UntilLeadAsync(string leadId, Func<JsonNode, bool> wanted, TimeSpan within, string what, CancellationToken cancellationToken) =>
        AbmClient.UntilAsync(() => GetAsync($"api/leads/{leadId}", cancellationToken), wanted, within, $"{what} (lead {leadId})", cancellationToken);

    public async ValueTask DisposeAsync()
    {
        _clients.ForEach(client => client.Dispose());
        foreach (AppProcess app in _apps)
            await app.DisposeAsync();
        await Receiver.DisposeAsync();
        await _storage.DisposeAsync();
        Directory.Delete(_configuration, recursive: true);
    }

    private async Task<JsonNode> UntilAnsweredAsync(Func<AbmClient, Task<Answer>> ask, CancellationToken cancellationToken)
    {
        while (true)
        {
            AbmClient client = _clients[(int)((uint)Interlocked.Increment(ref _preferred) % _clients.Count)];
            try
            {
                Answer answer = await ask(client);
                if (answer.Status is HttpStatusCode.OK or HttpStatusCode.Accepted)
                    return answer.Json;
                if ((int)answer.Status < 500)
                    answer.Expect(HttpStatusCode.OK);
            }
            catch (Exception gone) when (gone is HttpRequestException or IOException)
            {
                // killed while it answered, or not up again yet
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }
    }
}
