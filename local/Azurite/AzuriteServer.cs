using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text.RegularExpressions;

namespace Abm.Local.Azurite;

/// <summary>A running Azurite, the storage emulator, that this process started and stops again.</summary>
public sealed partial class AzuriteServer : IAsyncDisposable
{
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(8);
    private static readonly TimeSpan ProbeWithin = TimeSpan.FromSeconds(2);

    /// <summary>An emulator that many processes work on answers late; another program would answer something else by then.</summary>
    private static readonly TimeSpan AnswerWithin = TimeSpan.FromSeconds(20);

    private readonly Process _process;
    private int _stopped;
    private string? _processIdFile;

    private AzuriteServer(Process process, int blobPort, int queuePort, int tablePort)
    {
        _process = process;
        ConnectionString = AzuriteEndpoints.Write(blobPort, queuePort, tablePort);
    }

    /// <summary>Connection string of this Azurite: its account, its published key and its three endpoints on 127.0.0.1.</summary>
    public string ConnectionString { get; }

    /// <summary>The id of the Azurite process.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Starts Azurite, restoring it first when it is missing, and returns when all three services listen.</summary>
    /// <exception cref="AzuriteException">It cannot be had; the message is one line that says what to do.</exception>
    public static async Task<AzuriteServer> StartAsync(AzuriteOptions options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        AzuritePackage package = AzuritePackage.Find(options.PackageFolder);
        await package.EnsureRestoredAsync(options.Say, cancellationToken).ConfigureAwait(false);
        return await StartAsync(package, options, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Makes sure that an emulator connection string is served. Uses the Azurite that already listens; when nothing listens on any of its ports,
    /// starts one that keeps its data in <c>.azurite/</c> beside <c>package.json</c>, and its process id in <c>.azurite/azurite.pid</c> for who has to
    /// stop it after a crash of the app.
    /// </summary>
    /// <returns>The Azurite that was started and is the caller's to dispose; <c>null</c> when one was running or the string means an account elsewhere.</returns>
    /// <exception cref="AzuriteException">A port is taken by another program, or Azurite cannot be had; the message is one line that says what to do.</exception>
    public static async Task<AzuriteServer?> EnsureRunningAsync(string connectionString, Action<string> say, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(connectionString);
        ArgumentNullException.ThrowIfNull(say);
        IReadOnlyList<AzuriteEndpoint> endpoints = AzuriteEndpoints.Read(connectionString);
        if (endpoints.Count == 0 || await IsServedAsync(endpoints, cancellationToken).ConfigureAwait(false))
            return null;

        AzuritePackage package = AzuritePackage.Find(null);
        await package.EnsureRestoredAsync(say, cancellationToken).ConfigureAwait(false);
        string location = Path.Combine(package.Folder, ".azurite");
        using FileLock held = await FileLock.TakeAsync(Path.Combine(location, "start.lock"), TimeSpan.FromSeconds(60), cancellationToken).ConfigureAwait(false);
        if (await IsServedAsync(endpoints, cancellationToken).ConfigureAwait(false))
            return null; // another process was quicker

        AzuriteOptions options = new()
        {
            Location = location,
            BlobPort = PortOf("Blob"),
            QueuePort = PortOf("Queue"),
            TablePort = PortOf("Table"),
            EndsWithParent = false,
            Say = say,
        };
        AzuriteServer started = await StartAsync(package, options, cancellationToken).ConfigureAwait(false);
        started._processIdFile = Path.Combine(location, "azurite.pid");
        await File.WriteAllTextAsync(started._processIdFile, started.ProcessId.ToString(CultureInfo.InvariantCulture), cancellationToken).ConfigureAwait(false);
        return started;

        int PortOf(string service) => endpoints.FirstOrDefault(endpoint => endpoint.Service == service)?.Port ?? 0;
    }

    /// <summary>Stops Azurite as <c>SIGTERM</c> would, so that it writes what it holds; kills it when that takes more than a few seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _stopped, 1) != 0)
            return;
        if (!_process.HasExited)
        {
            using CancellationTokenSource limit = new(StopWithin);
            try
            {
                await _process.StandardInput.WriteLineAsync("stop".AsMemory(), limit.Token).ConfigureAwait(false);
                await _process.StandardInput.FlushAsync(limit.Token).ConfigureAwait(false);
                await _process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is OperationCanceledException or IOException)
            {
                Kill();
            }
        }

        _process.Dispose();
        if (_processIdFile is not null)
            File.Delete(_processIdFile);
    }

    /// <summary>Ends Azurite at once, as a crash would (<c>kill -9</c>). What it had not yet written is lost.</summary>
    public void Kill()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
    }

    private static async Task<AzuriteServer> StartAsync(AzuritePackage package, AzuriteOptions options, CancellationToken cancellationToken)
    {
        Dictionary<string, int> ports = [];
        List<string> complaints = [];
        TaskCompletionSource listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Process process = new() { StartInfo = StartInfo(package, options), EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) =>
        {
            if (line.Data is null || ListeningLine().Match(line.Data) is not { Success: true } match)
                return;
            ports[match.Groups["service"].Value] = int.Parse(match.Groups["port"].ValueSpan, CultureInfo.InvariantCulture);
            if (ports.Count == 3)
                listening.TrySetResult();
        };
        process.ErrorDataReceived += (_, line) =>
        {
            if (!string.IsNullOrWhiteSpace(line.Data))
                complaints.Add(line.Data);
        };
        process.Exited += (_, _) => listening.TrySetCanceled(CancellationToken.None);

        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        try
        {
            await listening.Task.WaitAsync(options.StartWithin, cancellationToken).ConfigureAwait(false);
            return new AzuriteServer(process, ports["Blob"], ports["Queue"], ports["Table"]);
        }
        catch (Exception exception) when (exception is TimeoutException or TaskCanceledException or OperationCanceledException)
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync(CancellationToken.None).ConfigureAwait(false);
            process.Dispose();
            cancellationToken.ThrowIfCancellationRequested();
            string said = complaints.Count > 0 ? complaints[0] : exception is TimeoutException ? "it did not listen in time" : "it ended without a word";
            throw new AzuriteException($"Azurite did not start: {said}. Free ports {Ports(options)} on 127.0.0.1 or set AzureWebJobsStorage to other ones.", exception);
        }
    }

    private static ProcessStartInfo StartInfo(AzuritePackage package, AzuriteOptions options)
    {
        List<string> arguments =
        [
            "--import", "data:text/javascript," + Uri.EscapeDataString(AzuritePreload.For(package)),
            package.Script, "--silent", "--skipApiVersionCheck", "--disableTelemetry",
            "--blobPort", options.BlobPort.ToString(CultureInfo.InvariantCulture),
            "--queuePort", options.QueuePort.ToString(CultureInfo.InvariantCulture),
            "--tablePort", options.TablePort.ToString(CultureInfo.InvariantCulture),
        ];
        if (options.Location is null)
        {
            arguments.Add("--inMemoryPersistence");
        }
        else
        {
            Directory.CreateDirectory(options.Location);
            arguments.AddRange(["--location", options.Location]);
        }

        ProcessStartInfo start = new("node", arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = package.Folder,
        };
        start.Environment["AZURITE_ENDS_WITH_PARENT"] = options.EndsWithParent ? "1" : "0";
        return start;
    }

    private static string Ports(AzuriteOptions options) =>
        string.Create(CultureInfo.InvariantCulture, $"{options.BlobPort}, {options.QueuePort} and {options.TablePort}");

    /// <summary>True when Azurite serves every endpoint, false when none is served.</summary>
    private static async Task<bool> IsServedAsync(IReadOnlyList<AzuriteEndpoint> endpoints, CancellationToken cancellationToken)
    {
        bool[] listening = await Task.WhenAll(endpoints.Select(endpoint => IsListeningAsync(endpoint, cancellationToken))).ConfigureAwait(false);
        for (int i = 0; i < endpoints.Count; i++)
        {
            if (listening[i] && !await IsAzuriteAsync(endpoints[i], cancellationToken).ConfigureAwait(false))
                throw new AzuriteException(string.Create(CultureInfo.InvariantCulture, $"Port {endpoints[i].Port} ({endpoints[i].Service}) is taken by another program that does not answer like Azurite: stop it, or set AzureWebJobsStorage to a connection string with other ports."));
        }

        if (listening.All(yes => yes))
            return true;
        if (!listening.Any(yes => yes))
            return false;
        AzuriteEndpoint missing = endpoints[Array.IndexOf(listening, false)];
        throw new AzuriteException(string.Create(CultureInfo.InvariantCulture, $"Azurite is running without its {missing.Service} service (nothing listens on port {missing.Port}): stop it and start again, or start it with blob, queue and table service."));
    }

    private static async Task<bool> IsListeningAsync(AzuriteEndpoint endpoint, CancellationToken cancellationToken)
    {
        using TcpClient client = new();
        try
        {
            using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(ProbeWithin);
            await client.ConnectAsync("127.0.0.1", endpoint.Port, limit.Token).ConfigureAwait(false);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return true; // where nobody listens on this machine, it refuses at once: somebody is too busy to take the call
        }
    }

    private static async Task<bool> IsAzuriteAsync(AzuriteEndpoint endpoint, CancellationToken cancellationToken)
    {
        using SocketsHttpHandler handler = new() { UseProxy = false };
        using HttpClient client = new(handler) { Timeout = AnswerWithin };
        try
        {
            Uri address = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{endpoint.Port}/"));
            using HttpResponseMessage response = await client.GetAsync(address, cancellationToken).ConfigureAwait(false);
            return response.Headers.Server.Any(server => server.Product is ProductHeaderValue product && product.Name == $"Azurite-{endpoint.Service}");
        }
        catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            return false;
        }
    }

    [GeneratedRegex(@"^Azurite (?<service>\w+) service is successfully listening at https?://[^:]+:(?<port>\d+)", RegexOptions.CultureInvariant)]
    private static partial Regex ListeningLine();
}
