using System.Globalization;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Abm.Local.Hosting;

/// <summary>The built app. Its start and stop are the web host's, with known problems said in one line.</summary>
internal sealed class LocalHost : IHost, IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly RuntimeSetup _setup;

    private LocalHost(WebApplication app, RuntimeSetup setup)
    {
        _app = app;
        _setup = setup;
    }

    public IServiceProvider Services => _app.Services;

    public static LocalHost Build(RuntimeSetup setup) => Problems.Report(setup.Options, () =>
    {
        int port = setup.Options.Port ?? setup.Arguments.Port ?? setup.SettingsFile.HttpPort ?? 7071;
        setup.BaseAddress = string.Create(CultureInfo.InvariantCulture, $"http://localhost:{port}");
        setup.Web.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = BodyLimit();
            kestrel.Listen(IPAddress.Loopback, port);
        });

        WebApplication app = setup.Web.Build();
        var running = app.Services.GetRequiredService<RunningFunctions>();
        var keys = app.Services.GetRequiredService<FunctionKeys>();
        keys.Prepare();
        Prepare(running, setup);
        if (setup.SettingsFile.Cors is { Length: > 0 } origins)
            app.UseMiddleware<CorsMiddleware>((object)origins.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        if (keys.IsEnforced)
            app.Use((http, next) => keys.AllowPath(http.Request) ? next(http) : Refuse(http));
        app.Services.GetRequiredService<HttpTriggerProvider>().Map(app);
        foreach (IHttpEndpointContributor contributor in app.Services.GetServices<IHttpEndpointContributor>())
            contributor.Map(app);
        return new LocalHost(app, setup);
    });

    public Task StartAsync(CancellationToken cancellationToken = default) => Problems.ReportAsync(_setup.Options, async () =>
    {
        try
        {
            await _app.StartAsync(cancellationToken);
        }
        catch (Exception failure)
        {
            await StopAfterFailureAsync();
            if (failure is IOException { InnerException: AddressInUseException })
                throw new LocalRuntimeException($"{_setup.BaseAddress} is taken by another process: stop it, or choose another port with --port <number> or Host.LocalHttpPort in local.settings.json.", failure);
            throw;
        }
    });

    public Task StopAsync(CancellationToken cancellationToken = default) => _app.StopAsync(cancellationToken);

    public void Dispose() => ((IDisposable)_app).Dispose();

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static void Prepare(RunningFunctions running, RuntimeSetup setup)
    {
        try
        {
            running.Prepare();
        }
        catch (LocalRuntimeException refused)
        {
            throw new LocalRuntimeException(SourceLines.AddTo(refused.Message, setup.Options.FunctionTypes ?? FunctionCatalog.TypesOf(setup.AppAssembly)), refused);
        }
    }

    private static Task Refuse(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    private static long BodyLimit() => Environment.GetEnvironmentVariable("FUNCTIONS_REQUEST_BODY_SIZE_LIMIT") switch
    {
        null or "" => 104_857_600,
        string text when long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long limit) => limit,
        string text => throw new LocalRuntimeException($"FUNCTIONS_REQUEST_BODY_SIZE_LIMIT must be a number of bytes, not '{text}'."),
    };

    /// <summary>What had started must not stay behind: listeners, and the emulator if this process started it.</summary>
    private async Task StopAfterFailureAsync()
    {
        try
        {
            await _app.StopAsync(CancellationToken.None);
        }
#pragma warning disable CA1031 // The failure of the start is what counts.
        catch (Exception)
#pragma warning restore CA1031
        {
        }

        await _app.Services.GetRequiredService<RuntimeLifecycle>().DisposeAsync();
    }
}
