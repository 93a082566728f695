using System.Security.Cryptography;
using System.Text;
using Abm.Local.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Azure.Functions.Worker.Http;

/// <summary>
/// Checks access keys when the runtime runs with <c>--enable-auth</c>; without it everything is allowed, as with Core Tools. Keys are settings:
/// <c>FunctionKeys__Master</c>, <c>FunctionKeys__Host</c>, <c>FunctionKeys__Functions__&lt;name&gt;</c>, <c>FunctionKeys__System__&lt;extension&gt;</c>.
/// </summary>
internal sealed class FunctionKeys(RuntimeSetup setup, IConfiguration configuration)
{
    private readonly IConfigurationSection _keys = configuration.GetSection("FunctionKeys");

    public bool IsEnforced => setup.Arguments.EnableAuth;

    /// <summary>Refuses to start when keys are to be checked but the master key, which opens everything, is not set.</summary>
    public void Prepare()
    {
        if (IsEnforced && string.IsNullOrEmpty(_keys["Master"]))
            throw new LocalRuntimeException("--enable-auth needs the setting FunctionKeys__Master; add it to Values in local.settings.json or to the environment.");
    }

    public bool Allow(HttpRequest request, AuthorizationLevel level, string function) => level switch
    {
        _ when !IsEnforced => true,
        AuthorizationLevel.Anonymous => true,
        AuthorizationLevel.Admin => IsOneOf(request, _keys["Master"]),
        AuthorizationLevel.System => IsOneOf(request, _keys["Master"]),
        _ => IsOneOf(request, _keys["Master"], _keys["Host"], _keys.GetSection("Functions")[function]),
    };

    /// <summary>The runtime's own paths: <c>/admin</c> takes the master key, <c>/runtime/webhooks/x</c> the system key of x as well.</summary>
    public bool AllowPath(HttpRequest request)
    {
        if (!IsEnforced)
            return true;
        if (request.Path.StartsWithSegments("/admin", StringComparison.OrdinalIgnoreCase))
            return IsOneOf(request, _keys["Master"]);
        if (!request.Path.StartsWithSegments("/runtime/webhooks", StringComparison.OrdinalIgnoreCase, out PathString rest))
            return true;
        string extension = rest.Value?.Trim('/').Split('/')[0] ?? "";
        return IsOneOf(request, _keys["Master"], _keys.GetSection("System")[extension]);
    }

    private static bool IsOneOf(HttpRequest request, params ReadOnlySpan<string?> accepted)
    {
        string? given = request.Headers.TryGetValue("x-functions-key", out var header) ? header.ToString() : request.Query["code"].ToString();
        if (string.IsNullOrEmpty(given))
            return false;
        byte[] bytes = Encoding.UTF8.GetBytes(given);
        bool isAccepted = false;
        foreach (string? key in accepted)
            if (!string.IsNullOrEmpty(key))
                isAccepted |= CryptographicOperations.FixedTimeEquals(bytes, Encoding.UTF8.GetBytes(key));
        return isAccepted;
    }
}
