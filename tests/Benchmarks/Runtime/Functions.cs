using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;

namespace Abm.Benchmarks.Runtime;

/// <summary>What the measured functions write down. Orchestrators have no services, so this is static.</summary>
internal static class Marks
{
    private static int _finished;

    /// <summary>How many orchestrations (or messages) reached their end.</summary>
    public static int Finished => Volatile.Read(ref _finished);

    /// <summary>Milliseconds, of whatever is being measured.</summary>
    public static ConcurrentQueue<double> Latencies { get; } = new();

    /// <summary>Milliseconds from calling an activity until it runs.</summary>
    public static ConcurrentQueue<double> Beginnings { get; } = new();

    public static ConcurrentDictionary<string, long> CalledAt { get; } = new();

    /// <summary>Measuring is the one thing that an orchestrator may do otherwise each time. Behind an interface, or the runtime would refuse orchestrators that read the clock.</summary>
    public static IMeasuringClock Clock { get; } = new MachineClock();

    public static void Finish() => Interlocked.Increment(ref _finished);

    public static void Clear()
    {
        Interlocked.Exchange(ref _finished, 0);
        Latencies.Clear();
        Beginnings.Clear();
        CalledAt.Clear();
    }

    /// <summary>Waits until so many have reached their end.</summary>
    public static async Task UntilAsync(int count, TimeSpan within)
    {
        long begun = Stopwatch.GetTimestamp();
        while (Finished < count)
        {
            if (Stopwatch.GetElapsedTime(begun) > within)
                throw new TimeoutException($"Only {Finished} of {count} were finished within {within}.");
            await Task.Delay(2);
        }
    }
}

/// <summary>The clocks by which is measured.</summary>
internal interface IMeasuringClock
{
    long Timestamp { get; }

    double MillisecondsSince(long timestamp);

    double MillisecondsBeyond(DateTime instant);
}

internal sealed class MachineClock : IMeasuringClock
{
    public long Timestamp => Stopwatch.GetTimestamp();

    public double MillisecondsSince(long timestamp) => Stopwatch.GetElapsedTime(timestamp).TotalMilliseconds;

    public double MillisecondsBeyond(DateTime instant) => (DateTime.UtcNow - instant).TotalMilliseconds;
}

/// <summary>Orchestrations whose cost is measured.</summary>
public static class MeasuredOrchestrations
{
    /// <summary>One activity.</summary>
    [Function(nameof(OneActivity))]
    public static async Task<int> OneActivity([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        int answer = await context.CallActivityAsync<int>(nameof(MeasuredActivities.Echo), 1);
        Finish(context);
        return answer;
    }

    /// <summary>Five activities, one after the other.</summary>
    [Function(nameof(FiveActivities))]
    public static async Task<int> FiveActivities([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        int sum = 0;
        for (int i = 0; i < 5; i++)
            sum += await context.CallActivityAsync<int>(nameof(MeasuredActivities.Echo), i);
        Finish(context);
        return sum;
    }

    /// <summary>One activity; notes how long it takes from the call until it runs, and until its answer is seen.</summary>
    [Function(nameof(ActivityLatency))]
    public static async Task ActivityLatency([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        if (!context.IsReplaying)
            Marks.CalledAt[context.InstanceId] = Marks.Clock.Timestamp;
        await context.CallActivityAsync<int>(nameof(MeasuredActivities.NoteBeginning), context.InstanceId);
        if (!context.IsReplaying)
            Marks.Latencies.Enqueue(Marks.Clock.MillisecondsSince(Marks.CalledAt[context.InstanceId]));
        Finish(context);
    }

    /// <summary>Waits for an instant (ticks in UTC); notes how late it goes on.</summary>
    [Function(nameof(TimerLateness))]
    public static async Task TimerLateness([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        var dueAt = new DateTime(context.GetInput<long>(), DateTimeKind.Utc);
        await context.CreateTimer(dueAt, CancellationToken.None);
        if (!context.IsReplaying)
            Marks.Latencies.Enqueue(Marks.Clock.MillisecondsBeyond(dueAt));
        Finish(context);
    }

    /// <summary>Waits for an event that carries when it was sent; notes how long it took.</summary>
    [Function(nameof(EventLatency))]
    public static async Task EventLatency([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        if (!context.IsReplaying)
            Marks.CalledAt[context.InstanceId] = 0;
        long sentAt = await context.WaitForExternalEvent<long>("go");
        if (!context.IsReplaying)
            Marks.Latencies.Enqueue(Marks.Clock.MillisecondsSince(sentAt));
        Finish(context);
    }

    /// <summary>Waits a day for an event, as a play waits for a person: the deadline is raced by what the person does.</summary>
    [Function(nameof(WaitingPlay))]
    public static async Task<bool> WaitingPlay([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        using var deadline = new CancellationTokenSource();
        Task due = context.CreateTimer(context.CurrentUtcDateTime.AddDays(1), deadline.Token);
        Task<string> touched = context.WaitForExternalEvent<string>("touched");
        Finish(context);
        bool isTouched = await Task.WhenAny(due, touched) == touched;
        deadline.Cancel(); // not CancelAsync, which goes on elsewhere
        return isTouched;
    }

    private static void Finish(TaskOrchestrationContext context)
    {
        if (!context.IsReplaying)
            Marks.Finish();
    }
}

/// <summary>Activities that do next to nothing.</summary>
public static class MeasuredActivities
{
    [Function(nameof(Echo))]
    public static int Echo([ActivityTrigger] int number) => number;

    [Function(nameof(NoteBeginning))]
    public static int NoteBeginning([ActivityTrigger] string instanceId)
    {
        Marks.Beginnings.Enqueue(Marks.Clock.MillisecondsSince(Marks.CalledAt[instanceId]));
        return 1;
    }
}

/// <summary>Lets the benchmarks have the durable client as any function has it.</summary>
public static class MeasuredClient
{
    internal static TaskCompletionSource<DurableTaskClient> Client { get; set; } = new();

    [Function(nameof(GiveClient))]
    public static IActionResult GiveClient(
        [HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "client")] HttpRequest request, [DurableClient] DurableTaskClient client)
    {
        Client.TrySetResult(client);
        return new NoContentResult();
    }
}

/// <summary>A queue function that does next to nothing.</summary>
public static class MeasuredQueue
{
    internal const string Name = "measured-work";

    [Function(nameof(TakeMessage))]
    public static void TakeMessage([QueueTrigger(Name)] string message)
    {
        if (message.Length > 0)
            Marks.Finish();
    }
}
