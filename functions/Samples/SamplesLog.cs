using Microsoft.Extensions.Logging;

namespace Abm.Functions.Samples;

internal static partial class SamplesLog
{
    [LoggerMessage(1030, LogLevel.Information, "The samples are loaded: {Loaded}. Three lines to try:")]
    public static partial void SamplesLoaded(this ILogger logger, string loaded);

    [LoggerMessage(1035, LogLevel.Information, "{Line}")]
    public static partial void Try(this ILogger logger, string line);

    [LoggerMessage(1031, LogLevel.Warning, "No samples were loaded: there is no folder samples/ beside the app or above the working directory")]
    public static partial void NoSamples(this ILogger logger);

    [LoggerMessage(1032, LogLevel.Warning, "Loading the samples failed and is tried again at the next start")]
    public static partial void SamplesPutOff(this ILogger logger, Exception exception);

    [LoggerMessage(1033, LogLevel.Warning, "samples/{Kind}.csv: {Rejected} rows were rejected")]
    public static partial void SampleRowsRejected(this ILogger logger, string kind, int rejected);

    [LoggerMessage(1034, LogLevel.Warning, "samples/{Kind}.csv cannot be read: {Reason}")]
    public static partial void SampleUnreadable(this ILogger logger, string kind, string reason);
}
