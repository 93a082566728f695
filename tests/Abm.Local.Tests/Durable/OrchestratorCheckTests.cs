using Abm.Local.Hosting;
using Abm.Local.Tests.Worker;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.Extensions.Hosting;

namespace Abm.Local.Tests.Durable;

/// <summary>Orchestrators that a replay cannot repeat do not get as far as running.</summary>
public class OrchestratorCheckTests
{
    [Theory]
    [InlineData(typeof(AsksTheClock), "System.DateTime.UtcNow", "ask context.CurrentUtcDateTime")]
    [InlineData(typeof(AsksTheClockDeepDown), "System.DateTimeOffset.Now", "ask context.CurrentUtcDateTime")]
    [InlineData(typeof(MakesAnId), "System.Guid.NewGuid", "call context.NewGuid()")]
    [InlineData(typeof(Draws), "System.Random.Shared", "draw in an activity")]
    [InlineData(typeof(Delays), "System.Threading.Tasks.Task.Delay", "await context.CreateTimer")]
    [InlineData(typeof(RunsElsewhere), "System.Threading.Tasks.Task.Run", "call an activity")]
    [InlineData(typeof(GoesOnElsewhere), "System.Threading.Tasks.Task.ConfigureAwait", "leave ConfigureAwait(false) out")]
    [InlineData(typeof(Fetches), "System.Net.Http.HttpClient.", "move it into an activity")]
    [InlineData(typeof(Reads), "System.IO.File.ReadAllTextAsync", "move it into an activity")]
    [InlineData(typeof(AsksTheEnvironment), "System.Environment.GetEnvironmentVariable", "read it in an activity, or pass it in as input")]
    public async Task An_orchestrator_that_does_IO_or_is_not_deterministic_is_refused_with_function_file_and_mend(Type functions, string call, string mend)
    {
        LocalRuntimeException refused = await Assert.ThrowsAsync<LocalRuntimeException>(() => BuildAsync(functions));

        Assert.StartsWith($"{functions.FullName}.RunAsync (", refused.Message, StringComparison.Ordinal);
        Assert.Contains($" calls {call}", refused.Message, StringComparison.Ordinal);
        Assert.EndsWith($"; {mend}.", refused.Message, StringComparison.Ordinal);
        Assert.Equal(2, refused.Message.Split("OrchestratorCheckTests.cs:").Length - 1); // where the function stands, and where the call
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Theory]
    [InlineData(typeof(Allowed))]
    [InlineData(typeof(DurableHostTests.OrderFunctions))]
    public async Task What_a_replay_can_repeat_is_let_through(Type functions)
    {
        using IHost host = await BuildAsync(functions);

        Assert.NotNull(host);
    }

    private static Task<IHost> BuildAsync(Type functions) => TestApp.BuildAsync(new TestAppSetup(), new Notes(), new CapturedLog(), functions);

    public static class AsksTheClock
    {
        [Function(nameof(AsksTheClock))]
        public static async Task<DateTime> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            await context.CallActivityAsync("x");
            return DateTime.UtcNow;
        }
    }

    public static class AsksTheClockDeepDown
    {
        [Function(nameof(AsksTheClockDeepDown))]
        public static async Task<DateTimeOffset> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            await context.CallActivityAsync("x");
            return Enumerable.Range(0, 1).Select(_ => Deeper.Now()).Single();
        }

        private static class Deeper
        {
            public static DateTimeOffset Now() => DateTimeOffset.Now;
        }
    }

    public static class MakesAnId
    {
        [Function(nameof(MakesAnId))]
        public static Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync("x", Guid.NewGuid());
    }

    public static class Draws
    {
        [Function(nameof(Draws))]
        public static Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync("x", Random.Shared.Next());
    }

    public static class Delays
    {
        [Function(nameof(Delays))]
        public static Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context) => Task.Delay(context.InstanceId.Length);
    }

    public static class RunsElsewhere
    {
        [Function(nameof(RunsElsewhere))]
        public static async Task<int> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context) => await Task.Run(() => context.InstanceId.Length);
    }

    public static class GoesOnElsewhere
    {
        [Function(nameof(GoesOnElsewhere))]
        public static async Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context) => await context.CallActivityAsync("x").ConfigureAwait(false);
    }

    public static class Fetches
    {
        [Function(nameof(Fetches))]
        public static async Task<string> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            using var http = new HttpClient();
            return await http.GetStringAsync(context.InstanceId);
        }
    }

    public static class Reads
    {
        [Function(nameof(Reads))]
        public static Task<string> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context) => File.ReadAllTextAsync(context.InstanceId);
    }

    public static class AsksTheEnvironment
    {
        [Function(nameof(AsksTheEnvironment))]
        public static Task RunAsync([OrchestrationTrigger] TaskOrchestrationContext context) => context.CallActivityAsync("x", Environment.GetEnvironmentVariable("x"));
    }

    /// <summary>Looks like what is refused, and is not.</summary>
    public static class Allowed
    {
        [Function(nameof(Allowed))]
        public static async Task<string> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
        {
            using var losing = new CancellationTokenSource();
            Task timer = context.CreateTimer(TimeSpan.FromSeconds(new Random(5).Next(1, 9)), losing.Token);
            Task<string> name = context.WaitForExternalEvent<string>("name");
            if (await Task.WhenAny(timer, name).ConfigureAwait(true) == name)
                losing.Cancel();
            string text = name.IsCompletedSuccessfully ? name.Result : Path.Combine("a", "b");
            return $"{text} {DateTime.UnixEpoch:o} {new DateTimeOffset(context.CurrentUtcDateTime, TimeSpan.Zero):o} {context.NewGuid()} {Guid.Parse(context.InstanceId)} {Environment.NewLine}";
        }
    }
}
