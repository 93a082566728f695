using System.Text.Json;
using Abm.Local.Hosting;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>What <c>host.json</c> says under <c>extensions.durableTask</c>.</summary>
/// <param name="HubName">The task hub: part of the names of the tables.</param>
/// <param name="Connection">The setting that holds the storage connection.</param>
/// <param name="MaxConcurrentActivities">Activities at a time in this process.</param>
/// <param name="MaxConcurrentOrchestrators">Orchestration episodes at a time in this process.</param>
internal sealed record DurableSettings(string HubName, string Connection, int MaxConcurrentActivities, int MaxConcurrentOrchestrators)
{
    private const string Section = "extensions";
    private const string Durable = "durableTask";

    /// <summary>Reads them.</summary>
    /// <exception cref="LocalRuntimeException">A value is wrong, or asks for what the Local runtime does not have.</exception>
    public static DurableSettings Read(HostJson hostJson, IConfiguration configuration)
    {
        RefuseUnsupported(hostJson);
        int cores = Environment.ProcessorCount;
        return new DurableSettings(
            Hub(hostJson, configuration),
            hostJson.GetString(Section, Durable, "storageProvider", "connectionName") ?? "AzureWebJobsStorage",
            hostJson.GetInt32(1, 100_000, Section, Durable, "maxConcurrentActivityFunctions") ?? 10 * cores,
            hostJson.GetInt32(1, 100_000, Section, Durable, "maxConcurrentOrchestratorFunctions") ?? 10 * cores);
    }

    private static string Hub(HostJson hostJson, IConfiguration configuration)
    {
        if (hostJson.GetString(Section, Durable, "hubName") is { } written)
        {
            string name = SettingNames.Resolve(written, configuration, $"{hostJson.Path}: {Section}.{Durable}.hubName");
            return IsHub(name)
                ? name
                : throw new LocalRuntimeException($"{hostJson.Path}: {Section}.{Durable}.hubName '{name}' must have 3 to 45 letters and digits and begin with a letter.");
        }

        string site = string.Concat((configuration["WEBSITE_SITE_NAME"] ?? "").Where(char.IsAsciiLetterOrDigit).SkipWhile(char.IsAsciiDigit).Take(45));
        return IsHub(site) ? site : "TestHubName";
    }

    private static bool IsHub(string name) =>
        name.Length is >= 3 and <= 45 && char.IsAsciiLetter(name[0]) && name.All(char.IsAsciiLetterOrDigit);

    private static void RefuseUnsupported(HostJson hostJson)
    {
        void Refuse(string allowed, params string[] path)
        {
            if (hostJson.Find([Section, Durable, .. path]) is { } element && !string.Equals(Text(element), allowed, StringComparison.OrdinalIgnoreCase))
                throw new LocalRuntimeException($"{hostJson.Path}: the Local runtime supports {Section}.{Durable}.{string.Join('.', path)} = {allowed} only, not {element.GetRawText()}.");
        }

        Refuse("AzureStorage", "storageProvider", "type");
        Refuse("NonRunningStates", "overridableExistingInstanceStates");
        Refuse("true", "throwStatusExceptionsOnRaiseEvent");
    }

    private static string? Text(JsonElement element) => element.ValueKind == JsonValueKind.String ? element.GetString() : element.GetRawText();
}
