using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Abm.Local.Tests.Worker;

/// <summary>The rarer rules of HTTP functions and of the host's own endpoints.</summary>
public sealed class HttpRulesTests
{
    public sealed class Undelivered
    {
        [Function("Optional")]
        public IResult Optional([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, string? text, int? number) => Results.Text($"{text is null} {number is null}");

        [Function("Demanding")]
        public IResult Demanding([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, Guid id) => Results.Text(id.ToString());
    }

    [Fact]
    public async Task The_app_listens_on_this_machine_only()
    {
        await using TestApp app = await TestApp.StartAsync(typeof(HttpFunctionTests.Leads));

        string address = Assert.Single(app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses);

        Assert.Equal("127.0.0.1", new Uri(address).Host);
    }

    [Fact]
    public async Task A_parameter_that_nothing_delivers_is_null_or_fails_the_invocation()
    {
        await using TestApp app = await TestApp.StartAsync(typeof(Undelivered));

        string optional = await app.Http.GetStringAsync("/api/optional");
        using HttpResponseMessage demanding = await app.Http.GetAsync("/api/demanding");

        Assert.Equal("True True", optional);
        Assert.Equal(HttpStatusCode.InternalServerError, demanding.StatusCode);
        Assert.Contains(app.Log.Entries, entry => entry.Exception?.Message.Contains("'id'", StringComparison.Ordinal) == true);
    }

    [Fact]
    public async Task A_function_is_shown_by_its_name_with_its_bindings_and_an_HTTP_function_is_not_started_by_hand()
    {
        await using TestApp app = await TestApp.StartAsync(typeof(HttpFunctionTests.Leads));

        JsonNode shown = (await app.Http.GetFromJsonAsync<JsonNode>("/admin/functions/getlead"))!;
        using HttpResponseMessage unknown = await app.Http.GetAsync("/admin/functions/nothing");
        using HttpResponseMessage started = await app.Http.PostAsync("/admin/functions/GetLead", null);

        Assert.Equal("GetLead", (string?)shown["name"]);
        Assert.Equal(
            [("request", "httpTrigger", "in"), ("$return", "http", "out")],
            shown["bindings"]!.AsArray().Select(binding => ((string)binding!["name"]!, (string)binding["type"]!, (string)binding["direction"]!)));
        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.BadRequest], [unknown.StatusCode, started.StatusCode]);
    }

    [Theory]
    [InlineData("https://console.example", "https://console.example")]
    [InlineData("https://other.example", null)]
    [InlineData(null, null)]
    public async Task Browsers_of_the_named_origins_are_answered(string? origin, string? allowed)
    {
        bool isCalled = false;
        var cors = new CorsMiddleware(
            _ =>
            {
                isCalled = true;
                return Task.CompletedTask;
            },
            ["https://console.example"]);
        var http = new DefaultHttpContext { Request = { Method = "GET" } };
        http.Request.Headers.Origin = origin;

        await cors.InvokeAsync(http);

        Assert.True(isCalled);
        Assert.Equal(allowed ?? "", http.Response.Headers.AccessControlAllowOrigin.ToString());
    }

    [Fact]
    public async Task A_browsers_question_beforehand_does_not_reach_the_function()
    {
        var cors = new CorsMiddleware(_ => throw new InvalidOperationException("called"), ["*"]);
        var http = new DefaultHttpContext { Request = { Method = "OPTIONS" } };
        http.Request.Headers.Origin = "https://any.example";
        http.Request.Headers.AccessControlRequestMethod = "PUT";

        await cors.InvokeAsync(http);

        Assert.Equal((204, "*", "PUT"), (http.Response.StatusCode, http.Response.Headers.AccessControlAllowOrigin.ToString(), http.Response.Headers.AccessControlAllowMethods.ToString()));
    }
}
