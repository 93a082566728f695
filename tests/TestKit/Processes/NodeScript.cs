using System.Diagnostics;
using System.Text;
using Abm.Local.Azurite;

namespace Abm.TestKit;

/// <summary>Runs a Node script of this repository that stands on a pinned npm package.</summary>
public static class NodeScript
{
    private static readonly TimeSpan Within = TimeSpan.FromMinutes(1);

    /// <summary>Restores the package where it is missing, without running scripts of packages; then gives the script the input and returns its output.</summary>
    /// <param name="folder">The folder with <c>package.json</c>, its lock file and the script.</param>
    /// <param name="package">The package that <c>package.json</c> pins.</param>
    /// <param name="title">The package, as people know it.</param>
    /// <exception cref="InvalidOperationException">The script failed.</exception>
    public static async Task<string> RunAsync(string folder, string package, string title, string script, string input, CancellationToken cancellationToken)
    {
        await new NpmPackage(folder, package, title, "").EnsureRestoredAsync(Path.Combine(folder, "obj", "restore.lock"), _ => { }, cancellationToken, "--ignore-scripts");

        ProcessStartInfo start = new("node", [Path.Combine(folder, script)])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardInputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false),
            StandardOutputEncoding = Encoding.UTF8,
            UseShellExecute = false,
            CreateNoWindow = true,
        };
        using Process process = Process.Start(start)!;
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Within);
        try
        {
            Task<string> output = process.StandardOutput.ReadToEndAsync(limit.Token);
            Task<string> errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.StandardInput.WriteAsync(input.AsMemory(), limit.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(limit.Token);
            return process.ExitCode == 0 ? await output : throw new InvalidOperationException($"{script} ended with exit code {process.ExitCode}: {await errors}");
        }
        finally
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
        }
    }
}
