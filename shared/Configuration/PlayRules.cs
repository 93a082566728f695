namespace Abm.Configuration;

/// <summary>What follows a decision: who is told, which clock runs, when it ends.</summary>
[Says("play")]
public sealed record PlayRules : IRule
{
    /// <summary>Plays that start at different events do not compete.</summary>
    string? IRule.Group => On.ToString();

    /// <summary>Lower-case name, unique among the plays; part of the durable instance's id.</summary>
    [Says("name"), Pattern("[a-z0-9-]{1,40}", "A play's name has 1 to 40 lower-case letters, digits and hyphens: it is part of ids.")]
    public required string Name { get; init; }
    [Says("starts when")]
    public PlayTrigger On { get; init; } = PlayTrigger.RouteAssigned;

    /// <summary>Started only when this is true; null = always.</summary>
    [Says("when")]
    public Predicate? When { get; init; }

    /// <summary>Which first-touch policy applies: tried in order, the last one without a condition.</summary>
    [Says("deadline of the first touch"), NamedBy("policy"), DecisionList(Because = "so that every lead has a deadline")]
    public required IReadOnlyList<SlaChoice> FirstTouch { get; init; }

    /// <summary>What is done at the start for each owner.</summary>
    [Says("steps at the start")]
    public IReadOnlyList<PlayStepRule> Steps { get; init; } = [new() { Notify = PlayRecipient.Owner, Template = "context-card" }];

    /// <summary>Template of the 50 % reminder and of the owner's part of the 80 % one.</summary>
    [Says("text of reminders"), RefersTo("templates", "template")]
    public string ReminderTemplate { get; init; } = "reminder";
    [Says("text for the backup"), RefersTo("templates", "template")]
    public string BackupTemplate { get; init; } = "backup";
    [Says("text of a missed deadline"), RefersTo("templates", "template")]
    public string BreachTemplate { get; init; } = "breach";
    [Says("text of a reassignment"), RefersTo("templates", "template")]
    public string ReassignedTemplate { get; init; } = "reassigned";
    [Says("text for revenue operations"), RefersTo("templates", "template")]
    public string RevOpsTemplate { get; init; } = "revops";

    /// <summary>Pool for reassignments; null = the pool that the lead came from, or, when it had a named owner, <see cref="FallbackPool"/>.</summary>
    [Says("pool for reassignments"), RefersTo("pools", "pool")]
    public string? ReassignPool { get; init; }

    /// <summary>Pool for reassignments of leads that did not come from a pool; null = those are not reassigned, but go to RevOps.</summary>
    [Says("pool for reassignments of leads with a named owner"), RefersTo("pools", "pool")]
    public string? FallbackPool { get; init; }

    /// <summary>How many times it may change hands after breaches. 0 to 5.</summary>
    [Says("most reassignments"), Between(0, 5)]
    public int MaxReassignments { get; init; } = 2;

    /// <summary>Queue where nobody's leads end.</summary>
    [Says("queue where nobody's leads end")]
    public string RevOpsQueue { get; init; } = "revops";

    /// <summary>How long a touch is still waited for, and measured, after the last step. One second to 366 days.</summary>
    [Says("a touch is waited for after the last step"), Between("1s", "366d")]
    public TimeSpan KeepMeasuringFor { get; init; } = TimeSpan.FromDays(30);

    /// <summary>The inbound play with the documented deadlines for each tier.</summary>
    public static PlayRules Inbound { get; } = new()
    {
        Name = "inbound",
        FirstTouch =
        [
            new() { When = new Predicate.Test("account.tier", PredicateOp.Equals, ["oneToOne"]), Policy = "first-touch-1to1" },
            new() { When = new Predicate.Test("account.tier", PredicateOp.Equals, ["oneToFew"]), Policy = "first-touch-1tofew" },
            new() { Policy = "first-touch" },
        ],
    };
}

/// <summary>What starts a play.</summary>
public enum PlayTrigger
{
    /// <summary>A lead got an owner.</summary>
    [Says("a lead got an owner")]
    RouteAssigned,
}

/// <summary>One line of the choice of a policy.</summary>
[Says("choice of a deadline")]
public sealed record SlaChoice : IRule
{
    string IRule.Name => Policy;

    [Says("when")]
    public Predicate? When { get; init; }

    [Says("deadline"), RefersTo("slaPolicies", "SLA policy")]
    public required string Policy { get; init; }
}

/// <summary>Tells somebody something when an owner gets the lead.</summary>
[Says("step")]
public sealed record PlayStepRule
{
    [Says("tell")]
    public required PlayRecipient Notify { get; init; }
    [Says("text"), RefersTo("templates", "template")]
    public required string Template { get; init; }
}

public enum PlayRecipient
{
    Owner,
    Manager,
    Backup,
}

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
