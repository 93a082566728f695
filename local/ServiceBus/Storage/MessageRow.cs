using System.Globalization;
using Azure;
using Azure.Data.Tables;
using Azure.Messaging.ServiceBus;

namespace Abm.Local.ServiceBus;

/// <summary>One message of one queue or subscription, as the table keeps it. The row is the message; the ticket on the storage queue only says that there is one.</summary>
internal sealed class MessageRow(TableEntity columns)
{
    private const int ChunkLength = 63 * 1024;
    private const string HeadColumn = "H";
    private const string BodyColumn = "B";
    private static readonly DateTimeOffset Never = new(1970, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public TableEntity Columns { get; } = columns;

    public string RowKey => Columns.RowKey;

    public ETag Version => Columns.ETag;

    public long SequenceNumber => Columns.GetInt64("Sequence") ?? 0;

    public int DeliveryCount => Columns.GetInt32("Deliveries") ?? 0;

    public DateTimeOffset LockedUntil => Columns.GetDateTimeOffset("LockedUntil") ?? Never;

    public DateTimeOffset EnqueuedAt => Columns.GetDateTimeOffset("EnqueuedAt") ?? Never;

    public DateTimeOffset ExpiresAt => Columns.GetDateTimeOffset("ExpiresAt") ?? DateTimeOffset.MaxValue;

    public bool IsDeadLetter => Columns.GetBoolean("IsDeadLetter") ?? false;

    public bool IsDeferred => Columns.GetBoolean("IsDeferred") ?? false;

    public MessageHead Head => HeadCodec.Read(Chunks(HeadColumn));

    public BinaryData Body => BinaryData.FromBytes(Chunks(BodyColumn));

    public static string Key(EntityPath path, long sequenceNumber) => path.RowPrefix + sequenceNumber.ToString("D19", CultureInfo.InvariantCulture);

    public static TableEntity New(EntityPath path, long sequenceNumber, byte[] head, BinaryData body, DateTimeOffset enqueuedAt, DateTimeOffset? expiresAt)
    {
        TableEntity row = new(path.Partition, Key(path, sequenceNumber)) { ["Sequence"] = sequenceNumber, ["EnqueuedAt"] = enqueuedAt, ["Deliveries"] = 0, ["IsDeadLetter"] = false, ["IsDeferred"] = false };
        if (expiresAt is { } end)
            row["ExpiresAt"] = end;
        Put(row, HeadColumn, head);
        Put(row, BodyColumn, body.ToMemory().Span);
        return row;
    }

    /// <summary>Columns to merge into the row when a receiver takes the message.</summary>
    public TableEntity Taken(DateTimeOffset lockedUntil)
    {
        TableEntity change = Change();
        change["Deliveries"] = DeliveryCount + 1;
        change["LockedUntil"] = lockedUntil;
        return change;
    }

    /// <summary>Columns to merge for one step in the message's life; null leaves a part as it is.</summary>
    public static TableEntity Change(EntityPath path, string rowKey, DateTimeOffset? lockedUntil = null, MessageHead? head = null, bool? isDeadLetter = null, bool? isDeferred = null)
    {
        TableEntity change = new(path.Partition, rowKey);
        if (lockedUntil is { } until)
            change["LockedUntil"] = until;
        if (isDeadLetter is { } dead)
            change["IsDeadLetter"] = dead;
        if (isDeferred is { } deferred)
            change["IsDeferred"] = deferred;
        if (head is not null)
            Put(change, HeadColumn, HeadCodec.Write(head));
        return change;
    }

    public static DateTimeOffset Unlocked => Never;

    public ServiceBusMessageState State(DateTimeOffset now) =>
        IsDeferred ? ServiceBusMessageState.Deferred : EnqueuedAt > now ? ServiceBusMessageState.Scheduled : ServiceBusMessageState.Active;

    public ServiceBusReceivedMessage ToMessage(DateTimeOffset now, MessageLock? held, Guid lockToken, int deliveryCount) => new(
        Head, Body,
        new MessageStatus(SequenceNumber, SequenceNumber, EnqueuedAt, deliveryCount, lockToken, held?.LockedUntil ?? default, State(now), null),
        held);

    private TableEntity Change() => new(Columns.PartitionKey, Columns.RowKey);

    private static void Put(TableEntity row, string column, ReadOnlySpan<byte> bytes)
    {
        int chunks = (bytes.Length + ChunkLength - 1) / ChunkLength;
        row[column] = chunks;
        for (int i = 0; i < chunks; i++)
            row[Chunk(column, i)] = bytes.Slice(i * ChunkLength, Math.Min(ChunkLength, bytes.Length - (i * ChunkLength))).ToArray();
    }

    private byte[] Chunks(string column)
    {
        int chunks = Columns.GetInt32(column) ?? 0;
        using var bytes = new MemoryStream();
        for (int i = 0; i < chunks; i++)
            bytes.Write(Columns.GetBinary(Chunk(column, i)) ?? throw new InvalidOperationException($"The stored message {RowKey} lacks a part of itself."));
        return bytes.ToArray();
    }

    private static string Chunk(string column, int index) => column + index.ToString("D2", CultureInfo.InvariantCulture);
}
