using Microsoft.Extensions.Options;

namespace Abm.Local.Hosting;

/// <summary>Turns what a developer can mend into one line and an exit code, without a stack trace.</summary>
internal static class Problems
{
    /// <summary>Runs the work; when the runtime owns the process, a known problem ends it with exit code 1.</summary>
    public static T Report<T>(LocalRuntimeOptions options, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (Exception problem) when (options.OwnsProcess && Explain(problem) is not null)
        {
            return Exit<T>(problem);
        }
    }

    /// <inheritdoc cref="Report"/>
    public static async Task ReportAsync(LocalRuntimeOptions options, Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception problem) when (options.OwnsProcess && Explain(problem) is not null)
        {
            Exit<int>(problem);
        }
    }

    /// <summary>The line for a problem that its reader can mend; null for everything else, which is a defect and keeps its stack trace.</summary>
    public static string? Explain(Exception problem) => problem switch
    {
        LocalRuntimeException ours => ours.Message,
        Azurite.AzuriteException emulator => emulator.Message,
        OptionsValidationException settings => $"Settings are wrong: {string.Join("; ", settings.Failures)}",
        // The configuration binder's own words say the setting and the value; they have no type of their own.
        InvalidOperationException { InnerException: FormatException or ArgumentException } unreadable when unreadable.Message.StartsWith("Failed to convert configuration value", StringComparison.Ordinal) =>
            $"Settings are wrong: {unreadable.Message.TrimEnd('.')}: correct it in Values of local.settings.json or in the environment.",
        InvalidOperationException level when level.Message.StartsWith("Configuration value '", StringComparison.Ordinal) && level.Message.EndsWith("is not supported.", StringComparison.Ordinal) =>
            $"Settings are wrong: {level.Message.TrimEnd('.')} as a log level: correct Logging__LogLevel__* in Values of local.settings.json or in the environment.",
        AggregateException { InnerExceptions: [var only] } => Explain(only),
        _ => null,
    };

    private static T Exit<T>(Exception problem)
    {
        Console.Error.WriteLine($"error: {Explain(problem)}");
        Environment.Exit(1);
        throw problem;
    }
}
