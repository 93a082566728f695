using System.Text.Json.Serialization;

namespace Abm.Signals;

/// <summary>What is known of an account's signals at once: counts by day, what was last seen of it, and what waits. Immutable; everything of it is bounded.</summary>
public sealed record SignalState
{
    /// <summary>Days that are counted: a week, and the twelve before it that it is compared with.</summary>
    public const int DaysKept = 91;

    /// <summary>Events of one account and day that are kept; more are only counted.</summary>
    public const int MostEventsOfDay = 500;

    /// <summary>People told apart in one day; more are counted together.</summary>
    public const int MostPeopleOfDay = 50;

    /// <summary>Nothing is known.</summary>
    public static SignalState Empty { get; } = new();

    /// <summary>Oldest first; days without events are not there.</summary>
    public IReadOnlyList<SignalDay> Days { get; init; } = [];

    /// <summary>The first event ever, UTC.</summary>
    public DateTimeOffset? FirstAt { get; init; }

    /// <summary>The last time somebody did something with us, UTC.</summary>
    public DateTimeOffset? EngagedAt { get; init; }

    /// <summary>Departments and personas that were ever seen; at most 50.</summary>
    public IReadOnlyList<string> Departments { get; init; } = [];

    /// <summary>Channels that somebody unsubscribed from, of everybody (under the empty name) or by person.</summary>
    public IReadOnlyList<string> Unsubscribed { get; init; } = [];

    /// <summary>The last surges: of everything under the empty topic. At most 50.</summary>
    public IReadOnlyList<SurgeMark> Surges { get; init; } = [];

    /// <summary>Topics that were researched lately, the latest last; at most 20.</summary>
    public IReadOnlyList<TopicSeen> Topics { get; init; } = [];

    /// <summary>The account as it was when it was last looked at; null: never.</summary>
    public AccountSnapshot? Seen { get; init; }

    /// <summary>How often what was seen changed: tells two equal changes apart.</summary>
    public int SeenChanges { get; init; }

    /// <summary>The last owner; stays when the account has none any more.</summary>
    public string? LastOwnerId { get; init; }

    /// <summary>The last engagement whose end was told as dormancy; null: none was.</summary>
    public DateTimeOffset? DormantTold { get; init; }

    /// <summary>Whether engagement is told as dropped and has not come back since.</summary>
    public bool IsDropTold { get; init; }

    /// <summary>Keys of entries that plays were not asked about yet, in the order they came.</summary>
    public IReadOnlyList<string> Pending { get; init; } = [];

    /// <summary>The day the list of live accounts knows it by.</summary>
    public DateOnly? ListedOn { get; init; }
}

/// <summary>What an account did on one UTC day.</summary>
/// <param name="People">Who did what; what nobody known did stands under the empty key.</param>
/// <param name="Kept">Events of that day in the timeline.</param>
/// <param name="Dropped">Events that were only counted here.</param>
public sealed record SignalDay(DateOnly Day, IReadOnlyList<PersonDay> People, int Kept, int Dropped);

/// <summary>What one person did on one day.</summary>
/// <param name="Key">Keyed hash, cut short; empty: nobody known; <see cref="Others"/>: more people than are told apart.</param>
/// <param name="Counts">Events by kind; at most 30 kinds.</param>
public sealed record PersonDay(string Key, string? Persona, IReadOnlyDictionary<string, int> Counts)
{
    public const string Others = "~";

    /// <summary>Points of the day: of each kind the first five count.</summary>
    [JsonIgnore]
    public double Points => Counts.Sum(c => EventKinds.Worth(c.Key) * Math.Min(c.Value, 5));

    [JsonIgnore]
    public bool IsKnown => Key.Length > 0;
}

/// <summary>A surge that was told.</summary>
/// <param name="Topic">Empty: of everything.</param>
public sealed record SurgeMark(string Topic, DateTimeOffset At, double Strength);

/// <summary>A topic that was researched.</summary>
public sealed record TopicSeen(string Topic, DateTimeOffset FirstAt, DateTimeOffset LastAt, double? Score);
