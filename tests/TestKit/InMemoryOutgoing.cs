using System.Collections.Concurrent;
using Abm.Plays;
using Abm.Ports;

namespace Abm.TestKit;

/// <summary>The outbox in memory; keeps the contract of the table.</summary>
public sealed class InMemoryOutbox(Faults? faults = null) : IOutbox
{
    private readonly ConcurrentDictionary<string, OutboxItem> _items = [];

    public IReadOnlyList<OutboxItem> Items => [.. _items.Values];

    public Task<OutboxItem> AddAsync(OutboxItem item, CancellationToken cancellationToken)
    {
        _items.TryAdd(item.DeliveryId, item);
        faults?.Happened("Outbox.Add");
        return Task.FromResult(_items[item.DeliveryId]);
    }

    public Task<OutboxItem?> FindAsync(string deliveryId, CancellationToken cancellationToken)
    {
        faults?.Happened("Outbox.Find");
        return Task.FromResult(_items.GetValueOrDefault(deliveryId));
    }

    public Task SaveAsync(OutboxItem item, CancellationToken cancellationToken)
    {
        _items[item.DeliveryId] = item;
        faults?.Happened("Outbox.Save");
        return Task.CompletedTask;
    }

    public Task<ListPage<OutboxItem>> DeadAsync(int limit, string? after, CancellationToken cancellationToken) =>
        InMemoryLists.Page(_items.Values.Where(i => i.State == OutboxState.Dead).OrderByDescending(i => i.CreatedAt), limit, after);
}

/// <summary>The quarantine in memory; keeps the contract of the table.</summary>
public sealed class InMemoryQuarantine(Faults? faults = null) : IQuarantine
{
    private readonly ConcurrentDictionary<string, QuarantinedMessage> _messages = [];

    public IReadOnlyList<QuarantinedMessage> Messages => [.. _messages.Values];

    public Task AddAsync(QuarantinedMessage message, CancellationToken cancellationToken)
    {
        _messages[message.Id] = _messages.TryGetValue(message.Id, out QuarantinedMessage? known)
            ? message with { Times = known.Times + 1, ReplayedAt = null }
            : message;
        faults?.Happened("Quarantine.Add");
        return Task.CompletedTask;
    }

    public Task<QuarantinedMessage?> FindAsync(string id, CancellationToken cancellationToken) => Task.FromResult(_messages.GetValueOrDefault(id));

    public Task MarkReplayedAsync(string id, DateTimeOffset at, CancellationToken cancellationToken)
    {
        _messages[id] = _messages[id] with { ReplayedAt = at };
        return Task.CompletedTask;
    }

    public Task<ListPage<QuarantinedMessage>> ListAsync(int limit, string? after, CancellationToken cancellationToken) =>
        InMemoryLists.Page(_messages.Values.OrderBy(m => m.Id, StringComparer.Ordinal), limit, after);
}

/// <summary>Queues that only remember what was put on them.</summary>
public sealed class InMemoryQueues(Faults? faults = null) : IMessageSender
{
    private readonly ConcurrentQueue<SentMessage> _sent = [];

    public IReadOnlyList<SentMessage> Sent => [.. _sent];

    public Task SendAsync(string queue, string text, TimeSpan visibleAfter, CancellationToken cancellationToken)
    {
        _sent.Enqueue(new SentMessage(queue, text, visibleAfter));
        faults?.Happened("Queues.Send");
        return Task.CompletedTask;
    }

    public Task<int> CountAsync(string queue, CancellationToken cancellationToken) => Task.FromResult(_sent.Count(m => m.Queue == queue));

    /// <summary>What <see cref="OldestAsync"/> says of every queue.</summary>
    public DateTimeOffset? Oldest { get; set; }

    public Task<DateTimeOffset?> OldestAsync(string queue, CancellationToken cancellationToken) => Task.FromResult(Oldest);
}

/// <summary>A message as it was sent.</summary>
public sealed record SentMessage(string Queue, string Text, TimeSpan VisibleAfter);

/// <summary>Plays that only remember that they were started and stopped.</summary>
public sealed class InMemoryPlays(Faults? faults = null) : IPlayStarter
{
    private readonly ConcurrentDictionary<string, PlayStartInput> _started = [];
    private readonly ConcurrentQueue<(string PlayId, PlayStop Stop)> _stops = [];
    private readonly ConcurrentQueue<string> _told = [];

    public IReadOnlyList<PlayStartInput> Started => [.. _started.Values];

    public IReadOnlyList<(string PlayId, PlayStop Stop)> Stops => [.. _stops];

    /// <summary>Plays that were told that clocks of theirs stand otherwise.</summary>
    public IReadOnlyList<string> Told => [.. _told];

    public Task StartAsync(PlayStartInput start, CancellationToken cancellationToken)
    {
        _started.TryAdd(start.PlayId, start);
        faults?.Happened("Plays.Start");
        return Task.CompletedTask;
    }

    public Task<bool> StopAsync(string playId, PlayStop stop, CancellationToken cancellationToken)
    {
        _stops.Enqueue((playId, stop));
        faults?.Happened("Plays.Stop");
        return Task.FromResult(_started.ContainsKey(playId));
    }

    public Task<bool> SignalAsync(string playId, CancellationToken cancellationToken)
    {
        _told.Enqueue(playId);
        faults?.Happened("Plays.Signal");
        return Task.FromResult(_started.ContainsKey(playId));
    }

    public Task<bool> ClocksChangedAsync(string playId, CancellationToken cancellationToken)
    {
        _told.Enqueue(playId);
        faults?.Happened("Plays.ClocksChanged");
        return Task.FromResult(_started.ContainsKey(playId));
    }
}
