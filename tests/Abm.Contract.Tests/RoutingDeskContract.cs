using Abm.Decisions;
using Abm.Functions.Storage;
using Abm.Functions.Storage.Persons;
using Abm.Ports;
using Abm.Routing;
using Abm.TestKit;

namespace Abm.Contract.Tests;

/// <summary>What everything that remembers owners, waiting leads and offers does.</summary>
public abstract class RoutingDeskContract
{
    private static readonly DateTimeOffset Now = Decisions.Now;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected abstract Task<(IRelations Relations, IRoutingDesk Desk)> StoresAsync();

    [Fact]
    public async Task Who_had_a_person_and_an_account_is_known_until_somebody_else_has_them()
    {
        (IRelations relations, _) = await StoresAsync();
        string email = $"{Stores.Unique("p")}@acme.example";
        AccountId account = AccountId.Parse(Stores.Unique("A"));
        LeadId lead = Stores.UniqueLead();
        Assert.Equal(KnownRelations.Nothing, await relations.ReadAsync(email, account, Ct));

        await relations.NoteAsync(email, account, new RelationNote(lead, RepId.Parse("R1"), Now, Play: new OpenPlay("play-1", "inbound", RepId.Parse("R1"))), Ct);
        await relations.NoteAsync(email, account, new RelationNote(lead, RepId.Parse("R1"), Now.AddHours(1), WorkedAt: Now.AddHours(1)), Ct);
        await relations.NoteAsync(null, account, new RelationNote(Stores.UniqueLead(), RepId.Parse("R2"), Now.AddHours(2)), Ct);

        KnownRelations known = await relations.ReadAsync(email.ToUpperInvariant(), account, Ct);
        Assert.Equal(new StickyOwner(RepId.Parse("R1"), Now.AddHours(1)) { WorkedAt = Now.AddHours(1) }, known.Person);
        Assert.Equal(new StickyOwner(RepId.Parse("R2"), Now.AddHours(2)) { WorkedAt = Now.AddHours(1) }, known.Account);
        Assert.Equal((lead, "play-1", "inbound"), (known.AccountLead, known.AccountPlay!.PlayId, known.AccountPlay.Play));
        Assert.Equal(KnownRelations.Nothing, await relations.ReadAsync(null, null, Ct));
    }

    [Fact]
    public async Task Waiting_leads_come_hottest_first_then_oldest()
    {
        (_, IRoutingDesk desk) = await StoresAsync();
        string pool = Stores.Unique("pool"), longer = pool + "|more";
        WaitingLead cold = Waiting(pool, 5, 0), old = Waiting(pool, 80, -60), young = Waiting(pool, 80, 0), hot = Waiting(pool, 99.5, 0), other = Waiting(longer, 100, 0);
        foreach (WaitingLead lead in new[] { cold, young, other, hot, old, old })
            await desk.PutWaitingAsync(lead, Ct);

        Assert.Equal([hot, old, young, cold], await desk.WaitingAsync(pool, 10, Ct));
        Assert.Equal([hot, old], await desk.WaitingAsync(pool, 2, Ct));
        IReadOnlyList<string> pools = await desk.PoolsWithWaitingAsync(Ct);
        Assert.Contains(pool, pools);
        await desk.RemoveWaitingAsync(hot, Ct);
        await desk.RemoveWaitingAsync(hot, Ct);
        Assert.Equal([old, young, cold], await desk.WaitingAsync(pool, 10, Ct));
        foreach (WaitingLead lead in new[] { old, young, cold, other })
            await desk.RemoveWaitingAsync(lead, Ct);
        Assert.DoesNotContain(pool, await desk.PoolsWithWaitingAsync(Ct));
    }

    [Fact]
    public async Task An_offer_is_answered_once_and_the_next_replaces_it()
    {
        (_, IRoutingDesk desk) = await StoresAsync();
        LeadId lead = Stores.UniqueLead();
        DateTimeOffset due = new(1990, 1, 1, 0, 0, 0, TimeSpan.Zero);
        LeadOffer offer = new(lead, "a1", "partners", RepId.Parse("R1"), due.AddHours(-1), due, OfferState.Open, "");
        Assert.Null(await desk.FindOfferAsync(lead, Ct));

        await desk.PutOfferAsync(offer, Ct);
        LeadOffer open = (await desk.FindOfferAsync(lead, Ct))!;
        Assert.Equal(offer, open with { Tag = "" });
        Assert.Contains(await desk.OffersToPassAsync(due, 500, Ct), o => o.Lead == lead);
        Assert.DoesNotContain(await desk.OffersToPassAsync(due.AddTicks(-1), 500, Ct), o => o.Lead == lead);

        Assert.True(await desk.MoveOfferAsync(open, OfferState.Accepted, Ct));
        Assert.False(await desk.MoveOfferAsync(open, OfferState.Passed, Ct));
        await desk.PutOfferAsync(offer, Ct);
        Assert.Equal(OfferState.Accepted, (await desk.FindOfferAsync(lead, Ct))!.State);
        Assert.DoesNotContain(await desk.OffersToPassAsync(due.AddYears(1), 500, Ct), o => o.Lead == lead);

        await desk.PutOfferAsync(offer with { AssignmentId = "a2", Owner = RepId.Parse("R2") }, Ct);
        LeadOffer next = (await desk.FindOfferAsync(lead, Ct))!;
        Assert.Equal(("R2", OfferState.Open), (next.Owner.Value, next.State));
        Assert.True(await desk.MoveOfferAsync(next, OfferState.Declined, Ct));
        Assert.Contains(await desk.OffersToPassAsync(due.AddDays(-1), 500, Ct), o => o.Lead == lead);
        await desk.RemoveOfferAsync(lead, Ct);
        Assert.Null(await desk.FindOfferAsync(lead, Ct));
    }

    private static WaitingLead Waiting(string pool, double points, int minutes) =>
        new(Stores.UniqueLead(), pool, "dec-1", points, Now.AddMinutes(minutes), Now, Now.AddHours(72));
}

public sealed class InMemoryRoutingDeskTests : RoutingDeskContract
{
    protected override Task<(IRelations Relations, IRoutingDesk Desk)> StoresAsync()
    {
        InMemoryRouting both = new();
        return Task.FromResult<(IRelations, IRoutingDesk)>((both, both));
    }
}

public sealed class TableRoutingDeskTests : RoutingDeskContract
{
    protected override async Task<(IRelations Relations, IRoutingDesk Desk)> StoresAsync() =>
        (new TableRelations(await Stores.TablesAsync(), new PersonHash(await Stores.TablesAsync())), new TableRoutingDesk(await Stores.TablesAsync()));
}
