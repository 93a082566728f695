using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Abm.Local.Azurite;
using Abm.TestKit;

namespace Abm.Local.Tests.Azurite;

public sealed class AzuriteServerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_emulator_that_answers_is_used_and_not_started_again()
    {
        Assert.Null(await AzuriteServer.EnsureRunningAsync(await SharedAzurite.ConnectionStringAsync(), _ => { }, Token));
    }

    [Fact]
    public async Task A_storage_account_elsewhere_is_left_alone() =>
        Assert.Null(await AzuriteServer.EnsureRunningAsync("DefaultEndpointsProtocol=https;AccountName=contoso;AccountKey=eA==;EndpointSuffix=core.windows.net", _ => { }, Token));

    [Fact]
    public async Task Stopping_ends_the_process_and_frees_its_ports()
    {
        AzuriteServer server = await AzuriteServer.StartAsync(new AzuriteOptions(), Token);
        using Process process = Process.GetProcessById(server.ProcessId);
        await server.DisposeAsync();

        Assert.True(process.HasExited);
        Assert.False(await ListensAsync(QueuePort(server)));
    }

    [Fact]
    public async Task Data_in_a_folder_is_there_after_a_restart_on_the_same_ports()
    {
        string location = Directory.CreateTempSubdirectory("azurite-").FullName;
        try
        {
            AzuriteServer first = await AzuriteServer.StartAsync(new AzuriteOptions { Location = location }, Token);
            int queuePort = QueuePort(first);
            await first.DisposeAsync();
            await using AzuriteServer second = await AzuriteServer.StartAsync(new AzuriteOptions { Location = location, QueuePort = queuePort }, Token);

            Assert.Equal(queuePort, QueuePort(second));
            Assert.NotEmpty(Directory.EnumerateFiles(location, "__azurite_db_queue*.json"));
        }
        finally
        {
            Directory.Delete(location, recursive: true);
        }
    }

    [Fact]
    public async Task A_half_running_emulator_is_not_taken_for_a_whole_one()
    {
        string whole = await SharedAzurite.ConnectionStringAsync();
        string connection = whole.Replace($":{Port(whole, "TableEndpoint=")}/", ":1/", StringComparison.Ordinal);

        AzuriteException refused = await Assert.ThrowsAsync<AzuriteException>(() => AzuriteServer.EnsureRunningAsync(connection, _ => { }, Token));

        Assert.Contains("without its Table service", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_at_start_is_one_line_with_the_ports()
    {
        int taken = Port(await SharedAzurite.ConnectionStringAsync(), "QueueEndpoint=");

        AzuriteException refused = await Assert.ThrowsAsync<AzuriteException>(() => AzuriteServer.StartAsync(new AzuriteOptions { QueuePort = taken }, Token));

        Assert.Contains(taken.ToString(CultureInfo.InvariantCulture), refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public async Task A_folder_without_a_pin_says_how_to_go_on()
    {
        string empty = Directory.CreateTempSubdirectory("azurite-").FullName;

        AzuriteException refused = await Assert.ThrowsAsync<AzuriteException>(() => AzuriteServer.StartAsync(new AzuriteOptions { PackageFolder = empty }, Token));

        Directory.Delete(empty);
        Assert.Contains("no package.json", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ctrl_C_in_the_terminal_leaves_it_to_the_app_to_stop_its_storage()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "SIGINT is Unix.");
        await using AzuriteServer server = await AzuriteServer.StartAsync(new AzuriteOptions(), Token);
        using Process process = Process.GetProcessById(server.ProcessId);

        using Process kill = Process.Start("kill", ["-INT", server.ProcessId.ToString(CultureInfo.InvariantCulture)]);
        await kill.WaitForExitAsync(Token);

        await Assert.ThrowsAsync<TimeoutException>(() => process.WaitForExitAsync(Token).WaitAsync(TimeSpan.FromSeconds(1), Token));
        Assert.True(await ListensAsync(QueuePort(server)));
    }

    [Fact]
    public async Task What_a_sweep_of_memory_removes_it_removes_together()
    {
        // The store of memory as Azurite's own sweep calls it: every piece is gone, and no other; what is counted is how often the rows are gone through.
        const string Program = """
            const { createRequire } = await import('node:module');
            const load = createRequire(script);
            const { default: Store, MemoryExtentChunkStore } = load('./common/persistence/MemoryExtentStore.js');
            const { default: Metadata } = load('./common/persistence/LokiExtentMetadataStore.js');
            const store = new Store('queue', new MemoryExtentChunkStore(), new Metadata('none', true), { info() {}, debug() {} }, () => new Error());
            await store.init();
            const ids = [];
            for (let i = 0; i < 300; i++) ids.push((await store.appendExtent(Buffer.from('x'))).id);
            const rows = store.metadataStore.db.getCollection(store.metadataStore.EXTENTS_COLLECTION);
            let batches = 0;
            const remove = rows.removeBatchByPositions; rows.removeBatchByPositions = function (...all) { batches++; return remove.apply(this, all); };
            const removed = await store.deleteExtents(new Set(ids.slice(1)));
            console.log(JSON.stringify({ removed, left: rows.data.map(row => row.id === ids[0]), bytes: store.chunks.totalSize(), batches }));
            process.exit(0);
            """;

        Assert.Equal("""{"removed":299,"left":[true],"bytes":1,"batches":1}""", await SaysAsync(Program));
    }

    [Fact]
    public async Task A_row_is_found_by_its_keys_without_looking_at_its_partition()
    {
        // A collection as the store of tables makes it; what is counted is how often it looks through rows for one.
        const string Program = """
            const { createRequire } = await import('node:module');
            const loki = createRequire(script)('lokijs');
            const rows = new loki('t.json').addCollection('t', { indices: ['PartitionKey', 'RowKey'] });
            let scans = 0;
            const chain = rows.chain; rows.chain = function (...all) { scans++; return chain.apply(this, all); };
            const find = (PartitionKey, RowKey) => rows.findOne({ PartitionKey, RowKey });
            for (let i = 0; i < 300; i++) rows.insert({ PartitionKey: 'p', RowKey: 'r' + i, value: i });
            const said = [find('p', 'r7').value, find('p', 'none'), find('pr', '7')];
            rows.insert({ PartitionKey: 'pr', RowKey: '7', value: 'other' });
            rows.update({ ...find('p', 'r7'), value: 'merged' });
            said.push(find('pr', '7').value, find('p', 'r7').value);
            const gone = find('p', 'r8'); rows.remove(gone); said.push(find('p', 'r8'));
            rows.insert({ PartitionKey: 'p', RowKey: 'r8', value: 'again' }); said.push(find('p', 'r8').value);
            said.push(scans);
            rows.removeWhere({ RowKey: 'r9' }); const own = scans; said.push(find('p', 'r9'), rows.findOne({ RowKey: 'r10' }).value, scans > own);
            rows.clear(); said.push(find('p', 'r7'));
            console.log(JSON.stringify(said));
            process.exit(0);
            """;

        Assert.Equal("""[7,null,null,"other","merged",null,"again",0,null,10,true,null]""", await SaysAsync(Program));
    }

    /// <summary>What a program says that runs in the place of Azurite.</summary>
    private static async Task<string> SaysAsync(string program)
    {
        AzuritePackage package = AzuritePackage.Find(null);
        await package.EnsureRestoredAsync(_ => { }, Token);
        ProcessStartInfo node = new("node", ["--import", "data:text/javascript," + Uri.EscapeDataString(AzuritePreload.For(package)), "--input-type=module", "-e", $"const script = {System.Text.Json.JsonSerializer.Serialize(package.Script)};\n{program}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        using Process process = Process.Start(node)!;
        string said = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);
        return said.Trim();
    }

    private static int QueuePort(AzuriteServer server) => Port(server.ConnectionString, "QueueEndpoint=");

    private static int Port(string connection, string name) =>
        new Uri(connection.Split(';').Single(part => part.StartsWith(name, StringComparison.Ordinal))[name.Length..]).Port;

    private static async Task<bool> ListensAsync(int port)
    {
        using TcpClient client = new();
        try
        {
            await client.ConnectAsync("127.0.0.1", port, Token);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
