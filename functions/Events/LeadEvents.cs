using System.Text.Json;
using Abm.Clocks;
using Abm.Functions.Messages;
using Abm.Journeys;
using Abm.Ports;
using Microsoft.Extensions.Options;

namespace Abm.Functions.Events;

/// <summary>Tells other systems what happened to leads. Called after it is stored, and again by every repeat: each thing is told under one id.</summary>
public interface ILeadEvents
{
    /// <summary>This decision is stored.</summary>
    Task DecidedAsync(JourneyDecision decision, CancellationToken cancellationToken);

    /// <summary>The clocks of a lead as they are stored now. Those that are breached are told, each once.</summary>
    Task ClocksAsync(LeadFile file, IEnumerable<ClockRecord> clocks, CancellationToken cancellationToken);

    /// <summary>The clocks of a play about an account or opportunity as they are stored now. Those that are breached are told, each once.</summary>
    Task PlayClocksAsync(PlayFile play, IEnumerable<ClockRecord> clocks, CancellationToken cancellationToken);
}

/// <summary>Nobody listens: no connection is configured.</summary>
public sealed class NoLeadEvents : ILeadEvents
{
    /// <inheritdoc/>
    public Task DecidedAsync(JourneyDecision decision, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task ClocksAsync(LeadFile file, IEnumerable<ClockRecord> clocks, CancellationToken cancellationToken) => Task.CompletedTask;

    /// <inheritdoc/>
    public Task PlayClocksAsync(PlayFile play, IEnumerable<ClockRecord> clocks, CancellationToken cancellationToken) => Task.CompletedTask;
}

/// <summary>Keeps events in the outbox, beside the notifications: whoever works on leads never waits for the bus.</summary>
public sealed class OutboxLeadEvents(IOutbox outbox, IMessageSender queues, IOptions<EventsOptions> options) : ILeadEvents
{
    /// <inheritdoc/>
    public Task DecidedAsync(JourneyDecision decision, CancellationToken cancellationToken) =>
        KeepAsync(LeadEventTexts.Decided(decision, options.Value.Source), cancellationToken);

    /// <inheritdoc/>
    public async Task ClocksAsync(LeadFile file, IEnumerable<ClockRecord> clocks, CancellationToken cancellationToken)
    {
        foreach (ClockRecord clock in clocks.Where(LeadEventTexts.IsBreached))
            await KeepAsync(LeadEventTexts.Breached(file, clock, options.Value.Source), cancellationToken);
    }

    /// <inheritdoc/>
    public async Task PlayClocksAsync(PlayFile play, IEnumerable<ClockRecord> clocks, CancellationToken cancellationToken)
    {
        foreach (ClockRecord clock in clocks.Where(LeadEventTexts.IsBreached))
            await KeepAsync(LeadEventTexts.Breached(play, clock, options.Value.Source), cancellationToken);
    }

    private async Task KeepAsync(OutboxItem item, CancellationToken cancellationToken)
    {
        OutboxItem stands = await outbox.AddAsync(item, cancellationToken);

        // Also when it was there already: the first attempt may have died between keeping and queueing. Once it was attempted, its message keeps itself going.
        if (stands is { State: OutboxState.Pending, Attempts: 0 })
            await queues.SendAsync(DeliverMessage.Queue, JsonSerializer.Serialize(new DeliverMessage(1, stands.DeliveryId)), TimeSpan.Zero, cancellationToken);
    }
}
