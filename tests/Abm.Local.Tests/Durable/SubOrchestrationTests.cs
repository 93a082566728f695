using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Abm.Local.Tests.Durable;

/// <summary>Parents and children.</summary>
public class SubOrchestrationTests
{
    [Fact]
    public async Task A_child_gets_its_input_knows_its_parent_and_answers()
    {
        await using EngineHarness durable = await new EngineHarness()
            .Orchestrator("Child", async context =>
            {
                await context.CreateTimer(TimeSpan.FromHours(1), CancellationToken.None);
                return $"{context.GetInput<int>() * 2} for {context.Parent!.Name} {context.Parent.InstanceId}";
            })
            .Orchestrator("Parent", async context => await context.CallSubOrchestratorAsync<string>("Child", 21))
            .StartAsync();

        string id = await durable.RunAsync("Parent", options: new StartOrchestrationOptions("p"));
        await durable.AdvanceAsync(TimeSpan.FromHours(2));

        Assert.Equal("42 for Parent p", await durable.OutputAsync<string>(id));
    }

    [Fact]
    public async Task A_failed_child_fails_the_call()
    {
        await using EngineHarness durable = await new EngineHarness()
            .Orchestrator<int>("Child", _ => throw new FormatException("bad"))
            .Orchestrator("Parent", async context =>
                (await Assert.ThrowsAsync<TaskFailedException>(() => context.CallSubOrchestratorAsync("Child"))).FailureDetails.ToString())
            .StartAsync();

        Assert.Equal("System.FormatException: bad", await durable.OutputAsync<string>(await durable.RunAsync("Parent")));
    }

    [Fact]
    public async Task Many_children_side_by_side_all_answer()
    {
        await using EngineHarness durable = await new EngineHarness()
            .Activity<int, int>("Square", number => number * number)
            .Orchestrator("Child", async context => await context.CallActivityAsync<int>("Square", context.GetInput<int>()))
            .Orchestrator("Parent", async context =>
                (await Task.WhenAll(Enumerable.Range(1, 30).Select(i => context.CallSubOrchestratorAsync<int>("Child", i)))).Sum())
            .StartAsync();

        Assert.Equal(9455, await durable.OutputAsync<int>(await durable.RunAsync("Parent")));
        Assert.Equal(30, durable.Calls.Count);
    }

    [Fact]
    public async Task A_child_whose_id_is_taken_by_a_running_instance_fails_the_call()
    {
        await using EngineHarness durable = await new EngineHarness()
            .Orchestrator("Waiting", async context => await context.WaitForExternalEvent<int>("go"))
            .Orchestrator("Parent", async context =>
                (await Assert.ThrowsAsync<TaskFailedException>(() => context.CallSubOrchestratorAsync("Waiting", new SubOrchestrationOptions(instanceId: "taken")))).FailureDetails.ErrorType)
            .StartAsync();

        await durable.RunAsync("Waiting", options: new StartOrchestrationOptions("taken"));
        string id = await durable.RunAsync("Parent");

        Assert.Equal("DurableTask.Core.Exceptions.OrchestrationAlreadyExistsException", await durable.OutputAsync<string>(id));
    }

    [Theory]
    [InlineData(true, OrchestrationRuntimeStatus.Terminated)]
    [InlineData(false, OrchestrationRuntimeStatus.Running)]
    public async Task Terminating_a_parent_reaches_its_children_only_when_recursive(bool recursive, OrchestrationRuntimeStatus child)
    {
        await using EngineHarness durable = await new EngineHarness()
            .Orchestrator("Waiting", async context => await context.WaitForExternalEvent<int>("go"))
            .Orchestrator("Parent", async context => await context.CallSubOrchestratorAsync<int>("Waiting", new SubOrchestrationOptions(instanceId: "child")))
            .StartAsync();

        string id = await durable.RunAsync("Parent");
        await durable.Client.TerminateInstanceAsync(id, new TerminateInstanceOptions("why", recursive));
        await durable.IdleAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Terminated, (await durable.GetAsync(id)).RuntimeStatus);
        Assert.Equal(child, (await durable.GetAsync("child")).RuntimeStatus);
    }

    [Fact]
    public async Task A_terminated_child_fails_the_call()
    {
        await using EngineHarness durable = await new EngineHarness()
            .Orchestrator("Waiting", async context => await context.WaitForExternalEvent<int>("go"))
            .Orchestrator("Parent", async context =>
                (await Assert.ThrowsAsync<TaskFailedException>(() => context.CallSubOrchestratorAsync("Waiting", new SubOrchestrationOptions(instanceId: "child")))).FailureDetails.ErrorMessage)
            .StartAsync();

        string id = await durable.RunAsync("Parent");
        await durable.Client.TerminateInstanceAsync("child", CancellationToken.None);
        await durable.IdleAsync();

        Assert.Equal("The sub-orchestration 'child' was terminated.", await durable.OutputAsync<string>(id));
    }
}
