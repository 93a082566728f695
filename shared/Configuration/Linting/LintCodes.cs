namespace Abm.Configuration;

/// <summary>What a lint code stands for.</summary>
/// <param name="Severity">Its usual severity.</param>
/// <param name="Finds">What is wrong, in general.</param>
/// <param name="Mend">What to do about it, in general.</param>
public sealed record LintCode(string Code, LintSeverity Severity, string Finds, string Mend);

/// <summary>Codes of everything that lint finds.</summary>
public static class LintCodes
{
    public const string AlwaysFalse = "alwaysFalse";
    public const string Gap = "gap";
    public const string HolidaysPast = "holidaysPast";
    public const string LevelNeverReached = "levelNeverReached";
    public const string NameCase = "nameCase";
    public const string NobodyWaitedFor = "nobodyWaitedFor";
    public const string NotInPool = "notInPool";
    public const string OddBudget = "oddBudget";
    public const string OddHours = "oddHours";
    public const string Overlap = "overlap";
    public const string PoolEmpty = "poolEmpty";
    public const string Secret = "secret";
    public const string Shadowed = "shadowed";
    public const string Stale = "stale";
    public const string SumBeyondTop = "sumBeyondTop";
    public const string TerritoryGap = "territoryGap";
    public const string TerritoryOverlap = "territoryOverlap";
    public const string TierSize = "tierSize";
    public const string UnknownAccount = "unknownAccount";
    public const string UnknownPlaceholder = "unknownPlaceholder";
    public const string UnknownRep = "unknownRep";
    public const string Unused = "unused";
    public const string ValueNeverOccurs = "valueNeverOccurs";

    /// <summary>Every code, errors first. Errors are what <see cref="ConfigCheck"/> finds: a configuration that has one cannot be used.</summary>
    public static IReadOnlyList<LintCode> All { get; } =
    [
        new(ConfigProblemCodes.BadPattern, LintSeverity.Error, "A regular expression is none, is too long, or needs backtracking.", "Write it without lookarounds and back references, or use contains, startsWith or in."),
        new(ConfigProblemCodes.BadValues, LintSeverity.Error, "A value is of the wrong kind or number.", "Write what the message names."),
        new(ConfigProblemCodes.Cycle, LintSeverity.Error, "Things that refer to each other lead back to where they began.", "Take one of the references out."),
        new(ConfigProblemCodes.Duplicate, LintSeverity.Error, "A name or value stands twice where it must be unique.", "Rename or remove one of them."),
        new(ConfigProblemCodes.Empty, LintSeverity.Error, "Something is empty that needs at least one entry.", "Add an entry, or remove what holds it."),
        new(ConfigProblemCodes.LevelGap, LintSeverity.Error, "Some scores have no level.", "Let one level begin at 0."),
        new(ConfigProblemCodes.NeverEnds, LintSeverity.Error, "A step of a play may wait for ever.", "Say how long under within, or name a deadline."),
        new(ConfigProblemCodes.NeverOpens, LintSeverity.Error, "A calendar never opens, so that no deadline in it would ever come.", "Give at least one day hours that are not all taken by holidays."),
        new(ConfigProblemCodes.NoCatchAll, LintSeverity.Error, "A list of rules does not end in one that takes everything.", "Add a last rule without a condition."),
        new(ConfigProblemCodes.Order, LintSeverity.Error, "Values stand in the wrong order.", "Put them in rising order."),
        new(ConfigProblemCodes.OutOfRange, LintSeverity.Error, "A value is outside what is allowed.", "Write one inside the range that the message names."),
        new(ConfigProblemCodes.UnknownField, LintSeverity.Error, "A condition asks about something that there is not.", "Use a field of the list in docs/rules.md."),
        new(ConfigProblemCodes.UnknownReference, LintSeverity.Error, "A name refers to nothing.", "Define it, or correct the name."),
        new(ConfigProblemCodes.UnknownZone, LintSeverity.Error, "A time zone is none.", "Write an IANA zone such as Europe/Berlin."),
        new(ConfigProblemCodes.Unreachable, LintSeverity.Warning, "A rule never decides, because the rules before it take everything that it would.", "Move it up, narrow those before it, or remove it. A rule without a condition that is not the last is an error."),
        new(AlwaysFalse, LintSeverity.Warning, "A condition can never be true.", "Correct it, or remove the rule."),
        new(Gap, LintSeverity.Warning, "Between two ranges a single value is left out.", "Let one range begin where the other ends: gte beside lt."),
        new(HolidaysPast, LintSeverity.Warning, "All holidays of a calendar are in the past.", "Add this year's and next year's, or write those that return every year as month and day."),
        new(LevelNeverReached, LintSeverity.Warning, "No possible score reaches a level.", "Add points, or let the level begin lower."),
        new(NameCase, LintSeverity.Warning, "Two names differ in capital letters only.", "Rename one of them."),
        new(NobodyWaitedFor, LintSeverity.Warning, "A play waits with a deadline for somebody, but says nobody who works it.", "Name the account's owner, a pool or a person under owner."),
        new(NotInPool, LintSeverity.Warning, "A weight or an order is given for somebody who is not in the pool.", "Remove the entry, or add the person to the pool in the list of reps."),
        new(OddBudget, LintSeverity.Warning, "A deadline is too short for anybody to keep, or too long to be one.", "Check the unit: 4h, not 4m; 30d at most."),
        new(OddHours, LintSeverity.Warning, "A shift over midnight is longer than anybody works.", "Write the beginning first: 09:00-17:00, or 22:00-06:00 for a night shift."),
        new(Overlap, LintSeverity.Hint, "Two rules name the same values and send them to different places; their order decides.", "Take the shared values out of one of them."),
        new(PoolEmpty, LintSeverity.Warning, "Nobody can take a lead of the pool in the next seven days.", "Add people to the pool, or send its leads elsewhere."),
        new(Secret, LintSeverity.Error, "Something looks like a password, a key or a token. A configuration is read by many and kept for ever.", "Take it out, change it where it is used, and name a setting or a secret of the vault instead."),
        new(Shadowed, LintSeverity.Warning, "A rule never decides, because an earlier one holds whenever it does.", "Move it above the earlier one, or remove it."),
        new(Stale, LintSeverity.Warning, "The day by which a section was to be reviewed is past, or a matching exception has ended.", "Read the section, then move reviewBy on; remove the exception, or move expires on."),
        new(SumBeyondTop, LintSeverity.Warning, "Rules that can be true together add up to more than the top of the scale, so that the rest is lost.", "Lower some points so that they add up to the top at most."),
        new(TerritoryGap, LintSeverity.Warning, "Leads that territories name everything of are in none of them; the next routing rule takes them.", "Widen a territory, or add one, for what the message names."),
        new(TerritoryOverlap, LintSeverity.Warning, "Two territories take the same leads, restrict equally much and have the same priority: their ids decide.", "Give one a higher priority, or take the shared leads out of one of them."),
        new(TierSize, LintSeverity.Warning, "A tier holds more accounts than can be worked.", "Move accounts to another tier, or raise the limit under tiers."),
        new(UnknownAccount, LintSeverity.Warning, "A matching exception names an account that there is not.", "Correct the id, or remove the exception."),
        new(UnknownPlaceholder, LintSeverity.Warning, "A text names something in braces that is not filled in.", "Use one of the placeholders in docs/rules.md."),
        new(UnknownRep, LintSeverity.Warning, "Leads are sent to somebody who is not among the people, or not active.", "Correct the id, or add the person."),
        new(Unused, LintSeverity.Warning, "Something is defined that nothing refers to.", "Remove it, or refer to it."),
        new(ValueNeverOccurs, LintSeverity.Warning, "A condition compares with a value that the field never has.", "Use one of the field's values."),
    ];

    /// <summary>What a code stands for.</summary>
    /// <exception cref="InvalidOperationException">No such code.</exception>
    public static LintCode Find(string code) => All.FirstOrDefault(c => c.Code == code) ?? throw new InvalidOperationException($"There is no lint code '{code}'.");
}
