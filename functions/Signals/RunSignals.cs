using System.Text.Json;
using Abm.Decisions;
using Abm.Functions.Messages;
using Abm.Functions.Plays;
using Abm.Functions.Quarantine;
using Abm.Functions.Storage;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Abm.Functions.Signals;

/// <summary>Takes from the queue at which accounts something happened.</summary>
public sealed class RunSignals(SignalRun run, SetAside setAside)
{
    [Function(nameof(RunSignals))]
    public async Task RunAsync([QueueTrigger(SignalsMessage.Queue)] string body, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (Read(body) is not { } message)
        {
            await setAside.AddAsync(SignalsMessage.Queue, body, cancellationToken);
            return;
        }

        await run.RunAsync(message, new DurablePlayStarter(client), cancellationToken);
    }

    /// <summary>What failed several times waits for a person.</summary>
    [Function("QuarantineSignals")]
    public Task PoisonedAsync([QueueTrigger(SignalsMessage.Queue + "-poison")] string body, CancellationToken cancellationToken) => setAside.AddAsync(SignalsMessage.Queue, body, cancellationToken);

    /// <returns>Null: nobody can work with it.</returns>
    internal static SignalsMessage? Read(string body)
    {
        try
        {
            return JsonSerializer.Deserialize<SignalsMessage>(body, StoredJson.Options) is { Version: 1, Accounts: not null } message
                && message.Accounts.All(a => IdText.IsValid(a.AccountId) && (a.TakenBackFrom is null || IdText.IsValid(a.TakenBackFrom))) ? message : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
