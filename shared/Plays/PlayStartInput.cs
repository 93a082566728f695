using System.Text.Json.Serialization;
using Abm.Configuration;
using Abm.Decisions;

namespace Abm.Plays;

/// <summary>What an instance of a play is about.</summary>
/// <param name="Id">Of the lead, account or opportunity.</param>
public sealed record PlaySubject(PlaySubjectKind Kind, string Id)
{
    /// <summary>Such as <c>account:A17</c>.</summary>
    public override string ToString() => $"{(Kind switch { PlaySubjectKind.Lead => "lead", PlaySubjectKind.Account => "account", _ => "opportunity" })}:{Id}";
}

/// <summary>What a play starts from. Travels into durable history: ids and instants only.</summary>
/// <param name="PlayId">The instance; see <see cref="IdFor(string, string)"/> and <see cref="IdFor(string, PlaySubject, string)"/>.</param>
/// <param name="Play">Name of the play in the configuration.</param>
/// <param name="LeadId">The lead it is about; null: it is about an account or an opportunity.</param>
/// <param name="AccountId">The account it is about, or that its subject belongs to; null: unknown.</param>
/// <param name="DecisionId">The decision that chose it; null: no decision did.</param>
/// <param name="ConfigVersion">The play stays on it unless it is migrated.</param>
/// <param name="OwnerId">Who works it at first; null: nobody.</param>
/// <param name="Pool">The pool that the owner came from; null: a named owner.</param>
/// <param name="Policy">The first-touch policy that the decision chose; null: not about a lead.</param>
/// <param name="RoutedAt">When it was decided or triggered, UTC; the first clocks start here.</param>
/// <param name="ReceivedAt">When what started it reached us, UTC.</param>
public sealed record PlayStartInput(
    int Version,
    string PlayId,
    string Play,
    string? LeadId,
    string? AccountId,
    string? DecisionId,
    string ConfigVersion,
    string? OwnerId,
    string? Pool,
    string? Policy,
    DateTimeOffset RoutedAt,
    DateTimeOffset ReceivedAt)
{
    /// <summary>The opportunity it is about; null: it is about a lead or an account.</summary>
    public string? OpportunityId { get; init; }

    /// <summary>Code of what started it, such as <c>surge</c>.</summary>
    public string Trigger { get; init; } = "routeAssigned";

    /// <summary>Id of what happened, such as an event's; null: the decision.</summary>
    public string? OccasionId { get; init; }

    /// <summary>Whether it began among many, from a file: what it tells at its beginning may wait for what is due.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public bool IsBulk { get; init; }

    /// <summary>What it is about.</summary>
    [JsonIgnore]
    public PlaySubject Subject =>
        LeadId is not null ? new PlaySubject(PlaySubjectKind.Lead, LeadId)
        : OpportunityId is not null ? new PlaySubject(PlaySubjectKind.Opportunity, OpportunityId)
        : new PlaySubject(PlaySubjectKind.Account, AccountId ?? throw new InvalidOperationException("A play is about a lead, an opportunity or an account."));

    /// <summary>The id under which the play of that name runs for a lead: once.</summary>
    public static string IdFor(string leadId, string play) => $"play-{leadId}-{play}";

    /// <summary>The id under which the play runs about an account or opportunity because of one occasion: the same occasion again is the same instance.</summary>
    public static string IdFor(string play, PlaySubject subject, string occasionId) => DerivedId.From("play", play, subject.ToString(), occasionId);
}
