using System.Text.Json.Serialization;

namespace Abm.Signals;

/// <summary>Something that happened at an account.</summary>
/// <param name="EventId">Derived from what was sent: the same sent again is the same event.</param>
/// <param name="Kind">See <see cref="EventKinds.Read"/>.</param>
/// <param name="At">When it happened, UTC.</param>
/// <param name="ReceivedAt">When we heard of it, UTC.</param>
public sealed record AccountEvent(string EventId, string Kind, DateTimeOffset At, DateTimeOffset ReceivedAt)
{
    /// <summary>Names the person without naming them: a keyed hash; null: nobody known.</summary>
    public string? PersonKey { get; init; }

    /// <summary>The person's id as the sender knows it; null: not told. Goes with the person.</summary>
    public string? PersonId { get; init; }

    /// <summary>What the person does; null: not known.</summary>
    public string? Persona { get; init; }

    /// <summary>Where the person works, as the sender says; null: the persona says.</summary>
    public string? Department { get; init; }
    public string? Topic { get; init; }

    /// <summary>0 to 100, as a provider of intent says; or the score of anything else.</summary>
    public double? Score { get; init; }

    /// <summary>The opportunity it is about; null: about none.</summary>
    public string? OpportunityId { get; init; }

    /// <summary>Who told it. Lower case.</summary>
    public string Source { get; init; } = "api";

    /// <summary>Whatever else was sent.</summary>
    public IReadOnlyDictionary<string, string> Custom { get; init; } = new Dictionary<string, string>();
}

/// <summary>An event in the timeline of an account.</summary>
/// <param name="Notes">What was true when it was noted, by field such as <c>event.dormantDays</c>: looked at again later, it would be another.</param>
/// <param name="Starts">Whether plays may start because of it. What came too late, or while plays were off, is history only.</param>
public sealed record TimelineEntry(AccountEvent Event, IReadOnlyDictionary<string, string> Notes, bool Starts)
{
    /// <summary>Who noted events of our own.</summary>
    public const string Us = "abm";

    /// <summary>The account that it came for, when that was merged into the one that has it now; null: this one.</summary>
    public string? Origin { get; init; }

    /// <summary>Whether the app itself noted it.</summary>
    [JsonIgnore]
    public bool IsOurs => Event.Source == Us;
}

/// <summary>What a new event, or a look at the account, makes of its timeline.</summary>
/// <param name="Entries">To be added, the events that came as well as what they mean.</param>
/// <param name="Dropped">Ids of events that are counted but not kept, because the account had too many that day.</param>
public sealed record TimelineChange(SignalState State, IReadOnlyList<TimelineEntry> Entries, IReadOnlyList<string> Dropped);
