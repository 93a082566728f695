namespace Abm.Configuration;

/// <summary>The text of a notification. Braces name what is filled in: <c>{leadId} {accountId} {accountName} {ownerId} {ownerName} {play} {level} {persona} {dueAt} {policy} {formerOwnerId}</c>.</summary>
/// <remarks>Filled in when it is sent, never in durable history.</remarks>
[Says("notification text")]
public sealed record NotificationTemplate
{
    /// <summary>The key it stands under.</summary>
    [NotWritten]
    public string Name { get; init; } = "";
    [Says("subject"), Format(TextFormat.Template)]
    public required string Subject { get; init; }
    [Says("text"), Format(TextFormat.Template)]
    public required string Text { get; init; }

    /// <summary>The names that are filled in.</summary>
    public static IReadOnlyList<string> Placeholders { get; } =
        ["leadId", "accountId", "accountName", "ownerId", "ownerName", "play", "level", "persona", "dueAt", "policy", "formerOwnerId"];

    public static IReadOnlyDictionary<string, NotificationTemplate> Defaults { get; } = new NotificationTemplate[]
    {
        new() { Name = "context-card", Subject = "New lead for {accountName}", Text = "Lead {leadId} of {accountName} ({level}, {persona}) is yours. First touch is due by {dueAt}." },
        new() { Name = "reminder", Subject = "Reminder: lead {leadId}", Text = "Lead {leadId} of {accountName} waits for its first touch, due by {dueAt}." },
        new() { Name = "backup", Subject = "Backup: lead {leadId}", Text = "Lead {leadId} of {ownerName} is nearly due ({dueAt}). Please help out." },
        new() { Name = "breach", Subject = "Missed: lead {leadId}", Text = "Lead {leadId} of {accountName}, owned by {ownerName}, was not touched by {dueAt} ({policy})." },
        new() { Name = "reassigned", Subject = "Reassigned: lead {leadId}", Text = "Lead {leadId} went from {formerOwnerId} to {ownerName}." },
        new() { Name = "revops", Subject = "Nobody's lead: {leadId}", Text = "Lead {leadId} of {accountName} was touched by nobody and waits in the RevOps queue." },
    }.ToDictionary(t => t.Name);
}
