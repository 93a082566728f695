using Abm.Functions.Messages;
using Abm.Functions.Plays;
using Abm.Functions.Quarantine;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Abm.Functions.Journeys;

/// <summary>Has leads decided that came many at once, from a file, or that are late: beside those that somebody is waiting for, which come by <see cref="RunJourney"/>.</summary>
public sealed class RunBulkJourney(LeadProcessing processing, BulkLane lane, SetAside setAside)
{
    /// <exception cref="AggregateException">Some leads failed; the others are done. The redelivery finishes the rest.</exception>
    [Function(nameof(RunBulkJourney))]
    public async Task RunAsync(
        [QueueTrigger(LeadsReceivedMessage.BulkQueue)] string body, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (LeadsMessageText.Read(body) is not LeadsMessageText.Readable(var leads))
        {
            await setAside.AddAsync(LeadsReceivedMessage.BulkQueue, body, cancellationToken);
            return;
        }

        IReadOnlyList<Exception> failures = await lane.RunAsync(plays => processing.RunAllAsync(leads, plays, cancellationToken), new DurablePlayStarter(client), cancellationToken);
        if (failures.Count > 0)
            throw new AggregateException($"{failures.Count} of {leads.Count} leads failed.", failures);
    }
}
