using System.Text.RegularExpressions;
using Abm.Functions.Audit;
using Abm.Functions.Configuration;
using Abm.Functions.Events;
using Abm.Functions.Features;
using Abm.Functions.Http;
using Abm.Functions.Import;
using Abm.Functions.Intake;
using Abm.Functions.Replays;
using Abm.Functions.Samples;
using Abm.Functions.Settings;
using Abm.Functions.Signals;
using Abm.Functions.Storage;
using Azure.Data.Tables;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Abm.Functions.Tests.Platform;

/// <summary>The services as the platform's worker builds them: in its Development environment (Core Tools) every registration is checked when it starts.</summary>
public sealed class CompositionTests
{
    private const string Emulator = "UseDevelopmentStorage=true";

    [Fact]
    public void Every_registered_service_can_be_made_and_no_singleton_holds_a_scope()
    {
        using ServiceProvider services = Services(("AzureWebJobsStorage", Emulator));

        Assert.NotNull(services.GetRequiredService<StorageFailures>());
        Assert.NotNull(services.GetRequiredService<FeatureGate>());
        Assert.NotNull(services.GetRequiredService<AuditCalls>());
    }

    [Fact]
    public void What_is_composed_here_is_what_the_program_composes()
    {
        string program = File.ReadAllText(Path.Combine(TestKit.Repository.Root, "functions", "Program.cs"));
        string here = File.ReadAllText(Path.Combine(TestKit.Repository.Root, "tests", "Abm.Functions.Tests", "Platform", "CompositionTests.cs"));

        Assert.All(Regex.Matches(program, @"builder\.Services(\.Add\w+\([^;]*);").Select(m => m.Groups[1].Value.Replace("builder.Configuration", "configuration", StringComparison.Ordinal)), added =>
            Assert.Contains($"        services{added};", here, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_function_class_can_be_made_for_an_invocation()
    {
        using ServiceProvider services = Services(("AzureWebJobsStorage", Emulator));
        using IServiceScope invocation = services.CreateScope();

        Assert.All(
            AppFunctions.All.Where(f => !f.IsStatic).Select(f => f.DeclaringType!).Distinct(),
            type => Assert.NotNull(ActivatorUtilities.CreateInstance(invocation.ServiceProvider, type)));
    }

    [Fact]
    public void What_the_app_stands_on_is_ready_before_anything_listens()
    {
        using ServiceProvider services = Services(("AzureWebJobsStorage", Emulator));
        Type[] ahead = [.. services.GetServices<IHostedService>().OfType<IHostedLifecycleService>().Select(s => s.GetType())];

        Assert.Contains(typeof(StorageSetup), ahead);
        Assert.True(ahead.Length >= 2, "The configuration is checked there too.");
        Assert.All(services.GetServices<IHostedService>(), service => Assert.True(service is IHostedLifecycleService or BackgroundService, $"{service.GetType().Name} would start after the worker takes calls."));
    }

    [Fact]
    public void A_connection_string_serves_tables_and_queues()
    {
        using ServiceProvider services = Services(("AzureWebJobsStorage", Emulator));

        Assert.Equal("http://127.0.0.1:10002/devstoreaccount1", services.GetRequiredService<TableServiceClient>().Uri.ToString().TrimEnd('/'));
        Assert.Equal("http://127.0.0.1:10001/devstoreaccount1", services.GetRequiredService<QueueServiceClient>().Uri.ToString().TrimEnd('/'));
    }

    [Theory]
    [InlineData(null, null)]
    [InlineData("managedidentity", null)]
    [InlineData("managedidentity", "11111111-2222-3333-4444-555555555555")]
    [InlineData(null, "11111111-2222-3333-4444-555555555555")]
    public void An_account_name_and_an_identity_serve_tables_and_queues(string? credential, string? clientId)
    {
        using ServiceProvider services = Services(("AzureWebJobsStorage:accountName", "acct"), ("AzureWebJobsStorage:credential", credential), ("AzureWebJobsStorage:clientId", clientId));

        Assert.Equal("https://acct.table.core.windows.net/", services.GetRequiredService<TableServiceClient>().Uri.ToString());
        Assert.Equal("https://acct.queue.core.windows.net/", services.GetRequiredService<QueueServiceClient>().Uri.ToString());
    }

    [Fact]
    public void Stated_endpoints_and_an_identity_serve_tables_and_queues()
    {
        using ServiceProvider services = Services(
            ("AzureWebJobsStorage:queueServiceUri", "https://acct.queue.core.chinacloudapi.cn"), ("AzureWebJobsStorage:tableServiceUri", "https://acct.table.core.chinacloudapi.cn"));

        Assert.Equal("https://acct.table.core.chinacloudapi.cn/", services.GetRequiredService<TableServiceClient>().Uri.ToString());
        Assert.Equal("https://acct.queue.core.chinacloudapi.cn/", services.GetRequiredService<QueueServiceClient>().Uri.ToString());
    }

    [Fact]
    public void Without_any_storage_the_setting_is_named()
    {
        using ServiceProvider services = Services();

        Assert.Contains("AzureWebJobsStorage__accountName", Assert.Throws<InvalidOperationException>(services.GetRequiredService<TableServiceClient>).Message, StringComparison.Ordinal);
    }

    /// <summary>As Program.cs has it; the platform adds <see cref="StorageFailures"/> as a singleton when it is used as middleware.</summary>
    internal static ServiceProvider Services(IConfiguration configuration)
    {
        ServiceCollection services = new();
        services.AddLogging().AddSingleton(configuration).AddSingleton<StorageFailures>().AddSingleton<FeatureGate>().AddSingleton<AuditCalls>().AddSingleton<IHostApplicationLifetime, Lifetime>();
        services.AddStorage(configuration);
        services.AddConfigurationSource();
        services.AddIntake();
        services.AddImport();
        services.AddLeadStorage();
        services.AddJourneys();
        services.AddLeadRouting();
        services.AddPlays();
        services.AddSignals();
        services.AddDelivery();
        services.AddExplain();
        services.AddReplays();
        services.AddSamples();
        services.AddEvents(configuration);
        return services.BuildServiceProvider(new ServiceProviderOptions { ValidateOnBuild = true, ValidateScopes = true });
    }

    private static ServiceProvider Services(params (string Key, string? Value)[] settings) =>
        Services(new ConfigurationBuilder().AddInMemoryCollection(settings.Select(s => KeyValuePair.Create(s.Key, s.Value))).Build());

    private sealed class Lifetime : IHostApplicationLifetime
    {
        public CancellationToken ApplicationStarted => CancellationToken.None;

        public CancellationToken ApplicationStopping => CancellationToken.None;

        public CancellationToken ApplicationStopped => CancellationToken.None;

        public void StopApplication()
        {
        }
    }
}
