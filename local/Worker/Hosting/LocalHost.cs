using Microsoft.AspNetCore.Builder;
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
        WebApplication app = setup.Web.Build();
        return new LocalHost(app, setup);
    });

    public Task StartAsync(CancellationToken cancellationToken = default) =>
        Problems.ReportAsync(_setup.Options, () => _app.StartAsync(cancellationToken));

    public Task StopAsync(CancellationToken cancellationToken = default) => _app.StopAsync(cancellationToken);

    public void Dispose() => ((IDisposable)_app).Dispose();

    public ValueTask DisposeAsync() => _app.DisposeAsync();
}
