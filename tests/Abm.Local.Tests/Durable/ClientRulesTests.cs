using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Abm.Local.Tests.Durable;

/// <summary>The rarer rules of the client and of ids.</summary>
public class ClientRulesTests
{
    [Theory]
    [InlineData(100, false)]
    [InlineData(101, true)]
    public async Task An_id_has_a_hundred_characters_at_most(int length, bool isRefused)
    {
        await using EngineHarness durable = await Quick().StartAsync();

        Exception? refused = await Record.ExceptionAsync(() => durable.RunAsync("Quick", options: new StartOrchestrationOptions(new string('i', length))));

        Assert.Equal(isRefused, refused is ArgumentException);
        Assert.Equal(isRefused, refused is not null);
    }

    [Fact]
    public async Task Without_an_id_an_instance_gets_one_of_32_digits()
    {
        await using EngineHarness durable = await Quick().StartAsync();

        Assert.Matches("^[0-9a-f]{32}$", await durable.RunAsync("Quick"));
    }

    [Fact]
    public async Task A_child_without_an_id_gets_the_next_id_of_its_parent()
    {
        await using EngineHarness durable = await new EngineHarness()
            .Orchestrator("Child", context => Task.FromResult(context.InstanceId))
            .Orchestrator("Parent", async context =>
            {
                Guid before = context.NewGuid();
                string child = await context.CallSubOrchestratorAsync<string>("Child");
                return $"{before:N} {child}";
            })
            .StartAsync();

        string[] ids = (await durable.OutputAsync<string>(await durable.RunAsync("Parent")))!.Split(' ');

        Assert.Matches("^[0-9a-f]{12}5[0-9a-f]{19}$", ids[1]);
        Assert.NotEqual(ids[0], ids[1]);
    }

    [Fact]
    public async Task Restarting_and_rewinding_are_not_supported()
    {
        await using EngineHarness durable = await Quick().StartAsync();
        string id = await durable.RunAsync("Quick");

        await Assert.ThrowsAsync<NotSupportedException>(() => durable.Client.RestartAsync(id));
        await Assert.ThrowsAsync<NotSupportedException>(() => durable.Client.RewindInstanceAsync(id, "why"));
    }

    [Fact]
    public async Task Pausing_and_resuming_what_is_finished_or_missing_changes_nothing()
    {
        await using EngineHarness durable = await Quick().StartAsync();
        string id = await durable.RunAsync("Quick");

        await Record.ExceptionAsync(() => durable.Client.SuspendInstanceAsync(id));
        await Record.ExceptionAsync(() => durable.Client.ResumeInstanceAsync(id));
        await durable.IdleAsync();

        Assert.Equal(OrchestrationRuntimeStatus.Completed, (await durable.GetAsync(id)).RuntimeStatus);
        Assert.Null(await durable.Client.GetInstanceAsync("nobody"));
    }

    private static EngineHarness Quick() => new EngineHarness().Orchestrator("Quick", _ => Task.FromResult(1));
}
