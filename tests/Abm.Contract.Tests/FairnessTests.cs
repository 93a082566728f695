using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Events;
using Abm.Functions.Journeys;
using Abm.Functions.Routing;
using Abm.Functions.Storage;
using Abm.Functions.Storage.Decisions;
using Abm.Functions.Storage.Persons;
using Abm.Leads;
using Abm.Ports;
using Abm.Routing;
using Abm.TestKit;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging.Abstractions;

namespace Abm.Contract.Tests;

/// <summary>Two processes that share one storage and know nothing else of each other.</summary>
public sealed class FairnessTests
{
    private const int Leads = 200;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Two_hundred_leads_at_once_through_two_processes_land_within_one_of_the_weights()
    {
        string pool = Stores.Unique("pool");
        double[] weights = [1, 2, 3, 1.5, 0.5, 4, 1];
        PoolRules rules = new() { Name = pool, Weights = weights.Select((w, i) => (w, i)).ToDictionary(w => $"M{w.i}", w => w.w) };
        AbmConfig config = A.Config().RoutingToPool(rules);
        Lead[] leads = [.. Enumerable.Range(0, Leads).Select(_ => A.Lead(Stores.Unique("fair")).Submitting(s => s with { Email = $"{Stores.Unique("p")}@stranger{Stores.Unique("d")}.example" }))];

        // Each lead comes to both, as queues deliver at least once.
        (LeadProcessing One, PoolTurns Turns) first = await ProcessAsync(config, pool, weights.Length), second = await ProcessAsync(config, pool, weights.Length);
        using PoolTurns turnsOfFirst = first.Turns, turnsOfSecond = second.Turns;
        TableLeadStore store = new(await Stores.TablesAsync(), new PersonHash(await Stores.TablesAsync()));
        await Parallel.ForEachAsync(leads, Ct, async (lead, ct) => await store.AdmitAsync(lead, "f", ct));
        await Task.WhenAll(RunAsync(first.One, leads), RunAsync(second.One, [.. leads.Reverse()]));

        TablePoolStore pools = new(await Stores.TablesAsync());
        MemberState[] members = [.. (await pools.ReadAsync([pool], Ct))[pool].State.Members];
        Assert.Equal(Leads, members.Sum(m => m.Assigned));
        Assert.All(members, m => Assert.InRange(m.Assigned - (Leads * m.Weight / weights.Sum()), -1, 1));

        // Every turn is in the ledger once, and every lead belongs to whoever was charged for it.
        List<LedgerEntry> entries = [];
        string? after = null;
        do
        {
            ListPage<LedgerEntry> page = await pools.ReadLedgerAsync(new LedgerFilter(pool), 100, after, Ct);
            entries.AddRange(page.Items);
            after = page.Next;
        }
        while (after is not null);
        Assert.Equal(Leads, entries.Count);
        Assert.Equal(members.ToDictionary(m => m.Rep, m => m.Assigned), entries.SelectMany(e => e.Lines).Where(l => l.Kind == LedgerKind.Credit).CountBy(l => l.Rep).ToDictionary());
        TableLeadFileStore files = new(await Stores.TablesAsync());
        foreach (LedgerEntry entry in entries)
            Assert.Equal(entry.Lines[0].Rep, (await files.ReadAsync(entry.Lead!, Ct))!.Lead.OwnerId);
    }

    /// <summary>As the app makes them, with nothing in common but the storage.</summary>
    private static async Task<(LeadProcessing, PoolTurns)> ProcessAsync(AbmConfig config, string pool, int members)
    {
        TableServiceClient service = new(await SharedAzurite.ConnectionStringAsync());
        InMemoryFacts facts = new(config, Enumerable.Range(0, members).Select(i => A.Rep($"M{i}").In(pool)).ById(), AccountIndex.Build([], [], 1));
        TableLeadFileStore files = new(service);
        PoolTurns turns = new(new TablePoolStore(service));
        PersonHash persons = new(service);
        return (new LeadProcessing(
            new TableLeadStore(service, persons), files, turns, facts, facts, facts, new TableRepSnapshots(service), new DecisionLists(new TableLeadList(service), new TableUnmatchedList(service)), new NoLeadEvents(),
            new RoutingMemory(new TableRelations(service, persons), new TableRoutingDesk(service), files, new PoolAlerts(new TableOutbox(service), new InMemoryQueues())),
            TimeProvider.System, NullLogger<LeadProcessing>.Instance), turns);
    }

    private static async Task RunAsync(LeadProcessing processing, Lead[] leads)
    {
        IReadOnlyList<LeadId> left = [.. leads.Select(l => l.Id)];
        Assert.Empty(await processing.RunAllAsync(left, new InMemoryPlays(), Ct));
    }
}
