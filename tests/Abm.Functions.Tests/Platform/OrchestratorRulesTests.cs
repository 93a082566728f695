using System.Reflection;
using System.Text.RegularExpressions;
using Abm.Functions.Plays;
using Abm.Plays;
using Abm.TestKit;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Abm.Functions.Tests.Platform;

/// <summary>Rules of durable functions that only the real packages' analyzers check (DURABLE…): docs/azure-build.md has the list.</summary>
public sealed partial class OrchestratorRulesTests
{
    private static readonly IReadOnlyList<MethodInfo> Orchestrators = [.. AppFunctions.With<OrchestrationTriggerAttribute>().Select(found => found.Function)];

    private static readonly IReadOnlyList<MethodInfo> Activities = [.. AppFunctions.With<ActivityTriggerAttribute>().Select(found => found.Function)];

    [Fact]
    public void DURABLE0001_to_0006_Orchestrators_touch_no_clock_chance_thread_environment_storage_or_static_state()
    {
        Assert.NotEmpty(Orchestrators);
        Assert.All(Orchestrators, orchestrator => Assert.Empty(Determinism.BrokenBy(orchestrator, IsOurs)));
    }

    [Fact]
    public void The_check_of_orchestrators_sees_into_what_they_call()
    {
        IReadOnlySet<(MethodBase In, MemberInfo Uses, System.Reflection.Emit.OpCode How)> code = CalledCode.From(Orchestrators.Single(o => o.DeclaringType == typeof(PlayOrchestrator)), IsOurs);

        Assert.Contains(code, use => use.In.DeclaringType!.FullName!.Contains("HeardOrDue", StringComparison.Ordinal));
        Assert.Contains(code, use => use.Uses.Name == nameof(TaskOrchestrationContext.CreateTimer));
    }

    [Theory]
    [InlineData(nameof(BadOrchestrators.ClockAsync), "DURABLE0001")]
    [InlineData(nameof(BadOrchestrators.HiddenClockAsync), "DURABLE0001")]
    [InlineData(nameof(BadOrchestrators.ChanceAsync), "DURABLE0002")]
    [InlineData(nameof(BadOrchestrators.DelayAsync), "DURABLE0003")]
    [InlineData(nameof(BadOrchestrators.ThreadAsync), "DURABLE0004")]
    [InlineData(nameof(BadOrchestrators.AnotherThreadAsync), "DURABLE0004")]
    [InlineData(nameof(BadOrchestrators.FileAsync), "DURABLE0005")]
    [InlineData(nameof(BadOrchestrators.EnvironmentAsync), "DURABLE0006")]
    [InlineData(nameof(BadOrchestrators.StateAsync), "staticState")]
    public void The_check_of_orchestrators_finds_each_rule_broken(string method, string rule)
    {
        IReadOnlyList<string> broken = Determinism.BrokenBy(typeof(BadOrchestrators).GetMethod(method)!, assembly => assembly == typeof(BadOrchestrators).Assembly);

        Assert.Contains(broken, text => text.StartsWith(rule, StringComparison.Ordinal));
    }

    [Fact]
    public void DURABLE0007_0008_0010_Orchestrators_take_the_context_and_at_most_an_input_and_are_static() => Assert.All(Orchestrators, orchestrator =>
    {
        ParameterInfo[] parameters = orchestrator.GetParameters();
        Assert.True(orchestrator.IsStatic, "No services, no logger, no state.");
        Assert.Equal(typeof(TaskOrchestrationContext), parameters[0].ParameterType);
        Assert.InRange(parameters.Length, 1, 2);
        Assert.All(parameters.Skip(1), input =>
        {
            Assert.Empty(AppFunctions.Bindings(input));
            Assert.StartsWith("Abm.", input.ParameterType.Namespace, StringComparison.Ordinal);
        });
        Assert.EndsWith("Orchestrator", TrimmedVersion().Replace(orchestrator.DeclaringType!.Name, ""), StringComparison.Ordinal);
    });

    [Fact]
    public void DURABLE1001_1002_1003_Durable_bindings_stand_on_the_types_they_are_for()
    {
        Assert.All(AppFunctions.With<OrchestrationTriggerAttribute>(), found => Assert.Equal(typeof(TaskOrchestrationContext), found.Parameter.ParameterType));
        Assert.All(
            AppFunctions.All.SelectMany(f => f.GetParameters()).Where(p => p.IsDefined(typeof(DurableClientAttribute))),
            parameter => Assert.Equal(typeof(DurableTaskClient), parameter.ParameterType));
        Assert.DoesNotContain(AppFunctions.All.SelectMany(f => f.GetParameters()).SelectMany(p => p.GetCustomAttributes()), a => a.GetType().Name == "EntityTriggerAttribute");
    }

    [Fact]
    public void DURABLE2001_to_2004_What_orchestrators_call_exists_and_takes_and_gives_what_they_say()
    {
        string source = SourceOf(typeof(PlayOrchestrator));
        (string Name, string Result)[] direct = [.. DirectCall().Matches(source).Select(match => (match.Groups["name"].Value, match.Groups["result"].Value))];

        Assert.NotEmpty(direct);
        Assert.Equal(Calls().Count(source), direct.Length);
        Assert.All(direct, call => Assert.Equal(call.Result, Shape(call.Name).Result.Name));
        Assert.Equal(
            Activities.Select(AppFunctions.NameOf).Order(StringComparer.Ordinal),
            direct.Select(call => call.Name).Distinct().Order(StringComparer.Ordinal));
        Assert.Equal(typeof(PlayTurnInput), Shape(nameof(AdvancePlay)).Input);
    }

    [Fact]
    public void DURABLE0011_No_orchestrator_loops_without_a_bound() => Assert.All(
        Orchestrators,
        orchestrator => Assert.DoesNotMatch(@"while\s*\(\s*true\s*\)|for\s*\(\s*;\s*;|\bdo\b\s*\{|\bgoto\b", SourceOf(orchestrator.DeclaringType!)));

    [Fact]
    public void Activities_take_one_payload_of_ours_that_may_lie_in_history() => Assert.All(AppFunctions.With<ActivityTriggerAttribute>(), found =>
    {
        Assert.Matches("Input$", found.Parameter.ParameterType.Name);
        Assert.Matches("Output$", AppFunctions.ResultOf(found.Function).Name);
        Assert.All(found.Function.GetParameters().Skip(1), other => Assert.Equal(typeof(CancellationToken), other.ParameterType));
    });

    private static (Type Input, Type Result) Shape(string activity)
    {
        MethodInfo function = Assert.Single(Activities, a => AppFunctions.NameOf(a) == activity);
        return (function.GetParameters().Single(p => p.IsDefined(typeof(ActivityTriggerAttribute))).ParameterType, AppFunctions.ResultOf(function));
    }

    private static bool IsOurs(Assembly assembly) => assembly == AppFunctions.Assembly || assembly == typeof(PlayDecider).Assembly;

    private static string SourceOf(Type type) => File.ReadAllText(Path.Combine(Repository.Root, "functions", "Plays", type.Name + ".cs"));

    [GeneratedRegex("V[0-9]+$")]
    private static partial Regex TrimmedVersion();

    [GeneratedRegex(@"CallActivityAsync<(?<result>\w+)>\(\s*nameof\((?<name>\w+)\)")]
    private static partial Regex DirectCall();

    [GeneratedRegex(@"\.Call(Activity|SubOrchestrator)Async\b")]
    private static partial Regex Calls();

    /// <summary>One rule broken by each, so that the check is known to find it.</summary>
    internal static class BadOrchestrators
    {
        private static int _runs;

        public static async Task<DateTime> ClockAsync(TaskOrchestrationContext context)
        {
            await context.CallActivityAsync("x");
#pragma warning disable RS0030 // the point of it
            return DateTime.UtcNow;
        }

        public static async Task<DateTimeOffset> HiddenClockAsync(TaskOrchestrationContext context)
        {
            await context.CallActivityAsync("x");
            return Enumerable.Range(0, 1).Select(_ => Deeper()).Single();
        }

        public static async Task<Guid> ChanceAsync(TaskOrchestrationContext context)
        {
            await context.CallActivityAsync("x");
            return Guid.NewGuid();
        }
#pragma warning restore RS0030

        public static Task DelayAsync(TaskOrchestrationContext context) => Task.Delay(context.InstanceId.Length);

        public static Task ThreadAsync(TaskOrchestrationContext context) => Task.Run(() => context.InstanceId);

        public static async Task AnotherThreadAsync(TaskOrchestrationContext context) => await context.CallActivityAsync("x").ConfigureAwait(false);

        public static async Task<string> FileAsync(TaskOrchestrationContext context)
        {
            await context.CallActivityAsync("x");
            return File.ReadAllText(context.InstanceId);
        }

        public static Task<string?> EnvironmentAsync(TaskOrchestrationContext context) => Task.FromResult(Environment.GetEnvironmentVariable(context.InstanceId));

        public static Task<int> StateAsync(TaskOrchestrationContext context) => Task.FromResult(_runs += context.InstanceId.Length);

#pragma warning disable RS0030 // the point of it
        private static DateTimeOffset Deeper() => DateTimeOffset.Now;
#pragma warning restore RS0030
    }
}
