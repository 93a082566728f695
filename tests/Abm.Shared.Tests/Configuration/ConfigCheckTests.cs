using Abm.Configuration;
using Abm.Decisions;
using Abm.Matching;
using Abm.TestKit;

namespace Abm.Shared.Tests.Configuration;

public sealed class ConfigCheckTests
{
    private static readonly AbmConfig Good = AbmConfig.Default;
    private static readonly PoolRules Pool = new() { Name = "inbound" };

    [Fact]
    public void The_built_in_defaults_can_be_used() => Assert.Empty(ConfigCheck.Problems(Good));

    public static TheoryData<string, string, AbmConfig> Mistakes => new()
    {
        { "noCatchAll", "routing", Good.Routing(new RoutingRule { Name = "Only some", When = A.Test("account.known", PredicateOp.Equals, "true"), To = new RouteTarget.Queue("q") }) },
        { "noCatchAll", "routing", Good.Routing() },
        { "noCatchAll", "routing[0].to", Good.Routing(new RoutingRule { Name = "Owner", To = new RouteTarget.AccountOwner() }) },
        { "unreachable", "routing[0]", Good.Routing(RoutingRule.Unassigned, RoutingRule.Unassigned with { Name = "Second" }) },
        { "unknownReference", "routing[0].to", Good.Routing(new RoutingRule { Name = "Pool", To = new RouteTarget.Pool("inbund") }) },
        { "duplicate", "routing[1]", Good.Routing(RoutingRule.Unassigned with { When = Predicate.Always }, RoutingRule.Unassigned) },
        { "unknownField", "routing[0].when.field", Good.Routing(RoutingRule.Unassigned with { Name = "x", When = A.Test("account.industri", PredicateOp.Equals, "x") }, RoutingRule.Unassigned) },
        { "unknownField", "scoring.rules[0].when.field", Scoring(A.Test("score.level", PredicateOp.Equals, "Target")) },
        { "badPattern", "scoring.rules[0].when.value", Scoring(A.Test("lead.title", PredicateOp.Regex, "(a+)+(?=b)")) },
        { "badPattern", "scoring.rules[0].when.value", Scoring(A.Test("lead.title", PredicateOp.Regex, "(")) },
        { "badValues", "scoring.rules[0].when.value", Scoring(A.Test("account.employees", PredicateOp.Gt, "many")) },
        { "badValues", "scoring.rules[0].when.value", Scoring(A.Test("account.employees", PredicateOp.Between, "1")) },
        { "order", "scoring.rules[0].when.value", Scoring(A.Test("account.employees", PredicateOp.Between, "9", "1")) },
        { "empty", "scoring.rules[0].when.any", Scoring(new Predicate.Any([])) },
        { "outOfRange", "scoring.rules[0].points", Good with { Scoring = new ScoringRules { Rules = [new() { Name = "x", Points = double.NaN, When = Predicate.Always }] } } },
        { "levelGap", "scoring.levels", Good with { Scoring = new ScoringRules { Levels = [new() { Name = "Target", From = 80 }] } } },
        { "duplicate", "scoring.levels[1]", Good with { Scoring = new ScoringRules { Levels = [new() { Name = "A", From = 0 }, new() { Name = "B", From = 0 }] } } },
        { "unknownZone", "pools.inbound.zone", Good.RoutingToPool(Pool with { Zone = "Europe/Berln" }) },
        { "unknownZone", "pools.inbound.zone", Good.RoutingToPool(Pool with { Zone = "UTC+01" }) },
        { "outOfRange", "pools.inbound.weights.R1", Good.RoutingToPool(Pool with { Weights = new Dictionary<string, double> { ["R1"] = 0 } }) },
        { "outOfRange", "pools.inbound.caps[0].max", Good.RoutingToPool(Pool with { Caps = [new() { Per = CapPeriod.Day, Max = 0 }] }) },
        { "unknownReference", "defaultCalendar", Good with { DefaultCalendar = "office" } },
        { "neverOpens", "calendars.default.week", Calendar(CalendarRules.Default with { Week = new Dictionary<DayOfWeek, IReadOnlyList<LocalInterval>>() }) },
        { "order", "calendars.default.week.monday[0]", Calendar(CalendarRules.Default with { Week = Monday(LocalInterval.Hours(22, 6)) }) },
        { "order", "calendars.default.week.monday[1]", Calendar(CalendarRules.Default with { Week = Monday(LocalInterval.Hours(9, 13), LocalInterval.Hours(12, 17)) }) },
        { "order", "calendars.default.week.monday", Calendar(CalendarRules.Default with { Week = new Dictionary<DayOfWeek, IReadOnlyList<LocalInterval>> { [DayOfWeek.Monday] = [LocalInterval.Hours(22, 30)], [DayOfWeek.Tuesday] = [LocalInterval.Hours(5, 9)] } }) },
        { "neverOpens", "calendars.default", Calendar(CalendarRules.Default with { HolidayLists = ["all"] }) with { Holidays = new Dictionary<string, IReadOnlyList<Holiday>> { ["all"] = [.. Enumerable.Range(0, 366).Select(d => new Holiday { Name = "Off", Date = new DateOnly(2024, 1, 1).AddDays(d), EveryYear = true })] } } },
        { "unknownReference", "calendars.default.holidayLists[0]", Calendar(CalendarRules.Default with { HolidayLists = ["moon"] }) },
        { "order", "holidays.de[0].closed", Good with { Holidays = new Dictionary<string, IReadOnlyList<Holiday>> { ["de"] = [new() { Name = "Half", Date = new DateOnly(2026, 12, 24), Closed = LocalInterval.Hours(12, 12) }] } } },
        { "duplicate", "calendars.other.countries[0]", Good with { Calendars = new Dictionary<string, CalendarRules> { ["default"] = CalendarRules.Default with { Countries = ["DE"] }, ["other"] = CalendarRules.Default with { Name = "other", Countries = ["DE"] } } } },
        { "badValues", "calendars.default.countries[0]", Calendar(CalendarRules.Default with { Countries = ["Germany"] }) },
        { "duplicate", "calendars.always", Calendar(CalendarRules.Default with { Name = "always" }) with { DefaultCalendar = "always" } },
        { "outOfRange", "slaPolicies.none.budget", Good.With(new SlaPolicy { Name = "none" }) },
        { "outOfRange", "slaPolicies.years.budget", Good.With(new SlaPolicy { Name = "years", Budget = TimeSpan.FromDays(800) }) },
        { "outOfRange", "slaPolicies.days.workingDays", Good.With(new SlaPolicy { Name = "days", WorkingDays = 0, Budget = TimeSpan.FromHours(1) }) },
        { "badValues", "slaPolicies.days.workingDays", Good.With(new SlaPolicy { Name = "days", WorkingDays = 3, Hours = SlaHours.Always }) },
        { "badValues", "slaPolicies.odd.pauseReasons[0]", Good.With(new SlaPolicy { Name = "odd", Budget = TimeSpan.FromHours(1), PauseReasons = ["no reason at all"] }) },
        { "outOfRange", "slaPolicies.first-touch-1tofew.budget", Calendar(CalendarRules.Default with { Week = Monday(new LocalInterval(TimeSpan.Zero, TimeSpan.FromSeconds(10))) }) },
        { "outOfRange", "slaPolicies.x.budget", Good.With(new SlaPolicy { Name = "x", Budget = TimeSpan.Zero }) },
        { "order", "slaPolicies.x.ladder[1].at", Ladder((50, LadderAction.Remind), (50, LadderAction.RemindBackup)) },
        { "outOfRange", "slaPolicies.x.ladder[0].at", Ladder((90, LadderAction.Breach)) },
        { "outOfRange", "slaPolicies.x.ladder[0].at", Ladder((100, LadderAction.Reassign)) },
        { "outOfRange", "slaPolicies.x.ladder[0].at", Ladder((120, LadderAction.Remind)) },
        { "outOfRange", "slaPolicies.x.ladder[1].at", Ladder((50, LadderAction.Remind), (50.001, LadderAction.RemindBackup)) },
        { "badValues", "plays[1].steps[0].start", Good with { Plays = [PlayRules.Inbound, new() { Name = "surge", On = PlayTrigger.Surge, Steps = [new() { Start = PlayRules.Inbound.Name }] }] } },
        { "unknownReference", "plays[0].firstTouch[0].policy", Play(p => p with { FirstTouch = [new() { Policy = "nope" }] }) },
        { "noCatchAll", "plays[0].firstTouch", Play(p => p with { FirstTouch = [] }) },
        { "unknownReference", "plays[0].steps[0].template", Play(p => p with { Steps = [new() { Notify = PlayRecipient.Owner, Template = "card" }] }) },
        { "unknownReference", "plays[0].reassignPool", Play(p => p with { ReassignPool = "nope" }) },
        { "badValues", "plays[0].name", Play(p => p with { Name = "Inbound Play" }) },
        { "order", "matching.reviewFrom", new AbmConfig("x", MatchModel.Default with { ReviewFrom = 9 }) },
    };

    [Theory]
    [MemberData(nameof(Mistakes), DisableDiscoveryEnumeration = true)]
    public void A_mistake_is_found_at_its_place(string code, string path, AbmConfig config)
    {
        IReadOnlyList<ConfigProblem> problems = ConfigCheck.Problems(config);

        Assert.Contains(problems, p => p.Code == code && p.Path == path);
    }

    [Fact]
    public void An_unknown_name_comes_with_the_nearest_known_one()
    {
        AbmConfig config = Good.RoutingToPool(Pool).Routing(new RoutingRule { Name = "Pool", To = new RouteTarget.Pool("inbund") });

        Assert.Equal("There is no pool 'inbund'; did you mean 'inbound'?", Assert.Single(ConfigCheck.Problems(config)).Message);
    }

    [Fact]
    public void All_problems_are_found_at_once()
    {
        AbmConfig config = Good.Routing() with { DefaultCalendar = "none", Personas = [new() { Persona = "x", TitleHas = ["!"] }] };

        Assert.Equal(["personas[0].titleHas", "routing", "defaultCalendar"], ConfigCheck.Problems(config).Select(p => p.Path));
    }

    private static AbmConfig Scoring(Predicate when) => Good with { Scoring = new ScoringRules { Rules = [new() { Name = "x", Points = 1, When = when }] } };

    private static AbmConfig Calendar(CalendarRules rules) => Good with { Calendars = new Dictionary<string, CalendarRules> { [rules.Name] = rules } };

    private static Dictionary<DayOfWeek, IReadOnlyList<LocalInterval>> Monday(params LocalInterval[] hours) => new() { [DayOfWeek.Monday] = hours };

    private static AbmConfig Ladder(params (double At, LadderAction Do)[] steps) =>
        Good.With(new SlaPolicy { Name = "x", Budget = TimeSpan.FromHours(1), Ladder = [.. steps.Select(s => new LadderStep { At = s.At, Do = s.Do })] });

    private static AbmConfig Play(Func<PlayRules, PlayRules> change) => Good with { Plays = [change(PlayRules.Inbound)] };
}
