using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Abm.Local.Hosting;
using Abm.Local.Tests.Tables;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Abm.Local.Tests.Durable;

/// <summary>Durable functions as the app writes them, in a running host on the emulator.</summary>
[Collection(nameof(TablesOnAzurite))]
public class DurableHostTests(TablesFixture azurite)
{
    [Fact]
    public async Task Functions_of_a_real_app_start_call_wait_and_answer_over_http()
    {
        await using RunningApp app = await RunningApp.StartAsync(azurite, typeof(OrderFunctions), typeof(ChargeActivity));

        string id = await app.Http.GetStringAsync("api/order/7");
        JsonNode waiting = await app.UntilAsync(id, body => body["customStatus"]?.ToString() == "charged");
        Assert.Equal("Running", (string?)waiting["runtimeStatus"]);
        HttpResponseMessage raised = await app.Http.PostAsJsonAsync($"runtime/webhooks/durabletask/instances/{id}/raiseEvent/Approve", new { By = "Ann" });
        Assert.Equal(HttpStatusCode.Accepted, raised.StatusCode);

        JsonNode done = await app.UntilAsync(id, body => (string?)body["runtimeStatus"] == "Completed");
        Assert.Equal("order 7: 14 paid, approved by Ann", (string?)done["output"]);
        Assert.Equal(HttpStatusCode.Gone, (await app.Http.PostAsJsonAsync($"runtime/webhooks/durabletask/instances/{id}/raiseEvent/Approve", new { By = "Bob" })).StatusCode);
    }

    [Fact]
    public async Task The_management_api_answers_with_the_documented_codes_and_addresses()
    {
        await using RunningApp app = await RunningApp.StartAsync(azurite, typeof(OrderFunctions), typeof(ChargeActivity));
        const string Base = "runtime/webhooks/durabletask";

        HttpResponseMessage started = await app.Http.PostAsJsonAsync($"{Base}/orchestrators/{nameof(OrderFunctions.Order)}/mine", 3);
        JsonNode links = (await started.Content.ReadFromJsonAsync<JsonNode>())!;
        HttpResponseMessage again = await app.Http.PostAsJsonAsync($"{Base}/orchestrators/{nameof(OrderFunctions.Order)}/mine", 3);
        HttpResponseMessage unknown = await app.Http.PostAsJsonAsync($"{Base}/orchestrators/Nothing", 3);
        HttpResponseMessage status = await app.Http.GetAsync((string)links["statusQueryGetUri"]!);
        HttpResponseMessage early = await app.Http.DeleteAsync($"{Base}/instances/mine");
        HttpResponseMessage text = await app.Http.PostAsync($"{Base}/instances/mine/raiseEvent/Approve", new StringContent("yes"));
        HttpResponseMessage malformed = await app.Http.PostAsync($"{Base}/instances/mine/raiseEvent/Approve", new StringContent("{", null, "application/json"));
        HttpResponseMessage suspended = await app.Http.PostAsync(((string)links["suspendPostUri"]!).Replace("{{text}}", "lunch", StringComparison.Ordinal), null);
        JsonNode paused = await app.UntilAsync("mine", body => (string?)body["runtimeStatus"] == "Suspended");
        HttpResponseMessage resumed = await app.Http.PostAsync(((string)links["resumePostUri"]!).Replace("{{text}}", "back", StringComparison.Ordinal), null);
        HttpResponseMessage terminated = await app.Http.PostAsync(((string)links["terminatePostUri"]!).Replace("{{text}}", "enough", StringComparison.Ordinal), null);
        JsonNode ended = await app.UntilAsync("mine", body => (string?)body["runtimeStatus"] == "Terminated");
        HttpResponseMessage foreign = await app.Http.GetAsync($"{Base}/instances/mine?taskHub=Other");
        JsonArray listed = (await app.Http.GetFromJsonAsync<JsonArray>($"{Base}/instances?runtimeStatus=Terminated&instanceIdPrefix=mi&showInput=false"))!;
        HttpResponseMessage purged = await app.Http.DeleteAsync((string)links["purgeHistoryDeleteUri"]!);

        Assert.Equal(HttpStatusCode.Accepted, started.StatusCode);
        Assert.Equal("mine", (string?)links["id"]);
        Assert.Equal(links["statusQueryGetUri"]!.ToString(), started.Headers.Location!.ToString());
        Assert.EndsWith("/instances/mine/raiseEvent/{eventName}?taskHub=" + app.Hub + "&connection=AzureWebJobsStorage", (string?)links["sendEventPostUri"], StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, unknown.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, status.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(5), status.Headers.RetryAfter?.Delta);
        Assert.Equal(HttpStatusCode.Conflict, early.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, text.StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, malformed.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, suspended.StatusCode);
        Assert.Equal(3, (int?)paused["input"]);
        Assert.Equal(HttpStatusCode.Accepted, resumed.StatusCode);
        Assert.Equal(HttpStatusCode.Accepted, terminated.StatusCode);
        Assert.Equal("enough", (string?)ended["output"]);
        Assert.Equal(HttpStatusCode.BadRequest, foreign.StatusCode);
        Assert.Null(Assert.Single(listed)!["input"]);
        Assert.Equal(HttpStatusCode.OK, purged.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.GetAsync($"{Base}/instances/mine")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.PostAsJsonAsync($"{Base}/instances/mine/raiseEvent/Approve", 1)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Http.PutAsync($"{Base}/instances/mine", null)).StatusCode);
    }

    [Fact]
    public async Task An_orchestrator_that_awaits_a_delay_fails_and_says_so()
    {
        // Behind an interface, where the check at start does not look.
        await using RunningApp app = await RunningApp.StartAsync(azurite, typeof(IllegalFunctions));

        await app.Http.PostAsync($"runtime/webhooks/durabletask/orchestrators/{nameof(IllegalFunctions.Delays)}/lazy", null);
        JsonNode failed = await app.UntilAsync("lazy", body => (string?)body["runtimeStatus"] == "Failed");

        Assert.Contains("awaited something that is not a task of its context", (string?)failed["output"], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(TwoInputs), "'more' is too many")]
    [InlineData(typeof(WrongContext), "not on String")]
    [InlineData(typeof(ForeignHub), "the Local runtime has one task hub")]
    public void A_function_that_cannot_work_is_refused_at_start(Type functions, string says)
    {
        LocalRuntimeException refused = Assert.Throws<LocalRuntimeException>(() => RunningApp.Build(azurite, "Refused", functions));

        Assert.Contains(says, refused.Message, StringComparison.Ordinal);
        Assert.Contains(functions.FullName!, refused.Message, StringComparison.Ordinal);
    }

    public static class OrderFunctions
    {
        [Function("PlaceOrder")]
        public static async Task<IActionResult> PlaceAsync(
            [HttpTrigger(AuthorizationLevel.Function, "get", Route = "order/{number:int}")] HttpRequest request, int number, [DurableClient] DurableTaskClient client)
        {
            string id = await client.ScheduleNewOrchestrationInstanceAsync(nameof(Order), number, request.HttpContext.RequestAborted);
            return new ContentResult { Content = id };
        }

        [Function(nameof(Order))]
        public static async Task<string> Order([OrchestrationTrigger] TaskOrchestrationContext context, int number)
        {
            Task<Approval> approval = context.WaitForExternalEvent<Approval>("approve");
            string paid = await context.CallActivityAsync<string>(nameof(ChargeActivity), new Charge(number, 2));
            context.SetCustomStatus("charged");
            return $"order {number}: {paid}, approved by {(await approval).By}";
        }
    }

    public sealed record Approval(string By);

    public sealed record Charge(int Number, int Times);

    /// <summary>An instance for each call, with services.</summary>
    public sealed class ChargeActivity(IHostEnvironment environment)
    {
        [Function(nameof(ChargeActivity))]
        public string Run([ActivityTrigger] Charge charge, FunctionContext context, string instanceId)
        {
            Assert.NotNull(environment);
            Assert.NotEmpty(instanceId);
            Assert.Equal(nameof(ChargeActivity), context.FunctionDefinition.Name);
            return $"{charge.Number * charge.Times} paid";
        }
    }

    public interface IElsewhere
    {
        Task WaitAsync();
    }

    private sealed class Elsewhere : IElsewhere
    {
        public Task WaitAsync() => Task.Delay(1);
    }

    public static class IllegalFunctions
    {
        private static readonly IElsewhere Somewhere = new Elsewhere();

        [Function(nameof(Delays))]
        public static async Task<int> Delays([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            await Somewhere.WaitAsync();
            return await context.CallActivityAsync<int>("Never");
        }
    }

    public static class TwoInputs
    {
        [Function("TwoInputs")]
        public static Task Run([OrchestrationTrigger] TaskOrchestrationContext context, int one, int more) => context.CreateTimer(TimeSpan.FromSeconds(one + more), CancellationToken.None);
    }

    public static class WrongContext
    {
        [Function("WrongContext")]
        public static Task Run([OrchestrationTrigger] string context) => Task.FromResult(context);
    }

    public static class ForeignHub
    {
        [Function("ForeignHub")]
        public static Task Run([ActivityTrigger] string input, [DurableClient(TaskHub = "Other")] DurableTaskClient client) => client.RaiseEventAsync(input, "x");
    }

    private sealed class RunningApp(IHost host, string hub) : IAsyncDisposable
    {
        public HttpClient Http { get; } = new();

        public string Hub => hub;

        public static async Task<RunningApp> StartAsync(TablesFixture azurite, params Type[] functions)
        {
            string hub = $"Hub{azurite.NewName()}";
            var app = new RunningApp(Build(azurite, hub, functions), hub);
            await app.StartAsync();
            return app;
        }

        public static IHost Build(TablesFixture azurite, string hub, params Type[] functions)
        {
            FunctionsApplicationBuilder builder = LocalRuntime.CreateBuilder(new LocalRuntimeOptions
            {
                AppAssembly = typeof(DurableHostTests).Assembly,
                FunctionTypes = functions,
                HostJson = $$"""{ "version": "2.0", "extensions": { "durableTask": { "hubName": "{{hub}}" } } }""",
                Settings = new Dictionary<string, string?> { ["AzureWebJobsStorage"] = azurite.ConnectionString },
                Port = 0,
                OwnsProcess = false,
            });
            builder.ConfigureFunctionsWebApplication();
            return builder.Build();
        }

        public async Task<JsonNode> UntilAsync(string id, Func<JsonNode, bool> isAsWished)
        {
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(20));
            for (; ; )
            {
                HttpResponseMessage answer = await Http.GetAsync($"runtime/webhooks/durabletask/instances/{id}", patience.Token);
                JsonNode body = (await answer.Content.ReadFromJsonAsync<JsonNode>(patience.Token))!;
                if (isAsWished(body))
                    return body;
                await Task.Delay(20, patience.Token);
            }
        }

        public async ValueTask DisposeAsync()
        {
            Http.Dispose();
            await host.StopAsync(TestContext.Current.CancellationToken);
            host.Dispose();
        }

        private async Task StartAsync()
        {
            await host.StartAsync(TestContext.Current.CancellationToken);
            string address = host.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
            Http.BaseAddress = new Uri(address);
        }
    }
}
