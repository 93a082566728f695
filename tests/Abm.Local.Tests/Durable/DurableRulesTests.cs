using System.Net;
using System.Net.Http.Json;
using System.Reflection;
using System.Text.Json.Nodes;
using Abm.Local.Tests.Worker;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Abm.Local.Tests.Durable;

/// <summary>The rarer rules of durable functions in a running app.</summary>
public class DurableRulesTests
{
    private const string Management = "runtime/webhooks/durabletask";
    private static int s_hubs;

    public sealed record Order(int Number);

    public static class Functions
    {
        [Function("CallsWithText")]
        public static Task CallsWithTextAsync([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync("Pay", "no order");

        [Function("CallsByName")]
        public static Task<int> CallsByNameAsync([OrchestrationTrigger(Orchestration = "Named")] TaskOrchestrationContext context) =>
            context.CallActivityAsync<int>("PayNow", new Order(3));

        [Function("Pay")]
        public static int Pay([ActivityTrigger] Order order) => order.Number;

        [Function("PayLater")]
        public static int PayLater([ActivityTrigger(Activity = "PayNow")] Order order) => order.Number + 1;
    }

    [Fact]
    public async Task An_input_that_an_activity_cannot_read_fails_it_with_the_serializers_error_inside()
    {
        await using TestApp app = await StartAsync();

        JsonNode ended = await RunAsync(app, "CallsWithText");

        Assert.Equal("Failed", (string?)ended["runtimeStatus"]);
        Assert.Contains("Task 'Pay' (#0) failed with an unhandled exception: The input of activity 'Pay' cannot be read as Order.", (string?)ended["output"], StringComparison.Ordinal);
        Exception logged = app.Log.Entries.First(entry => entry.Exception is not null).Exception!;
        Assert.IsType<InvalidOperationException>(logged);
        Assert.IsType<System.Text.Json.JsonException>(logged.InnerException);
    }

    [Fact]
    public async Task A_name_in_the_trigger_attribute_wins_over_the_functions()
    {
        await using TestApp app = await StartAsync();

        JsonNode ended = await RunAsync(app, "named");

        Assert.Equal(("Completed", 4), ((string?)ended["runtimeStatus"], (int)ended["output"]!));
    }

    [Fact]
    public async Task A_failed_instance_is_500_for_those_who_ask()
    {
        await using TestApp app = await StartAsync();
        JsonNode failed = await RunAsync(app, "CallsWithText");

        using HttpResponseMessage plain = await app.Http.GetAsync($"{Management}/instances/{failed["instanceId"]}");
        using HttpResponseMessage loud = await app.Http.GetAsync($"{Management}/instances/{failed["instanceId"]}?returnInternalServerErrorOnFailure=true");

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.InternalServerError], [plain.StatusCode, loud.StatusCode]);
    }

    [Fact]
    public void Entities_do_not_compile_and_say_why() => Assert.All(
        (MemberInfo[])[typeof(OrchestrationTriggerAttribute).Assembly.GetType("Microsoft.Azure.Functions.Worker.EntityTriggerAttribute")!, typeof(TaskOrchestrationContext).GetProperty("Entities")!, typeof(DurableTaskClient).GetProperty("Entities")!],
        member =>
        {
            ObsoleteAttribute refused = member.GetCustomAttribute<ObsoleteAttribute>()!;
            Assert.True(refused.IsError);
            Assert.Contains("no durable entities", refused.Message, StringComparison.Ordinal);
        });

    [Fact]
    public async Task Durable_settings_without_effect_are_warned_about()
    {
        await using TestApp app = await StartAsync(""" "useGracefulShutdown": true, "storageProvider": { "partitionCount": 2 }, "storageProvidr": {} """);

        Assert.Equal(
            ["extensions.durableTask.useGracefulShutdown has no effect", "extensions.durableTask.storageProvider.partitionCount has no effect", "extensions.durableTask.storageProvidr is not known"],
            app.Log.Entries.Where(entry => entry.Message.StartsWith("host.json: ", StringComparison.Ordinal)).Select(entry => string.Join(' ', entry.Message.Split(' ')[1..5]).Replace(" here", "", StringComparison.Ordinal)));
    }

    private static Task<TestApp> StartAsync(string more = "") => TestApp.StartAsync(
        new TestAppSetup
        {
            HostJson = $$"""{ "version": "2.0", "extensions": { "durableTask": { "hubName": "Rules{{Interlocked.Increment(ref s_hubs)}}"{{(more.Length > 0 ? "," : "")}}{{more}} } } }""",
        },
        typeof(Functions));

    private static async Task<JsonNode> RunAsync(TestApp app, string orchestrator)
    {
        using HttpResponseMessage started = await app.Http.PostAsync($"{Management}/orchestrators/{orchestrator}", null);
        string id = (string)(await started.Content.ReadFromJsonAsync<JsonNode>())!["id"]!;
        JsonNode? state = null;
        await Eventually.BeTrueAsync(
            async () =>
            {
                state = await app.Http.GetFromJsonAsync<JsonNode>($"{Management}/instances/{id}");
                return (string?)state!["runtimeStatus"] is "Completed" or "Failed";
            },
            $"{orchestrator} ends");
        return state!;
    }
}
