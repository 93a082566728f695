using Microsoft.AspNetCore.Builder;
using Microsoft.Azure.Functions.Worker.Middleware;

namespace Abm.Local.Hosting;

/// <summary>What is known about a runtime while it is being built.</summary>
internal sealed class RuntimeSetup
{
    public required LocalRuntimeOptions Options { get; init; }

    public required WebApplicationBuilder Web { get; init; }

    public required HostJson HostJson { get; init; }

    public required RuntimeArguments Arguments { get; init; }

    public required System.Reflection.Assembly AppAssembly { get; init; }

    public required SettingsFile SettingsFile { get; init; }

    /// <summary>Middleware in order of registration; the function itself comes after the last.</summary>
    public List<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> Middleware { get; } = [];

    /// <summary>Where HTTP is served, for people; set once the port is known.</summary>
    public string BaseAddress { get; set; } = "";

    /// <summary>Set by <c>ConfigureFunctionsWebApplication</c>.</summary>
    public bool HasHttp { get; set; }

    public static RuntimeSetup Create(LocalRuntimeOptions options) => Problems.Report(options, () => AppFiles.Read(options));
}
