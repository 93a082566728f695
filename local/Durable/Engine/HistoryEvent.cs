using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.DurableTask;

namespace Abm.Local.Durable.Engine;

/// <summary>What a history event says happened.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EventKind>))]
internal enum EventKind
{
    /// <summary>An episode began; its time is the orchestration's clock until the next one.</summary>
    OrchestratorStarted,

    /// <summary>The execution began. Its input is kept beside the history, not in it.</summary>
    ExecutionStarted,

    TaskScheduled,
    TaskCompleted,
    TaskFailed,
    TimerCreated,
    TimerFired,
    EventRaised,
    EventSent,
    SubOrchestrationInstanceCreated,
    SubOrchestrationInstanceCompleted,
    SubOrchestrationInstanceFailed,
    ExecutionSuspended,
    ExecutionResumed,
    ExecutionTerminated,
    ExecutionCompleted,

    /// <summary>The orchestrator was seen on a foreign thread after its episode; ends the execution as failed.</summary>
    ExecutionAborted,
}

/// <summary>One line of an execution's history. Which members are set depends on <see cref="Kind"/>.</summary>
internal sealed record HistoryEvent
{
    [JsonPropertyName("k")]
    public required EventKind Kind { get; init; }

    /// <summary>When it was taken into the history.</summary>
    [JsonPropertyName("t")]
    public DateTime At { get; init; }

    /// <summary>The step's number for what the orchestrator did (scheduled, created, sent); the number of the answered step for what came back.</summary>
    [JsonPropertyName("i")]
    public int? Id { get; init; }

    /// <summary>The activity, orchestrator or event.</summary>
    [JsonPropertyName("n")]
    public string? Name { get; init; }

    /// <summary>Input, result or payload as JSON.</summary>
    [JsonPropertyName("d")]
    [JsonConverter(typeof(RawJsonConverter))]
    public string? Data { get; init; }

    /// <summary>When a timer is due.</summary>
    [JsonPropertyName("f")]
    public DateTime? FireAt { get; init; }

    /// <summary>The child, or the receiver of an event.</summary>
    [JsonPropertyName("o")]
    public string? InstanceId { get; init; }

    [JsonPropertyName("x")]
    public TaskFailureDetails? Failure { get; init; }

    /// <summary>A failure that no retry can mend.</summary>
    [JsonPropertyName("z")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool NonRetriable { get; init; }

    [JsonPropertyName("v")]
    public string? Version { get; init; }

    /// <summary>Whether a termination reaches the children too.</summary>
    [JsonPropertyName("r")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool Recursive { get; init; }

    /// <summary>The message that brought it; a message that comes again is known by it.</summary>
    [JsonPropertyName("m")]
    public string? MessageId { get; init; }
}

/// <summary>The JSON of histories and messages: payloads are embedded as they are, nulls left out.</summary>
internal static class HistoryJson
{
    private static readonly JsonSerializerOptions Options = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    public static string Write<T>(IReadOnlyList<T> items) => items.Count == 0 ? "" : JsonSerializer.Serialize(items, Options);

    public static List<T> Read<T>(string? json) =>
        string.IsNullOrEmpty(json) ? [] : JsonSerializer.Deserialize<List<T>>(json, Options) ?? [];

    public static string? WriteOne<T>(T? item) where T : class => item is null ? null : JsonSerializer.Serialize(item, Options);

    public static T? ReadOne<T>(string? json) where T : class =>
        string.IsNullOrEmpty(json) ? null : JsonSerializer.Deserialize<T>(json, Options);
}

/// <summary>Embeds a text that is JSON already instead of quoting it once more.</summary>
internal sealed class RawJsonConverter : JsonConverter<string>
{
    public override string Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        using JsonDocument document = JsonDocument.ParseValue(ref reader);
        return document.RootElement.GetRawText();
    }

    public override void Write(Utf8JsonWriter writer, string value, JsonSerializerOptions options) => writer.WriteRawValue(value);
}
