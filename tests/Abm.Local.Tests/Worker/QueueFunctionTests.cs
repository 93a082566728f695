using System.Collections.Concurrent;
using System.Net;
using Abm.TestKit;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Queues;
using Microsoft.Extensions.DependencyInjection;

namespace Abm.Local.Tests.Worker;

public sealed class QueueFunctionTests
{
    private static int s_queues;

    public sealed record Work(string Name, int Number);

    /// <summary>Lets a test hold a function and see how many run at once.</summary>
    public sealed class Gate
    {
        private int _running;

        public TaskCompletionSource Open { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Most { get; private set; }

        public int Entered { get; private set; }

        public async Task PassAsync()
        {
            lock (this)
            {
                Entered++;
                Most = Math.Max(Most, ++_running);
            }

            await Open.Task;
            lock (this)
                _running--;
        }
    }

    public sealed class AsText(Notes notes)
    {
        [Function("AsText")]
        public void Run([QueueTrigger("%queue%")] string text, string queueTrigger, long dequeueCount, string id, DateTimeOffset insertionTime, string popReceipt) =>
            notes.Add($"{text} {queueTrigger} {dequeueCount} {id.Length > 0} {insertionTime > DateTimeOffset.UnixEpoch} {popReceipt.Length > 0}");
    }

    public sealed class AsBytes(Notes notes)
    {
        [Function("AsBytes")]
        public void Run([QueueTrigger("%queue%")] byte[] bytes) => notes.Add(string.Join(',', bytes));
    }

    public sealed class AsData(Notes notes)
    {
        [Function("AsData")]
        public void Run([QueueTrigger("%queue%")] BinaryData data) => notes.Add(data.ToString());
    }

    public sealed class AsMessage(Notes notes)
    {
        [Function("AsMessage")]
        public void Run([QueueTrigger("%queue%")] QueueMessage message, FunctionContext context) =>
            notes.Add($"{message.Body} {message.DequeueCount} {message.MessageId == (string)context.BindingContext.BindingData["Id"]!}");
    }

    public sealed class AsObject(Notes notes)
    {
        [Function("AsObject")]
        public void Run([QueueTrigger("%queue%")] Work work) => notes.Add($"{work.Name} {work.Number}");
    }

    public sealed class Fails(Notes notes)
    {
        [Function("Fails")]
        public void Run([QueueTrigger("%queue%")] string text, int dequeueCount)
        {
            notes.Add($"try {dequeueCount}");
            throw new InvalidOperationException(text);
        }
    }

    public sealed class Held(Gate gate, Notes notes)
    {
        [Function("Held")]
        public async Task Run([QueueTrigger("%queue%")] string text)
        {
            await gate.PassAsync();
            notes.Add(text);
        }
    }

    public sealed class Counts(ConcurrentDictionary<string, int> seen)
    {
        [Function("Counts")]
        public void Run([QueueTrigger("%queue%")] string text) => seen.AddOrUpdate(text, 1, (_, times) => times + 1);
    }

    public sealed class Several
    {
        [HttpResult]
        public IActionResult? Response { get; set; }

        [QueueOutput("%queue%")]
        public Work[]? Messages { get; set; }

        [QueueOutput("%other%")]
        public string? Nothing { get; set; }
    }

    public sealed class Sends
    {
        [Function("SendsSeveral")]
        public Several Run([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "several")] HttpRequest request) =>
            new() { Response = new StatusCodeResult(202), Messages = [new Work("a", 1), new Work("b", 2)] };

        [Function("SendsTooMuch")]
        public Several TooMuch([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "toomuch")] HttpRequest request) =>
            new() { Response = new ObjectResult("taken") { StatusCode = 202 }, Nothing = new string('x', 70_000) };

        [Function("SendsOne")]
        [QueueOutput("%queue%")]
        public string One([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "one")] HttpRequest request) => "plain";
    }

    [Theory]
    [InlineData(typeof(AsText), "héllo", "héllo héllo 1 True True True")]
    [InlineData(typeof(AsBytes), "ab", "97,98")]
    [InlineData(typeof(AsData), "data", "data")]
    [InlineData(typeof(AsMessage), "body", "body 1 True")]
    [InlineData(typeof(AsObject), """{"name":"n","NUMBER":7}""", "n 7")]
    public async Task A_message_binds_as_the_parameter_wants_it(Type function, string body, string expected)
    {
        QueueClient queue = await NewQueueAsync();
        await queue.SendMessageAsync(body);

        await using TestApp app = await TestApp.StartAsync(For(queue), function);

        await Eventually.BeTrueAsync(() => app.Notes.Lines.Count == 1, "the message is read");
        Assert.Equal([expected], app.Notes.Lines);
        await Eventually.BeTrueAsync(async () => await CountAsync(queue) == 0, "the message is deleted");
    }

    [Fact]
    public async Task A_message_that_keeps_failing_goes_to_the_poison_queue_after_its_last_try()
    {
        QueueClient queue = await NewQueueAsync();
        await queue.SendMessageAsync("böse");

        await using TestApp app = await TestApp.StartAsync(For(queue, """{ "maxDequeueCount": 3 }"""), typeof(Fails));
        QueueMessage poison = await ReceiveAsync(await QueueAsync(queue.Name + "-poison"));

        Assert.Equal(["try 1", "try 2", "try 3"], app.Notes.Lines);
        Assert.Equal("böse", poison.Body.ToString());
        Assert.Equal(1, poison.DequeueCount);
        await Eventually.BeTrueAsync(async () => await CountAsync(queue) == 0, "the message is deleted");
        Assert.Equal(3, app.Log.Entries.Count(entry => entry.Exception is InvalidOperationException));
    }

    [Fact]
    public async Task A_failed_message_is_hidden_for_the_visibility_timeout()
    {
        QueueClient queue = await NewQueueAsync();
        await queue.SendMessageAsync("later");

        await using TestApp app = await TestApp.StartAsync(For(queue, """{ "visibilityTimeout": "01:00:00" }"""), typeof(Fails));
        await Eventually.BeTrueAsync(() => app.Log.Entries.Any(entry => entry.Exception is not null), "the first try failed");
        await app.StopAsync();

        Assert.Equal(["try 1"], app.Notes.Lines);
        Assert.Equal(1, await CountAsync(queue));
        Assert.Empty((await queue.ReceiveMessagesAsync(1)).Value);
    }

    [Fact]
    public async Task A_message_that_is_no_JSON_for_an_object_ends_on_the_poison_queue()
    {
        QueueClient queue = await NewQueueAsync();
        await queue.SendMessageAsync("{ no json");

        await using TestApp app = await TestApp.StartAsync(For(queue, """{ "maxDequeueCount": 2 }"""), typeof(AsObject));
        QueueMessage poison = await ReceiveAsync(await QueueAsync(queue.Name + "-poison"));

        Assert.Equal("{ no json", poison.Body.ToString());
        Assert.Empty(app.Notes.Lines);
    }

    [Fact]
    public async Task A_message_that_is_not_Base64_goes_to_the_poison_queue_without_a_try()
    {
        QueueClient queue = await NewQueueAsync();
        QueueClient plain = await QueueAsync(queue.Name, QueueMessageEncoding.None);
        await plain.SendMessageAsync("not base64!");

        await using TestApp app = await TestApp.StartAsync(For(queue), typeof(AsText));
        QueueMessage poison = await ReceiveAsync(await QueueAsync(queue.Name + "-poison", QueueMessageEncoding.None));

        Assert.Equal("not base64!", poison.Body.ToString());
        Assert.Empty(app.Notes.Lines);
    }

    [Fact]
    public async Task With_encoding_none_text_travels_as_it_is()
    {
        QueueClient queue = await NewQueueAsync();
        QueueClient plain = await QueueAsync(queue.Name, QueueMessageEncoding.None);
        await plain.SendMessageAsync("as it is");

        await using TestApp app = await TestApp.StartAsync(For(queue, """{ "messageEncoding": "none" }"""), typeof(AsData));

        await Eventually.BeTrueAsync(() => app.Notes.Lines.Count == 1, "the message is read");
        Assert.Equal(["as it is"], app.Notes.Lines);
    }

    [Fact]
    public async Task A_message_sent_with_the_apps_own_client_wakes_its_listener_without_a_poll()
    {
        QueueClient queue = await NewQueueAsync();
        var time = new ManualTime(DateTimeOffset.UnixEpoch); // stands still: no poll comes due
        await using TestApp app = await TestApp.StartAsync(For(queue, "{}", time), typeof(AsData));
        await Eventually.BeTrueAsync(() => time.Waiting > 0, "the listener waits for its next poll");

        await queue.SendMessageAsync("wake");

        await Eventually.BeTrueAsync(() => app.Notes.Lines.Count == 1, "the message is read");
    }

    [Fact]
    public async Task An_idle_queue_is_polled_again_when_the_wait_is_over()
    {
        QueueClient queue = await NewQueueAsync();
        var time = new ManualTime(DateTimeOffset.UnixEpoch);
        await using TestApp app = await TestApp.StartAsync(For(queue, "{}", time), typeof(AsData));
        await Eventually.BeTrueAsync(() => time.Waiting > 0, "the listener waits for its next poll");
        await queue.SendMessageAsync("hidden at first", TimeSpan.FromSeconds(1)); // does not wake

        await Eventually.BeTrueAsync(
            () =>
            {
                time.Advance(TimeSpan.FromSeconds(10));
                return app.Notes.Lines.Count == 1;
            },
            "the message is found by polling");
    }

    [Fact]
    public async Task Batch_size_one_without_a_threshold_means_one_at_a_time()
    {
        QueueClient queue = await NewQueueAsync();
        for (int i = 0; i < 6; i++)
            await queue.SendMessageAsync($"{i}");
        var gate = new Gate();
        gate.Open.SetResult();

        await using TestApp app = await TestApp.StartAsync(For(queue, """{ "batchSize": 1, "newBatchThreshold": 0 }""", gate: gate), typeof(Held));
        await Eventually.BeTrueAsync(() => app.Notes.Lines.Count == 6, "all are done");

        Assert.Equal(1, gate.Most);
    }

    [Fact]
    public async Task No_more_than_a_batch_and_the_threshold_run_at_once()
    {
        QueueClient queue = await NewQueueAsync();
        for (int i = 0; i < 12; i++)
            await queue.SendMessageAsync($"{i}");
        var gate = new Gate();

        await using TestApp app = await TestApp.StartAsync(For(queue, """{ "batchSize": 4, "newBatchThreshold": 2 }""", gate: gate), typeof(Held));
        await Eventually.BeTrueAsync(() => gate.Entered >= 4, "the first batch runs");
        int held = gate.Entered;
        gate.Open.SetResult();
        await Eventually.BeTrueAsync(() => app.Notes.Lines.Count == 12, "all are done");

        Assert.Equal(4, held);
        Assert.InRange(gate.Most, 4, 6);
    }

    [Fact]
    public async Task Stopping_waits_for_the_running_function_and_its_message_is_done()
    {
        QueueClient queue = await NewQueueAsync();
        await queue.SendMessageAsync("drained");
        var gate = new Gate();
        await using TestApp app = await TestApp.StartAsync(For(queue, gate: gate), typeof(Held));
        await Eventually.BeTrueAsync(() => gate.Entered == 1, "the function runs");

        Task stopping = app.StopAsync();
        Assert.False(stopping.IsCompleted);
        gate.Open.SetResult();
        await stopping;

        Assert.Equal(["drained"], app.Notes.Lines);
        Assert.Equal(0, await CountAsync(queue));
    }

    [Fact]
    public async Task A_running_message_stays_hidden_beyond_its_lock()
    {
        QueueClient queue = await NewQueueAsync();
        await queue.SendMessageAsync("long");
        var gate = new Gate();
        var time = new ManualTime(DateTimeOffset.UnixEpoch); // the runtime's clock moves fast enough for renewals, however busy the machine is
        await using TestApp app = await TestApp.StartAsync(For(queue, "{}", time, "00:00:02", gate), typeof(Held));
        await Eventually.BeTrueAsync(() => gate.Entered == 1, "the function runs");

        using var beyond = new CancellationTokenSource(TimeSpan.FromSeconds(4)); // twice the lock
        while (!beyond.IsCancellationRequested)
        {
            time.Advance(TimeSpan.FromSeconds(1));
            Assert.Empty((await queue.ReceiveMessagesAsync(1, TimeSpan.FromSeconds(1))).Value);
        }

        gate.Open.SetResult();

        await Eventually.BeTrueAsync(async () => await CountAsync(queue) == 0, "the message is deleted with its last pop receipt");
        Assert.Equal(["long"], app.Notes.Lines);
    }

    [Fact]
    public async Task Two_processes_on_one_queue_do_every_message_once()
    {
        QueueClient queue = await NewQueueAsync();
        var seen = new ConcurrentDictionary<string, int>();
        await using TestApp one = await TestApp.StartAsync(For(queue, seen: seen), typeof(Counts));
        await using TestApp two = await TestApp.StartAsync(For(queue, seen: seen), typeof(Counts));

        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => queue.SendMessageAsync($"{i}")));
        await Eventually.BeTrueAsync(() => seen.Count == 100, "all are done");
        await Eventually.BeTrueAsync(async () => await CountAsync(queue) == 0, "all are deleted");

        Assert.All(seen.Values, times => Assert.Equal(1, times));
    }

    [Fact]
    public async Task A_result_with_several_outputs_sends_each_item_and_skips_null()
    {
        QueueClient queue = await NewQueueAsync();
        QueueClient other = await NewQueueAsync();
        TestAppSetup setup = For(queue);
        setup.Settings["other"] = other.Name;
        await using TestApp app = await TestApp.StartAsync(setup, typeof(Sends));

        using HttpResponseMessage response = await app.Http.PostAsync("/api/several", null);
        QueueMessage first = await ReceiveAsync(queue);
        QueueMessage second = await ReceiveAsync(queue);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal(["""{"Name":"a","Number":1}""", """{"Name":"b","Number":2}"""], new[] { first.Body.ToString(), second.Body.ToString() }.Order());
        Assert.Equal(0, await CountAsync(other));
    }

    [Fact]
    public async Task The_answer_is_out_before_the_outputs_so_a_202_does_not_promise_a_message()
    {
        TestAppSetup setup = For(await NewQueueAsync());
        setup.Settings["other"] = (await NewQueueAsync()).Name;
        await using TestApp app = await TestApp.StartAsync(setup, typeof(Sends));

        using HttpResponseMessage response = await app.Http.PostAsync("/api/toomuch", null);

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("taken", await response.Content.ReadAsStringAsync());
        await Eventually.BeTrueAsync(() => app.Log.Entries.Any(entry => entry.Exception is not null), "the failed output is logged");
    }

    [Fact]
    public async Task An_output_on_the_method_takes_the_whole_result_and_makes_its_queue()
    {
        QueueClient queue = await QueueAsync(NewName());
        TestAppSetup setup = For(queue);
        setup.Settings["other"] = "unused";
        await using TestApp app = await TestApp.StartAsync(setup, typeof(Sends));

        using HttpResponseMessage response = await app.Http.PostAsync("/api/one", null);

        Assert.Equal("plain", (await ReceiveAsync(queue)).Body.ToString());
        Assert.Empty(await response.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task A_queue_function_can_be_started_by_hand()
    {
        QueueClient queue = await NewQueueAsync();
        await using TestApp app = await TestApp.StartAsync(For(queue), typeof(AsObject));

        using HttpResponseMessage response = await app.Http.PostAsync("/admin/functions/AsObject", new StringContent("""{"input":"{\"name\":\"hand\",\"number\":1}"}"""));

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        await Eventually.BeTrueAsync(() => app.Notes.Lines.Contains("hand 1"), "the function ran");
    }

    [Fact]
    public async Task A_disabled_queue_function_leaves_its_messages_alone()
    {
        QueueClient queue = await NewQueueAsync();
        await queue.SendMessageAsync("left");
        TestAppSetup setup = For(queue);
        setup.Settings["AzureWebJobs.AsData.Disabled"] = "1";

        await using TestApp app = await TestApp.StartAsync(setup, typeof(AsData));
        await app.StopAsync();

        Assert.Empty(app.Notes.Lines);
        Assert.Equal(0, Assert.Single((await queue.PeekMessagesAsync(1)).Value).DequeueCount);
    }

    [Fact]
    public void An_empty_queue_is_polled_ever_more_slowly_up_to_the_ceiling()
    {
        var even = new PollingBackOff(TimeSpan.FromSeconds(1), () => 0.5);

        TimeSpan[] waits = [.. Enumerable.Range(0, 6).Select(_ => even.Next())];
        even.Reset();

        Assert.Equal([100, 200, 400, 800, 1000, 1000], waits.Select(wait => (int)wait.TotalMilliseconds));
        Assert.Equal(100, even.Next().TotalMilliseconds);
        Assert.Equal(160, Second(0).TotalMilliseconds, 3);
        Assert.Equal(240, Second(1).TotalMilliseconds, 3);

        static TimeSpan Second(double random)
        {
            var backOff = new PollingBackOff(TimeSpan.FromMinutes(1), () => random);
            backOff.Next();
            return backOff.Next();
        }
    }

    [Theory]
    [InlineData("leads", "leads-poison")]
    [InlineData("leads-poison", null)]
    [InlineData("a-name-that-is-so-long-that-nothing-can-be-put-at-the-end-of-it", null)]
    public void A_poison_queue_has_none_and_neither_has_a_name_too_long(string queue, string? poison) => Assert.Equal(poison, PoisonQueue.NameFor(queue));

    internal static TestAppSetup For(
        QueueClient queue, string queues = "{}", TimeProvider? time = null, string? lockTime = null, Gate? gate = null, ConcurrentDictionary<string, int>? seen = null) => new()
        {
            HostJson = $$"""{ "version": "2.0", "extensions": { "queues": {{queues}} } }""",
            Settings = new() { ["queue"] = queue.Name, ["LocalRuntime:QueueLockTime"] = lockTime },
            Time = time ?? TimeProvider.System,
            Configure = builder => builder.Services.AddSingleton(gate ?? new Gate()).AddSingleton(seen ?? []),
        };

    internal static string NewName() => FormattableString.Invariant($"worker-{Interlocked.Increment(ref s_queues)}");

    internal static async Task<QueueClient> NewQueueAsync()
    {
        QueueClient queue = await QueueAsync(NewName());
        await queue.CreateAsync();
        return queue;
    }

    internal static async Task<QueueClient> QueueAsync(string name, QueueMessageEncoding encoding = QueueMessageEncoding.Base64) =>
        new(await SharedAzurite.ConnectionStringAsync(), name, new QueueClientOptions { MessageEncoding = encoding });

    internal static async Task<int> CountAsync(QueueClient queue) => (await queue.GetPropertiesAsync()).Value.ApproximateMessagesCount;

    internal static async Task<QueueMessage> ReceiveAsync(QueueClient queue)
    {
        QueueMessage? received = null;
        await Eventually.BeTrueAsync(
            async () =>
            {
                if (await queue.ExistsAsync())
                    received = (await queue.ReceiveMessagesAsync(1)).Value.FirstOrDefault();
                return received is not null;
            },
            $"a message is on {queue.Name}");
        return received!;
    }
}
