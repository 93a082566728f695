using System.Text;
using System.Text.Json;
using Abm.Functions.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Abm.Functions.Tests.Http;

public sealed class CallerTests
{
    private static readonly Callers Trusting = new(Options.Create(new AuthOptions { TrustPrincipalHeader = true }));
    private static readonly Callers Wary = new(Options.Create(new AuthOptions()));

    [Fact]
    public void A_header_that_anybody_can_write_makes_nobody_an_administrator()
    {
        Caller caller = Wary.Of(Request(Principal("mallory", "admin")));

        Assert.Equal(("local", false), (caller.Name, caller.IsPerson));
        Assert.Empty(caller.Roles);
    }

    [Fact]
    public void Where_the_platform_checks_the_header_names_the_person_and_the_roles()
    {
        Caller caller = Trusting.Of(Request(Principal("ana@example.com", "Ops", "viewer")));

        Assert.Equal(("ana@example.com", true), (caller.Name, caller.IsPerson));
        Assert.True(caller.May(Caller.Ops));
        Assert.False(caller.May(Caller.Admin));
        Assert.Equal(403, caller.Refusal(Caller.Admin)!.Status);
    }

    [Fact]
    public void A_function_key_stands_for_the_installation_and_is_never_repeated()
    {
        Caller key = Trusting.Of(Request(("x-functions-key", "secret")));

        Assert.Equal(("key", false), (key.Name, key.IsPerson));
        Assert.True(key.May(Caller.Admin));
        Assert.Equal("key", Trusting.Of(Requests.Get("/api/config?code=secret")).Name);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("bm9uc2Vuc2U=")]
    [InlineData("e30=")]
    [InlineData("eyJjbGFpbXMiOnt9fQ==")]
    [InlineData("eyJjbGFpbXMiOltdfQ==")]
    public void Somebody_signed_in_whose_header_says_nothing_may_do_nothing(string header)
    {
        Caller caller = Trusting.Of(Request(("X-MS-CLIENT-PRINCIPAL", header)));

        Assert.Equal(("unreadable", true), (caller.Name, caller.IsPerson));
        Assert.False(caller.May(Caller.Admin, Caller.Ops, Caller.Rep, Caller.Viewer));
    }

    [Fact]
    public void A_name_is_one_short_line()
    {
        string name = Trusting.Of(Request(Principal($"ana\r\nby: admin{new string('x', 500)}", "ops"))).Name;

        Assert.DoesNotContain('\n', name);
        Assert.True(name.Length <= 201);
    }

    [Theory]
    [InlineData("True", null, true)]
    [InlineData(null, null, false)]
    [InlineData("False", null, false)]
    [InlineData(null, "true", true)]
    [InlineData("True", "false", false)]
    public void The_platform_says_whether_the_header_counts_and_the_setting_has_the_last_word(string? platform, string? setting, bool expected)
    {
        IConfiguration configuration = new ConfigurationBuilder().AddInMemoryCollection(
            [KeyValuePair.Create(AuthOptions.PlatformSetting, platform), .. setting is null ? Array.Empty<KeyValuePair<string, string?>>() : [KeyValuePair.Create("Abm:Auth:TrustPrincipalHeader", (string?)setting)]]).Build();
        ServiceCollection services = new();
        services.AddSingleton(configuration).AddSingleton<IConfigureOptions<AuthOptions>, AuthDefaults>();
        services.AddOptions<AuthOptions>().BindConfiguration(AuthOptions.Section);

        Assert.Equal(expected, services.BuildServiceProvider().GetRequiredService<IOptions<AuthOptions>>().Value.TrustPrincipalHeader);
    }

    /// <summary>The header as App Service Authentication writes it.</summary>
    public static (string Name, string Value) Principal(string name, params string[] roles)
    {
        object principal = new
        {
            auth_typ = "aad",
            name_typ = "http://schemas.xmlsoap.org/ws/2005/05/identity/claims/name",
            role_typ = "http://schemas.microsoft.com/ws/2008/06/identity/claims/role",
            claims = new[] { new { typ = "preferred_username", val = name }, new { typ = "sub", val = "1" } }.Concat(roles.Select(r => new { typ = "roles", val = r })),
        };
        return ("X-MS-CLIENT-PRINCIPAL", Convert.ToBase64String(Encoding.UTF8.GetBytes(JsonSerializer.Serialize(principal))));
    }

    private static HttpRequest Request(params (string Name, string Value)[] headers) => Requests.PostJson("/api/config/publish", "{}", headers);
}
