using System.Net;
using System.Text.Json.Nodes;
using Abm.Local.Azurite;
using Abm.TestKit;

namespace Abm.EndToEnd.Tests;

/// <summary>The app with the invented company of <c>samples/</c>, shared by the tests that leave each other alone.</summary>
public sealed class SampleApp : IAsyncLifetime
{
    private AzuriteServer? _storage;
    private AppProcess? _process;

    public AbmClient Client { get; private set; } = null!;

    /// <summary>Its storage; <c>null</c> when the tests run against a deployed app.</summary>
    public string? Storage => _storage?.ConnectionString;

    /// <summary>The process; <c>null</c> when the tests run against a deployed app.</summary>
    public AppProcess? Process => _process;

    public async ValueTask InitializeAsync()
    {
        CancellationToken cancellationToken = TestContext.Current.CancellationToken;
        if (AbmClient.DeployedApp is Uri deployed)
        {
            Client = new AbmClient(deployed);
            await AskAsync(deployed, cancellationToken);
        }
        else
        {
            _storage = await AzuriteServer.StartAsync(new AzuriteOptions(), cancellationToken);
            _process = await AppProcess.StartAsync(new AppOptions { Storage = _storage.ConnectionString }, cancellationToken);
            Client = new AbmClient(_process.BaseAddress);
        }

        await Samples.ImportAsync(Client, cancellationToken);
    }

    /// <summary>One line instead of sixty failures when the address or the key is wrong.</summary>
    private async Task AskAsync(Uri deployed, CancellationToken cancellationToken)
    {
        string answered;
        try
        {
            Answer health = await Client.GetAsync("api/health", cancellationToken);
            answered = health.Status == HttpStatusCode.OK ? "" : $"answers {(int)health.Status}";
        }
        catch (HttpRequestException unreachable)
        {
            answered = $"does not answer ({unreachable.Message})";
        }

        if (answered.Length > 0)
            throw new InvalidOperationException($"{AbmClient.BaseUrlVariable}: {deployed}api/health {answered}; it takes a running Abm.Functions app with its storage.");
        if ((await Client.GetAsync("api/leads?limit=1", cancellationToken)).Status == HttpStatusCode.Unauthorized)
            throw new InvalidOperationException($"{AbmClient.FunctionKeyVariable}: {deployed} asks for a key and does not take this one; it takes a host key.");
    }

    public async ValueTask DisposeAsync()
    {
        Client?.Dispose();
        if (_process is not null)
            await _process.DisposeAsync();
        if (_storage is not null)
            await _storage.DisposeAsync();
    }
}

/// <summary>The files of <c>samples/</c>.</summary>
public static class Samples
{
    private static readonly string[] Directories = ["reps", "accounts", "contacts"];

    public static string Text(string file) => File.ReadAllText(Path.Combine(Repository.Root, "samples", file));

    /// <summary>Imports reps, accounts and contacts; fails when a row of them is refused.</summary>
    public static async Task ImportAsync(AbmClient client, CancellationToken cancellationToken)
    {
        foreach (string kind in Directories)
        {
            JsonNode report = (await client.PostCsvAsync($"api/import/{kind}", Text($"{kind}.csv"), cancellationToken)).Expect(HttpStatusCode.OK).Json;
            if ((int)report["rejected"]! != 0)
                throw new InvalidOperationException($"samples/{kind}.csv has rows that are refused: {report}");
        }
    }

    /// <summary>The leads of <c>samples/leads.csv</c> as the JSON that <c>POST /api/leads</c> takes.</summary>
    /// <param name="run">Told apart by this: the external ids of two runs differ.</param>
    public static IReadOnlyList<JsonObject> Leads(string run) => LeadJson.FromCsv(Text("leads.csv"), run);
}
