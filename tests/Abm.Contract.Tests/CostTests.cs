using Abm.Accounts;
using Abm.Configuration;
using Abm.Functions.Events;
using Abm.Functions.Journeys;
using Abm.Functions.Routing;
using Abm.Functions.Storage;
using Abm.Functions.Storage.Decisions;
using Abm.Functions.Storage.Persons;
using Abm.Journeys;
using Abm.Leads;
using Abm.Ports;
using Abm.TestKit;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Abm.Contract.Tests;

/// <summary>Storage transactions that each use costs, counted where they leave the process: the numbers of docs/storage.md.</summary>
public sealed class CostTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Taking_a_lead_in_costs_one_transaction()
    {
        CountedTables counter = await CountedTables.OpenAsync();
        TableServiceClient service = counter.Service;
        TableLeadStore leads = new(service, new PersonHash(service));

        await leads.AdmitAsync(Decisions.Lead(Stores.UniqueLead()), "f", Ct); // the key of person hashes is learnt once

        Assert.Equal(1, await counter.DuringAsync(() => leads.AdmitAsync(Decisions.Lead(Stores.UniqueLead()), "f", Ct)));
    }

    [Fact]
    public async Task Deciding_a_lead_in_a_pool_and_starting_its_play_costs_at_most_eight_beyond_the_directories()
    {
        CountedTables counter = await CountedTables.OpenAsync();
        TableServiceClient service = counter.Service;
        string pool = Stores.Unique("pool");
        InMemoryFacts facts = new(
            A.Config().RoutingToPool(new PoolRules { Name = pool }) with { Conflicts = new ConflictRules { StickyFor = TimeSpan.FromTicks(1) } },
            new[] { A.Rep("R1").In(pool) }.ById(),
            AccountIndex.Build([A.Account(Stores.Unique("acme")) with { Domains = ["acme.example"] }], [], 1));
        TableLeadStore leads = new(service, new PersonHash(service));
        TableLeadFileStore files = new(service);
        using PoolTurns turns = new(new TablePoolStore(service));
        LeadProcessing processing = new(
            leads, files, turns, facts, facts, facts, new TableRepSnapshots(service), new DecisionLists(new TableLeadList(service), new TableUnmatchedList(service)), new NoLeadEvents(),
            new RoutingMemory(new TableRelations(service, new PersonHash(service)), new TableRoutingDesk(service), files, new PoolAlerts(new TableOutbox(service), new InMemoryQueues())), TimeProvider.System, NullLogger<LeadProcessing>.Instance);
        InMemoryPlays plays = new();
        DecisionFacts gathered = await processing.GatherAsync(Ct);
        Lead first = A.Lead(Stores.Unique("x")).Submitting(s => s with { Email = $"{Stores.Unique("p")}@acme.example" });
        await leads.AdmitAsync(first, "f", Ct);
        await processing.RunAsync(first.Id, gathered, plays, Ct); // the pool is new: its state has to be read
        Lead lead = A.Lead(Stores.Unique("x")).Submitting(s => s with { Email = $"{Stores.Unique("p")}@acme.example" });
        await leads.AdmitAsync(lead, "f", Ct);

        // The lead, its turn if it had one, who had the person and the account (2), the turn, the decision, the list, who has them now. A lead without an account adds one line to the
        // list of those that wait and asks for no account.
        Assert.Equal(8, await counter.DuringAsync(() => processing.RunAsync(lead.Id, gathered, plays, Ct)));
        Lead unmatched = A.Lead(Stores.Unique("x")).Submitting(s => s with { Email = $"{Stores.Unique("p")}@gmail.com" });
        await leads.AdmitAsync(unmatched, "f", Ct);
        Assert.Equal(8, await counter.DuringAsync(() => processing.RunAsync(unmatched.Id, gathered, plays, Ct)));
        Assert.Equal(3, plays.Started.Count);
    }

    [Fact]
    public async Task Publishing_a_decision_costs_one_and_a_repeat_of_it_two()
    {
        CountedTables counter = await CountedTables.OpenAsync();
        TableServiceClient service = counter.Service;
        OutboxLeadEvents events = new(new TableOutbox(service), new InMemoryQueues(), Options.Create(new EventsOptions()));
        JourneyDecision decision = Decisions.Assigned(Decisions.Lead(Stores.UniqueLead()));

        Assert.Equal(1, await counter.DuringAsync(() => events.DecidedAsync(decision, Ct)));
        Assert.Equal(2, await counter.DuringAsync(() => events.DecidedAsync(decision, Ct)));
    }

    [Fact]
    public async Task Looking_at_a_lead_costs_one_and_its_whole_story_three()
    {
        CountedTables counter = await CountedTables.OpenAsync();
        TableServiceClient service = counter.Service;
        TableLeadStore leads = new(service, new PersonHash(service));
        TableLeadFileStore files = new(service);
        Lead lead = Decisions.Lead(Stores.UniqueLead());
        await leads.AdmitAsync(lead, "f", Ct);
        await leads.AddDecisionAsync(Decisions.Assigned(lead), Ct);

        Assert.Equal(1, await counter.DuringAsync(() => files.ReadAsync(lead.Id, Ct)));
        Assert.Equal(3, await counter.DuringAsync(async () =>
        {
            LeadFile? file = await files.ReadAsync(lead.Id, Ct);
            await files.FindDecisionAsync(lead.Id, file!.Lead.DecisionId!, Ct);
            await files.EventsAsync(lead.Id, Ct);
        }));
    }

    [Fact]
    public async Task A_page_of_any_list_costs_at_most_three()
    {
        CountedTables counter = await CountedTables.OpenAsync();
        TableServiceClient service = counter.Service;

        Assert.InRange(await counter.DuringAsync(() => new TableLeadList(service).ListAsync(new LeadListFilter(), 5, null, Ct)), 1, 3);
        Assert.InRange(await counter.DuringAsync(() => new TableUnmatchedList(service).ListAsync(new ReviewFilter(Decisions.Now), 5, null, Ct)), 1, 3);
        Assert.InRange(await counter.DuringAsync(() => new TableClockBoard(service).ListAsync(new ClockFilter(), 5, null, Ct)), 1, 3);
    }
}
