using System.Net;
using System.Text.Json.Nodes;
using Abm.TestKit;
using Azure.Storage.Queues;

namespace Abm.EndToEnd.Tests;

/// <summary>Messages that no one can read or finish wait for a person, with the reason; none is dropped.</summary>
[Collection<SampleAppCollection>]
public sealed class QuarantineTests(SampleApp app)
{
    private static readonly TimeSpan Soon = Patience.OfBusyMachines;
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Unreadable => new()
    {
        { "not JSON at all {0}", "notJson" },
        { """{"version":99,"leadIds":["{0}"]}""", "unknownVersion" },
        { """{"version":1,"leadIds":[],"note":"{0}"}""", "badLeadIds" },
    };

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task A_message_that_cannot_be_read_is_set_aside_with_its_reason_and_an_alert(string template, string reason)
    {
        Assert.SkipWhen(app.Storage is null, "A deployed app's queues are not ours.");
        string body = template.Replace("{0}", Run.Name(), StringComparison.Ordinal);
        await SendAsync(body);

        JsonNode kept = await UntilKeptAsync(body);

        Assert.Equal(reason, (string?)kept["reason"]);
        Assert.Equal("leads", (string?)kept["queue"]);
        await AbmClient.UntilAsync(
            () => Task.FromResult(app.Process!.Output), output => output.Contains($"ALERT message {(string)kept["id"]!}", StringComparison.Ordinal), Soon, "The alert line", Token);
    }

    [Fact]
    public async Task A_message_that_fails_each_time_ends_in_quarantine()
    {
        Assert.SkipWhen(app.Storage is null, "A deployed app's queues are not ours.");
        string body = $$"""{"version":1,"leadIds":["missing-{{Run.Name()}}"]}""";
        await SendAsync(body);

        JsonNode kept = await UntilKeptAsync(body); // after five tries, some seconds apart

        Assert.Equal("failedRepeatedly", (string?)kept["reason"]);
    }

    [Fact]
    public async Task A_replayed_message_is_worked_on_again()
    {
        Assert.SkipWhen(app.Storage is null, "A deployed app's queues are not ours.");
        string body = $"still not JSON {Run.Name()}";
        await SendAsync(body);
        JsonNode kept = await UntilKeptAsync(body);

        Answer replayed = await app.Client.PostJsonAsync($"api/quarantine/{(string)kept["id"]!}/replay", "{}", Token);

        Assert.True(replayed.Status is HttpStatusCode.OK or HttpStatusCode.Accepted, replayed.Body);
        await AbmClient.UntilAsync(
            async () => (int)(await UntilKeptAsync(body))["times"]!, times => times == 2, Soon, "Unmended as it is, it is set aside again", Token);
    }

    private async Task SendAsync(string body)
    {
        QueueClient queue = new(app.Storage, "leads", new QueueClientOptions { MessageEncoding = QueueMessageEncoding.Base64 });
        await queue.SendMessageAsync(body, Token);
    }

    private async Task<JsonNode> UntilKeptAsync(string body)
    {
        IReadOnlyList<JsonNode> kept = await AbmClient.UntilAsync(
            () => app.Client.ListAsync("api/quarantine?limit=500", Token),
            items => items.Any(item => (string?)item["body"] == body),
            Soon,
            "The message is in quarantine",
            Token);
        return kept.First(item => (string?)item["body"] == body);
    }
}
