using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Abm.Local.Azurite;

/// <summary>A package that a folder's <c>package.json</c> pins: restored with npm once, when it is missing or of another version.</summary>
/// <param name="folder">The folder with <c>package.json</c> and its lock file.</param>
/// <param name="name">The package, as npm knows it.</param>
/// <param name="title">The package, as people know it.</param>
/// <param name="otherwise">What to do in place of restoring it: the end of a sentence, or empty.</param>
internal sealed class NpmPackage(string folder, string name, string title, string otherwise)
{
    private static readonly Version OldestNode = new(20, 6);
    private static readonly TimeSpan RestoreWithin = TimeSpan.FromMinutes(5);

    /// <summary>The version that a <c>package.json</c> asks for; null where it does not, or cannot be read.</summary>
    public static string? Pinned(string packageJson, string name) => Property(packageJson, "dependencies", name);

    /// <summary>Makes sure that Node and the pinned package are there. Several processes may ask at once: one restores, the others wait.</summary>
    /// <param name="lockFile">What they wait for; made where it is missing.</param>
    /// <param name="options">Further options of npm.</param>
    /// <exception cref="AzuriteException">Node or npm is missing, or the registry is out of reach.</exception>
    public async Task EnsureRestoredAsync(string lockFile, Action<string> say, CancellationToken cancellationToken, params string[] options)
    {
        await RequireNodeAsync(cancellationToken).ConfigureAwait(false);
        if (IsRestored())
            return;

        using FileLock held = await FileLock.TakeAsync(lockFile, RestoreWithin, cancellationToken).ConfigureAwait(false);
        if (IsRestored())
            return;

        say($"Restoring {title} {Pinned(Path.Combine(folder, "package.json"), name)} with npm in {folder} (once) ...");
        string[] quiet = ["--no-audit", "--no-fund", "--loglevel=error", .. options];
        ToolResult outcome = await RunNpmAsync(["ci", .. quiet], cancellationToken).ConfigureAwait(false);
        if (outcome.ExitCode != 0)
            outcome = await RunNpmAsync(["install", "--no-save", .. quiet], cancellationToken).ConfigureAwait(false);
        if (outcome.ExitCode != 0 || !IsRestored())
            throw new AzuriteException($"npm could not restore {title} ({outcome.LastLine()}). Check the network and the npm registry, then run 'npm ci' in {folder}.");
    }

    private bool IsRestored()
    {
        // npm writes the hidden lock file last: an interrupted restore has the package, but not this.
        return File.Exists(Path.Combine(folder, "node_modules", ".package-lock.json"))
            && Property(Path.Combine(folder, "node_modules", name, "package.json"), "version") == Pinned(Path.Combine(folder, "package.json"), name);
    }

    private static string? Property(string file, params string[] path)
    {
        if (!File.Exists(file))
            return null;
        try
        {
            using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(file));
            JsonElement at = document.RootElement;
            foreach (string name in path)
            {
                if (at.ValueKind != JsonValueKind.Object || !at.TryGetProperty(name, out at))
                    return null;
            }

            return at.ValueKind == JsonValueKind.String ? at.GetString() : null;
        }
        catch (JsonException)
        {
            return null; // some other program's broken file on the way up is not ours to judge
        }
    }

    private async Task RequireNodeAsync(CancellationToken cancellationToken)
    {
        ToolResult node;
        try
        {
            node = await RunAsync("node", ["--version"], null, TimeSpan.FromSeconds(20), cancellationToken).ConfigureAwait(false);
        }
        catch (Win32Exception missing)
        {
            throw new AzuriteException($"Node.js is not on the PATH, and {title} needs it: install Node {OldestNode} or newer{otherwise}.", missing);
        }

        if (node.ExitCode != 0 || !Version.TryParse(node.Output.Trim().TrimStart('v'), out Version? version))
            throw new AzuriteException($"'node --version' answered '{node.LastLine()}': repair the Node.js installation ({title} needs Node {OldestNode} or newer).");
        if (version < OldestNode)
            throw new AzuriteException($"Node {version} is too old for {title}: install Node {OldestNode} or newer.");
    }

    private async Task<ToolResult> RunNpmAsync(string[] arguments, CancellationToken cancellationToken)
    {
        try
        {
            // npm is a batch file on Windows, which only the command interpreter starts.
            return OperatingSystem.IsWindows()
                ? await RunAsync("cmd.exe", ["/c", "npm", .. arguments], folder, RestoreWithin, cancellationToken).ConfigureAwait(false)
                : await RunAsync("npm", arguments, folder, RestoreWithin, cancellationToken).ConfigureAwait(false);
        }
        catch (Win32Exception missing)
        {
            throw new AzuriteException($"npm is not on the PATH, and {title} has to be restored with it: install npm (it comes with Node.js).", missing);
        }
    }

    private static async Task<ToolResult> RunAsync(string file, string[] arguments, string? workingFolder, TimeSpan within, CancellationToken cancellationToken)
    {
        ProcessStartInfo start = new(file, arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
            CreateNoWindow = true,
            WorkingDirectory = workingFolder ?? string.Empty,
        };
        using Process process = Process.Start(start)!;
        process.StandardInput.Close();
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(within);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
            Task<string> errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token).ConfigureAwait(false);
            return new ToolResult(process.ExitCode, await output.ConfigureAwait(false), await errors.ConfigureAwait(false));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            process.Kill(entireProcessTree: true);
            return new ToolResult(-1, string.Empty, string.Create(CultureInfo.InvariantCulture, $"no answer within {within.TotalSeconds:0} seconds"));
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    private sealed record ToolResult(int ExitCode, string Output, string Errors)
    {
        public string LastLine()
        {
            // npm ends with two lines about its log file; what went wrong stands first.
            string[] lines = (Errors + "\n" + Output).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            string[] telling = [.. lines.Where(line => line.StartsWith("npm error", StringComparison.Ordinal)).Take(2)];
            return telling.Length > 0 ? string.Join(' ', telling) : lines.Length > 0 ? lines[0] : $"exit code {ExitCode}";
        }
    }
}
