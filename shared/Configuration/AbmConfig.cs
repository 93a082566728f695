using Abm.Matching;

namespace Abm.Configuration;

/// <summary>Everything the product decides by, as one immutable version.</summary>
/// <param name="Version">Derived from the content: equal content has an equal version.</param>
/// <param name="Matching">How accounts are recognised.</param>
[Says("configuration")]
public sealed record AbmConfig(
    [property: NotWritten] string Version,
    [property: Says("matching"), CheckedBy(typeof(MatchModelCheck))] MatchModel Matching)
{
    /// <summary>The version whose calendars and allowed times these are, where that is another one: see <see cref="Clocks.ClockRules.InForce"/>. Null: this one.</summary>
    [NotWritten]
    public string? ClocksVersion { get; init; }

    /// <summary>Exceptions from what the evidence says: tried in order before anything is compared.</summary>
    [Says("matching exceptions", More = "Tried in order before anything is compared. Each has an owner, a reason and a last day."), UniqueBy("name", "matching exception"), CheckedBy(typeof(ExceptionListCheck))]
    [DecisionList(CatchAll = false)]
    public IReadOnlyList<ExceptionRule> MatchingExceptions { get; init; } = [];

    /// <summary>How well an account fits: rules that add points, and the levels cut on their sum.</summary>
    [Says("scoring")]
    public ScoringRules Scoring { get; init; } = ScoringRules.Default;

    /// <summary>What a person does, by title; the first rule that fits wins.</summary>
    [Says("personas", More = "The first that fits a title wins; nobody that fits is Other."), NamedBy("persona")]
    public IReadOnlyList<PersonaRule> Personas { get; init; } = [];

    /// <summary>Checks before any assignment (product rules on conflicts).</summary>
    [Says("conflict checks", More = "They come before every routing rule.")]
    public ConflictRules Conflicts { get; init; } = new();

    /// <summary>Who takes a lead: tried in order, the last one has no condition and always decides.</summary>
    [Says("routing", More = "Tried in order; the last rule has no condition."), UniqueBy("name", "routing rule"), CheckedBy(typeof(RoutingListCheck))]
    [DecisionList(Because = "so that every lead goes somewhere")]
    public IReadOnlyList<RoutingRule> Routing { get; init; } = [RoutingRule.Unassigned];

    /// <summary>Whose leads of which part of the market are, by name; routing rules send to them.</summary>
    [Says("territories", More = "The one that restricts the most wins, then the higher priority, then the id.")]
    public IReadOnlyDictionary<string, TerritoryRules> Territories { get; init; } = new Dictionary<string, TerritoryRules>();

    /// <summary>Pools for segments of accounts: tried in order, the first that holds; routing rules send to them.</summary>
    [Says("pods", More = "Tried in order; the first whose segment holds."), UniqueBy("name", "pod"), DecisionList(CatchAll = false)]
    public IReadOnlyList<PodRule> Pods { get; init; } = [];

    /// <summary>Pools of people who take turns, by name.</summary>
    [Says("pools"), Definitions("pool")]
    public IReadOnlyDictionary<string, PoolRules> Pools { get; init; } = new Dictionary<string, PoolRules>();

    /// <summary>Working calendars by name.</summary>
    [Says("working calendars"), Definitions("calendar", AlsoNamedByReps = true), CheckedBy(typeof(CalendarsCheck))]
    public IReadOnlyDictionary<string, CalendarRules> Calendars { get; init; } =
        new Dictionary<string, CalendarRules> { [CalendarRules.Default.Name] = CalendarRules.Default };

    /// <summary>Lists of holidays by name, such as a country's or a region's; calendars name those that they keep.</summary>
    [Says("holidays"), Definitions("list of holidays"), CheckedBy(typeof(HolidayListsCheck))]
    public IReadOnlyDictionary<string, IReadOnlyList<Holiday>> Holidays { get; init; } = new Dictionary<string, IReadOnlyList<Holiday>>();

    /// <summary>The calendar of everyone and everything that names none.</summary>
    [Says("calendar of whoever names none"), RefersTo("calendars", "calendar")]
    public string DefaultCalendar { get; init; } = CalendarRules.Default.Name;

    /// <summary>Deadlines and what happens on the way to them and after, by name.</summary>
    [Says("deadlines"), Definitions("SLA policy")]
    public IReadOnlyDictionary<string, SlaPolicy> SlaPolicies { get; init; } = SlaPolicy.Defaults;

    /// <summary>Plays in the order they are tried; the first whose trigger and condition fit is started.</summary>
    [Says("plays", More = "The first whose trigger and condition fit is started."), UniqueBy("name", "play"), DecisionList(CatchAll = false)]
    public IReadOnlyList<PlayRules> Plays { get; init; } = [PlayRules.Inbound];

    /// <summary>How what accounts do is read, for plays.</summary>
    [Says("signals")]
    public SignalRules Signals { get; init; } = new();

    /// <summary>Texts of notifications by id.</summary>
    [Says("notification texts"), Definitions("template")]
    public IReadOnlyDictionary<string, NotificationTemplate> Templates { get; init; } = NotificationTemplate.Defaults;

    /// <summary>How long the lists of tiers may get.</summary>
    [Says("tiers")]
    public TierRules Tiers { get; init; } = new();

    /// <summary>What is switched on.</summary>
    [Says("switches")]
    public FeatureSwitches Features { get; init; } = new();

    /// <summary>How soon people place what the matcher left to them.</summary>
    [Says("review of unplaced leads")]
    public ReviewRules Review { get; init; } = new();

    /// <summary>How long things are kept.</summary>
    [Says("retention")]
    public RetentionRules Retention { get; init; } = new();

    /// <summary>What must be true before a draft is published.</summary>
    [Says("publishing")]
    public PublishingRules Publishing { get; init; } = new();

    /// <summary>Who cares for which section, by the section's name.</summary>
    [Says("care of the sections"), RefersTo("", "section")]
    public IReadOnlyDictionary<string, SectionCare> Sections { get; init; } = new Dictionary<string, SectionCare>();

    /// <summary>The documented starting points, used where a configuration says nothing.</summary>
    public static AbmConfig Default { get; } = new("defaults", MatchModel.Default);
}
