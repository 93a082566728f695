using System.Runtime.Serialization;
using Azure;
using Azure.Data.Tables;

namespace Abm.Local.Tests.Tables;

public enum Colour
{
    Red,
    Blue,
}

/// <summary>A row with a property of every type that columns can have.</summary>
public sealed class EveryTypeRow : ITableEntity
{
    public string PartitionKey { get; set; } = "p";

    public string RowKey { get; set; } = "r";

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    public string? Text { get; set; }

    public bool Flag { get; set; }

    public bool? MaybeFlag { get; set; }

    public int Small { get; set; }

    public int? MaybeSmall { get; set; }

    public long Large { get; set; }

    public long? MaybeLarge { get; set; }

    public ulong Natural { get; set; }

    public double Number { get; set; }

    public double? MaybeNumber { get; set; }

    public float Measure { get; set; }

    public DateTime At { get; set; } = new(2000, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    public DateTimeOffset SeenAt { get; set; } = new(2000, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public DateTimeOffset? MaybeAt { get; set; }

    public Guid Id { get; set; }

    public byte[]? Bytes { get; set; }

    public BinaryData? Data { get; set; }

    public Colour Colour { get; set; }

    public Colour? MaybeColour { get; set; }

    [DataMember(Name = "renamed")]
    public string? Original { get; set; }

    [IgnoreDataMember]
    public string? Ignored { get; set; }

    public string ReadOnly => $"computed from {RowKey}";

    public string? InitOnly { get; init; }
}

/// <summary>The smallest row.</summary>
public sealed class NoteRow : ITableEntity
{
    public string PartitionKey { get; set; } = "";

    public string RowKey { get; set; } = "";

    public DateTimeOffset? Timestamp { get; set; }

    public ETag ETag { get; set; }

    public string? Note { get; set; }
}
