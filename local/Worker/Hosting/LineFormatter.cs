using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace Abm.Local.Hosting;

/// <summary>One short line for each entry: time, level, the last part of the category, message; an exception follows on its own lines.</summary>
internal sealed class LineFormatter(IOptionsMonitor<LineFormatterOptions> options) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "line";
    private const string HostCategory = "Microsoft.Extensions.Hosting.Internal.Host";
    private const int HostedServiceStartupFaulted = 11;

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        // A failed start is said by the runtime in one line, or by the exception itself; not once more here.
        if (logEntry.EventId.Id == HostedServiceStartupFaulted && logEntry.Category == HostCategory)
            return;

        string message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        string category = logEntry.Category[(logEntry.Category.LastIndexOf('.') + 1)..];
        textWriter.Write(TimeProvider.System.GetLocalNow().ToString(options.CurrentValue.TimestampFormat ?? "HH:mm:ss ", System.Globalization.CultureInfo.InvariantCulture));
        textWriter.Write(logEntry.LogLevel switch
        {
            LogLevel.Trace => "trce ",
            LogLevel.Debug => "dbug ",
            LogLevel.Information => "info ",
            LogLevel.Warning => "warn ",
            LogLevel.Error => "fail ",
            _ => "crit ",
        });
        textWriter.Write(category);
        textWriter.Write(": ");
        textWriter.WriteLine(message.ReplaceLineEndings(" "));
        if (logEntry.Exception is { } exception)
            textWriter.WriteLine(exception.ToString());
    }
}

/// <summary>Options of the <see cref="LineFormatter"/>.</summary>
internal sealed class LineFormatterOptions : ConsoleFormatterOptions;
