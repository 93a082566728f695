namespace Abm.Configuration;

/// <summary>What is wrong with a configuration.</summary>
/// <param name="Code">Stable code, see <see cref="ConfigProblemCodes"/>.</param>
/// <param name="Path">Where it stands, such as <c>pools.inbound.weights.R001</c> or <c>routing[2].to</c>.</param>
/// <param name="Message">What is wrong and what would be right.</param>
public sealed record ConfigProblem(string Code, string Path, string Message);

/// <summary>Codes of configuration problems.</summary>
public static class ConfigProblemCodes
{
    public const string Empty = "empty";
    public const string OutOfRange = "outOfRange";
    public const string Duplicate = "duplicate";
    public const string UnknownReference = "unknownReference";
    public const string UnknownField = "unknownField";
    public const string UnknownZone = "unknownZone";
    public const string BadPattern = "badPattern";
    public const string BadValues = "badValues";
    public const string NoCatchAll = "noCatchAll";
    public const string Unreachable = "unreachable";
    public const string Order = "order";
    public const string NeverOpens = "neverOpens";
    public const string LevelGap = "levelGap";
    public const string Cycle = "cycle";
    public const string NeverEnds = "neverEnds";
}

/// <summary>Checks what a configuration means, after its form was read. Finds every problem, not only the first.</summary>
/// <remarks>What attributes declare is checked for every record alike; what they cannot say stands with the record (<see cref="CheckedByAttribute"/>).</remarks>
public static class ConfigCheck
{
    /// <summary>Every problem, in the order of the model's sections; empty when the configuration can be used.</summary>
    public static IReadOnlyList<ConfigProblem> Problems(AbmConfig config) => Of(config);

    internal static IReadOnlyList<ConfigProblem> Of<T>(T root)
        where T : class => GenericCheck.Problems(root, ConfigModel.Of<T>());
}
