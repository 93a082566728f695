using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Abm.Local.Azurite;

namespace Abm.Local.Tests.Azurite;

public sealed class AzuriteServerTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_emulator_that_answers_is_used_and_not_started_again()
    {
        await using AzuriteServer server = await AzuriteServer.StartAsync(new AzuriteOptions(), Token);

        Assert.Null(await AzuriteServer.EnsureRunningAsync(server.ConnectionString, _ => { }, Token));
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
    public async Task A_port_that_another_program_holds_is_named_in_one_line()
    {
        using TcpListener other = new(IPAddress.Loopback, 0);
        other.Start();
        int port = ((IPEndPoint)other.LocalEndpoint).Port;
        Task greeting = HangUpAsync();
        string connection = $"AccountName=devstoreaccount1;QueueEndpoint=http://127.0.0.1:{port}/devstoreaccount1";

        AzuriteException refused = await Assert.ThrowsAsync<AzuriteException>(() => AzuriteServer.EnsureRunningAsync(connection, _ => { }, Token));

        Assert.Contains($"Port {port} (Queue) is taken by another program", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        await greeting;

        async Task HangUpAsync()
        {
            for (int call = 0; call < 2; call++)
                (await other.AcceptTcpClientAsync(Token)).Dispose();
        }
    }

    [Fact]
    public async Task An_emulator_too_busy_to_take_a_call_or_to_answer_at_once_is_there_all_the_same()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere callers beyond the queue are refused, not left waiting.");
        using TcpListener busy = new(IPAddress.Loopback, 0);
        busy.Start(backlog: 0);
        int port = ((IPEndPoint)busy.LocalEndpoint).Port;
        List<TcpClient> callers = await FillAsync(port);

        Task<AzuriteServer?> asked = AzuriteServer.EnsureRunningAsync($"AccountName=devstoreaccount1;QueueEndpoint=http://127.0.0.1:{port}/devstoreaccount1", _ => { }, Token);
        await Task.Delay(TimeSpan.FromSeconds(4.5), Token); // longer than two calls are tried for
        Task answering = AnswerAsync();

        Assert.Null(await asked);
        callers.ForEach(caller => caller.Dispose());
        busy.Stop();
        await answering;

        static async Task<List<TcpClient>> FillAsync(int port)
        {
            List<TcpClient> waiting = [];
            while (true)
            {
                TcpClient next = new();
                waiting.Add(next);
                Task call = next.ConnectAsync("127.0.0.1", port);
                if (await Task.WhenAny(call, Task.Delay(300, Token)) != call)
                    return waiting;
                await call;
            }
        }

        async Task AnswerAsync()
        {
            List<Task> answers = [];
            try
            {
                while (true)
                    answers.Add(AnswerOneAsync(await busy.AcceptTcpClientAsync(Token)));
            }
            catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
            {
                await Task.WhenAll(answers);
            }
        }

        static async Task AnswerOneAsync(TcpClient caller)
        {
            using (caller)
            {
                try
                {
                    if (await caller.GetStream().ReadAsync(new byte[4096], Token) > 0)
                        await caller.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\nServer: Azurite-Queue/3.35.0\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), Token);
                }
                catch (IOException)
                {
                    // a caller that was only there to fill the queue
                }
            }
        }
    }

    [Fact]
    public async Task A_half_running_emulator_is_not_taken_for_a_whole_one()
    {
        await using AzuriteServer server = await AzuriteServer.StartAsync(new AzuriteOptions(), Token);
        string connection = server.ConnectionString.Replace($":{TablePort(server)}/", ":1/", StringComparison.Ordinal);

        AzuriteException refused = await Assert.ThrowsAsync<AzuriteException>(() => AzuriteServer.EnsureRunningAsync(connection, _ => { }, Token));

        Assert.Contains("without its Table service", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_in_use_at_start_is_one_line_with_the_ports()
    {
        await using AzuriteServer server = await AzuriteServer.StartAsync(new AzuriteOptions(), Token);

        AzuriteException refused = await Assert.ThrowsAsync<AzuriteException>(() => AzuriteServer.StartAsync(new AzuriteOptions { QueuePort = QueuePort(server) }, Token));

        Assert.Contains(QueuePort(server).ToString(CultureInfo.InvariantCulture), refused.Message, StringComparison.Ordinal);
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
        AzuritePackage package = AzuritePackage.Find(null);
        await package.EnsureRestoredAsync(_ => { }, Token);
        ProcessStartInfo node = new("node", ["--import", "data:text/javascript," + Uri.EscapeDataString(AzuritePreload.For(package)), "--input-type=module", "-e", $"const script = {System.Text.Json.JsonSerializer.Serialize(package.Script)};\n{Program}"])
        {
            RedirectStandardOutput = true,
            RedirectStandardInput = true,
        };
        using Process process = Process.Start(node)!;
        string said = await process.StandardOutput.ReadToEndAsync(Token);
        await process.WaitForExitAsync(Token);

        Assert.Equal("""{"removed":299,"left":[true],"bytes":1,"batches":1}""", said.Trim());
    }

    private static int QueuePort(AzuriteServer server) => Port(server, "QueueEndpoint=");
    private static int TablePort(AzuriteServer server) => Port(server, "TableEndpoint=");

    private static int Port(AzuriteServer server, string name) =>
        new Uri(server.ConnectionString.Split(';').Single(part => part.StartsWith(name, StringComparison.Ordinal))[name.Length..]).Port;

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
