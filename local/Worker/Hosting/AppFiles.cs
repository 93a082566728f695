using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.Hosting;

namespace Abm.Local.Hosting;

/// <summary>Finds and reads <c>host.json</c> and the settings file, and sets up the builder on them.</summary>
internal static class AppFiles
{
    private const string HostFile = "host.json";

    public static RuntimeSetup Read(LocalRuntimeOptions options)
    {
        RuntimeArguments arguments = RuntimeArguments.Parse(options.Args);
        string[] folders = Folders(options);
        HostJson hostJson = options.HostJson is { } text ? HostJson.Parse(text) : LoadHostJson(folders, options);
        SettingsFile settings = options.Settings is null ? SettingsFile.Find(folders) : SettingsFile.None;
        if (options.Settings is null)
            settings.IntoEnvironment();

        Assembly app = options.AppAssembly ?? Assembly.GetEntryAssembly() ?? throw new LocalRuntimeException("The app's assembly is not known.");
        WebApplicationBuilder web = WebApplication.CreateSlimBuilder(new WebApplicationOptions
        {
            // A function app does not reload its settings while it runs, so nothing needs to watch the files.
            Args = [.. arguments.Rest, "--hostBuilder:reloadConfigOnChange=false"],
            ApplicationName = app.GetName().Name,
            ContentRootPath = folders.FirstOrDefault(),
            EnvironmentName = Environment.GetEnvironmentVariable("AZURE_FUNCTIONS_ENVIRONMENT")
                ?? Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT")
                ?? Environments.Development,
        });
        // The lowest priority: whatever the app or the environment says about logging wins over host.json.
        ((IConfigurationBuilder)web.Configuration).Sources.Insert(0, new MemoryConfigurationSource { InitialData = LogLevels.From(hostJson) });
        if (options.Settings is { } given)
            web.Configuration.AddInMemoryCollection(given);

        return new RuntimeSetup { Options = options, Web = web, HostJson = hostJson, Arguments = arguments, AppAssembly = app, SettingsFile = settings };
    }

    /// <summary>The folders with a host.json from the app's base directory upwards: the build's output first, the sources after it.</summary>
    private static string[] Folders(LocalRuntimeOptions options)
    {
        if (options.AppFolder is { } chosen)
            return [chosen];
        var folders = new List<string>();
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, HostFile)))
                folders.Add(folder.FullName);
        return [.. folders];
    }

    private static HostJson LoadHostJson(string[] folders, LocalRuntimeOptions options) =>
        folders.Length > 0
            ? HostJson.Load(Path.Combine(folders[0], HostFile))
            : throw new LocalRuntimeException($"No {HostFile} in {options.AppFolder ?? AppContext.BaseDirectory} or above: a function app needs one, at least {{ \"version\": \"2.0\" }}.");
}

/// <summary>The settings for a developer's machine: <c>local.settings.json</c>, else the sample that comes with the sources.</summary>
internal sealed class SettingsFile
{
    private readonly List<KeyValuePair<string, string>> _values = [];

    private SettingsFile(string? path) => Path = path;

    public static SettingsFile None { get; } = new(null);

    /// <summary>Where it was read from; null: there is none.</summary>
    public string? Path { get; }

    /// <summary><c>Host.LocalHttpPort</c>.</summary>
    public int? HttpPort { get; private set; }

    /// <summary><c>Host.CORS</c>: allowed origins, parted by commas; <c>*</c> for all.</summary>
    public string? Cors { get; private set; }

    public static SettingsFile Find(IReadOnlyList<string> folders)
    {
        foreach (string name in (string[])["local.settings.json", "local.settings.sample.json"])
            foreach (string folder in folders)
                if (System.IO.Path.Combine(folder, name) is { } path && File.Exists(path))
                    return Load(path);
        return None;
    }

    /// <summary>Makes the values environment variables, as Core Tools does; a variable that is set already wins.</summary>
    public void IntoEnvironment()
    {
        foreach ((string name, string value) in _values)
            if (Environment.GetEnvironmentVariable(name) is null)
                Environment.SetEnvironmentVariable(name, value);
    }

    private static SettingsFile Load(string path)
    {
        var file = new SettingsFile(path);
        try
        {
            using JsonDocument document = JsonFile.Parse(File.ReadAllText(path), path);
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                throw new LocalRuntimeException($"{path} must hold a JSON object with \"Values\".");
            foreach (JsonProperty section in document.RootElement.EnumerateObject())
                file.Read(section);
        }
        catch (Exception notReadable) when (notReadable is IOException or UnauthorizedAccessException)
        {
            throw new LocalRuntimeException($"{path} cannot be read: {notReadable.Message}", notReadable);
        }

        return file;
    }

    private void Read(JsonProperty section)
    {
        switch (section.Name.ToUpperInvariant())
        {
            case "ISENCRYPTED" when section.Value.ValueKind == JsonValueKind.True:
                throw new LocalRuntimeException($"{Path} is encrypted; the Local runtime reads plain settings only: run 'func settings decrypt'.");
            case "VALUES":
                foreach (JsonProperty value in Object(section))
                    _values.Add(new(value.Name, Text(value)));
                break;
            case "CONNECTIONSTRINGS":
                foreach (JsonProperty value in Object(section))
                    _values.Add(new($"ConnectionStrings__{value.Name}", Text(value)));
                break;
            case "HOST":
                foreach (JsonProperty value in Object(section))
                    ReadHost(value);
                break;
        }
    }

    private void ReadHost(JsonProperty value)
    {
        if (value.Name.Equals("LocalHttpPort", StringComparison.OrdinalIgnoreCase))
            HttpPort = value.Value.ValueKind == JsonValueKind.Number && value.Value.TryGetInt32(out int port) && port is >= 0 and <= 65535
                ? port
                : throw new LocalRuntimeException($"{Path}: Host.LocalHttpPort must be a number from 0 to 65535, not {value.Value.GetRawText()}.");
        else if (value.Name.Equals("CORS", StringComparison.OrdinalIgnoreCase))
            Cors = Text(value);
        else if (value.Name.Equals("LocalHttpAddress", StringComparison.OrdinalIgnoreCase) && Text(value) is not ("127.0.0.1" or "localhost"))
            throw new LocalRuntimeException($"{Path}: Host.LocalHttpAddress is {value.Value.GetRawText()}, but the Local runtime listens on 127.0.0.1 only: take it out, and put a reverse proxy in front to be reached from elsewhere.");
    }

    private JsonElement.ObjectEnumerator Object(JsonProperty section) =>
        section.Value.ValueKind == JsonValueKind.Object
            ? section.Value.EnumerateObject()
            : throw new LocalRuntimeException($"{Path}: {section.Name} must be an object of names and values.");

    private string Text(JsonProperty value) => value.Value.ValueKind switch
    {
        JsonValueKind.String => value.Value.GetString() ?? "",
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.Value.GetRawText(),
        _ => throw new LocalRuntimeException($"{Path}: the value of {value.Name} must be text; nested settings are written with '__' in the name."),
    };
}
