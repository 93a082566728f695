using System.Globalization;
using Abm.Local.Azurite;
using Azure.Data.Tables;

namespace Abm.Local.Tests.Tables;

/// <summary>One emulator for all tests of the table client; each test makes its own table in it.</summary>
public sealed class TablesFixture : IAsyncLifetime
{
    private AzuriteServer? _server;
    private TableServiceClient? _service;
    private int _tables;

    public string ConnectionString => _server!.ConnectionString;

    public TableServiceClient Service => _service!;

    public Uri Endpoint => Service.Uri;

    /// <summary>The key is the published one that every emulator has.</summary>
    public static string AccountKey => "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    public async ValueTask InitializeAsync()
    {
        _server = await AzuriteServer.StartAsync(new AzuriteOptions(), TestContext.Current.CancellationToken);
        _service = new TableServiceClient(_server.ConnectionString);
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
            await _server.DisposeAsync();
    }

    /// <summary>A table that no other test uses.</summary>
    public async Task<TableClient> NewTableAsync()
    {
        TableClient table = Service.GetTableClient(NewName());
        await table.CreateAsync(TestContext.Current.CancellationToken);
        return table;
    }

    public string NewName() => "t" + Interlocked.Increment(ref _tables).ToString("D6", CultureInfo.InvariantCulture);
}

[CollectionDefinition(nameof(TablesOnAzurite))]
public sealed class TablesOnAzurite : ICollectionFixture<TablesFixture>;
