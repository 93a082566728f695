using Abm.Local.Hosting;
using Azure.Storage.Queues;
using Azure.Storage.Queues.Models;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Queues;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Abm.Local.Tests.Worker;

/// <summary>The rarer rules of the queue trigger and output.</summary>
public sealed class QueueRulesTests
{
    public sealed class Kept(QueueFunctionTests.Gate gate, Notes notes)
    {
        [Function("Kept")]
        public async Task Run([QueueTrigger("%queue%")] QueueMessage message)
        {
            notes.Add($"{message.MessageId} {message.PopReceipt}");
            await gate.PassAsync();
        }
    }

    public sealed class SendsBytes
    {
        [Function("SendsBytes")]
        [QueueOutput("%queue%")]
        public byte[] Run([HttpTrigger(AuthorizationLevel.Anonymous, "post", Route = "bytes")] HttpRequest request) => [104, 105];
    }

    [Fact]
    public void Settings_default_to_those_of_the_platform()
    {
        IConfiguration none = new ConfigurationBuilder().Build();

        QueueSettings settings = QueueSettings.Read(HostJson.Parse("""{ "version": "2.0" }"""), none);

        Assert.Equal(
            new QueueSettings(16, 8 * Environment.ProcessorCount, 5, TimeSpan.Zero, TimeSpan.FromMinutes(1), QueueMessageEncoding.Base64, TimeSpan.FromMinutes(10)),
            settings);
    }

    [Fact]
    public async Task A_queue_that_is_missing_is_waited_for_without_a_word()
    {
        QueueClient queue = await QueueFunctionTests.QueueAsync(QueueFunctionTests.NewName());
        await using TestApp app = await TestApp.StartAsync(QueueFunctionTests.For(queue, """{ "maxPollingInterval": "00:00:00.1" }"""), typeof(QueueFunctionTests.AsData));

        await queue.CreateAsync();
        await queue.SendMessageAsync("at last");

        await Eventually.BeTrueAsync(() => app.Notes.Lines.Contains("at last"), "the message is read");
        Assert.DoesNotContain(app.Log.Entries, entry => entry.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task A_message_that_was_fetched_too_often_goes_to_the_poison_queue_without_a_try()
    {
        QueueClient queue = await QueueFunctionTests.NewQueueAsync();
        await queue.SendMessageAsync("worn out");
        for (int fetch = 0; fetch < 3; fetch++)
        {
            QueueMessage fetched = await QueueFunctionTests.ReceiveAsync(queue);
            await queue.UpdateMessageAsync(fetched.MessageId, fetched.PopReceipt, visibilityTimeout: TimeSpan.Zero); // its holder was killed
        }

        await using TestApp app = await TestApp.StartAsync(QueueFunctionTests.For(queue, """{ "maxDequeueCount": 3 }"""), typeof(QueueFunctionTests.AsData));
        QueueMessage poison = await QueueFunctionTests.ReceiveAsync(await QueueFunctionTests.QueueAsync(queue.Name + "-poison"));

        Assert.Equal("worn out", poison.Body.ToString());
        Assert.Empty(app.Notes.Lines);
    }

    [Fact]
    public async Task A_message_that_somebody_else_holds_by_now_is_left_alone_and_that_is_no_problem()
    {
        QueueClient queue = await QueueFunctionTests.NewQueueAsync();
        await queue.SendMessageAsync("taken over");
        var gate = new QueueFunctionTests.Gate();
        await using TestApp app = await TestApp.StartAsync(QueueFunctionTests.For(queue, gate: gate), typeof(Kept));
        await Eventually.BeTrueAsync(() => gate.Entered == 1, "the function runs");

        string[] held = app.Notes.Lines[0].Split(' ');
        await queue.UpdateMessageAsync(held[0], held[1], visibilityTimeout: TimeSpan.FromHours(1));
        gate.Open.SetResult();
        await app.StopAsync();

        Assert.Equal(1, await QueueFunctionTests.CountAsync(queue));
        Assert.DoesNotContain(app.Log.Entries, entry => entry.Level >= LogLevel.Warning);
    }

    [Fact]
    public async Task Bytes_are_one_message_and_are_encoded_as_host_json_says()
    {
        QueueClient encoded = await QueueFunctionTests.NewQueueAsync();
        QueueClient plain = await QueueFunctionTests.QueueAsync((await QueueFunctionTests.NewQueueAsync()).Name, QueueMessageEncoding.None);

        foreach ((QueueClient queue, string encoding) in ((QueueClient, string)[])[(encoded, "base64"), (plain, "none")])
        {
            await using TestApp app = await TestApp.StartAsync(QueueFunctionTests.For(queue, $$"""{ "messageEncoding": "{{encoding}}" }"""), typeof(SendsBytes));
            using HttpResponseMessage response = await app.Http.PostAsync("/api/bytes", null);
            Assert.Equal("hi", (await QueueFunctionTests.ReceiveAsync(queue)).Body.ToString());
        }
    }
}
