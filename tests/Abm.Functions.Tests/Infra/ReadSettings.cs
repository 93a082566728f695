using System.Reflection;
using System.Text.RegularExpressions;
using Abm.Functions.Tests.Platform;
using Abm.TestKit;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Abm.Functions.Tests.Infra;

/// <summary>
/// Every setting that the app reads, found in three ways that need no list: what its composition asks the configuration for when it runs, what its sources name, and what
/// the host resolves for its triggers.
/// </summary>
internal static partial class ReadSettings
{
    private static readonly Lazy<IReadOnlySet<string>> Found = new(Find);

    /// <summary>Names with a colon between their parts.</summary>
    public static IReadOnlySet<string> All => Found.Value;

    /// <summary>Builds the app's services on a configuration and makes all of them, options included; returns what was read. Throws what the app would refuse.</summary>
    public static IReadOnlySet<string> Compose(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        RecordingSource source = new(settings);
        using ServiceProvider services = CompositionTests.Services(new ConfigurationBuilder().Add(source).Build());
        services.GetService<IStartupValidator>()?.Validate();
        _ = services.GetServices<IHostedService>().Count();
        using IServiceScope invocation = services.CreateScope();
        foreach (Type type in AppFunctions.All.Where(f => !f.IsStatic).Select(f => f.DeclaringType!).Distinct())
            _ = ActivatorUtilities.CreateInstance(invocation.ServiceProvider, type);
        return source.Read;
    }

    /// <summary>What sources say: names given to the configuration as a literal or a constant, and the lines where it is neither.</summary>
    public static (IReadOnlySet<string> Names, IReadOnlyList<string> Unclear) InSources()
    {
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        List<string> unclear = [];
        foreach (string file in Directory.EnumerateFiles(Path.Combine(Repository.Root, "functions"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Split(Path.DirectorySeparatorChar).Any(part => part is "obj" or "bin")))
        {
            string text = File.ReadAllText(file);
            string roots = string.Join('|', Root().Matches(text).Select(m => m.Groups["name"].Value).Append("GetRequiredService<IConfiguration>()").Distinct().Select(Regex.Escape));
            Regex asked = new($@"(?:{roots}|builder\.Configuration)(?:\[|\.GetSection\(|\.GetValue<[^>]+>\(|\.GetConnectionString\()(?<name>[^\],)]+)|BindConfiguration\((?<name>[^\],)]+)|GetEnvironmentVariable\((?<name>[^\],)]+)");
            foreach (string argument in asked.Matches(text).Select(m => m.Groups["name"].Value.Trim()))
            {
                if (Constant(argument, text) is { } name)
                    names.Add(name);
                else
                    unclear.Add($"{Path.GetRelativePath(Repository.Root, file)}: {argument}");
            }
        }

        return (names, unclear);
    }

    /// <summary>Settings that the host reads for triggers: names in per cent signs, and connections.</summary>
    public static IReadOnlySet<string> OfTriggers()
    {
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        foreach (Attribute trigger in AppFunctions.All.Select(AppFunctions.TriggerOf))
        {
            foreach (PropertyInfo property in trigger.GetType().GetProperties().Where(p => p.PropertyType == typeof(string)))
            {
                string value = (string?)property.GetValue(trigger) ?? "";
                names.UnionWith(Expression().Matches(value).Select(m => m.Groups["name"].Value));
                if (property.Name == "Connection" && value.Length > 0)
                    names.UnionWith([$"{value}:fullyQualifiedNamespace", $"{value}:credential", $"{value}:clientId"]);
            }
        }

        return names;
    }

    private static IReadOnlySet<string> Find()
    {
        HashSet<string> read = new(StringComparer.OrdinalIgnoreCase);
        // The binder asks for what lies in a section only where something does.
        IEnumerable<KeyValuePair<string, string?>> nonsense = InSources().Names.Select(name => new KeyValuePair<string, string?>(name + ":_", ""));
        read.UnionWith(Compose([new("AzureWebJobsStorage", "UseDevelopmentStorage=true"), new("ServiceBusConnection", "UseDevelopmentStorage=true"), .. nonsense]));
        read.UnionWith(Compose([new("AzureWebJobsStorage:accountName", "acct"), new($"Abm:Signing:Sources:{SetSettings.AnyName}:Secret", "a secret from the vault")])); // by names of the operator's own
        read.UnionWith(Compose([new("AzureWebJobsStorage:queueServiceUri", "https://acct.example"), new("AzureWebJobsStorage:tableServiceUri", "https://acct.example")]));
        read.UnionWith(InSources().Names);
        read.UnionWith(OfTriggers());
        // A section is asked for before what lies in it. A connection is both: a value or a section.
        return read.Where(name => EndsWithConnection(name) || !read.Any(other => other.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))).ToHashSet(StringComparer.OrdinalIgnoreCase);
    }

    private static bool EndsWithConnection(string name) => name is "AzureWebJobsStorage" or "ServiceBusConnection";

    private static string? Constant(string argument, string text)
    {
        if (argument is ['"', .. string literal, '"'])
            return literal;
        string[] parts = argument.Split('.');
        if (parts.Length == 1)
            return Declared(argument).Match(text) is { Success: true } found ? found.Groups["value"].Value : null;
        return AppFunctions.Assembly.GetTypes().Where(type => type.Name == parts[^2])
            .Select(type => type.GetField(parts[^1], BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static) is { IsLiteral: true } field ? (string?)field.GetRawConstantValue() : null)
            .FirstOrDefault(value => value is not null);
    }

    private static Regex Declared(string constant) => new($@"const string {Regex.Escape(constant)} = ""(?<value>[^""]+)""");

    [GeneratedRegex(@"\bIConfiguration(Root|Manager)?\??\s+(?<name>\w+)")]
    private static partial Regex Root();

    [GeneratedRegex("%(?<name>[^%]+)%")]
    private static partial Regex Expression();

    private sealed class RecordingSource(IEnumerable<KeyValuePair<string, string?>> settings) : IConfigurationSource
    {
        public HashSet<string> Read { get; } = new(StringComparer.OrdinalIgnoreCase);

        public IConfigurationProvider Build(IConfigurationBuilder builder) => new Provider(settings, Read);

        private sealed class Provider : ConfigurationProvider
        {
            private readonly HashSet<string> _read;

            public Provider(IEnumerable<KeyValuePair<string, string?>> settings, HashSet<string> read)
            {
                _read = read;
                foreach ((string key, string? value) in settings)
                    Data[key] = value;
            }

            public override bool TryGet(string key, out string? value)
            {
                _read.Add(key);
                return base.TryGet(key, out value);
            }
        }
    }
}
