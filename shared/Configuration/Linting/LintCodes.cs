namespace Abm.Configuration;

/// <summary>Codes of what lint finds beside the errors of <see cref="ConfigProblemCodes"/>.</summary>
public static class LintCodes
{
    public const string Overlap = "overlap";
    public const string Gap = "gap";
    public const string Shadowed = "shadowed";
    public const string AlwaysFalse = "alwaysFalse";
    public const string SumBeyondTop = "sumBeyondTop";
    public const string LevelNeverReached = "levelNeverReached";
    public const string HolidaysPast = "holidaysPast";
    public const string PoolEmpty = "poolEmpty";
    public const string Unused = "unused";
    public const string Stale = "stale";
    public const string Secret = "secret";
    public const string OddBudget = "oddBudget";
    public const string NotInPool = "notInPool";
    public const string NameCase = "nameCase";
    public const string UnknownPlaceholder = "unknownPlaceholder";
    public const string TierSize = "tierSize";
}
