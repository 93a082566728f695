using System.Text.Json;
using Abm.Decisions;
using Abm.Functions.Events;
using Abm.Functions.Journeys;
using Abm.Functions.Messages;
using Abm.Functions.Quarantine;
using Abm.Functions.Tests.Plays;
using Abm.Ports;
using Abm.Routing;
using Abm.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Abm.Functions.Tests.Journeys;

public sealed class RunJourneyTests
{
    [Fact]
    public async Task A_lead_that_fails_does_not_hold_up_its_siblings()
    {
        JourneyWorld world = new();
        await using FakeDurableClient client = new();
        LeadId good = await world.AdmitAsync(A.Lead("form-1"));
        LeadId missing = LeadId.From("web", "nobody");
        LeadId alsoGood = await world.AdmitAsync(A.Lead("form-2"));

        AggregateException failures = await Assert.ThrowsAsync<AggregateException>(() => RunAsync(world, client, Message(good, missing, alsoGood)));

        Assert.IsType<LeadMissingException>(Assert.Single(failures.InnerExceptions));
        Assert.Equal(new[] { good.Value, alsoGood.Value }.Order(), client.Started.Select(s => s.LeadId).Order());
        Assert.Equal(2, world.Leads.DecisionCount);
    }

    [Theory]
    [InlineData("", "notJson")]
    [InlineData("null", "notJson")]
    [InlineData("hello", "notJson")]
    [InlineData("{\"version\":1", "notJson")]
    [InlineData("{\"version\":\"one\",\"leadIds\":[\"a\"]}", "notJson")]
    [InlineData("{\"version\":2,\"leadIds\":[\"a\"]}", "unknownVersion")]
    [InlineData("{}", "unknownVersion")]
    [InlineData("{\"version\":1}", "badLeadIds")]
    [InlineData("{\"version\":1,\"leadIds\":[]}", "badLeadIds")]
    [InlineData("{\"version\":1,\"leadIds\":[\"a/b\"]}", "badLeadIds")]
    [InlineData("{\"version\":1,\"leadIds\":[null]}", "badLeadIds")]
    public async Task A_message_nobody_can_read_is_set_aside_with_the_reason(string body, string reason)
    {
        JourneyWorld world = new();
        await using FakeDurableClient client = new();

        await RunAsync(world, client, body);

        QuarantinedMessage message = Assert.Single(world.Quarantine.Messages);
        Assert.Equal((LeadsReceivedMessage.Queue, body, reason), (message.Queue, message.Body, message.Reason));
    }

    [Fact]
    public async Task What_the_host_gave_up_on_is_kept_raw_and_its_leads_are_marked()
    {
        JourneyWorld world = new();
        LeadId lead = await world.AdmitAsync(A.Lead());
        await using FakeDurableClient client = new() { Down = new IOException("down") };
        QuarantinePoisonedMessages poisoned = new(new LeadProcessing(
            world.Leads, world.Leads, new PoolTurns(new UselessPools()), world.Facts, world.Facts, world.Facts, world.Snapshots, new DecisionLists(world.Lists, world.Lists), new NoLeadEvents(), world.Memory, world.Clock, NullLogger<LeadProcessing>.Instance), world.SetAside);

        await poisoned.LeadsAsync(Message(lead), client, CancellationToken.None);
        await poisoned.LeadsAsync("\u0000 what is this", client, CancellationToken.None);

        Assert.Equal(LeadState.Quarantined, (await world.Leads.FindAsync(lead, CancellationToken.None))!.State);
        Assert.Equal(["failedRepeatedly", "notJson"], world.Quarantine.Messages.Select(m => m.Reason).Order());
    }

    [Fact]
    public async Task A_message_whose_deliveries_were_used_up_by_crashes_is_decided_after_all()
    {
        JourneyWorld world = new();
        LeadId lead = await world.AdmitAsync(A.Lead());
        await using FakeDurableClient client = new();

        await new QuarantinePoisonedMessages(world.Processing(), world.SetAside).LeadsAsync(Message(lead), client, CancellationToken.None);

        Assert.Equal(LeadState.Decided, (await world.Leads.FindAsync(lead, CancellationToken.None))!.State);
        Assert.Empty(world.Quarantine.Messages);
        Assert.Single(client.Started);
    }

    [Fact]
    public async Task A_replayed_message_decides_its_leads()
    {
        JourneyWorld world = new();
        await using FakeDurableClient client = new();
        LeadId lead = await world.AdmitAsync(A.Lead());
        await world.SetAside.AddAsync(LeadsReceivedMessage.Queue, Message(lead), CancellationToken.None);

        await RunAsync(world, client, Assert.Single(world.Quarantine.Messages).Body);

        Assert.Equal(LeadState.Decided, (await world.Leads.FindAsync(lead, CancellationToken.None))!.State);
    }

    [Fact]
    public async Task A_message_of_the_bulk_queue_is_read_and_set_aside_by_the_same_rules()
    {
        JourneyWorld world = new();
        await using FakeDurableClient client = new();
        using BulkLane lane = Lane(world);
        RunJourney run = new(world.Processing(), lane, world.SetAside);

        await run.RunBulkAsync("{", client, CancellationToken.None);
        AggregateException failures = await Assert.ThrowsAsync<AggregateException>(() => run.RunBulkAsync(Message(LeadId.From("web", "nobody")), client, CancellationToken.None));

        Assert.Equal(LeadsReceivedMessage.BulkQueue, Assert.Single(world.Quarantine.Messages).Queue);
        Assert.IsType<LeadMissingException>(Assert.Single(failures.InnerExceptions));
    }

    private static string Message(params LeadId[] leads) => JsonSerializer.Serialize(new LeadsReceivedMessage(1, [.. leads.Select(l => l.Value)]));

    private static async Task RunAsync(JourneyWorld world, FakeDurableClient client, string body)
    {
        using BulkLane lane = Lane(world);
        await new RunJourney(world.Processing(), lane, world.SetAside).RunAsync(body, client, CancellationToken.None);
    }

    private static BulkLane Lane(JourneyWorld world) => new(new InMemoryPlayFiles(), world.Clock, NullLogger<BulkLane>.Instance);

    /// <summary>Pools that fail whatever is asked.</summary>
    private sealed class UselessPools : IPoolStore
    {
        public Task<IReadOnlyDictionary<string, PoolSnapshot>> ReadAsync(IReadOnlyCollection<string> pools, CancellationToken cancellationToken) => throw new IOException("down");

        public Task<StoredAssignment?> FindAssignmentAsync(string assignmentId, CancellationToken cancellationToken) => throw new IOException("down");

        public Task<SaveOutcome> SaveAsync(PoolState after, string? tag, StoredAssignment assignment, CancellationToken cancellationToken) => throw new IOException("down");
    }
}
