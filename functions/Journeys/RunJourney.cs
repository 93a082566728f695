using Abm.Decisions;
using Abm.Functions.Messages;
using Abm.Functions.Plays;
using Abm.Functions.Quarantine;
using Abm.Plays;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Abm.Functions.Journeys;

/// <summary>Takes leads from the queues and has each decided. The message goes last: until all its leads are done, it comes back.</summary>
public sealed class RunJourney(LeadProcessing processing, BulkLane lane, SetAside setAside)
{
    /// <summary>Name of the function for leads that came many at once.</summary>
    public const string Bulk = "RunBulkJourney";

    /// <exception cref="AggregateException">Some leads failed; the others are done. The redelivery finishes the rest.</exception>
    [Function(nameof(RunJourney))]
    public Task RunAsync([QueueTrigger(LeadsReceivedMessage.Queue)] string body, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        RunAsync(LeadsReceivedMessage.Queue, body, leads => processing.RunAllAsync(leads, new DurablePlayStarter(client), cancellationToken), cancellationToken);

    /// <summary>Leads that came many at once, from a file, or that are late: beside those that somebody is waiting for.</summary>
    /// <exception cref="AggregateException">Some leads failed; the others are done. The redelivery finishes the rest.</exception>
    [Function(Bulk)]
    public Task RunBulkAsync([QueueTrigger(LeadsReceivedMessage.BulkQueue)] string body, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken) =>
        RunAsync(
            LeadsReceivedMessage.BulkQueue,
            body,
            leads => lane.RunAsync(plays => processing.RunAllAsync(leads, plays, cancellationToken), new DurablePlayStarter(client), cancellationToken),
            cancellationToken);

    private async Task RunAsync(string queue, string body, Func<IReadOnlyList<LeadId>, Task<IReadOnlyList<Exception>>> run, CancellationToken cancellationToken)
    {
        if (LeadsMessageText.Read(body) is not LeadsMessageText.Readable(var leads))
        {
            // Trying again would read the same: it waits for a person at once.
            await setAside.AddAsync(queue, body, cancellationToken);
            return;
        }

        IReadOnlyList<Exception> failures = await run(leads);
        if (failures.Count > 0)
            throw new AggregateException($"{failures.Count} of {leads.Count} leads failed.", failures);
    }
}
