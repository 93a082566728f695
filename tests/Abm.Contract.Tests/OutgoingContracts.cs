using Abm.Functions.Storage;
using Abm.Ports;
using Abm.TestKit;

namespace Abm.Contract.Tests;

/// <summary>What every outbox and every quarantine does.</summary>
public abstract class OutgoingContract
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected abstract Task<(IOutbox Outbox, IQuarantine Quarantine)> StoresAsync();

    [Fact]
    public async Task A_notification_is_kept_once_under_its_id()
    {
        (IOutbox outbox, _) = await StoresAsync();
        OutboxItem item = Item();

        Assert.Equal(item, await outbox.AddAsync(item, Ct));
        await outbox.SaveAsync(item with { State = OutboxState.Delivered, Attempts = 1 }, Ct);

        OutboxItem stands = await outbox.AddAsync(item with { Body = "{}" }, Ct);
        Assert.Equal(item with { State = OutboxState.Delivered, Attempts = 1 }, stands);
        Assert.Equal(stands, await outbox.FindAsync(item.DeliveryId, Ct));
        Assert.Null(await outbox.FindAsync(Stores.Unique("none"), Ct));
    }

    [Fact]
    public async Task A_notification_that_was_given_up_is_listed_until_it_is_replayed()
    {
        (IOutbox outbox, _) = await StoresAsync();
        OutboxItem item = await outbox.AddAsync(Item(), Ct);
        OutboxItem dead = item with { State = OutboxState.Dead, Attempts = 8, LastFailure = "http503" };
        await outbox.SaveAsync(dead, Ct);
        await outbox.SaveAsync(dead, Ct);

        Assert.Equal(dead, Assert.Single((await outbox.DeadAsync(500, null, Ct)).Items, d => d.DeliveryId == item.DeliveryId));

        await outbox.SaveAsync(dead with { State = OutboxState.Pending, Attempts = 0 }, Ct);
        Assert.DoesNotContain((await outbox.DeadAsync(500, null, Ct)).Items, d => d.DeliveryId == item.DeliveryId);
        Assert.Equal(OutboxState.Pending, (await outbox.FindAsync(item.DeliveryId, Ct))!.State);
    }

    [Fact]
    public async Task The_next_attempt_is_remembered_and_cleared()
    {
        (IOutbox outbox, _) = await StoresAsync();
        OutboxItem item = await outbox.AddAsync(Item(), Ct);

        await outbox.SaveAsync(item with { NextAttemptAt = Decisions.Now, LastFailure = "timeout" }, Ct);
        Assert.Equal(Decisions.Now, (await outbox.FindAsync(item.DeliveryId, Ct))!.NextAttemptAt);

        await outbox.SaveAsync(item with { NextAttemptAt = null }, Ct);
        Assert.Null((await outbox.FindAsync(item.DeliveryId, Ct))!.NextAttemptAt);
    }

    [Fact]
    public async Task A_message_that_is_set_aside_again_is_counted_not_doubled()
    {
        (_, IQuarantine quarantine) = await StoresAsync();
        string body = Stores.Unique("{ not json \u0001 🚀");
        QuarantinedMessage message = new(QuarantinedMessage.IdOf("leads", body), "leads", body, "notJson", Decisions.Now, 1, null);

        await quarantine.AddAsync(message, Ct);
        Assert.Equal(message, await quarantine.FindAsync(message.Id, Ct));
        await quarantine.MarkReplayedAsync(message.Id, Decisions.Now.AddHours(1), Ct);
        Assert.Equal(Decisions.Now.AddHours(1), (await quarantine.FindAsync(message.Id, Ct))!.ReplayedAt);
        await quarantine.AddAsync(message with { At = Decisions.Now.AddHours(2) }, Ct);

        QuarantinedMessage listed = Assert.Single((await quarantine.ListAsync(500, null, Ct)).Items, m => m.Id == message.Id);
        Assert.Equal(message with { At = Decisions.Now.AddHours(2), Times = 2 }, listed);
        Assert.Null(await quarantine.FindAsync(Stores.Unique("none"), Ct));
    }

    private static OutboxItem Item() => new(
        Stores.Unique("dlv"), Stores.UniqueLead(), "context-card", """{"text":"Grüße 🚀"}""", OutboxState.Pending, 0, Decisions.Now, null, null);
}

public sealed class InMemoryOutgoingTests : OutgoingContract
{
    protected override Task<(IOutbox Outbox, IQuarantine Quarantine)> StoresAsync() =>
        Task.FromResult<(IOutbox, IQuarantine)>((new InMemoryOutbox(), new InMemoryQuarantine()));
}

public sealed class TableOutgoingTests : OutgoingContract
{
    protected override async Task<(IOutbox Outbox, IQuarantine Quarantine)> StoresAsync() =>
        (new TableOutbox(await Stores.TablesAsync()), new TableQuarantine(await Stores.TablesAsync()));
}
