using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;

namespace Abm.Functions.Samples;

/// <summary>Three lines to try, printed once after the samples were loaded.</summary>
internal static class SampleAdvice
{
    private const string DefaultAddress = "http://localhost:7071";

    /// <summary>The lines, for the address that the app is reached at.</summary>
    public static IReadOnlyList<string> Lines(string address) =>
    [
        $"curl -s -H 'content-type: application/json' -d @samples/leads/web-form.json '{address}/api/leads?wait=10'",
        $"curl -s '{address}/api/leads?limit=5'",
        $"curl -s '{address}/api/clocks?limit=5'",
    ];

    /// <summary>Where the app is reached: the host's own name where it gives one, else what the server listens on.</summary>
    /// <param name="server">Null where the worker has no server of its own.</param>
    public static string AddressOf(IConfiguration configuration, IServer? server)
    {
        if (configuration["WEBSITE_HOSTNAME"] is { Length: > 0 } name)
            return (name.StartsWith("localhost", StringComparison.OrdinalIgnoreCase) || name.StartsWith("127.", StringComparison.Ordinal) ? "http://" : "https://") + name;
        return server?.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() ?? DefaultAddress;
    }
}
