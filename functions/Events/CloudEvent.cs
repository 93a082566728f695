using System.Text.Json.Serialization;

namespace Abm.Functions.Events;

/// <summary>The envelope of CloudEvents 1.0 in structured JSON, as it is published. Its names are the specification's, in lower case.</summary>
/// <param name="Id">Derived from what happened: the same in every attempt and replay. Also the message's id.</param>
/// <param name="Subject">The lead.</param>
/// <param name="Time">When it happened, UTC.</param>
internal sealed record CloudEvent<T>(
    [property: JsonPropertyName("specversion")] string SpecVersion,
    string Id,
    string Source,
    string Type,
    string Subject,
    DateTimeOffset Time,
    [property: JsonPropertyName("datacontenttype")] string DataContentType,
    T Data)
{
    public static CloudEvent<T> Of(string id, string source, string type, string subject, DateTimeOffset time, T data) =>
        new("1.0", id, source, type, subject, time, "application/json", data);
}

/// <summary>Types of the events that are published, and how a message carries them.</summary>
public static class EventTypes
{
    /// <summary>A decision about a lead was stored.</summary>
    public const string LeadDecided = "abm.lead.decided";

    /// <summary>A deadline passed without a touch.</summary>
    public const string ClockBreached = "abm.clock.breached";

    /// <summary>Media type of the message.</summary>
    public const string ContentType = "application/cloudevents+json; charset=utf-8";

    /// <summary>Whether an item of the outbox is an event for the bus; everything else is a notification for the webhook.</summary>
    public static bool IsEvent(string kind) => kind is LeadDecided or ClockBreached;
}
