using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Local.Tests.Worker;

public sealed class KeyTests
{
    private static readonly Dictionary<string, string?> Keys = new()
    {
        ["FunctionKeys:Master"] = "master-key",
        ["FunctionKeys:Host"] = "host-key",
        ["FunctionKeys:Functions:Guarded"] = "guarded-key",
        ["FunctionKeys:Functions:Other"] = "other-key",
    };

    public sealed class Functions
    {
        [Function("Open")]
        public IActionResult Open([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => new OkResult();

        [Function("Guarded")]
        public IActionResult Guarded([HttpTrigger(AuthorizationLevel.Function, "get")] HttpRequest request) => new OkResult();

        [Function("VerbsOnly")]
        public IActionResult VerbsOnly([HttpTrigger("get")] HttpRequest request) => new OkResult();

        [Function("Admin")]
        public IActionResult Admin([HttpTrigger(AuthorizationLevel.Admin, "get", Route = "adm")] HttpRequest request) => new OkResult();
    }

    [Theory]
    [InlineData("/api/open", null, 200)]
    [InlineData("/api/guarded", null, 401)]
    [InlineData("/api/guarded", "nonsense", 401)]
    [InlineData("/api/guarded", "other-key", 401)]
    [InlineData("/api/guarded", "guarded-key", 200)]
    [InlineData("/api/guarded", "host-key", 200)]
    [InlineData("/api/guarded", "master-key", 200)]
    [InlineData("/api/verbsonly", null, 401)]
    [InlineData("/api/verbsonly", "host-key", 200)]
    [InlineData("/api/adm", "host-key", 401)]
    [InlineData("/api/adm", "master-key", 200)]
    [InlineData("/admin/host/status", "host-key", 401)]
    [InlineData("/admin/host/status", "master-key", 200)]
    public async Task With_enable_auth_a_level_takes_its_keys_and_no_others(string path, string? key, int status)
    {
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Args = ["--enable-auth"], Settings = Keys }, typeof(Functions));

        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (key is not null)
            request.Headers.Add("x-functions-key", key);
        using HttpResponseMessage response = await app.Http.SendAsync(request);

        Assert.Equal(status, (int)response.StatusCode);
        Assert.True(status != 401 || (await response.Content.ReadAsByteArrayAsync()).Length == 0);
    }

    [Fact]
    public async Task The_header_wins_over_the_code_in_the_query()
    {
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Args = ["--enable-auth"], Settings = Keys }, typeof(Functions));

        using HttpResponseMessage byCode = await app.Http.GetAsync("/api/guarded?code=guarded-key");
        using var both = new HttpRequestMessage(HttpMethod.Get, "/api/guarded?code=guarded-key");
        both.Headers.Add("x-functions-key", "nonsense");
        using HttpResponseMessage byBoth = await app.Http.SendAsync(both);

        Assert.Equal(HttpStatusCode.OK, byCode.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, byBoth.StatusCode);
    }

    [Fact]
    public async Task Without_enable_auth_keys_are_not_asked_for()
    {
        await using TestApp app = await TestApp.StartAsync(typeof(Functions));

        using HttpResponseMessage response = await app.Http.GetAsync("/api/guarded");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public void The_verbs_only_constructor_reads_anonymous_but_is_enforced_as_function()
    {
        var trigger = new HttpTriggerAttribute("get");

        Assert.Equal(AuthorizationLevel.Anonymous, trigger.AuthLevel);
        Assert.Equal(AuthorizationLevel.Function, trigger.EnforcedLevel);
        Assert.Equal(AuthorizationLevel.Function, new HttpTriggerAttribute().AuthLevel);
    }

    [Fact]
    public async Task A_missing_key_is_told_before_the_function_is_switched_off()
    {
        Dictionary<string, string?> settings = new(Keys) { ["AzureWebJobs.Guarded.Disabled"] = "true" };
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Args = ["--enable-auth"], Settings = settings }, typeof(Functions));

        using HttpResponseMessage without = await app.Http.GetAsync("/api/guarded");
        using HttpResponseMessage with = await app.Http.GetAsync("/api/guarded?code=host-key");

        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.NotFound], [without.StatusCode, with.StatusCode]);
    }

    [Theory]
    [InlineData(null, 401)]
    [InlineData("host-key", 401)]
    [InlineData("durable-key", 404)]
    [InlineData("master-key", 404)]
    public async Task Webhooks_of_an_extension_take_its_system_key(string? key, int status)
    {
        Dictionary<string, string?> settings = new(Keys) { ["FunctionKeys:System:durabletask"] = "durable-key" };
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { Args = ["--enable-auth"], Settings = settings }, typeof(Durable.DurableHostTests.OrderFunctions));

        using HttpResponseMessage response = await app.Http.GetAsync($"/runtime/webhooks/durabletask/instances/none?code={key}");

        Assert.Equal(status, (int)response.StatusCode);
    }
}
