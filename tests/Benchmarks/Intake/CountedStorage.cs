using System.Globalization;
using System.Text.RegularExpressions;
using Abm.Local.Azurite;

namespace Abm.Benchmarks.Intake;

/// <summary>An Azurite whose tables and queues are reached by way of proxies that count.</summary>
internal sealed partial class CountedStorage : IAsyncDisposable
{
    private readonly AzuriteServer _azurite;
    private readonly CountingProxy _tables;
    private readonly CountingProxy _queues;

    private CountedStorage(AzuriteServer azurite, CountingProxy tables, CountingProxy queues)
    {
        (_azurite, _tables, _queues) = (azurite, tables, queues);
        ConnectionString = azurite.ConnectionString
            .Replace(FormattableString.Invariant($":{PortOf(azurite.ConnectionString, "Table")}/"), FormattableString.Invariant($":{tables.Port}/"), StringComparison.Ordinal)
            .Replace(FormattableString.Invariant($":{PortOf(azurite.ConnectionString, "Queue")}/"), FormattableString.Invariant($":{queues.Port}/"), StringComparison.Ordinal);
    }

    /// <summary>By way of the proxies.</summary>
    public string ConnectionString { get; }

    /// <summary>Without being counted.</summary>
    public string Direct => _azurite.ConnectionString;

    public static async Task<CountedStorage> StartAsync()
    {
        AzuriteServer azurite = await AzuriteServer.StartAsync(new AzuriteOptions(), CancellationToken.None);
        return new CountedStorage(
            azurite, await CountingProxy.StartAsync(PortOf(azurite.ConnectionString, "Table")), await CountingProxy.StartAsync(PortOf(azurite.ConnectionString, "Queue")));
    }

    /// <summary>What was counted since the last time, by "table" or "queue", its name and the act; what is done in idle times as well is left out.</summary>
    public IReadOnlyDictionary<string, int> Take() => _tables.Take().Select(pair => KeyValuePair.Create("table " + pair.Key, pair.Value))
        .Concat(_queues.Take().Select(pair => KeyValuePair.Create("queue " + pair.Key, pair.Value)))
        .Where(pair => !pair.Key.EndsWith("upkeep", StringComparison.Ordinal))
        .ToDictionary();

    public async ValueTask DisposeAsync()
    {
        await _tables.DisposeAsync();
        await _queues.DisposeAsync();
        await _azurite.DisposeAsync();
    }

    private static int PortOf(string connection, string service) =>
        int.Parse(Endpoint().Matches(connection).Single(match => match.Groups["service"].Value == service).Groups["port"].ValueSpan, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?<service>\w+)Endpoint=https?://[^:]+:(?<port>\d+)/", RegexOptions.CultureInvariant)]
    private static partial Regex Endpoint();
}
