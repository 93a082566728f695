using System.Net;
using System.Net.Http.Json;
using Abm.Local.Hosting;
using Azure.Messaging.ServiceBus;

namespace Abm.Local.Tests.ServiceBus;

public class FunctionTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_function_gets_the_text_and_properties_by_name_and_its_success_completes_the_message()
    {
        await using FunctionHost host = await FunctionHost.StartAsync(typeof(TextFunction));

        await host.Client.CreateSender(host.Queue).SendMessageAsync(new ServiceBusMessage("hello") { MessageId = "m1", Subject = "account.created" }, Token);

        await host.EventuallyAsync(() => host.Notes.Lines.Count > 0, "an invocation");
        await host.QueueIsEmptyAsync();
        Assert.Equal(["hello m1 1 account.created"], host.Notes.Lines);
    }

    [Fact]
    public async Task A_function_gets_an_object_read_from_JSON_without_regard_to_case()
    {
        await using FunctionHost host = await FunctionHost.StartAsync(typeof(ObjectFunction));

        await host.SendAsync("""{ "name": "Acme", "employees": 40 }""");

        await host.EventuallyAsync(() => host.Notes.Lines.SequenceEqual(["Acme 40"]), "the object");
    }

    [Fact]
    public async Task Invalid_JSON_fails_the_invocation_and_goes_the_way_of_dead_letters()
    {
        await using FunctionHost host = await FunctionHost.StartAsync(typeof(ObjectFunction), "{}", ("ServiceBus:Queues:{queue}:MaxDeliveryCount", "2"));

        await host.SendAsync("no JSON");

        ServiceBusReceivedMessage dead = await host.Client.CreateReceiver(host.Queue, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter }).NextAsync();
        Assert.Equal("MaxDeliveryCountExceeded", dead.DeadLetterReason);
        Assert.Empty(host.Notes.Lines);
    }

    [Fact]
    public async Task A_failing_function_sees_the_message_ten_times_at_once_and_then_it_is_a_dead_letter()
    {
        await using FunctionHost host = await FunctionHost.StartAsync(typeof(FailingFunction));

        await host.SendAsync("x");

        ServiceBusReceivedMessage dead = await host.Client.CreateReceiver(host.Queue, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter }).NextAsync();
        Assert.Equal("x", dead.Body.ToString());
        Assert.Equal(Enumerable.Range(1, 10).Select(delivery => $"x {delivery}"), host.Notes.Lines);
    }

    [Fact]
    public async Task Message_actions_complete_abandon_dead_letter_and_defer()
    {
        await using FunctionHost host = await FunctionHost.StartAsync(typeof(SettlingFunction));

        await host.SendAsync("complete", "abandon", "dead", "defer");

        ServiceBusReceivedMessage dead = await host.Client.CreateReceiver(host.Queue, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter }).NextAsync();
        Assert.Equal(("invalid", "no name", "name"), (dead.DeadLetterReason, dead.DeadLetterErrorDescription, dead.ApplicationProperties["field"]));
        ServiceBusReceiver receiver = host.Client.CreateReceiver(host.Queue);
        await host.EventuallyAsync(
            async () => await receiver.PeekMessagesAsync(10, 0, Token) is [{ State: ServiceBusMessageState.Deferred }], "only the deferred message is left");
        Assert.Equal(["abandon 1", "abandon 2", "complete 1", "dead 1", "defer 1"], host.Notes.Lines.Order());
    }

    [Fact]
    public async Task Without_automatic_completion_an_unsettled_message_comes_again_when_its_lock_lapses()
    {
        await using FunctionHost host = await FunctionHost.StartAsync(typeof(SettlingFunction), "{}", ("ServiceBus:Queues:{queue}:LockDuration", "00:00:01"));

        await host.SendAsync("nothing");

        await host.EventuallyAsync(() => host.Notes.Lines.Count >= 2, "a second delivery");
        Assert.Equal(["nothing 1", "nothing 2"], host.Notes.Lines.Take(2));
    }

    [Fact]
    public async Task What_a_function_has_settled_its_failure_does_not_abandon()
    {
        await using FunctionHost host = await FunctionHost.StartAsync(typeof(SettlingFunction));

        await host.SendAsync("settled and thrown");

        await host.EventuallyAsync(() => host.Notes.Lines.Count > 0, "an invocation");
        await host.QueueIsEmptyAsync();
        Assert.Equal(["settled and thrown 1"], host.Notes.Lines);
    }

    [Fact]
    public async Task Host_json_can_switch_automatic_completion_off()
    {
        await using FunctionHost host = await FunctionHost.StartAsync(typeof(TextFunction), """{ "autoCompleteMessages": false }""", ("ServiceBus:Queues:{queue}:LockDuration", "00:00:01"));

        await host.Client.CreateSender(host.Queue).SendMessageAsync(new ServiceBusMessage("x") { MessageId = "m" }, Token);

        await host.EventuallyAsync(() => host.Notes.Lines.Count >= 2, "a second delivery");
    }

    [Fact]
    public async Task The_lock_is_renewed_while_the_function_runs()
    {
        TimeSpan duration = TimeSpan.FromSeconds(6); // renewed every 3 s: as much as a machine may stall before the lock lapses rightly
        await using FunctionHost host = await FunctionHost.StartAsync(typeof(HoldingFunction), "{}", ("ServiceBus:Queues:{queue}:LockDuration", duration.ToString("c")));
        await host.SendAsync("x");
        await host.EventuallyAsync(() => host.Notes.Held is not null, "an invocation");
        DateTimeOffset firstEnd = host.Notes.Held!.EnqueuedTime + duration;

        await host.EventuallyAsync(() => host.Notes.Held.LockedUntil > firstEnd + duration, "two renewals");
        host.Notes.LetGo();

        await host.QueueIsEmptyAsync();
        Assert.Equal(["1"], host.Notes.Lines);
    }

    [Fact]
    public async Task Locks_are_renewed_no_longer_than_host_json_allows()
    {
        await using FunctionHost host = await FunctionHost.StartAsync(
            typeof(HoldingFunction), """{ "maxAutoLockRenewalDuration": "00:00:00" }""", ("ServiceBus:Queues:{queue}:LockDuration", "00:00:01"));

        await host.SendAsync("x");

        await host.EventuallyAsync(() => host.Notes.Lines.Count >= 2, "a second delivery while the first still runs");
    }

    [Fact]
    public async Task No_more_messages_run_at_once_than_host_json_allows()
    {
        await using FunctionHost host = await FunctionHost.StartAsync(typeof(HoldingFunction), """{ "maxConcurrentCalls": 2 }""");

        await host.SendAsync("a", "b", "c");

        await host.EventuallyAsync(() => host.Notes.Lines.Count == 2, "two at once");
        await host.Client.CreateReceiver(host.Queue).CompleteMessageAsync(await host.Client.CreateReceiver(host.Queue).NextAsync(), Token);
        host.Notes.LetGo();
        await host.QueueIsEmptyAsync();
        Assert.Equal(2, host.Notes.Lines.Count);
    }

    [Fact]
    public async Task A_batch_is_completed_as_a_whole()
    {
        await using FunctionHost host = await FunctionHost.StartAsync(typeof(BatchFunction));

        await host.SendAsync("""{"name":"a"}""", """{"name":"b"}""", """{"name":"c"}""");

        await host.QueueIsEmptyAsync();
        Assert.Equal("abc", string.Concat(host.Notes.Lines.Select(line => line[..line.IndexOf(' ', StringComparison.Ordinal)].Replace(",", "", StringComparison.Ordinal))));
    }

    [Fact]
    public async Task A_failing_batch_comes_again_as_a_whole()
    {
        await using FunctionHost host = await FunctionHost.StartAsync(typeof(BatchFunction), "{}", ("ServiceBus:Queues:{queue}:MaxDeliveryCount", "1"));

        await host.SendAsync("""{"name":"bad","employees":-1}""");

        Assert.NotNull(await host.Client.CreateReceiver(host.Queue, new ServiceBusReceiverOptions { SubQueue = SubQueue.DeadLetter }).NextAsync());
        Assert.Equal(["bad 1"], host.Notes.Lines);
    }

    [Fact]
    public async Task A_subscription_starts_a_function_and_an_array_of_results_becomes_messages()
    {
        await using FunctionHost host = await FunctionHost.StartAsync(typeof(SubscriptionFunction), "{}", ("ServiceBus:Topics:{topic}", "audit"));

        await host.Client.CreateSender(host.Topic).SendMessageAsync(new ServiceBusMessage("acme"), Token);

        await host.EventuallyAsync(() => host.Notes.Lines.Contains("acme"), "an invocation");
        ServiceBusReceiver output = host.Client.CreateReceiver(host.Queue + "-out", new ServiceBusReceiverOptions { ReceiveMode = ServiceBusReceiveMode.ReceiveAndDelete });
        string[] bodies = [(await output.NextAsync()).Body.ToString(), (await output.NextAsync()).Body.ToString()];
        Assert.Equal(["""{"Name":"acme","Employees":1}""", """{"Name":"acme","Employees":2}"""], bodies.Order());
        Assert.Equal("acme", (await host.Client.CreateReceiver(host.Topic, "audit").NextAsync()).Body.ToString());
    }

    [Fact]
    public async Task An_output_to_a_topic_reaches_its_configured_subscriptions()
    {
        await using FunctionHost host = await FunctionHost.StartAsync(typeof(TopicOutputFunction), "{}", ("ServiceBus:Topics:{topic}", "audit"));

        await host.SendAsync("acme");

        Assert.Equal("ACME", (await host.Client.CreateReceiver(host.Topic, "audit").NextAsync()).Body.ToString());
    }

    [Fact]
    public async Task A_function_is_started_by_hand_with_a_message_that_is_on_no_queue()
    {
        await using FunctionHost host = await FunctionHost.StartAsync(typeof(ObjectFunction));
        using var http = new HttpClient { BaseAddress = host.Address };

        HttpResponseMessage answer = await http.PostAsJsonAsync("/admin/functions/TakeObject", new { input = """{ "name": "By hand", "employees": 1 }""" }, Token);

        Assert.Equal(HttpStatusCode.Accepted, answer.StatusCode);
        await host.EventuallyAsync(() => host.Notes.Lines.SequenceEqual(["By hand 1"]), "an invocation");
    }

    [Fact]
    public async Task A_trigger_without_its_connection_is_an_error_at_start_that_says_how_to_mend_it()
    {
        LocalRuntimeException refusal = await RefusalAsync(typeof(OtherConnectionFunction));

        Assert.Contains("AzureWebJobsCrmBus", refusal.Message, StringComparison.Ordinal);
        Assert.Contains("AzureWebJobs.TakeCrmChange.Disabled=true", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(OtherConnectionFunction), "AzureWebJobs.TakeCrmChange.Disabled")]
    [InlineData(typeof(OutputWithoutConnection), "AzureWebJobs.Publish.Disabled")]
    public async Task A_function_that_is_switched_off_needs_no_connection(Type function, string setting)
    {
        using Microsoft.Extensions.Hosting.IHost host = await FunctionHost.BuildAsync(function, new() { [setting] = "true" }, new Notebook());

        await host.StartAsync(Token);
        await host.StopAsync(Token);
    }

    [Theory]
    [InlineData("CrmBus")]
    [InlineData("AzureWebJobsCrmBus")]
    [InlineData("ConnectionStrings:CrmBus")]
    [InlineData("CrmBus:fullyQualifiedNamespace")]
    public async Task A_connection_is_found_under_every_name_that_the_platform_tries(string setting)
    {
        string value = setting.EndsWith("Namespace", StringComparison.Ordinal) ? "localhost" : "UseDevelopmentStorage=true";

        using Microsoft.Extensions.Hosting.IHost host = await FunctionHost.BuildAsync(typeof(OtherConnectionFunction), new() { [setting] = value }, new Notebook());

        Assert.NotNull(host);
    }

    [Fact]
    public async Task An_output_without_its_connection_is_an_error_at_start()
    {
        LocalRuntimeException refusal = await RefusalAsync(typeof(OutputWithoutConnection));

        Assert.Contains("CrmBus", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_to_the_cloud_is_refused_at_start()
    {
        LocalRuntimeException refusal = await RefusalAsync(typeof(OtherConnectionFunction), ("CrmBus", "Endpoint=sb://sales.servicebus.windows.net/;SharedAccessKeyName=k;SharedAccessKey=c2VjcmV0"));

        Assert.Contains("sales.servicebus.windows.net", refusal.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("c2VjcmV0", refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(typeof(SessionFunction), "IsSessionsEnabled")]
    [InlineData(typeof(BatchOfOne), "IsBatched = true takes an array")]
    [InlineData(typeof(ArrayWithoutBatch), "IsBatched = false takes one message")]
    [InlineData(typeof(ActionsElsewhere), "ServiceBusMessageActions works with a Service Bus trigger only")]
    [InlineData(typeof(MessageOutput), "[ServiceBusOutput] cannot send a ServiceBusMessage")]
    [InlineData(typeof(BadName), "'crm changes' is no Service Bus name")]
    public async Task What_cannot_work_is_refused_at_start_by_name(Type function, string expected)
    {
        LocalRuntimeException refusal = await RefusalAsync(function, ("AzureWebJobsServiceBus", "UseDevelopmentStorage=true"));

        Assert.Contains(expected, refusal.Message, StringComparison.Ordinal);
        Assert.Contains(function.FullName!, refusal.Message, StringComparison.Ordinal);
    }

    private static Task<LocalRuntimeException> RefusalAsync(Type function, params (string Name, string Value)[] settings) => Assert.ThrowsAsync<LocalRuntimeException>(
        () => FunctionHost.BuildAsync(function, settings.ToDictionary(setting => setting.Name, setting => (string?)setting.Value), new Notebook()));
}
