using System.Collections.Concurrent;
using Abm.Local.Hosting;
using Abm.TestKit;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Abm.Local.Tests.ServiceBus;

/// <summary>What functions of a test wrote down, and signals between them and the test.</summary>
public sealed class Notebook
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly TaskCompletionSource _go = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<string> Lines => [.. _lines];

    /// <summary>Ends when the test lets functions go on.</summary>
    public Task Go => _go.Task;

    /// <summary>The message that a function holds.</summary>
    public ServiceBusReceivedMessage? Held { get; set; }

    public void Write(string line) => _lines.Enqueue(line);

    public void LetGo() => _go.TrySetResult();
}

/// <summary>A runtime in this process with chosen functions, whose entities have names of the test's own.</summary>
internal sealed class FunctionHost : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(30);
    private static int _names;
    private readonly IHost _host;

    private FunctionHost(IHost host, Notebook notes, ServiceBusClient client, string queue, string topic)
    {
        _host = host;
        Notes = notes;
        Client = client;
        Queue = queue;
        Topic = topic;
    }

    public Notebook Notes { get; }

    public ServiceBusClient Client { get; }

    public string Queue { get; }

    public string Topic { get; }

    public Uri Address => new(_host.Services.GetRequiredService<Microsoft.AspNetCore.Hosting.Server.IServer>().Features
        .Get<Microsoft.AspNetCore.Hosting.Server.Features.IServerAddressesFeature>()!.Addresses.First());

    public static async Task<FunctionHost> StartAsync(Type functions, string hostExtension = "{}", params (string Name, string Value)[] settings)
    {
        string storage = await SharedAzurite.ConnectionStringAsync();
        int number = Interlocked.Increment(ref _names);
        string queue = $"host-queue-{number}";
        string topic = $"host-topic-{number}";
        var notes = new Notebook();
        Dictionary<string, string?> values = new() { ["AzureWebJobsServiceBus"] = "UseDevelopmentStorage=true", ["InQueue"] = queue, ["InTopic"] = topic, ["OutQueue"] = queue + "-out" };
        foreach ((string name, string value) in settings)
            values[name.Replace("{queue}", queue, StringComparison.Ordinal).Replace("{topic}", topic, StringComparison.Ordinal)] = value;
        IHost host = await BuildAsync(functions, values, notes, hostExtension);
        await host.StartAsync(TestContext.Current.CancellationToken);
        return new FunctionHost(host, notes, new ServiceBusClient(storage), queue, topic);
    }

    /// <summary>Builds without starting: where an app that cannot work is refused.</summary>
    public static async Task<IHost> BuildAsync(Type functions, Dictionary<string, string?> settings, Notebook notes, string hostExtension = "{}")
    {
        settings["AzureWebJobsStorage"] = await SharedAzurite.ConnectionStringAsync();
        FunctionsApplicationBuilder builder = LocalRuntime.CreateBuilder(new LocalRuntimeOptions
        {
            AppAssembly = typeof(FunctionHost).Assembly,
            FunctionTypes = [functions],
            HostJson = $$"""{ "version": "2.0", "extensions": { "serviceBus": {{hostExtension}} } }""",
            Settings = settings,
            Port = 0,
            OwnsProcess = false,
        });
        builder.Services.AddSingleton(notes);
        return builder.Build();
    }

    public Task SendAsync(params string[] bodies) =>
        Client.CreateSender(Queue).SendMessagesAsync(bodies.Select(body => new ServiceBusMessage(body)), TestContext.Current.CancellationToken);

    public async Task EventuallyAsync(Func<bool> condition, string what) => await EventuallyAsync(() => Task.FromResult(condition()), what);

    public async Task EventuallyAsync(Func<Task<bool>> condition, string what)
    {
        using var limit = new CancellationTokenSource(Deadline);
        while (!await condition())
        {
            Assert.False(limit.IsCancellationRequested, $"never: {what}; written: {string.Join(" | ", Notes.Lines)}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Nothing is left on the queue, locked or not.</summary>
    public Task QueueIsEmptyAsync() => EventuallyAsync(
        async () => await Client.CreateReceiver(Queue).PeekMessageAsync(0, TestContext.Current.CancellationToken) is null, "an empty queue");

    public async ValueTask DisposeAsync()
    {
        Notes.LetGo();
        await _host.StopAsync(CancellationToken.None);
        _host.Dispose();
        await Client.DisposeAsync();
    }
}
