using Microsoft.Extensions.Logging;

namespace Abm.Functions.Crm;

/// <summary>What the intake of CRM changes logs: numbers and codes. Event ids 1700–1799.</summary>
internal static partial class CrmLog
{
    [LoggerMessage(1700, LogLevel.Information, "{Applied} changes from the CRM were applied; {NothingNew} brought nothing new")]
    public static partial void ChangesApplied(this ILogger logger, int applied, int nothingNew);

    [LoggerMessage(1701, LogLevel.Error, "ALERT message {SequenceNumber} from the CRM was put to the dead letters: {Reason}")]
    public static partial void ChangeRefused(this ILogger logger, long sequenceNumber, string reason);

    [LoggerMessage(1702, LogLevel.Warning, "{Count} changes from the CRM could not be applied: the storage is unavailable. They are put back in {Wait}")]
    public static partial void ChangesPutBack(this ILogger logger, int count, TimeSpan wait);
}
