using Abm.Functions.Intake;
using Abm.Functions.Messages;
using Abm.Functions.Settings;
using Abm.Ports;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Abm.Functions.Journeys;

/// <summary>Puts leads back on the queue that were received but not decided: their message was never sent, or was lost.</summary>
public sealed class SweepUndecided(ILeadFileStore files, ILeadQueue queue, IOptions<JourneyOptions> options, TimeProvider clock, ILogger<SweepUndecided> logger)
{
    /// <summary>Leads looked at in one run; what is left comes with the next.</summary>
    private const int MaxLeads = 1_000;

    /// <summary>Between the instant a lead was kept and the one its message was sent: a file's leads are kept by the hundred.</summary>
    private static readonly TimeSpan Sending = TimeSpan.FromMinutes(1);

    [Function(nameof(SweepUndecided))]
    public async Task RunAsync([TimerTrigger("0 * * * * *")] TimerInfo timer, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        IReadOnlyList<UndecidedLead> late = await files.UndecidedAsync(LeadState.Received, now - options.Value.UndecidedAfter, MaxLeads, after: null, cancellationToken);
        List<UndecidedLead> lost = [.. late.Where(lead => lead.QueuedAt + Patience(lead.Requeued) <= now)];

        // Queues give out what was put on them first: while a message waits that is as old as the lead, the lead's own may wait behind it and is not lost.
        if (lost.Count > 0 && await queue.WaitingSinceAsync(cancellationToken) is { } since && lost.RemoveAll(lead => since <= lead.QueuedAt + Sending) > 0)
            logger.LeadsStillQueued(since);

        foreach (UndecidedLead[] some in lost.Chunk(LeadsReceivedMessage.MaxLeads))
        {
            await queue.EnqueueBulkAsync([.. some.Select(lead => lead.Id)], cancellationToken);
            await files.NoteRequeuedAsync(some, now, cancellationToken);
        }

        if (lost.Count > 0)
            logger.LeadsRequeued(lost.Count);
    }

    /// <summary>Each time it waits twice as long, up to a day: a long queue must not grow by what already stands in it.</summary>
    private TimeSpan Patience(int requeued)
    {
        double longer = options.Value.UndecidedAfter.TotalSeconds * Math.Pow(2, Math.Min(requeued, 16));
        return TimeSpan.FromSeconds(Math.Min(longer, TimeSpan.FromDays(1).TotalSeconds));
    }
}
