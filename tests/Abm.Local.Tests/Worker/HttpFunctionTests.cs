using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Abm.Local.Tests.Worker;

public sealed class HttpFunctionTests
{
    public sealed class Leads
    {
        [Function("GetLead")]
        public IActionResult Get([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "leads/{id:int}")] HttpRequest request, int id) => new OkObjectResult(new { LeadId = id });

        [Function("PutLead")]
        public IActionResult Put([HttpTrigger(AuthorizationLevel.Anonymous, "put", Route = "leads/{id:int}")] HttpRequest request, string id) => new OkObjectResult($"put {id}");

        [Function("SearchLeads")]
        public IResult Search([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "leads/search")] HttpRequest request) => Results.Text("search");

        [Function("AnyLead")]
        public IResult Any([HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "leads/{name}")] HttpRequest request, string name) => Results.Text($"any {name}");

        [Function("Ping")]
        public static IActionResult Ping([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request, FunctionContext context) =>
            new ContentResult { Content = context.FunctionDefinition.Name + " " + ReferenceEquals(context.GetHttpContext()!.Request, request), ContentType = "text/plain" };

        [Function("Typed")]
        public IResult Typed([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "typed/{at}/{key}/{page:int?}")] HttpRequest request, DateTimeOffset at, Guid key, int page = 7) =>
            Results.Text(FormattableString.Invariant($"{at.UtcDateTime:o} {key:N} {page}"));

        [Function("File")]
        public IActionResult File([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => new FileContentResult([1, 2, 3], "application/x-three");
    }

    public sealed record Body(string Name, int Count);

    public sealed class Odd(ILogger<Odd> logger)
    {
        [Function("Breaks")]
        public IActionResult Breaks([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request)
        {
            request.HttpContext.Response.Headers["x-half"] = "done";
            throw new InvalidOperationException("the reason");
        }

        [Function("SaysText")]
        public string SaysText([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => "never seen";

        [Function("ReadsAll")]
        public async Task<IActionResult> ReadsAll([HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequest request, CancellationToken cancellationToken)
        {
            long length = 0;
            byte[] buffer = new byte[64 * 1024];
            while (await request.Body.ReadAsync(buffer, cancellationToken) is > 0 and int read)
                length += read;
            return new OkObjectResult(length);
        }

        [Function("FromBody")]
        public IActionResult Reads([HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequest request, [Microsoft.Azure.Functions.Worker.Http.FromBody] Body body) => new OkObjectResult(body with { Count = body.Count + 1 });

        [Function("Waits")]
        public async Task<IActionResult> Waits([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, FunctionContext context, CancellationToken cancellationToken)
        {
            var notes = context.InstanceServices.GetRequiredService<Notes>();
            notes.Add("waiting");
            logger.LogInformation("waiting");
            try
            {
                await Task.Delay(Timeout.Infinite, cancellationToken);
            }
            catch (OperationCanceledException)
            {
                notes.Add("cancelled");
                throw;
            }

            return new OkResult();
        }
    }

    public sealed class Streams
    {
        [Function("Echo")]
        public async Task Echo([HttpTrigger(AuthorizationLevel.Anonymous, "post")] HttpRequest request, CancellationToken cancellationToken)
        {
            HttpResponse response = request.HttpContext.Response;
            response.ContentType = "application/x-ndjson";
            using var reader = new StreamReader(request.Body);
            while (await reader.ReadLineAsync(cancellationToken) is { } line)
            {
                await response.WriteAsync($"{line}!\n", cancellationToken);
                await response.Body.FlushAsync(cancellationToken);
            }
        }
    }

    public sealed class Scoped
    {
        public Guid Id { get; } = Guid.NewGuid();
    }

    public sealed class Injected(Scoped mine) : IDisposable
    {
        private readonly Guid _instance = Guid.NewGuid();

        [Function("Injected")]
        public IResult Run([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request, FunctionContext context)
        {
            Notes notes = context.InstanceServices.GetRequiredService<Notes>();
            notes.Add(ReferenceEquals(mine, context.InstanceServices.GetRequiredService<Scoped>()) ? "same scope" : "other scope");
            notes.Add(_instance.ToString());
            return Results.NoContent();
        }

        public void Dispose() => GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task A_wrong_verb_and_an_unknown_route_are_both_404()
    {
        await using TestApp app = await TestApp.StartAsync(typeof(Leads));

        using HttpResponseMessage wrongVerb = await app.Http.DeleteAsync("/api/leads/5");
        using HttpResponseMessage unknown = await app.Http.GetAsync("/api/nothing");
        using HttpResponseMessage withoutPrefix = await app.Http.GetAsync("/leads/5");

        Assert.Equal([HttpStatusCode.NotFound, HttpStatusCode.NotFound, HttpStatusCode.NotFound], [wrongVerb.StatusCode, unknown.StatusCode, withoutPrefix.StatusCode]);
    }

    [Fact]
    public async Task Two_functions_share_a_route_with_different_verbs()
    {
        await using TestApp app = await TestApp.StartAsync(typeof(Leads));

        string got = await app.Http.GetStringAsync("/api/leads/5");
        using HttpResponseMessage put = await app.Http.PutAsync("/api/leads/6", null);

        Assert.Equal("""{"leadId":5}""", got);
        Assert.Equal("put 6", await put.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_literal_route_goes_before_a_parameter_unless_its_verb_differs()
    {
        await using TestApp app = await TestApp.StartAsync(typeof(Leads));

        string literal = await app.Http.GetStringAsync("/api/leads/search");
        using HttpResponseMessage parameter = await app.Http.PostAsync("/api/leads/search", null);
        string constrained = await app.Http.GetStringAsync("/api/leads/abc");

        Assert.Equal("search", literal);
        Assert.Equal("any search", await parameter.Content.ReadAsStringAsync());
        Assert.Equal("any abc", constrained);
    }

    [Fact]
    public async Task Without_a_route_the_function_name_is_the_route_and_every_verb_is_heard()
    {
        await using TestApp app = await TestApp.StartAsync(typeof(Leads));

        using HttpResponseMessage response = await app.Http.SendAsync(new HttpRequestMessage(HttpMethod.Patch, "/api/ping"));

        Assert.Equal("Ping True", await response.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("", "/ping")]
    [InlineData("v1/api", "/v1/api/ping")]
    public async Task The_route_prefix_comes_from_host_json(string prefix, string path)
    {
        var setup = new TestAppSetup { HostJson = $$"""{ "version": "2.0", "extensions": { "http": { "routePrefix": "{{prefix}}" } } }""" };
        await using TestApp app = await TestApp.StartAsync(setup, typeof(Leads));

        Assert.Equal("Ping True", await app.Http.GetStringAsync(path));
    }

    [Fact]
    public async Task Route_values_become_instants_ids_and_numbers_and_a_missing_one_takes_its_default()
    {
        await using TestApp app = await TestApp.StartAsync(typeof(Leads));

        string two = await app.Http.GetStringAsync("/api/typed/2026-03-01T10:00:00Z/6f9619ff-8b86-d011-b42d-00c04fc964ff/3");
        string one = await app.Http.GetStringAsync("/api/typed/2026-03-01T10:00:00Z/6f9619ff-8b86-d011-b42d-00c04fc964ff");
        using HttpResponseMessage nonsense = await app.Http.GetAsync("/api/typed/2026-03-01T10:00:00Z/nonsense");

        Assert.Equal("2026-03-01T10:00:00.0000000Z 6f9619ff8b86d011b42d00c04fc964ff 3", two);
        Assert.EndsWith(" 7", one, StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.InternalServerError, nonsense.StatusCode);
    }

    [Fact]
    public async Task A_file_result_is_sent_with_its_type()
    {
        await using TestApp app = await TestApp.StartAsync(typeof(Leads));

        using HttpResponseMessage response = await app.Http.GetAsync("/api/file");

        Assert.Equal("application/x-three", response.Content.Headers.ContentType!.MediaType);
        Assert.Equal([1, 2, 3], await response.Content.ReadAsByteArrayAsync());
    }

    [Fact]
    public async Task An_unhandled_exception_is_an_empty_500_and_is_logged_once()
    {
        await using TestApp app = await TestApp.StartAsync(typeof(Odd));

        using HttpResponseMessage response = await app.Http.GetAsync("/api/breaks");

        Assert.Equal(HttpStatusCode.InternalServerError, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsStringAsync());
        Assert.False(response.Headers.Contains("x-half"));
        Assert.Equal("the reason", Assert.Single(app.Log.Entries, entry => entry.Exception is not null).Exception!.Message);
    }

    [Fact]
    public async Task A_result_that_is_no_HTTP_result_is_an_empty_200_and_a_warning()
    {
        await using TestApp app = await TestApp.StartAsync(typeof(Odd));

        using HttpResponseMessage response = await app.Http.GetAsync("/api/saystext");

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Empty(await response.Content.ReadAsStringAsync());
        Assert.Contains(app.Log.Entries, entry => entry.Level == LogLevel.Warning && entry.Message.Contains("SaysText", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_body_above_100_MB_is_refused_with_413()
    {
        await using TestApp app = await TestApp.StartAsync(typeof(Odd));
        using var content = new StreamContent(new ZeroStream(104_857_601));

        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/readsall") { Content = content };
        request.Headers.ExpectContinue = true;
        using HttpResponseMessage response = await app.Http.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
    }

    [Fact]
    public async Task FromBody_reads_camel_case_JSON_and_a_body_it_cannot_read_fails_the_function()
    {
        await using TestApp app = await TestApp.StartAsync(typeof(Odd));

        using HttpResponseMessage good = await app.Http.PostAsJsonAsync("/api/frombody", new { name = "n", count = 1 });
        using HttpResponseMessage bad = await app.Http.PostAsync("/api/frombody", new StringContent("{", Encoding.UTF8, "application/json"));
        using HttpResponseMessage text = await app.Http.PostAsync("/api/frombody", new StringContent("{}", Encoding.UTF8, "text/plain"));

        Assert.Equal("""{"name":"n","count":2}""", await good.Content.ReadAsStringAsync());
        Assert.Equal([HttpStatusCode.InternalServerError, HttpStatusCode.InternalServerError], [bad.StatusCode, text.StatusCode]);
    }

    [Fact]
    public async Task A_client_that_goes_away_cancels_the_invocation()
    {
        await using TestApp app = await TestApp.StartAsync(typeof(Odd));
        using var client = new CancellationTokenSource();

        Task<HttpResponseMessage> request = app.Http.GetAsync("/api/waits", client.Token);
        await Eventually.BeTrueAsync(() => app.Notes.Lines.Contains("waiting"), "the function waits");
        await client.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => request);
        await Eventually.BeTrueAsync(() => app.Notes.Lines.Contains("cancelled"), "the function is cancelled");
    }

    [Fact]
    public async Task Lines_stream_in_and_out_without_being_gathered()
    {
        await using TestApp app = await TestApp.StartAsync(typeof(Streams));
        using var client = new TcpClient(); // HttpClient sends all of an HTTP/1.1 request before it reads
        await client.ConnectAsync("127.0.0.1", app.Http.BaseAddress!.Port);
        client.ReceiveTimeout = client.SendTimeout = 10_000;
        using NetworkStream stream = client.GetStream();
        using var reader = new StreamReader(stream);

        await SendAsync("POST /api/echo HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n");
        await SendAsync("4\r\none\n\r\n");
        string first = await ReadUntilAsync("one!");
        await SendAsync("4\r\ntwo\n\r\n");
        string second = await ReadUntilAsync("two!");
        await SendAsync("0\r\n\r\n");

        Assert.Equal(["one!", "two!"], [first, second]);

        Task SendAsync(string text) => stream.WriteAsync(Encoding.ASCII.GetBytes(text)).AsTask();

        async Task<string> ReadUntilAsync(string wanted)
        {
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(10));
            string? line = await reader.ReadLineAsync(limit.Token);
            while (line is not null && line != wanted)
                line = await reader.ReadLineAsync(limit.Token);
            return line ?? "";
        }
    }

    [Fact]
    public async Task Each_invocation_has_its_own_instance_and_scope()
    {
        var setup = new TestAppSetup { Configure = builder => builder.Services.AddScoped<Scoped>() };
        await using TestApp app = await TestApp.StartAsync(setup, typeof(Injected));

        using HttpResponseMessage one = await app.Http.GetAsync("/api/injected");
        using HttpResponseMessage two = await app.Http.GetAsync("/api/injected");

        Assert.Equal(["same scope", "same scope"], app.Notes.Lines.Where(line => line.EndsWith("scope", StringComparison.Ordinal)));
        Assert.Equal(2, app.Notes.Lines.Where(line => Guid.TryParse(line, out _)).Distinct().Count());
    }

    [Fact]
    public async Task The_host_tells_its_state_and_its_functions()
    {
        await using TestApp app = await TestApp.StartAsync(typeof(Leads));

        JsonNode status = (await app.Http.GetFromJsonAsync<JsonNode>("/admin/host/status"))!;
        JsonNode functions = (await app.Http.GetFromJsonAsync<JsonNode>("/admin/functions"))!;
        using HttpResponseMessage unknown = await app.Http.PostAsync("/admin/functions/nothing", null);

        Assert.Equal("Running", (string?)status["state"]);
        Assert.Contains("GetLead", functions.AsArray().Select(function => (string?)function!["name"]));
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    [Fact]
    public async Task A_disabled_function_is_404()
    {
        var setup = new TestAppSetup { Settings = new() { ["AzureWebJobs.Ping.Disabled"] = "true" } };
        await using TestApp app = await TestApp.StartAsync(setup, typeof(Leads));

        using HttpResponseMessage response = await app.Http.GetAsync("/api/ping");

        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
    }

    private sealed class ZeroStream(long length) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get; set; }

        public override int Read(byte[] buffer, int offset, int count)
        {
            int read = (int)Math.Min(count, length - Position);
            Position += read;
            return read;
        }

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
