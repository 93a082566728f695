using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Abm.Local.Tests.Durable;

/// <summary>Retries of activities and children: how often, when, and when no more.</summary>
public class RetryTests
{
    [Fact]
    public async Task A_policy_counts_the_first_attempt_and_its_delays_grow_up_to_the_longest()
    {
        var attempts = new List<TimeSpan>();
        await using EngineHarness durable = Flaky(attempts, new RetryPolicy(
            maxNumberOfAttempts: 5, firstRetryInterval: TimeSpan.FromMinutes(1), backoffCoefficient: 2, maxRetryInterval: TimeSpan.FromMinutes(3)));
        await durable.StartAsync();

        string id = await durable.RunAsync("Flaky");
        await durable.AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Equal([0, 1, 3, 6, 9], attempts.Select(at => at.TotalMinutes));
        Assert.Equal(OrchestrationRuntimeStatus.Failed, (await durable.GetAsync(id)).RuntimeStatus);
    }

    [Fact]
    public async Task No_retry_begins_after_the_retry_timeout()
    {
        var attempts = new List<TimeSpan>();
        await using EngineHarness durable = Flaky(attempts, new RetryPolicy(100, TimeSpan.FromMinutes(10), retryTimeout: TimeSpan.FromMinutes(25)));
        await durable.StartAsync();

        await durable.RunAsync("Flaky");
        await durable.AdvanceAsync(TimeSpan.FromHours(10));

        Assert.Equal([0, 10, 20, 30], attempts.Select(at => at.TotalMinutes));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_filter_that_says_no_or_throws_ends_the_retries(bool throws)
    {
        var attempts = new List<TimeSpan>();
        await using EngineHarness durable = Flaky(attempts, new RetryPolicy(10, TimeSpan.FromMinutes(1))
        {
            HandleFailure = failure => failure.IsCausedBy<TimeoutException>() && (throws ? throw new InvalidOperationException() : attempts.Count < 2),
        });
        await durable.StartAsync();

        await durable.RunAsync("Flaky");
        await durable.AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Equal(throws ? 1 : 2, attempts.Count);
    }

    [Fact]
    public async Task A_handler_is_told_the_attempt_and_the_failure_and_may_wait_itself()
    {
        var told = new List<string>();
        int calls = 0;
        await using EngineHarness durable = await new EngineHarness()
            .Activity<int, string>("Third", _ => ++calls < 3 ? throw new TimeoutException($"no {calls}") : "yes")
            .Orchestrator("Handled", async context => await context.CallActivityAsync<string>("Third", 0, TaskOptions.FromRetryHandler(async retry =>
            {
                if (!context.IsReplaying)
                    told.Add($"{retry.LastAttemptNumber}: {retry.LastFailure.ErrorMessage} after {retry.TotalRetryTime.TotalMinutes}");
                await retry.OrchestrationContext.CreateTimer(TimeSpan.FromMinutes(5), CancellationToken.None);
                return true;
            })))
            .StartAsync();

        string id = await durable.RunAsync("Handled");
        await durable.AdvanceAsync(TimeSpan.FromHours(1));

        Assert.Equal("yes", await durable.OutputAsync<string>(id));
        Assert.Equal(["1: no 1 after 0", "2: no 2 after 5"], told);
    }

    [Fact]
    public async Task Children_are_retried_under_their_own_ids()
    {
        int runs = 0;
        await using EngineHarness durable = await new EngineHarness()
            .Orchestrator("Child", _ => ++runs < 3 ? throw new TimeoutException("not yet") : Task.FromResult("grown"))
            .Orchestrator("Parent", async context => await context.CallSubOrchestratorAsync<string>(
                "Child", options: TaskOptions.FromRetryPolicy(new RetryPolicy(3, TimeSpan.FromSeconds(30))).WithInstanceId("child")))
            .StartAsync();

        string id = await durable.RunAsync("Parent");
        await durable.AdvanceAsync(TimeSpan.FromMinutes(5));

        Assert.Equal("grown", await durable.OutputAsync<string>(id));
        Assert.Equal("grown", await durable.OutputAsync<string>("child"));
    }

    [Theory]
    [InlineData(0, 1, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 1, 0.5)]
    public void A_policy_out_of_range_is_refused(int attempts, int seconds, double coefficient) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new RetryPolicy(attempts, TimeSpan.FromSeconds(seconds), coefficient));

    private static EngineHarness Flaky(List<TimeSpan> attempts, RetryPolicy policy)
    {
        var durable = new EngineHarness();
        DateTimeOffset start = durable.Clock.GetUtcNow();
        return durable
            .Activity<int, int>("Fail", _ =>
            {
                attempts.Add(durable.Clock.GetUtcNow() - start);
                throw new TimeoutException("again");
            })
            .Orchestrator("Flaky", async context => await context.CallActivityAsync<int>("Fail", 0, new TaskOptions(policy)));
    }
}
