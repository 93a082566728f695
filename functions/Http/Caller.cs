using System.ComponentModel.DataAnnotations;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Abm.Functions.Http;

/// <summary>Who makes a call.</summary>
/// <param name="Name">A person's sign-in name; <c>key</c> for whoever holds a function key; <c>local</c> for a call without one, which only the own machine can make.</param>
/// <param name="IsPerson">Whether somebody has signed in. Only then do roles say what may be done: a function key stands for the whole installation.</param>
/// <param name="Roles">App roles, lower case.</param>
public sealed record Caller(string Name, bool IsPerson, IReadOnlySet<string> Roles)
{
    public const string Admin = "admin";
    public const string Ops = "ops";
    public const string Rep = "rep";
    public const string Viewer = "viewer";

    /// <summary>Whether the caller may do what one of these roles may.</summary>
    public bool May(params ReadOnlySpan<string> roles)
    {
        if (!IsPerson)
            return true;
        foreach (string role in roles)
        {
            if (Roles.Contains(role))
                return true;
        }

        return false;
    }

    /// <summary>The answer to a caller who may not; null when they may.</summary>
    public ApiResult? Refusal(params ReadOnlySpan<string> roles) => May(roles)
        ? null
        : Problems.Of(StatusCodes.Status403Forbidden, "forbidden", "You may not do this.", $"It needs one of the roles {string.Join(", ", roles.ToArray())}.", []);
}

/// <summary>Whom to believe. Section <c>Abm:Auth</c>.</summary>
public sealed class AuthOptions
{
    /// <summary>Where it stands in the configuration.</summary>
    public const string Section = "Abm:Auth";

    /// <summary>The platform's own word that it checks who signs in and removes headers that callers made up.</summary>
    public const string PlatformSetting = "WEBSITE_AUTH_ENABLED";

    /// <summary>Whether the header with the signed-in person is believed. Default: what <see cref="PlatformSetting"/> says; without that no.</summary>
    public bool TrustPrincipalHeader { get; set; }

    /// <summary>Claim that names a person in the audit, before the platform's own choice. 1 to 200 characters; default <c>preferred_username</c>.</summary>
    [Required, StringLength(200, MinimumLength = 1)]
    public string NameClaim { get; set; } = "preferred_username";
}

/// <summary>Tells who makes a call. The header of App Service Authentication counts only where that stands in front: elsewhere anybody could write it.</summary>
public sealed class Callers(IOptions<AuthOptions> options)
{
    private const string PrincipalHeader = "X-MS-CLIENT-PRINCIPAL";
    private const string NameHeader = "X-MS-CLIENT-PRINCIPAL-NAME";
    private const string KeyHeader = "x-functions-key";
    private const int MaxNameLength = 200;

    /// <summary>Somebody signed in whose header cannot be read: may do nothing that needs a role.</summary>
    private static readonly Caller Unreadable = new("unreadable", IsPerson: true, new HashSet<string>());

    public Caller Of(HttpRequest request)
    {
        if (options.Value.TrustPrincipalHeader && request.Headers[PrincipalHeader].ToString() is { Length: > 0 } header)
            return Read(header, request.Headers[NameHeader].ToString());
        bool hasKey = request.Headers.ContainsKey(KeyHeader) || request.Query.ContainsKey("code");
        return new Caller(hasKey ? "key" : "local", IsPerson: false, new HashSet<string>());
    }

    /// <summary>Base64 of <c>{"auth_typ","name_typ","role_typ","claims":[{"typ","val"}]}</c>.</summary>
    private Caller Read(string header, string platformName)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(Convert.FromBase64String(header));
            JsonElement root = document.RootElement;
            string nameType = Text(root, "name_typ") ?? "name";
            string roleType = Text(root, "role_typ") ?? "roles";
            string? preferred = null, named = null;
            HashSet<string> roles = new(StringComparer.Ordinal);
            foreach (JsonElement claim in root.GetProperty("claims").EnumerateArray())
            {
                string? type = Text(claim, "typ"), value = Text(claim, "val");
                if (type is null || value is null)
                    continue;
                if (type == roleType || type == "roles")
                    roles.Add(value.Trim().ToLowerInvariant());
                else if (type == options.Value.NameClaim)
                    preferred ??= value;
                else if (type == nameType)
                    named ??= value;
            }

            string name = Clean(preferred ?? (platformName.Length > 0 ? platformName : named) ?? "");
            return name.Length == 0 ? Unreadable with { Roles = roles } : new Caller(name, IsPerson: true, roles);
        }
        catch (Exception e) when (e is FormatException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return Unreadable;
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static string Clean(string name)
    {
        StringBuilder clean = new();
        foreach (Rune rune in name.Trim().EnumerateRunes())
        {
            if (!Rune.IsControl(rune) && rune != Rune.ReplacementChar && clean.Length < MaxNameLength)
                clean.Append(rune);
        }

        return clean.ToString();
    }
}

/// <summary>The platform's word about itself comes first, the app's own setting has the last one.</summary>
public sealed class AuthDefaults(IConfiguration configuration) : IConfigureOptions<AuthOptions>
{
    /// <inheritdoc/>
    public void Configure(AuthOptions options) =>
        options.TrustPrincipalHeader = string.Equals(configuration[AuthOptions.PlatformSetting], "true", StringComparison.OrdinalIgnoreCase);
}
