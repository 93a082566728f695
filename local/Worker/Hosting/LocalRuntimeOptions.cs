using System.Reflection;

namespace Abm.Local.Hosting;

/// <summary>How a runtime is put together. An app gets the defaults through <c>FunctionsApplication.CreateBuilder</c>; tests host chosen functions in their own process.</summary>
public sealed class LocalRuntimeOptions
{
    /// <summary>The command line.</summary>
    public IReadOnlyList<string> Args { get; init; } = [];

    /// <summary>The app's own assembly; default: the one with <c>Main</c>.</summary>
    public Assembly? AppAssembly { get; init; }

    /// <summary>Only functions of these types; default: all of the app's assembly and of those it refers to.</summary>
    public IReadOnlyList<Type>? FunctionTypes { get; init; }

    /// <summary>The folder with <c>host.json</c>; default: found by walking up from the app's base directory.</summary>
    public string? AppFolder { get; init; }

    /// <summary>The text of <c>host.json</c>; default: the file is read.</summary>
    public string? HostJson { get; init; }

    /// <summary>Settings instead of <c>local.settings.json</c>; they go into the configuration, not into this process's environment.</summary>
    public IReadOnlyDictionary<string, string?>? Settings { get; init; }

    /// <summary>The HTTP port; 0: any free one; default: <c>--port</c>, then <c>Host.LocalHttpPort</c>, then 7071.</summary>
    public int? Port { get; init; }

    /// <summary>
    /// Whether the runtime behaves as the process's owner: prints problems as one line and ends the process with exit code 1, prints the functions,
    /// starts the emulator when nothing listens. False: problems are thrown as <see cref="LocalRuntimeException"/>.
    /// </summary>
    public bool OwnsProcess { get; init; } = true;

    /// <summary>The clock of timers and polling.</summary>
    public TimeProvider TimeProvider { get; init; } = TimeProvider.System;
}
