using System.Text.Json;
using Abm.Functions.Messages;
using Abm.Functions.Quarantine;
using Abm.Plays;
using Abm.Ports;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Abm.Functions.Plays;

/// <summary>Starts and tells plays by way of a queue, for whoever has no durable client at hand: steps of other plays, edits of accounts and people.</summary>
/// <remarks>Only plays that are kept already can be started so.</remarks>
public sealed class QueuedPlayStarter(IMessageSender queues) : IPlayStarter
{
    /// <inheritdoc/>
    public Task StartAsync(PlayStartInput start, CancellationToken cancellationToken) => SendAsync(start.PlayId, isStart: true, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> StopAsync(string playId, PlayStop stop, CancellationToken cancellationToken) => SignalAsync(playId, cancellationToken);

    /// <inheritdoc/>
    public Task<bool> ClocksChangedAsync(string playId, CancellationToken cancellationToken) => SignalAsync(playId, cancellationToken);

    /// <inheritdoc/>
    public async Task<bool> SignalAsync(string playId, CancellationToken cancellationToken)
    {
        await SendAsync(playId, isStart: false, cancellationToken);
        return true;
    }

    private Task SendAsync(string playId, bool isStart, CancellationToken cancellationToken) =>
        queues.SendAsync(PlayMessage.Queue, JsonSerializer.Serialize(new PlayMessage(1, playId, isStart)), TimeSpan.Zero, cancellationToken);
}

/// <summary>Starts and tells plays that somebody put on the queue. Safe to repeat.</summary>
public sealed class WakePlays(IPlayFiles plays, SetAside setAside)
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    [Function(nameof(WakePlays))]
    public async Task RunAsync([QueueTrigger(PlayMessage.Queue)] string body, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (Read(body) is not { } message)
        {
            await setAside.AddAsync(PlayMessage.Queue, body, cancellationToken);
            return;
        }

        DurablePlayStarter starter = new(client);
        if (!message.IsStart)
            await starter.SignalAsync(message.PlayId, cancellationToken);
        else if (await plays.FindAsync(message.PlayId, cancellationToken) is { IsOver: false } file)
            await starter.StartAsync(file.Start, cancellationToken);
    }

    private static PlayMessage? Read(string body)
    {
        try
        {
            return JsonSerializer.Deserialize<PlayMessage>(body, Json) is { Version: 1, PlayId.Length: > 0 } message ? message : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
