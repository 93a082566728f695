using System.Globalization;

namespace Abm.Local.Hosting;

/// <summary>The runtime's own part of the command line; the rest goes into the configuration.</summary>
/// <param name="Port">From <c>--port</c>.</param>
/// <param name="EnableAuth">From <c>--enable-auth</c>: HTTP functions check keys.</param>
/// <param name="Rest">What the runtime does not know.</param>
internal sealed record RuntimeArguments(int? Port, bool EnableAuth, string[] Rest)
{
    public static RuntimeArguments Parse(IReadOnlyList<string> args)
    {
        int? port = null;
        bool auth = false;
        var rest = new List<string>();
        for (int i = 0; i < args.Count; i++)
        {
            string argument = args[i];
            if (argument is "--enable-auth" or "--enableAuth")
                auth = true;
            else if (argument is "--port" or "-p")
                port = ReadPort(++i < args.Count ? args[i] : "");
            else if (argument.StartsWith("--port=", StringComparison.Ordinal))
                port = ReadPort(argument["--port=".Length..]);
            else
                rest.Add(argument);
        }

        return new RuntimeArguments(port, auth, [.. rest]);
    }

    private static int ReadPort(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port <= 65535
            ? port
            : throw new LocalRuntimeException($"--port needs a number from 0 to 65535, not '{text}'.");
}
