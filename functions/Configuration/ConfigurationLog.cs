using Microsoft.Extensions.Logging;

namespace Abm.Functions.Configuration;

/// <summary>What the configuration logs: 1500s.</summary>
internal static partial class ConfigurationLog
{
    [LoggerMessage(1500, LogLevel.Information, "Configuration {Version} is in force, from {Folder}")]
    public static partial void ConfigurationInForce(this ILogger logger, string version, string folder);

    [LoggerMessage(1501, LogLevel.Debug, "Configuration {Version} was kept before")]
    public static partial void ConfigurationKeptBefore(this ILogger logger, string version);
}
