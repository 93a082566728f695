using Abm.Decisions;
using Abm.Plays;

namespace Abm.Ports;

/// <summary>Notifications on their way out. Each has a derived id and is kept until it was delivered or given up.</summary>
public interface IOutbox
{
    /// <summary>Keeps a notification unless its id is known.</summary>
    /// <returns>The one that stands.</returns>
    Task<OutboxItem> AddAsync(OutboxItem item, CancellationToken cancellationToken);

    Task<OutboxItem?> FindAsync(string deliveryId, CancellationToken cancellationToken);

    /// <summary>Saves state, attempts and the last failure. The last word counts.</summary>
    Task SaveAsync(OutboxItem item, CancellationToken cancellationToken);

    /// <summary>Those that were given up, newest first.</summary>
    /// <exception cref="FormatException"><c>after</c> is none of ours.</exception>
    Task<ListPage<OutboxItem>> DeadAsync(int limit, string? after, CancellationToken cancellationToken);
}

/// <summary>One notification to one channel.</summary>
/// <param name="DeliveryId">Stable across attempts and replays: receivers drop repeats by it.</param>
/// <param name="LeadId">The lead it is about; null: about an account or an opportunity.</param>
/// <param name="Kind">Such as <c>lead.assigned</c> or <c>clock.breached</c>.</param>
/// <param name="Body">The JSON that is sent, exactly.</param>
/// <param name="NextAttemptAt">Not before this instant, UTC; null: at once.</param>
/// <param name="LastFailure">Code of what went wrong last, such as <c>http503</c> or <c>timeout</c>.</param>
public sealed record OutboxItem(
    string DeliveryId, LeadId? LeadId, string Kind, string Body, OutboxState State, int Attempts, DateTimeOffset CreatedAt, DateTimeOffset? NextAttemptAt, string? LastFailure);

/// <summary>How far a notification has come.</summary>
public enum OutboxState
{
    Pending,
    Delivered,

    /// <summary>Given up after the last attempt. Kept; can be replayed.</summary>
    Dead,
}

/// <summary>Messages that no one could read or finish, kept with the reason until a person replays them.</summary>
public interface IQuarantine
{
    /// <summary>Keeps it under its derived id; the same body again raises the count.</summary>
    Task AddAsync(QuarantinedMessage message, CancellationToken cancellationToken);

    Task<QuarantinedMessage?> FindAsync(string id, CancellationToken cancellationToken);

    Task MarkReplayedAsync(string id, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>All of them, in no particular order.</summary>
    /// <exception cref="FormatException"><c>after</c> is none of ours.</exception>
    Task<ListPage<QuarantinedMessage>> ListAsync(int limit, string? after, CancellationToken cancellationToken);
}

/// <summary>A message that was set aside.</summary>
/// <param name="Id">Derived from queue and body.</param>
/// <param name="Reason">Code such as <c>unreadable</c>, <c>unknownVersion</c>, <c>failedRepeatedly</c>.</param>
/// <param name="Times">How often this very message was set aside.</param>
public sealed record QuarantinedMessage(string Id, string Queue, string Body, string Reason, DateTimeOffset At, int Times, DateTimeOffset? ReplayedAt)
{
    public static string IdOf(string queue, string body) => DerivedId.From("quarantine", queue, body);
}

/// <summary>Starts plays and tells them what happened.</summary>
public interface IPlayStarter
{
    /// <summary>Starts the play unless it exists, in whatever status.</summary>
    Task StartAsync(PlayStartInput start, CancellationToken cancellationToken);

    /// <summary>Tells the play that it is stopped. A play that is missing or over needs no telling: what stopped it lies in the lead's file.</summary>
    /// <returns>False when nobody was there to be told.</returns>
    Task<bool> StopAsync(string playId, PlayStop stop, CancellationToken cancellationToken);

    /// <summary>Tells the play that its file, or its lead's, says something new. Safe to repeat, and no harm when it is lost: the play reads its file at every turn.</summary>
    /// <returns>False when nobody was there to be told.</returns>
    Task<bool> SignalAsync(string playId, CancellationToken cancellationToken);

    /// <summary>Tells the play that clocks of it stand otherwise than it planned: paused, resumed, or counted anew. How they stand lies in the lead's file. Safe to repeat.</summary>
    /// <returns>False when nobody was there to be told.</returns>
    Task<bool> ClocksChangedAsync(string playId, CancellationToken cancellationToken);
}

/// <summary>Puts texts on queues.</summary>
public interface IMessageSender
{
    /// <param name="visibleAfter">How long nobody sees it; zero: at once. At most 7 days.</param>
    Task SendAsync(string queue, string text, TimeSpan visibleAfter, CancellationToken cancellationToken);

    /// <summary>About how many messages wait on each queue; one request each.</summary>
    Task<int> CountAsync(string queue, CancellationToken cancellationToken);

    /// <summary>When the message was put on the queue that is the next to be taken; null: none can be taken now. One request. Those that are being worked on or hidden are not looked at.</summary>
    Task<DateTimeOffset?> OldestAsync(string queue, CancellationToken cancellationToken);
}
