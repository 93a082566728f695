using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Abm.TestKit;

/// <summary>How the app is started as a process of its own.</summary>
public sealed record AppOptions
{
    /// <summary>Connection string of the storage it works on (<c>AzureWebJobsStorage</c>).</summary>
    public required string Storage { get; init; }

    /// <summary>The port it listens on; 0 (the default) takes a free one.</summary>
    public int Port { get; init; }

    /// <summary>Settings as environment variables, on top of the storage and the port; <c>__</c> stands for <c>:</c>.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>How long it may take until <c>/api/health</c> answers 200. Default three minutes: the machine may be busy with other tests.</summary>
    public TimeSpan StartWithin { get; init; } = TimeSpan.FromMinutes(3);
}

/// <summary>The built app as a real process on 127.0.0.1: it can be stopped, killed and started again on the same port and storage.</summary>
public sealed class AppProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private static readonly TimeSpan StopWithin = TimeSpan.FromSeconds(30);
    private readonly AppOptions _options;
    private readonly StringBuilder _output = new();
    private Process _process;

    private AppProcess(AppOptions options)
    {
        _options = options with { Port = options.Port == 0 ? FreePort.Take() : options.Port };
        BaseAddress = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{_options.Port}/"));
        _process = Launch();
    }

    /// <summary>Where it listens, such as <c>http://127.0.0.1:21000/</c>.</summary>
    public Uri BaseAddress { get; }

    /// <summary>The id of the process that runs now; another one after a restart.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Everything it has printed since it was first started, all restarts included.</summary>
    public string Output
    {
        get
        {
            lock (_output)
                return _output.ToString();
        }
    }

    /// <summary>Starts the app and returns when its health check answers.</summary>
    public static async Task<AppProcess> StartAsync(AppOptions options, CancellationToken cancellationToken)
    {
        AppProcess app = new(options);
        await app.AwaitHealthAsync(cancellationToken);
        return app;
    }

    /// <summary>Starts the app where it is expected to give up, and returns its exit code and all it printed.</summary>
    public static async Task<(int ExitCode, string Output)> RunToEndAsync(AppOptions options, CancellationToken cancellationToken)
    {
        await using AppProcess app = new(options);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(options.StartWithin);
        await app._process.WaitForExitAsync(limit.Token);
        return (app._process.ExitCode, app.Output);
    }

    /// <summary>Ends the process at once, as <c>kill -9</c> does.</summary>
    public void Kill()
    {
        _process.Kill();
        _process.WaitForExit();
    }

    /// <summary>Asks the process to end, as <c>SIGTERM</c> does, and returns its exit code.</summary>
    public async Task<int> StopAsync(CancellationToken cancellationToken)
    {
        if (OperatingSystem.IsWindows())
            _process.Kill(); // a process without a console cannot be asked there
        else if (!_process.HasExited)
            _ = SendSignal(_process.Id, SigTerm);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(StopWithin);
        await _process.WaitForExitAsync(limit.Token);
        return _process.ExitCode;
    }

    /// <summary>Starts the app again after <see cref="Kill"/> or <see cref="StopAsync"/>, on the same port, storage and settings.</summary>
    public async Task RestartAsync(CancellationToken cancellationToken)
    {
        if (!_process.HasExited)
            throw new InvalidOperationException("The app still runs: kill or stop it first.");
        _process.Dispose();
        _process = Launch();
        await AwaitHealthAsync(cancellationToken);
    }

    public ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
        return ValueTask.CompletedTask;
    }

    private Process Launch()
    {
        if (!File.Exists(Repository.App))
            throw new InvalidOperationException($"{Repository.App} is missing: build Abm.Functions.sln in {Repository.Configuration} first.");
        string port = _options.Port.ToString(CultureInfo.InvariantCulture);
        ProcessStartInfo start = new("dotnet", [Repository.App, "--port", port])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = Path.GetDirectoryName(Repository.App)!,
        };
        start.Environment["AzureWebJobsStorage"] = _options.Storage;
        start.Environment["Abm__LoadSamples"] = "false"; // tests bring their own data, unless they say otherwise
        foreach ((string name, string value) in _options.Settings)
            start.Environment[name] = value;

        Process process = new() { StartInfo = start };
        process.OutputDataReceived += Record;
        process.ErrorDataReceived += Record;
        process.Start();
        process.StandardInput.Close();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private void Record(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null)
            return;
        lock (_output)
            _output.AppendLine(line.Data);
    }

    private async Task AwaitHealthAsync(CancellationToken cancellationToken)
    {
        using HttpClient client = new() { BaseAddress = BaseAddress, Timeout = TimeSpan.FromSeconds(5) };
        long begun = Stopwatch.GetTimestamp();
        while (true)
        {
            if (_process.HasExited)
            {
                await _process.WaitForExitAsync(cancellationToken); // until its last line is read
                throw new InvalidOperationException($"The app ended at start with exit code {_process.ExitCode}:\n{Output}");
            }

            try
            {
                using HttpResponseMessage response = await client.GetAsync(new Uri("api/health", UriKind.Relative), cancellationToken);
                if (response.IsSuccessStatusCode)
                    return;
            }
            catch (Exception exception) when (exception is HttpRequestException || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
            {
                // not listening yet
            }

            if (Stopwatch.GetElapsedTime(begun) > _options.StartWithin)
            {
                Kill();
                throw new TimeoutException($"The app did not answer /api/health within {_options.StartWithin}:\n{Output}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellationToken);
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int SendSignal(int processId, int signal);
}
