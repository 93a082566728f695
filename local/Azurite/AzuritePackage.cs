using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;

namespace Abm.Local.Azurite;

/// <summary>The Azurite that a <c>package.json</c> pins: finds it, and restores it once when it is missing or of another version.</summary>
internal sealed class AzuritePackage(string folder)
{
    private static readonly Version OldestNode = new(20, 6);
    private static readonly TimeSpan RestoreWithin = TimeSpan.FromMinutes(5);

    public string Folder { get; } = folder;

    public string Script => Path.Combine(Folder, "node_modules", "azurite", "dist", "src", "azurite.js");

    /// <summary>Looks for the folder from the app's own folder upward, then from the current folder upward.</summary>
    public static AzuritePackage Find(string? given)
    {
        string[] starts = given is null ? [AppContext.BaseDirectory, Environment.CurrentDirectory] : [given];
        foreach (string start in starts)
        {
            for (DirectoryInfo? at = new(start); at is not null; at = given is null ? at.Parent : null)
            {
                if (Pinned(Path.Combine(at.FullName, "package.json")) is not null)
                    return new AzuritePackage(at.FullName);
            }
        }

        throw new AzuriteException($"Azurite cannot be started: no package.json that pins it lies in {starts[0]} or above. Start Azurite yourself (npx azurite) or set AzureWebJobsStorage to a storage account.");
    }

    /// <summary>Makes sure that Node and the pinned Azurite are there. Several processes may ask at once: one restores, the others wait.</summary>
    public async Task EnsureRestoredAsync(Action<string> say, CancellationToken cancellationToken)
    {
        await RequireNodeAsync(cancellationToken).ConfigureAwait(false);
        if (IsRestored())
            return;

        using FileLock held = await FileLock.TakeAsync(Path.Combine(Folder, ".azurite", "restore.lock"), RestoreWithin, cancellationToken).ConfigureAwait(false);
        if (IsRestored())
            return;

        say($"Restoring Azurite {Pinned(Path.Combine(Folder, "package.json"))} with npm in {Folder} (once) ...");
        string[] quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
        ToolResult outcome = await RunNpmAsync(["ci", .. quiet], cancellationToken).ConfigureAwait(false);
        if (outcome.ExitCode != 0)
            outcome = await RunNpmAsync(["install", "--no-save", .. quiet], cancellationToken).ConfigureAwait(false);
        if (outcome.ExitCode != 0 || !IsRestored())
            throw new AzuriteException($"npm could not restore Azurite ({outcome.LastLine()}). Check the network and the npm registry, then run 'npm ci' in {Folder}.");
    }

    private bool IsRestored()
    {
        // npm writes the hidden lock file last: an interrupted restore has the script, but not this.
        if (!File.Exists(Path.Combine(Folder, "node_modules", ".package-lock.json")) || !File.Exists(Script))
            return false;
        return Property(Path.Combine(Folder, "node_modules", "azurite", "package.json"), "version") == Pinned(Path.Combine(Folder, "package.json"));
    }

    private static string? Pinned(string packageJson) => Property(packageJson, "dependencies", "azurite");

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

    private static async Task RequireNodeAsync(CancellationToken cancellationToken)
    {
        ToolResult node;
        try
        {
            node = await RunAsync("node", ["--version"], null, TimeSpan.FromSeconds(20), cancellationToken).ConfigureAwait(false);
        }
        catch (Win32Exception missing)
        {
            throw new AzuriteException($"Node.js is not on the PATH, and Azurite needs it: install Node {OldestNode} or newer, or set AzureWebJobsStorage to a storage account.", missing);
        }

        if (node.ExitCode != 0 || !Version.TryParse(node.Output.Trim().TrimStart('v'), out Version? version))
            throw new AzuriteException($"'node --version' answered '{node.LastLine()}': repair the Node.js installation (Azurite needs Node {OldestNode} or newer).");
        if (version < OldestNode)
            throw new AzuriteException($"Node {version} is too old for Azurite: install Node {OldestNode} or newer.");
    }

    private async Task<ToolResult> RunNpmAsync(string[] arguments, CancellationToken cancellationToken)
    {
        try
        {
            // npm is a batch file on Windows, which only the command interpreter starts.
            return OperatingSystem.IsWindows()
                ? await RunAsync("cmd.exe", ["/c", "npm", .. arguments], Folder, RestoreWithin, cancellationToken).ConfigureAwait(false)
                : await RunAsync("npm", arguments, Folder, RestoreWithin, cancellationToken).ConfigureAwait(false);
        }
        catch (Win32Exception missing)
        {
            throw new AzuriteException("npm is not on the PATH, and Azurite has to be restored with it: install npm (it comes with Node.js).", missing);
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
