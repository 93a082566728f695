using Abm.Decisions;
using Abm.Functions.Journeys;
using Abm.Functions.Messages;
using Abm.Ports;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Quarantine;

/// <summary>Sets a message aside that nobody could read or finish: kept with the reason, its leads marked, one alert line.</summary>
public sealed class SetAside(IQuarantine quarantine, ILeadFileStore files, TimeProvider clock, ILogger<SetAside> logger)
{
    /// <summary>Safe to repeat: the same body has the same id.</summary>
    public async Task AddAsync(string queue, string body, CancellationToken cancellationToken)
    {
        string reason = "failedRepeatedly";
        if (queue is LeadsReceivedMessage.Queue or LeadsReceivedMessage.BulkQueue)
        {
            switch (LeadsMessageText.Read(body))
            {
                case LeadsMessageText.Unreadable unreadable:
                    reason = unreadable.Reason;
                    break;
                case LeadsMessageText.Readable(var leads):
                    foreach (LeadId lead in leads)
                        await files.QuarantineAsync(lead, cancellationToken);
                    break;
            }
        }

        QuarantinedMessage message = new(QuarantinedMessage.IdOf(queue, body), queue, body, reason, clock.GetUtcNow(), Times: 1, ReplayedAt: null);
        await quarantine.AddAsync(message, cancellationToken);
        logger.MessageQuarantined(message.Id, queue, reason);
    }
}
