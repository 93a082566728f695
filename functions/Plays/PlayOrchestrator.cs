using Abm.Plays;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Abm.Functions.Plays;

/// <summary>Keeps one play going: has its next turn made, and waits until something is heard or the next instant comes. It decides nothing itself, and knows nothing: the play's file is the truth at every turn.</summary>
/// <remarks>Running instances replay this code. Steps change by adding <c>PlayOrchestratorV2</c> and letting this one finish.</remarks>
public static class PlayOrchestrator
{
    /// <summary>Name of the event that says that the file says something new.</summary>
    public const string SignalEvent = "signal";

    /// <summary>After so many turns the history begins anew.</summary>
    private const int TurnsOfOneHistory = 100;

    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(90);
    private static readonly TimeSpan AfterFailure = TimeSpan.FromMinutes(15);

    private static readonly TaskOptions Patient = TaskOptions.FromRetryPolicy(new RetryPolicy(
        maxNumberOfAttempts: 30, firstRetryInterval: TimeSpan.FromSeconds(2), backoffCoefficient: 2, maxRetryInterval: TimeSpan.FromMinutes(15)));

    [Function(nameof(PlayOrchestrator))]
    public static async Task<PlayOutput?> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        PlayStartInput start = context.GetInput<PlayStartInput>() ?? throw new InvalidOperationException("A play needs an input.");

        // One wait at a time: a second one beside it could take the event away from the one that is looked at.
        Task<PlaySignal> signal = context.WaitForExternalEvent<PlaySignal>(SignalEvent);
        int held = 0;
        for (int turn = 0; turn < TurnsOfOneHistory; turn++)
        {
            if (signal.IsCompleted)
                signal = context.WaitForExternalEvent<PlaySignal>(SignalEvent);

            DateTimeOffset now = Now(context);
            PlayTurnOutput answer;
            try
            {
                answer = await context.CallActivityAsync<PlayTurnOutput>(nameof(AdvancePlay), new PlayTurnInput(1, start), Patient);
            }
            catch (TaskFailedException)
            {
                // Hours of tries have failed. A deadline must not be forgotten for that: it is tried again, only not so often.
                answer = new PlayTurnOutput(1, Now(context) + AfterFailure, null, null, 0);
            }

            if (answer is { Outcome: { } outcome })
                return new PlayOutput(1, outcome, answer.OwnerId, answer.Hops);

            held = answer.IsHeld ? held + 1 : 0;
            DateTimeOffset until = answer.IsHeld ? Now(context) + HeldFor(held) : answer.Until ?? now;
            if (until > Now(context) + LongestWait)
                until = Now(context) + LongestWait;
            await HeardOrDueAsync(context, signal, until);
        }

        context.ContinueAsNew(start);
        return null;
    }

    /// <summary>Waits for whichever comes first. An instance does not end before its last timer: the one that loses is cancelled.</summary>
    private static async Task HeardOrDueAsync(TaskOrchestrationContext context, Task signal, DateTimeOffset until)
    {
        if (signal.IsCompleted || until <= Now(context))
            return;
        using CancellationTokenSource losing = new();
        Task timer = context.CreateTimer(until.UtcDateTime, losing.Token);
        if (await Task.WhenAny(signal, timer) == signal)
        {
            // The asynchronous form would leave the orchestrator's thread.
#pragma warning disable CA1849
            losing.Cancel();
#pragma warning restore CA1849
        }
    }

    /// <summary>While the product is switched off, a turn is held and asked for again after 1, 2, 4, 8, and then every 15 minutes.</summary>
    private static TimeSpan HeldFor(int times) => TimeSpan.FromMinutes(times <= 4 ? 1 << (times - 1) : 15);

    private static DateTimeOffset Now(TaskOrchestrationContext context) => new(DateTime.SpecifyKind(context.CurrentUtcDateTime, DateTimeKind.Utc));
}
