using System.Text.Json.Serialization;

namespace Abm.Local.Durable.Engine;

/// <summary>Something that came for an instance: it becomes the event once an episode takes it in.</summary>
internal sealed record Message
{
    /// <summary>Known to the receiver: the same id twice is the same message. Null for what history itself protects (results, timers).</summary>
    [JsonPropertyName("id")]
    public string? Id { get; init; }

    /// <summary>The execution it belongs to; null: whichever runs. Answers to an execution that is over are dropped.</summary>
    [JsonPropertyName("e")]
    public string? ExecutionId { get; init; }

    [JsonPropertyName("h")]
    public required HistoryEvent Event { get; init; }
}

/// <summary>The caller of a sub-orchestration.</summary>
internal sealed record ParentLink(
    [property: JsonPropertyName("n")] string Name,
    [property: JsonPropertyName("o")] string InstanceId,
    [property: JsonPropertyName("e")] string ExecutionId,
    [property: JsonPropertyName("i")] int TaskId);

/// <summary>Something that an instance sends to another one. It lies in the sender's row until it was delivered.</summary>
internal sealed record Outgoing
{
    /// <summary>The receiver's instance id.</summary>
    [JsonPropertyName("to")]
    public required string To { get; init; }

    /// <summary>What the receiver gets; null when the receiver is started.</summary>
    [JsonPropertyName("m")]
    public Message? Message { get; init; }

    /// <summary>What the receiver is started as.</summary>
    [JsonPropertyName("s")]
    public ChildStart? Start { get; init; }
}

/// <summary>How a child is started.</summary>
internal sealed record ChildStart
{
    [JsonPropertyName("n")]
    public required string Name { get; init; }

    [JsonPropertyName("v")]
    public string Version { get; init; } = "";

    [JsonPropertyName("d")]
    [JsonConverter(typeof(RawJsonConverter))]
    public string? Input { get; init; }

    [JsonPropertyName("p")]
    public required ParentLink Parent { get; init; }

    [JsonPropertyName("g")]
    public Dictionary<string, string>? Tags { get; init; }
}
