using Abm.Clocks;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Clocks;

/// <summary>What clocks log: ids, codes and instants. Event ids 1250–1299.</summary>
internal static partial class ClocksLog
{
    [LoggerMessage(1250, LogLevel.Information, "Open clocks were counted by the rules of {ConfigVersion}, walk {Walk}: {Looked} looked at, {Moved} deadlines moved")]
    public static partial void ClocksRecounted(this ILogger logger, string configVersion, int walk, int looked, int moved);

    [LoggerMessage(1251, LogLevel.Information, "Deadline of clock {ClockId} moved from {From} to {To}: {Why}, configuration {ConfigVersion}")]
    public static partial void DeadlineMoved(this ILogger logger, string clockId, DateTimeOffset from, DateTimeOffset to, string why, string configVersion);

    [LoggerMessage(1252, LogLevel.Warning, "Deadline of clock {ClockId} stays at {DueAt}: {Outcome} by the rules of {ConfigVersion}")]
    public static partial void DeadlineStays(this ILogger logger, string clockId, DateTimeOffset dueAt, RecountOutcome outcome, string configVersion);
}
