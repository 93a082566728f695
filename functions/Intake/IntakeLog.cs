using Abm.Decisions;
using Abm.Ports;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Intake;

internal static partial class IntakeLog
{
    [LoggerMessage(1000, LogLevel.Information, "Lead {LeadId} taken in: {Admission}")]
    public static partial void LeadTaken(this ILogger logger, LeadId leadId, LeadAdmission admission);
}
