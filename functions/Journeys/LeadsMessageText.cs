using System.Text.Json;
using Abm.Decisions;
using Abm.Functions.Messages;

namespace Abm.Functions.Journeys;

/// <summary>What the text of a message on the queue of leads turned out to be.</summary>
public abstract record LeadsMessageText
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web);

    private LeadsMessageText()
    {
    }

    /// <summary>Leads that wait for their decision, each once.</summary>
    public sealed record Readable(IReadOnlyList<LeadId> Leads) : LeadsMessageText;

    /// <summary>Nobody can work with it.</summary>
    /// <param name="Reason">Code: <c>notJson</c>, <c>unknownVersion</c> or <c>badLeadIds</c>.</param>
    public sealed record Unreadable(string Reason) : LeadsMessageText;

    public static LeadsMessageText Read(string body)
    {
        LeadsReceivedMessage? message;
        try
        {
            message = JsonSerializer.Deserialize<LeadsReceivedMessage>(body, Options);
        }
        catch (JsonException)
        {
            return new Unreadable("notJson");
        }

        if (message is null)
            return new Unreadable("notJson");
        if (message.Version != 1)
            return new Unreadable("unknownVersion");
        if (message.LeadIds is not { Count: > 0 } ids || !ids.All(IdText.IsValid))
            return new Unreadable("badLeadIds");
        return new Readable([.. ids.Distinct(StringComparer.Ordinal).Select(LeadId.Parse)]);
    }
}
