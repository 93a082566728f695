using Abm.Functions.Messages;
using Abm.Functions.Plays;
using Abm.Functions.Quarantine;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Abm.Functions.Journeys;

/// <summary>Takes leads from the queue and has each decided. The message goes last: until all its leads are done, it comes back.</summary>
public sealed class RunJourney(LeadProcessing processing, SetAside setAside)
{
    /// <exception cref="AggregateException">Some leads failed; the others are done. The redelivery finishes the rest.</exception>
    [Function(nameof(RunJourney))]
    public async Task RunAsync(
        [QueueTrigger(LeadsReceivedMessage.Queue)] string body, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (LeadsMessageText.Read(body) is not LeadsMessageText.Readable(var leads))
        {
            // Trying again would read the same: it waits for a person at once.
            await setAside.AddAsync(LeadsReceivedMessage.Queue, body, cancellationToken);
            return;
        }

        IReadOnlyList<Exception> failures = await processing.RunAllAsync(leads, new DurablePlayStarter(client), cancellationToken);
        if (failures.Count > 0)
            throw new AggregateException($"{failures.Count} of {leads.Count} leads failed.", failures);
    }
}
