using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Abm.Local.Tests.Worker;

/// <summary>What an invocation and the builder offer.</summary>
public sealed class ContextTests
{
    private static readonly string[] Shared = ["from middleware"];

    public sealed record Named(string FirstName);

    public sealed class Told(Notes notes)
    {
        [Function("Told")]
        [QueueOutput("%queue%")]
        public Named Run([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "told/{id}")] HttpRequest request, string id, FunctionContext context)
        {
            FunctionDefinition definition = context.FunctionDefinition;
            notes.Add(context.InvocationId);
            notes.Add($"{context.FunctionId == definition.Id} {definition.Name} {definition.EntryPoint} {Path.GetFileName(definition.PathToAssembly)}");
            notes.Add(string.Join(' ', definition.Parameters.Select(parameter => $"{parameter.Name}:{parameter.Type.Name}")));
            notes.Add(string.Join(' ', definition.InputBindings.Values.Concat(definition.OutputBindings.Values).Select(binding => $"{binding.Name}:{binding.Type}:{binding.Direction}")));
            notes.Add($"{context.BindingContext.BindingData["id"]} {id} {context.RetryContext is null} {context.Items["shared"] == (object)Shared}");
            notes.Add($"{context.TraceContext.TraceParent.Length} {context.TraceContext.Attributes.Count} {context.CancellationToken.CanBeCanceled}");
            context.GetLogger<Told>().LogInformation("typed");
            context.GetLogger("by name").LogInformation("named");
            return new Named("Ann");
        }
    }

    public sealed class Once(Notes notes) : IFunctionsWorkerMiddleware
    {
        private readonly string _me = Guid.NewGuid().ToString();

        public Task Invoke(FunctionContext context, FunctionExecutionDelegate next)
        {
            notes.Add($"middleware {_me}");
            context.Items["shared"] = Shared;
            return next(context);
        }
    }

    [Fact]
    public async Task An_invocation_tells_its_function_its_bindings_and_what_middleware_put_aside()
    {
        await using TestApp app = await StartAsync();

        using HttpResponseMessage one = await app.Http.GetAsync("/api/told/5");
        using HttpResponseMessage two = await app.Http.GetAsync("/api/told/6");

        string[] first = [.. app.Notes.Lines.Skip(1).Take(6)];
        Assert.True(Guid.TryParse(first[0], out _));
        Assert.NotEqual(first[0], app.Notes.Lines[8]);
        Assert.Equal($"True Told {typeof(Told).FullName}.Run Abm.Local.Tests.dll", first[1]);
        Assert.Equal("request:HttpRequest id:String context:FunctionContext", first[2]);
        Assert.Equal("request:httpTrigger:In $return:queue:Out", first[3]);
        Assert.Equal("5 5 True True", first[4]);
        Assert.Matches("^(0|55) 0 True$", first[5]);
        Assert.Contains(app.Log.Entries, entry => entry.Message == "typed" && entry.Category.EndsWith("Told", StringComparison.Ordinal));
        Assert.Contains(app.Log.Entries, entry => entry.Message == "named" && entry.Category == "by name");
    }

    [Fact]
    public async Task A_middleware_class_is_one_object_for_all_invocations()
    {
        await using TestApp app = await StartAsync();

        using HttpResponseMessage one = await app.Http.GetAsync("/api/told/5");
        using HttpResponseMessage two = await app.Http.GetAsync("/api/told/6");

        string[] lines = [.. app.Notes.Lines.Where(line => line.StartsWith("middleware", StringComparison.Ordinal))];
        Assert.Equal(2, lines.Length);
        Assert.Single(lines.Distinct());
    }

    [Fact]
    public async Task JSON_names_are_written_as_they_are_unless_the_services_say_otherwise()
    {
        var queue = await QueueFunctionTests.NewQueueAsync();
        var other = await QueueFunctionTests.NewQueueAsync();

        await using TestApp plain = await StartAsync(queue.Name);
        using HttpResponseMessage one = await plain.Http.GetAsync("/api/told/5");
        await using TestApp camel = await StartAsync(other.Name, builder => builder.Services.Configure<JsonSerializerOptions>(options => options.PropertyNamingPolicy = JsonNamingPolicy.CamelCase));
        using HttpResponseMessage two = await camel.Http.GetAsync("/api/told/5");

        Assert.Equal("""{"FirstName":"Ann"}""", (await QueueFunctionTests.ReceiveAsync(queue)).Body.ToString());
        Assert.Equal("""{"firstName":"Ann"}""", (await QueueFunctionTests.ReceiveAsync(other)).Body.ToString());
    }

    [Fact]
    public async Task A_builder_builds_once_and_takes_no_middleware_afterwards()
    {
        FunctionsApplicationBuilder? builder = null;
        using IHost host = await TestApp.BuildAsync(new TestAppSetup { Configure = made => builder = made }, new Notes(), new CapturedLog(), typeof(HttpFunctionTests.Leads));

        Assert.Throws<InvalidOperationException>(() => builder!.Build());
        Assert.Throws<InvalidOperationException>(() => builder!.Use(next => next));
    }

    private static async Task<TestApp> StartAsync(string? queue = null, Action<FunctionsApplicationBuilder>? configure = null) => await TestApp.StartAsync(
        new TestAppSetup
        {
            Settings = new() { ["queue"] = queue ?? QueueFunctionTests.NewName() },
            Configure = builder =>
            {
                builder.UseMiddleware<Once>();
                configure?.Invoke(builder);
            },
        },
        typeof(Told));
}
