using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Abm.Local.Hosting;

/// <summary>Log levels of <c>host.json</c> (<c>logging.logLevel</c>) as configuration, with quiet defaults for the libraries below.</summary>
internal static class LogLevels
{
    private const string Section = "Logging:LogLevel:";
    private const string Wanted = "one of Trace, Debug, Information, Warning, Error, Critical and None";
    private const string Override = "AzureFunctionsJobHost__logging__logLevel__";

    public static IEnumerable<KeyValuePair<string, string?>> From(HostJson hostJson)
    {
        var levels = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase)
        {
            [Section + "Default"] = "Information",
            [Section + "Microsoft.AspNetCore"] = "Warning",
            [Section + "Microsoft.Hosting"] = "Warning",
            [Section + "Microsoft.Extensions"] = "Warning",
            [Section + "System.Net.Http"] = "Warning",
            [Section + "Azure"] = "Warning",
        };
        if (hostJson.Find("logging", "logLevel") is { } written)
            foreach (JsonProperty level in written.EnumerateObject())
                levels[Section + level.Name] = level.Value.ValueKind == JsonValueKind.String && IsLevel(level.Value.GetString())
                    ? level.Value.GetString()
                    : throw hostJson.Wrong(["logging", "logLevel", level.Name], level.Value, Wanted);
        foreach (System.Collections.DictionaryEntry variable in Environment.GetEnvironmentVariables())
            if (variable.Key is string name && name.StartsWith(Override, StringComparison.OrdinalIgnoreCase))
                levels[Section + name[Override.Length..]] = IsLevel(variable.Value as string)
                    ? (string)variable.Value!
                    : throw new LocalRuntimeException($"The setting {name} must be {Wanted}, not '{variable.Value}'.");
        return levels;
    }

    private static bool IsLevel(string? text) => Enum.GetNames<LogLevel>().Contains(text, StringComparer.OrdinalIgnoreCase);
}
