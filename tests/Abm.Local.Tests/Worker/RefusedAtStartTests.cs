using Abm.Local.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Abm.Local.Tests.Worker;

/// <summary>What cannot work is refused before anything starts, in one line that names the place and the mend.</summary>
public sealed class RefusedAtStartTests
{
    [AttributeUsage(AttributeTargets.Parameter)]
    public sealed class PigeonTriggerAttribute : TriggerBindingAttribute;

    [AttributeUsage(AttributeTargets.Property | AttributeTargets.Method)]
    public sealed class PigeonOutputAttribute : OutputBindingAttribute;

    [AttributeUsage(AttributeTargets.Parameter)]
    public sealed class PigeonInputAttribute : InputBindingAttribute;

    public sealed class SameName
    {
        [Function("Twin")]
        public IActionResult One([HttpTrigger(AuthorizationLevel.Anonymous, Route = "one")] HttpRequest request) => new OkResult();

        [Function("twin")]
        public IActionResult Two([HttpTrigger(AuthorizationLevel.Anonymous, Route = "two")] HttpRequest request) => new OkResult();
    }

    public sealed class SameRoute
    {
        [Function("One")]
        public IActionResult One([HttpTrigger(AuthorizationLevel.Anonymous, "get", "post", Route = "x/{id}")] HttpRequest request) => new OkResult();

        [Function("Two")]
        public IActionResult Two([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "x/{name}")] HttpRequest request) => new OkResult();
    }

    public sealed class UnknownTrigger
    {
        [Function("Coo")]
        public void Run([PigeonTrigger] string letter) => GC.KeepAlive(letter);
    }

    public sealed class UnknownOutput
    {
        [Function("Coo")]
        [PigeonOutput]
        public string Run([TimerTrigger("0 0 * * * *")] TimerInfo timer) => "";
    }

    public sealed class UnknownInput
    {
        [Function("Coo")]
        public void Run([TimerTrigger("0 0 * * * *")] TimerInfo timer, [PigeonInput] string letter) => GC.KeepAlive(letter);
    }

    public sealed class NoTrigger
    {
        [Function("Idle")]
        public void Run(string text) => GC.KeepAlive(text);
    }

    public sealed class TwoTriggers
    {
        [Function("Both")]
        public void Run([TimerTrigger("0 0 * * * *")] TimerInfo timer, [QueueTrigger("queue")] string text) => GC.KeepAlive(text);
    }

    public sealed class BadName
    {
        [Function("1st")]
        public void Run([TimerTrigger("0 0 * * * *")] TimerInfo timer) => GC.KeepAlive(timer);
    }

    public sealed class HostName
    {
        [Function("Host")]
        public void Run([TimerTrigger("0 0 * * * *")] TimerInfo timer) => GC.KeepAlive(timer);
    }

    public sealed class Expression
    {
        [Function("Expressed")]
        [QueueOutput("{queueTrigger}")]
        public string Run([QueueTrigger("queue")] string text) => text;
    }

    public sealed class TwoOutputs
    {
        [Function("Double")]
        [QueueOutput("one")]
        [PigeonOutput]
        public string Run([QueueTrigger("queue")] string text) => text;
    }

    public sealed class Answers
    {
        [HttpResult]
        public IActionResult? One { get; set; }

        [HttpResult]
        public IActionResult? Two { get; set; }
    }

    public sealed class TwiceHttp
    {
        [Function("Twice")]
        public Answers Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = "twice")] HttpRequest request) => new();
    }

    public sealed class Crossed
    {
        [QueueOutput("one")]
        [PigeonOutput]
        public string? One { get; set; }
    }

    public sealed class TwiceOut
    {
        [Function("Crossed")]
        public Crossed Run([QueueTrigger("queue")] string text) => new() { One = text };
    }

    public sealed class ByReference
    {
        [Function("Referred")]
        public void Run([QueueTrigger("queue")] ref string text) => GC.KeepAlive(text);
    }

    public sealed class Settingless
    {
        [Function("Lost")]
        public void Run([QueueTrigger("%nowhere%")] string text) => GC.KeepAlive(text);
    }

    public sealed class HalfSetting
    {
        [Function("Half")]
        public void Run([QueueTrigger("%half")] string text) => GC.KeepAlive(text);
    }

    public sealed class Connectionless
    {
        [Function("Unplugged")]
        public void Run([QueueTrigger("queue", Connection = "Elsewhere")] string text) => GC.KeepAlive(text);
    }

    public sealed class OnCrm
    {
        [Function("OnCrm")]
        public void Run([QueueTrigger("queue", Connection = "Crm")] string text) => GC.KeepAlive(text);
    }

    public sealed class MailOptions
    {
        public TimeSpan Timeout { get; set; }
    }

    public sealed class BadQueueName
    {
        [Function("Named")]
        public void Run([QueueTrigger("no_queue--name")] string text) => GC.KeepAlive(text);
    }

    public sealed class BadCron
    {
        [Function("Never")]
        public void Run([TimerTrigger("61 * * * * *")] TimerInfo timer) => GC.KeepAlive(timer);
    }

    public sealed class QueueRetry
    {
        [Function("Again")]
        [FixedDelayRetry(3, "00:00:01")]
        public void Run([QueueTrigger("queue")] string text) => GC.KeepAlive(text);
    }

    public sealed class Reserved
    {
        [Function("Boss")]
        public IActionResult Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = "admin/leads")] HttpRequest request) => new OkResult();
    }

    public sealed class BadRoute
    {
        [Function("Astray")]
        public IActionResult Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = "a/{b")] HttpRequest request) => new OkResult();
    }

    public sealed class PlainBody
    {
        [Function("Plain")]
        public IActionResult Run([HttpTrigger(AuthorizationLevel.Anonymous)] string body) => new OkObjectResult(body);
    }

    public sealed class AsyncVoid
    {
        [Function("Gone")]
        public async void Run([TimerTrigger("0 0 * * * *")] TimerInfo timer) => await Task.CompletedTask;
    }

    public sealed class Value
    {
        [Function("Valued")]
        public ValueTask Run([TimerTrigger("0 0 * * * *")] TimerInfo timer) => default;
    }

    public sealed class Hidden
    {
        [Function("Shy")]
        internal void Run([TimerTrigger("0 0 * * * *")] TimerInfo timer) => GC.KeepAlive(timer);
    }

    public sealed class Forgot
    {
        public IActionResult? Response { get; set; }

        [QueueOutput("queue")]
        public string? Message { get; set; }
    }

    public sealed class ForgotHttpResult
    {
        [Function("Forgetful")]
        public Forgot Run([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => new();
    }

    public sealed class ListOutput
    {
        [Function("Listed")]
        [QueueOutput("queue")]
        public List<string> Run([HttpTrigger(AuthorizationLevel.Anonymous)] HttpRequest request) => [];
    }

    [Theory]
    [InlineData(typeof(SameName), "Two functions are named 'twin'", "SameName.One")]
    [InlineData(typeof(SameRoute), "both answer GET /api/x/{name}", "SameRoute.One")]
    [InlineData(typeof(UnknownTrigger), "does not support [PigeonTrigger]", "UnknownTrigger.Run")]
    [InlineData(typeof(UnknownOutput), "does not support the output [PigeonOutput]", "UnknownOutput.Run")]
    [InlineData(typeof(UnknownInput), "does not support [PigeonInput] on parameter 'letter'", "UnknownInput.Run")]
    [InlineData(typeof(NoTrigger), "needs exactly one trigger", "NoTrigger.Run")]
    [InlineData(typeof(TwoTriggers), "needs exactly one trigger attribute among its parameters; it has 2", "TwoTriggers.Run")]
    [InlineData(typeof(BadName), "'1st' is no function name", "BadName.Run")]
    [InlineData(typeof(HostName), "the name 'host' is reserved", "HostName.Run")]
    [InlineData(typeof(Expression), "does not support binding expressions such as {x}", "Expression.Run")]
    [InlineData(typeof(TwoOutputs), "one output attribute only", "TwoOutputs.Run")]
    [InlineData(typeof(TwiceHttp), "carries [HttpResult] more than once", "TwiceHttp.Run")]
    [InlineData(typeof(TwiceOut), "carries several output attributes", "TwiceOut.Run")]
    [InlineData(typeof(ByReference), "is by reference", "ByReference.Run")]
    [InlineData(typeof(Settingless), "the setting 'nowhere' in '%nowhere%' does not exist", "Settingless.Run")]
    [InlineData(typeof(HalfSetting), "has a % without its partner", "HalfSetting.Run")]
    [InlineData(typeof(Connectionless), "add AzureWebJobsElsewhere to Values in local.settings.json", "Connectionless.Run")]
    [InlineData(typeof(BadQueueName), "'no_queue--name' is no queue name", "BadQueueName.Run")]
    [InlineData(typeof(BadCron), "'61 * * * * *' is no schedule", "BadCron.Run")]
    [InlineData(typeof(QueueRetry), "[FixedDelayRetry] works on timer triggers only", "QueueRetry.Run")]
    [InlineData(typeof(Reserved), "routes that begin with 'admin' or 'runtime'", "Reserved.Run")]
    [InlineData(typeof(BadRoute), "is no route template", "BadRoute.Run")]
    [InlineData(typeof(PlainBody), "[HttpTrigger] on String is not supported", "PlainBody.Run")]
    [InlineData(typeof(AsyncVoid), "async void cannot be awaited", "AsyncVoid.Run")]
    [InlineData(typeof(Value), "does not support ValueTask", "Value.Run")]
    [InlineData(typeof(Hidden), "must be a public method", "Hidden.Run")]
    [InlineData(typeof(ForgotHttpResult), "lacks [HttpResult]", "ForgotHttpResult.Run")]
    [InlineData(typeof(ListOutput), "several messages are returned as an array", "ListOutput.Run")]
    public async Task A_function_that_cannot_work_is_named_with_the_mend(Type functions, string why, string where)
    {
        var refused = await Assert.ThrowsAsync<LocalRuntimeException>(() => TestApp.BuildAsync(new TestAppSetup(), new Notes(), new CapturedLog(), functions));

        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
        Assert.Contains(where, refused.Message, StringComparison.Ordinal);
        Assert.Contains("RefusedAtStartTests.cs:", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
    }

    [Fact]
    public async Task Two_functions_of_one_name_are_named_both_with_file_and_line()
    {
        var refused = await Assert.ThrowsAsync<LocalRuntimeException>(() => TestApp.BuildAsync(new TestAppSetup(), new Notes(), new CapturedLog(), typeof(SameName)));

        Assert.Matches(@"^Two functions are named 'twin': \S+SameName\.One \(\S+RefusedAtStartTests\.cs:\d+\) and \S+SameName\.Two \(\S+RefusedAtStartTests\.cs:\d+\); give one of them another name\.$", refused.Message);
    }

    [Theory]
    [InlineData("every day")]
    [InlineData("0 0 0 30 2 *")]
    [InlineData("")]
    public async Task A_schedule_from_the_settings_that_is_none_is_refused_by_function_file_and_mend(string schedule)
    {
        var setup = new TestAppSetup { Settings = new() { ["schedule"] = schedule } };

        var refused = await Assert.ThrowsAsync<LocalRuntimeException>(() => TestApp.BuildAsync(setup, new Notes(), new CapturedLog(), typeof(TimerFunctionTests.Ticks)));

        Assert.Matches(@"Ticks\.Run \(\S+TimerFunctionTests\.cs:\d+\): ", refused.Message);
        Assert.Contains($"'{schedule}' is no schedule", refused.Message, StringComparison.Ordinal);
        Assert.Contains("write six fields 'second minute hour day month weekday'", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("UseDevelopmentStorage=yes")]
    [InlineData("DefaultEndpointsProtocol=https;AccountName=a;AccountKey=!!;EndpointSuffix=core.windows.net")]
    public async Task A_connection_string_that_is_none_is_refused_by_setting_function_and_mend_without_its_text(string connection)
    {
        var setup = new TestAppSetup { Settings = new() { ["queue"] = "any", ["Crm"] = connection } };

        var refused = await Assert.ThrowsAsync<LocalRuntimeException>(() => TestApp.BuildAsync(setup, new Notes(), new CapturedLog(), typeof(OnCrm)));

        Assert.StartsWith("The setting Crm is not a storage connection string", refused.Message, StringComparison.Ordinal);
        Assert.Contains("OnCrm.Run", refused.Message, StringComparison.Ordinal);
        Assert.Contains("UseDevelopmentStorage=true", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(connection, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_of_the_app_that_cannot_be_read_is_named_in_one_line()
    {
        var setup = new TestAppSetup
        {
            Settings = new() { ["Mail:Timeout"] = "soon" },
            Configure = builder => builder.Services.AddOptions<MailOptions>().BindConfiguration("Mail").ValidateOnStart(),
        };
        using IHost host = await TestApp.BuildAsync(setup, new Notes(), new CapturedLog(), typeof(KeyTests.Functions));

        Exception refused = await Assert.ThrowsAnyAsync<Exception>(() => host.StartAsync(TestContext.Current.CancellationToken));
        string? line = Problems.Explain(refused);

        Assert.NotNull(line);
        Assert.Contains("'soon' at 'Mail:Timeout'", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
    }

    [Fact]
    public async Task HTTP_functions_need_the_web_application()
    {
        var refused = await Assert.ThrowsAsync<LocalRuntimeException>(() =>
            TestApp.BuildAsync(new TestAppSetup { HasHttp = false }, new Notes(), new CapturedLog(), typeof(HttpFunctionTests.Leads)));

        Assert.Contains("ConfigureFunctionsWebApplication", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Storage_functions_need_AzureWebJobsStorage()
    {
        var setup = new TestAppSetup { HasStorage = false, Settings = new() { ["schedule"] = "0 0 * * * *" } };

        var refused = await Assert.ThrowsAsync<LocalRuntimeException>(() => TestApp.BuildAsync(setup, new Notes(), new CapturedLog(), typeof(TimerFunctionTests.Ticks)));

        Assert.Contains("'AzureWebJobsStorage'", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Ticks.Run", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("{", "is not valid JSON at line 1")]
    [InlineData("{}", "needs \"version\": \"2.0\"")]
    [InlineData("[]", "must hold a JSON object")]
    [InlineData("""{ "version": 2.0 }""", "needs \"version\": \"2.0\"; it has 2.0")]
    [InlineData("""{ "version": "2.0", "version": "2.0" }""", "is not valid JSON (Duplicate property 'version'")]
    [InlineData("""{ "version": "2.0", "extensions": [] }""", "extensions must be an object in braces, not []")]
    [InlineData("""{ "version": "2.0", "extensions": { "queues": "fast" } }""", "extensions.queues must be an object in braces, not \"fast\"")]
    [InlineData("""{ "version": "2.0", "extensions": { "http": { "routePrefix": "a/{b" } } }""", "extensions.http.routePrefix \"a/{b\" is no beginning of a route")]
    [InlineData("""{ "version": "2.0", "logging": { "logLevel": "Warning" } }""", "logging.logLevel must be an object in braces")]
    [InlineData("""{ "version": "2.0", "logging": { "logLevel": { "default": "Loud" } } }""", "logging.logLevel.default must be one of Trace, Debug,")]
    [InlineData("""{ "version": "2.0", "extensions": { "queues": { "batchSize": 33 } } }""", "extensions.queues.batchSize must be a whole number from 1 to 32, not 33")]
    [InlineData("""{ "version": "2.0", "extensions": { "queues": { "maxPollingInterval": 5 } } }""", "extensions.queues.maxPollingInterval must be a time")]
    [InlineData("""{ "version": "2.0", "extensions": { "queues": { "messageEncoding": "utf" } } }""", "must be \"base64\" or \"none\"")]
    public async Task A_host_json_that_cannot_be_used_is_named_with_the_place(string hostJson, string why)
    {
        var setup = new TestAppSetup { HostJson = hostJson, Settings = new() { ["queue"] = "any" } };

        var refused = await Assert.ThrowsAsync<LocalRuntimeException>(() => TestApp.BuildAsync(setup, new Notes(), new CapturedLog(), typeof(QueueFunctionTests.AsText)));

        Assert.StartsWith("host.json", refused.Message, StringComparison.Ordinal);
        Assert.Contains(why, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Keys_cannot_be_checked_without_a_master_key()
    {
        var refused = await Assert.ThrowsAsync<LocalRuntimeException>(() =>
            TestApp.BuildAsync(new TestAppSetup { Args = ["--enable-auth"] }, new Notes(), new CapturedLog(), typeof(KeyTests.Functions)));

        Assert.Contains("FunctionKeys__Master", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_host_json_setting_without_effect_here_is_warned_about()
    {
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { HostJson = """{ "version": "2.0", "functionTimeout": "00:05:00" }""" }, typeof(KeyTests.Functions));

        Assert.Contains(app.Log.Entries, entry => entry.Message == "host.json: functionTimeout has no effect in the Local runtime");
    }

    [Fact]
    public async Task A_misspelt_name_in_host_json_is_warned_about()
    {
        const string hostJson = """{ "version": "2.0", "extentions": {}, "extensions": { "queues": { "batchsize": 8, "maxDequeCount": 3 }, "blobs": {} } }""";
        await using TestApp app = await TestApp.StartAsync(new TestAppSetup { HostJson = hostJson }, typeof(KeyTests.Functions));

        Assert.Equal(
            ["extentions", "extensions.queues.maxDequeCount", "extensions.blobs"],
            app.Log.Entries.Where(entry => entry.Message.Contains("is not known here", StringComparison.Ordinal)).Select(entry => entry.Message.Split(' ')[1]));
    }
}
