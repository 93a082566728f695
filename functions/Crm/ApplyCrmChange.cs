using System.Diagnostics;
using Abm.Decisions;
using Abm.Functions.Events;
using Abm.Functions.Http;
using Azure.Messaging.ServiceBus;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Crm;

/// <summary>Takes changes of accounts from the CRM, by a queue or by a topic's subscription. What nobody can apply goes to the dead letters with its reason.</summary>
/// <remarks>Without a connection both functions must be switched off, as the sample settings do: a trigger without connection is an error at start.</remarks>
public sealed class ApplyCrmChange(CrmIntake intake, TimeProvider clock, ILogger<ApplyCrmChange> logger)
{
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(1);

    [Function(nameof(ApplyCrmChange))]
    public Task FromQueueAsync(
        [ServiceBusTrigger("%CrmChangesQueue%", Connection = EventServices.Connection, IsBatched = true, AutoCompleteMessages = true)] ServiceBusReceivedMessage[] messages,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken) => RunAsync(messages, actions, cancellationToken);

    [Function("ApplyCrmChangeFromTopic")]
    public Task FromTopicAsync(
        [ServiceBusTrigger("%CrmChangesTopic%", "%CrmChangesSubscription%", Connection = EventServices.Connection, IsBatched = true, AutoCompleteMessages = true)]
        ServiceBusReceivedMessage[] messages,
        ServiceBusMessageActions actions,
        CancellationToken cancellationToken) => RunAsync(messages, actions, cancellationToken);

    /// <summary>Messages that are still unsettled when it returns are completed; when it throws, they come again.</summary>
    internal async Task RunAsync(IReadOnlyList<ServiceBusReceivedMessage> messages, ServiceBusMessageActions actions, CancellationToken cancellationToken)
    {
        DateTimeOffset now = clock.GetUtcNow();
        List<ServiceBusReceivedMessage> readable = [];
        List<CrmChange> changes = [];
        List<(ServiceBusReceivedMessage Message, string Reason, IReadOnlyList<Problem> Problems)> refused = [];
        foreach (ServiceBusReceivedMessage message in messages)
        {
            switch (CrmMessageReader.Read(message.Body.ToMemory(), now))
            {
                case CrmMessage.Readable(var change):
                    readable.Add(message);
                    changes.Add(change);
                    break;
                case CrmMessage.Unreadable(var reason, var problems):
                    refused.Add((message, reason, problems));
                    break;
                default:
                    throw new UnreachableException();
            }
        }

        IReadOnlyList<CrmOutcome> outcomes = await ApplyAsync(changes, messages, cancellationToken);
        for (int i = 0; i < outcomes.Count; i++)
        {
            if (outcomes[i] == CrmOutcome.TooManyCustomFields)
                refused.Add((readable[i], "tooManyCustomFields", []));
        }

        // Last: the message of a change that was not applied because something failed must not be gone.
        foreach ((ServiceBusReceivedMessage message, string reason, IReadOnlyList<Problem> problems) in refused)
        {
            await actions.DeadLetterMessageAsync(message, null, reason, Describe(problems), cancellationToken);
            logger.ChangeRefused(message.SequenceNumber, reason);
        }
    }

    private async Task<IReadOnlyList<CrmOutcome>> ApplyAsync(List<CrmChange> changes, IReadOnlyList<ServiceBusReceivedMessage> messages, CancellationToken cancellationToken)
    {
        if (changes.Count == 0)
            return [];
        try
        {
            IReadOnlyList<CrmOutcome> outcomes = await intake.ApplyAsync(changes, cancellationToken);
            logger.ChangesApplied(outcomes.Count(o => o == CrmOutcome.Applied), outcomes.Count(o => o == CrmOutcome.NothingNew));
            return outcomes;
        }
        catch (Exception unavailable) when (StorageFailures.IsUnavailable(unavailable))
        {
            // A message that is put back comes again at once, and goes to the dead letters after some deliveries: waiting here, under a lock that
            // the host renews, spreads them over minutes.
            TimeSpan wait = WaitAfter(messages.Max(message => message.DeliveryCount));
            logger.ChangesPutBack(messages.Count, wait);
            await Task.Delay(wait, clock, cancellationToken);
            throw;
        }
    }

    /// <summary>2, 4, 8, … seconds, a minute at most.</summary>
    private static TimeSpan WaitAfter(int deliveries) => TimeSpan.FromSeconds(Math.Min(Math.Pow(2, Math.Clamp(deliveries, 1, 10)), LongestWait.TotalSeconds));

    private static string Describe(IReadOnlyList<Problem> problems)
    {
        string text = string.Join(" ", problems.Take(20).Select(problem => $"{problem.Field} ({problem.Code}): {problem.Message}"));
        return text.Length <= 1_000 ? text : text[..1_000];
    }
}
