using System.Diagnostics;
using Abm.Plays;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask;

namespace Abm.Functions.Plays;

/// <summary>Follows one lead up: asks <see cref="PlayDecider"/> what is next, has it done, and waits for a touch or the next instant. It decides nothing itself.</summary>
/// <remarks>Running instances replay this code. Steps change by adding <c>InboundPlayOrchestratorV2</c> and letting this one finish.</remarks>
public static class InboundPlayOrchestrator
{
    /// <summary>Name of the event that ends a play.</summary>
    public const string StopEvent = "stop";

    /// <summary>A play has a few dozen steps; this many mean that it would never end.</summary>
    private const int MaxTurns = 1_000;

    private static readonly TaskOptions Patient = TaskOptions.FromRetryPolicy(new RetryPolicy(
        maxNumberOfAttempts: 30, firstRetryInterval: TimeSpan.FromSeconds(2), backoffCoefficient: 2, maxRetryInterval: TimeSpan.FromMinutes(15)));

    [Function(nameof(InboundPlayOrchestrator))]
    public static async Task<PlayOutput> RunAsync([OrchestrationTrigger] TaskOrchestrationContext context)
    {
        PlayStartInput start = context.GetInput<PlayStartInput>() ?? throw new InvalidOperationException("A play needs an input.");

        // One wait for the whole play: a second one could lose the event to an abandoned first one.
        Task<PlayStop> stopped = context.WaitForExternalEvent<PlayStop>(StopEvent);

        int held = 0;
        PlayStepOutput answer;
        while ((answer = await context.CallActivityAsync<PlayStepOutput>(nameof(PlanPlay), start, Patient)).IsHeld)
            await HeldAsync(context, held++);
        PlayPlan plan = answer.Plan ?? throw new InvalidOperationException("A play needs a plan.");
        PlayProgress progress = Noting(PlayProgress.Start, answer.Stop);

        for (int turn = 0; turn < MaxTurns; turn++)
        {
            if (stopped.IsCompletedSuccessfully)
                progress = Noting(progress, await stopped);

            switch (PlayDecider.Next(plan, progress, Now(context)))
            {
                case PlayStep.Do(var step):
                    held = 0;
                    while ((answer = await context.CallActivityAsync<PlayStepOutput>(ActivityOf(step.Action), new PlayStepInput(1, plan, step), Patient)).IsHeld)
                        await HeldAsync(context, held++);
                    progress = answer.Plan is null ? PlayDecider.Done(progress, step) : PlayDecider.Reassigned(progress, step);
                    plan = answer.Plan ?? plan;
                    progress = Noting(progress, answer.Stop);
                    break;

                case PlayStep.Skip skip:
                    progress = PlayDecider.Done(progress, skip.Step, new PlayStepResult("skipped", skip.Says), Now(context));
                    break;

                case PlayStep.Wait(var until):
                    using (CancellationTokenSource losing = new())
                    {
                        Task timer = context.CreateTimer(until.UtcDateTime, losing.Token);
                        if (await Task.WhenAny(stopped, timer) == stopped)
                        {
                            // An instance does not end before its last timer. The asynchronous form would leave the orchestrator's thread.
#pragma warning disable CA1849
                            losing.Cancel();
#pragma warning restore CA1849
                        }
                    }

                    break;

                case PlayStep.End end:
                    held = 0;
                    PlayEndInput over = new(1, plan, end.Outcome, end.At, end.OwnerClock, end.AccountClock);
                    while ((await context.CallActivityAsync<PlayStepOutput>(nameof(FinishPlay), over, Patient)).IsHeld)
                        await HeldAsync(context, held++);
                    return new PlayOutput(1, end.Outcome, plan.OwnerId!, plan.Hop);

                default:
                    throw new UnreachableException();
            }
        }

        throw new InvalidOperationException($"Play {start.PlayId} did not end within {MaxTurns} turns.");
    }

    /// <summary>While the product is switched off, a step is held and asked for again after 1, 2, 4, 8, and then every 15 minutes.</summary>
    private static Task HeldAsync(TaskOrchestrationContext context, int times) =>
        context.CreateTimer(context.CurrentUtcDateTime + TimeSpan.FromMinutes(times < 4 ? 1 << times : 15), CancellationToken.None);

    private static string ActivityOf(PlayAction action) => action switch
    {
        PlayAction.Notify => nameof(SendPlayNotification),
        PlayAction.RecordOwnerBreach or PlayAction.RecordAccountBreach => nameof(RecordBreach),
        PlayAction.Reassign => nameof(ReassignLead),
        PlayAction.HandToRevOps => nameof(HandToRevOps),
        _ => throw new UnreachableException(),
    };

    private static PlayProgress Noting(PlayProgress progress, PlayStop? stop) =>
        stop is null ? progress : PlayDecider.Stopped(progress, stop.Kind, stop.At);

    private static DateTimeOffset Now(TaskOrchestrationContext context) =>
        new(DateTime.SpecifyKind(context.CurrentUtcDateTime, DateTimeKind.Utc));
}
