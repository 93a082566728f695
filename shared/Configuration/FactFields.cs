using System.Text.Json;
using Abm.Accounts;
using Abm.Leads;

namespace Abm.Configuration;

/// <summary>What values of a fact look like.</summary>
public enum FactKind
{
    Text,
    Whole,
    Number,
    Truth,

    /// <summary>One of <see cref="FactField.Values"/>.</summary>
    Choice,
}

/// <summary>Something that conditions can ask about.</summary>
/// <param name="Name">As it is written: <c>account.industry</c>.</param>
/// <param name="Says">In words: the account's industry.</param>
public sealed record FactField(string Name, string Says, FactKind Kind = FactKind.Text)
{
    /// <summary>All values that a choice can have; empty for other kinds.</summary>
    public IReadOnlyList<string> Values { get; init; } = [];

    /// <summary>The least number it can be; null = any.</summary>
    public double? Least { get; init; }

    /// <summary>The greatest number it can be; null = any.</summary>
    public double? Most { get; init; }

    /// <summary>Whether it is known of every lead, so that a condition about it is never missing.</summary>
    public bool IsAlwaysKnown { get; init; }

    /// <summary>Whether it is known only once the lead was scored.</summary>
    public bool IsAfterScoring { get; init; }
}

/// <summary>The fields that conditions may ask about.</summary>
public static class FactFields
{
    /// <summary>Every field with a fixed name.</summary>
    public static IReadOnlyList<FactField> All { get; } =
    [
        new("lead.title", "the lead's title"),
        new("lead.company", "the lead's company"),
        new("lead.source", "the lead's source"),
        new("lead.country", "the lead's country as written"),
        new("lead.countryCode", "the lead's country"),
        new("lead.state", "the lead's state"),
        new("lead.city", "the lead's city"),
        new("lead.emailDomain", "the lead's e-mail domain"),
        new("lead.domain", "the lead's company domain"),
        new("lead.companyKey", "the lead's company without legal form, accents and punctuation"),
        Choice<EmailKind>("lead.emailKind", "what kind of e-mail address the lead has"),
        new("lead.accountId", "the account that the sender names"),
        Truth("lead.isTest", "the lead is a test") with { IsAlwaysKnown = true },
        new("lead.persona", "the lead's persona"),
        Truth("account.known", "the account is known") with { IsAlwaysKnown = true },
        new("account.name", "the account's name"),
        new("account.country", "the account's country as written"),
        new("account.countryCode", "the account's country"),
        new("account.state", "the account's state"),
        new("account.city", "the account's city"),
        new("account.industry", "the account's industry"),
        new("account.employees", "the number of the account's employees", FactKind.Whole),
        Choice<AccountTier>("account.tier", "the account's tier"),
        Choice<AccountStatus>("account.status", "the account's status"),
        new("account.owner", "the account's owner"),
        Truth("account.hasOpenOpportunity", "the account has an open opportunity"),
        new("account.contacts", "the number of the account's contacts", FactKind.Whole) { Least = 0 },
        new("account.opportunities", "the number of the account's opportunities", FactKind.Whole) { Least = 0 },
        new("territory.countryCode", "the country of the account, or else of the lead"),
        new("territory.state", "the state of the account, or else of the lead"),
        new("territory.city", "the city of the account, or else of the lead"),
        new("territory.product", "the product that the lead, or else the account, is about"),
        new("match.outcome", "the outcome of matching", FactKind.Choice) { Values = ["matched", "review", "unmatched"], IsAlwaysKnown = true },
        new("match.why", "why it is not matched"),
        new("match.confidence", "the confidence of the match", FactKind.Number),
        Truth("match.isLowConfidence", "the match has low confidence"),
        new("score.points", "the fit points", FactKind.Number) { IsAfterScoring = true, Least = 0, Most = 100 },
        new("score.level", "the fit level") { IsAfterScoring = true },
    ];

    /// <summary>Known once the account is known: these may be used in scoring rules.</summary>
    public static IReadOnlyList<string> BeforeScoring { get; } = [.. All.Where(f => !f.IsAfterScoring).Select(f => f.Name)];

    /// <summary>Known after scoring: routing and plays may use these too.</summary>
    public static IReadOnlyList<string> AfterScoring { get; } = [.. All.Select(f => f.Name)];

    /// <summary>Followed by the name of a custom field or UTM parameter, in any case.</summary>
    public static IReadOnlyList<string> OpenPrefixes { get; } = ["lead.custom.", "lead.utm.", "account.custom.", .. PlayPrefixes];

    /// <summary>Known to plays only: properties of what started a play (<c>event.</c>), of its opportunity (<c>opportunity.</c>), what the engine has seen of the account (<c>signal.</c>), and how often the play heard an event (<c>play.events.</c>).</summary>
    public static IReadOnlyList<string> PlayPrefixes => ["event.", "opportunity.", "signal.", "play.events."];

    /// <summary>Whether only plays can ask about the field.</summary>
    public static bool IsOfPlays(string field) => PlayPrefixes.Any(p => field.Length > p.Length && field.StartsWith(p, StringComparison.Ordinal));

    /// <summary>Whether a condition at that place may ask about the field.</summary>
    public static bool IsKnown(string field, bool afterScoring) =>
        (afterScoring ? AfterScoring : BeforeScoring).Contains(field, StringComparer.Ordinal)
        || OpenPrefixes.Any(p => field.Length > p.Length && field.StartsWith(p, StringComparison.Ordinal));

    /// <summary>What is known about a field; one with an open name is a text of which nothing more is known.</summary>
    public static FactField Find(string field) => All.FirstOrDefault(f => f.Name == field) ?? new FactField(field, Open(field));

    private static string Open(string field) =>
        field.StartsWith("lead.custom.", StringComparison.Ordinal) ? $"the lead's field '{field["lead.custom.".Length..]}'"
        : field.StartsWith("lead.utm.", StringComparison.Ordinal) ? $"the lead's UTM {field["lead.utm.".Length..]}"
        : field.StartsWith("account.custom.", StringComparison.Ordinal) ? $"the account's field '{field["account.custom.".Length..]}'"
        : field.StartsWith("event.", StringComparison.Ordinal) ? $"the event's {field["event.".Length..]}"
        : field.StartsWith("opportunity.", StringComparison.Ordinal) ? $"the opportunity's {field["opportunity.".Length..]}"
        : field.StartsWith("signal.", StringComparison.Ordinal) ? $"the account's signal {field["signal.".Length..]}"
        : field.StartsWith("play.events.", StringComparison.Ordinal) ? $"how often the play heard '{field["play.events.".Length..]}'"
        : field;

    private static FactField Truth(string name, string says) => new(name, says, FactKind.Truth) { Values = ["true", "false"] };

    private static FactField Choice<T>(string name, string says)
        where T : struct, Enum => new(name, says, FactKind.Choice) { Values = [.. Enum.GetNames<T>().Select(JsonNamingPolicy.CamelCase.ConvertName)] };
}
