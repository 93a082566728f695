using Microsoft.Extensions.Logging;

namespace Abm.Functions.Configuration;

/// <summary>What the configuration logs: 1520s.</summary>
internal static partial class ConfigurationLog
{
    [LoggerMessage(1520, LogLevel.Information, "Configuration {Version} is in force, by activation {Sequence} of {By}")]
    public static partial void ConfigurationInForce(this ILogger logger, string version, long sequence, string by);

    [LoggerMessage(1521, LogLevel.Warning, "The storage could not be asked which configuration is in force ({Failure}); {Version} goes on")]
    public static partial void ConfigurationNotChecked(this ILogger logger, string version, string failure);

    [LoggerMessage(1522, LogLevel.Error, "ALERT the configuration in force cannot be used by this build; {Version} goes on")]
    public static partial void ConfigurationUnusable(this ILogger logger, string version, Exception exception);

    [LoggerMessage(1523, LogLevel.Information, "The configuration in {Folder} is version {Version}: taken over")]
    public static partial void FolderTakenOver(this ILogger logger, string folder, string version);

    [LoggerMessage(1524, LogLevel.Information, "The configuration in {Folder} is as it was when it was last taken over; what was published since stays")]
    public static partial void FolderKnown(this ILogger logger, string folder);
}
