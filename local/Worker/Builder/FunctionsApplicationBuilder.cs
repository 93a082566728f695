using Abm.Local.Hosting;
using Microsoft.AspNetCore.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Builder;

/// <summary>Builds a function app: services, configuration, logging, middleware.</summary>
public class FunctionsApplicationBuilder : IHostApplicationBuilder, IFunctionsWorkerApplicationBuilder
{
    private readonly WebApplicationBuilder _web;
    private readonly RuntimeSetup _setup;
    private bool _isBuilt;

    internal FunctionsApplicationBuilder(LocalRuntimeOptions options)
    {
        _setup = RuntimeSetup.Create(options);
        _web = _setup.Web;
        RuntimeServices.Add(this, _setup);
    }

    /// <inheritdoc/>
    public IDictionary<object, object> Properties => ((IHostApplicationBuilder)_web).Properties;

    /// <summary>Settings: environment (with the settings file's values), <c>appsettings.json</c>, command line.</summary>
    public ConfigurationManager Configuration => _web.Configuration;

    /// <inheritdoc/>
    public IHostEnvironment Environment => _web.Environment;

    /// <inheritdoc/>
    public ILoggingBuilder Logging => _web.Logging;

    /// <inheritdoc/>
    public IMetricsBuilder Metrics => _web.Metrics;

    /// <inheritdoc cref="IHostApplicationBuilder.Services"/>
    public IServiceCollection Services => _web.Services;

    IConfigurationManager IHostApplicationBuilder.Configuration => _web.Configuration;

    internal RuntimeSetup Setup => _setup;

    /// <inheritdoc/>
    public void ConfigureContainer<TContainerBuilder>(IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure = null)
        where TContainerBuilder : notnull => ((IHostApplicationBuilder)_web).ConfigureContainer(factory, configure);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">The app is built already.</exception>
    public IFunctionsWorkerApplicationBuilder Use(Func<FunctionExecutionDelegate, FunctionExecutionDelegate> middleware)
    {
        ArgumentNullException.ThrowIfNull(middleware);
        if (_isBuilt)
            throw new InvalidOperationException("Middleware cannot be added after the app is built.");
        _setup.Middleware.Add(middleware);
        return this;
    }

    /// <summary>Builds the app; <c>Run()</c> on the result runs it until Ctrl-C or SIGTERM.</summary>
    /// <exception cref="InvalidOperationException">The app is built already.</exception>
    public IHost Build()
    {
        if (_isBuilt)
            throw new InvalidOperationException("The app is built already.");
        _isBuilt = true;
        return LocalHost.Build(_setup);
    }
}

/// <summary>Switches on HTTP.</summary>
public static class FunctionsApplicationBuilderAspNetCoreExtensions
{
    /// <summary>Lets HTTP functions use ASP.NET Core's types. Call it before middleware that should see their results.</summary>
    public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        RuntimeServices.AddHttp(builder, builder.Setup);
        return builder;
    }
}
