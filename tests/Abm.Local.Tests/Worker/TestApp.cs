using System.Collections.Concurrent;
using Abm.Local.Hosting;
using Abm.TestKit;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Abm.Local.Tests.Worker;

/// <summary>What functions of a test wrote down, in order.</summary>
public sealed class Notes
{
    private readonly ConcurrentQueue<string> _lines = new();

    public IReadOnlyList<string> Lines => [.. _lines];

    public void Add(string line) => _lines.Enqueue(line);
}

/// <summary>How a runtime of a test is put together.</summary>
public sealed class TestAppSetup
{
    public string HostJson { get; init; } = """{ "version": "2.0" }""";

    public Dictionary<string, string?> Settings { get; init; } = [];

    public TimeProvider Time { get; init; } = TimeProvider.System;

    public string[] Args { get; init; } = [];

    public bool HasHttp { get; init; } = true;

    public bool HasStorage { get; init; } = true;

    public Action<FunctionsApplicationBuilder> Configure { get; init; } = _ => { };
}

/// <summary>A runtime in this process: chosen function classes, a free port, the shared emulator.</summary>
public sealed class TestApp : IAsyncDisposable
{
    private readonly IHost _host;
    private bool _isStopped;

    private TestApp(IHost host, Notes notes, CapturedLog log)
    {
        _host = host;
        Notes = notes;
        Log = log;
        Http = new HttpClient { BaseAddress = LocalRuntime.AddressOf(host), Timeout = TimeSpan.FromSeconds(30) };
    }

    public Notes Notes { get; }

    public CapturedLog Log { get; }

    public HttpClient Http { get; }

    public IServiceProvider Services => _host.Services;

    public static Task<TestApp> StartAsync(params Type[] functions) => StartAsync(new TestAppSetup(), functions);

    public static async Task<TestApp> StartAsync(TestAppSetup setup, params Type[] functions)
    {
        var notes = new Notes();
        var log = new CapturedLog();
        IHost host = await BuildAsync(setup, notes, log, functions);
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new TestApp(host, notes, log);
    }

    /// <summary>Builds without starting: where apps that cannot work are refused.</summary>
    public static async Task<IHost> BuildAsync(TestAppSetup setup, Notes notes, CapturedLog log, params Type[] functions)
    {
        Dictionary<string, string?> settings = new(setup.Settings);
        if (setup.HasStorage)
            settings["AzureWebJobsStorage"] = await SharedAzurite.ConnectionStringAsync();
        FunctionsApplicationBuilder builder = LocalRuntime.CreateBuilder(new LocalRuntimeOptions
        {
            Args = setup.Args,
            AppAssembly = typeof(TestApp).Assembly,
            FunctionTypes = functions,
            HostJson = setup.HostJson,
            Settings = settings,
            Port = 0,
            OwnsProcess = false,
            TimeProvider = setup.Time,
        });
        builder.Services.AddSingleton(notes);
        builder.Logging.AddProvider(log);
        if (setup.HasHttp)
            builder.ConfigureFunctionsWebApplication();
        setup.Configure(builder);
        return builder.Build();
    }

    public async Task StopAsync()
    {
        if (_isStopped)
            return;
        _isStopped = true;
        await _host.StopAsync(CancellationToken.None);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await StopAsync();
        _host.Dispose();
    }
}

/// <summary>The log of a runtime, in memory.</summary>
public sealed class CapturedLog : ILoggerProvider
{
    private readonly ConcurrentQueue<(LogLevel Level, string Category, string Message, Exception? Exception)> _entries = new();

    public IReadOnlyList<(LogLevel Level, string Category, string Message, Exception? Exception)> Entries => [.. _entries];

    public ILogger CreateLogger(string categoryName) => new Logger(this, categoryName);

    public void Dispose()
    {
    }

    private sealed class Logger(CapturedLog log, string category) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            log._entries.Enqueue((logLevel, category, formatter(state, exception), exception));
    }
}

/// <summary>Waits for what happens elsewhere.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    public static async Task BeTrueAsync(Func<bool> condition, string what) => await BeTrueAsync(() => Task.FromResult(condition()), what);

    public static async Task BeTrueAsync(Func<Task<bool>> condition, string what)
    {
        using var limit = new CancellationTokenSource(Deadline);
        while (!await condition())
        {
            Assert.False(limit.IsCancellationRequested, $"never: {what}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }
}
