using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Corrections;
using Abm.Functions.Delivery;
using Abm.Functions.Events;
using Abm.Functions.Journeys;
using Abm.Functions.Plays;
using Abm.Functions.Routing;
using Abm.Functions.Storage;
using Abm.Functions.Storage.Decisions;
using Abm.Functions.Storage.Persons;
using Abm.Functions.Storage.Timelines;
using Abm.Leads;
using Abm.Plays;
using Abm.Ports;
using Abm.TestKit;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging.Abstractions;

namespace Abm.Contract.Tests;

/// <summary>Storage transactions of following a lead or an account up, beyond the directories and the durable engine: the numbers of docs/storage.md.</summary>
public sealed class PlayCostTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_turn_of_a_leads_play_has_its_price_from_the_first_to_the_last()
    {
        World world = await World.OpenAsync();
        PlayStartInput start = await world.DecideAsync();
        List<string> costs = [];
        async Task TurnAtAsync(int minute)
        {
            world.Clock.MoveTo(ManualTimeProvider.WednesdayMorning.AddMinutes(minute));
            int before = (await world.StepsAsync(start)).Count;
            int cost = await world.Tables.DuringAsync(() => world.TurnAsync(start));
            costs.Add($"{minute}: {string.Join(", ", (await world.StepsAsync(start)).Skip(before))} = {cost}");
        }

        foreach (int minute in (int[])[0, 1, 30, 48, 60, 75])
            await TurnAtAsync(minute);
        costs.Add($"touched = {await world.Tables.DuringAsync(() => world.TouchAsync(start))}");
        await TurnAtAsync(80);
        await TurnAtAsync(81);

        // What a turn reads: its file and the lead's, the lead's again after each step that does something. What a step costs: a notification 3, a note of it 1, and what it does; the way to it is noted with it.
        Assert.Equal(
            [
                "0: clocks, begin, 0.start-0 = 13",
                "1:  = 2",
                "30: 0.remind-50 = 7",
                "48: 0.remind-80, 0.backup-80 = 12",
                "60: 0.breach, account.breach, 0.manager-100 = 15",
                "75: 1.owner, 1.start-0, 1.reassigned = 28",
                "touched = 7",
                "80:  = 10",
                "81:  = 1",
            ],
            costs);
    }

    private sealed class World
    {
        private readonly InMemoryFacts _facts;
        private readonly InMemoryPlays _starter = new();
        private readonly LeadProcessing _processing;
        private readonly TableLeadStore _leads;
        private readonly TablePlayFiles _plays;
        private readonly PlayTurns _turns;
        private readonly TouchLead _touches;

        private World(CountedTables tables, TableServiceClient uncounted)
        {
            Tables = tables;
            string pool = Stores.Unique("pool");
            AbmConfig config = A.Config()
                .RoutingToPool(new PoolRules { Name = pool })
                .With(new SlaPolicy { Name = "first-touch", Budget = TimeSpan.FromHours(1), Hours = SlaHours.Always }) with
            { Conflicts = new ConflictRules { StickyFor = TimeSpan.FromTicks(1) } };
            _facts = new InMemoryFacts(
                config,
                new[] { A.Rep("R1").In(pool).Under("M1"), A.Rep("R2").In(pool).Under("M1"), A.Rep("M1") }.ById(),
                // Other tests' leads of an account of the same id would decide who gets this one.
                AccountIndex.Build([A.Account(Stores.Unique("acme")) with { Domains = ["acme.example"] }], [], 1));
            TableServiceClient service = tables.Service;
            PersonHash persons = new(service);
            _leads = new TableLeadStore(service, persons);
            TableLeadFileStore files = new(service);
            TablePoolStore pools = new(service);
            PoolTurns turns = new(pools);
            TableClockBoard board = new(service);
            TableOutbox outbox = new(service);
            InMemoryQueues queues = new();
            DecisionLists lists = new(new TableLeadList(service), new TableUnmatchedList(service));
            RoutingMemory memory = new(new TableRelations(service, persons), new TableRoutingDesk(service), files, new PoolAlerts(outbox, queues));
            PoolCredits credits = new(pools, pools, _facts, Clock, NullLogger<PoolCredits>.Instance);
            NoLeadEvents events = new();
            LeadFileChanges changes = new(files, board, events);
            PlayFacts facts = new(_facts, _facts);
            PlayNotifications notifications = new(outbox, queues, files, _facts, facts);
            PlayFactSource factSource = new(_facts, files, new TableAccountTimelines(service), Clock);
            PlayGiving giving = new(changes, files, turns, lists, board, _facts, notifications, memory, credits, factSource, Clock, NullLogger<PlayGiving>.Instance);
            _plays = new TablePlayFiles(uncounted);
            TablePlayFiles plays = new(service);
            PlayLaunch launch = new(plays, _facts, factSource, Clock, NullLogger<PlayLaunch>.Instance);
            PlayEffects effects = new(changes, board, events, _facts, notifications, giving, launch, _starter, Clock, NullLogger<PlayEffects>.Instance);
            _processing = new LeadProcessing(_leads, files, turns, _facts, _facts, _facts, new TableRepSnapshots(service), lists, events, memory, Clock, NullLogger<LeadProcessing>.Instance);
            _turns = new PlayTurns(plays, files, facts, factSource, effects, Clock, NullLogger<PlayTurns>.Instance);
            _touches = new TouchLead(changes, memory, credits, Clock, NullLogger<TouchLead>.Instance);
        }

        public CountedTables Tables { get; }

        public ManualTimeProvider Clock { get; } = new(ManualTimeProvider.WednesdayMorning);

        public static async Task<World> OpenAsync() => new(await CountedTables.OpenAsync(), await Stores.TablesAsync());

        /// <summary>A lead of a known account, decided for somebody of the pool.</summary>
        public async Task<PlayStartInput> DecideAsync()
        {
            Lead lead = A.Lead(Stores.Unique("x")).Submitting(s => s with { Email = $"{Stores.Unique("p")}@acme.example" });
            await _leads.AdmitAsync(lead, "f", Ct);
            await _processing.RunAsync(lead.Id, await _processing.GatherAsync(Ct), _starter, Ct);
            return _starter.Started.Single(s => s.LeadId == lead.Id.Value);
        }

        /// <summary>What the play has done, by step.</summary>
        public async Task<IReadOnlyList<string>> StepsAsync(PlayStartInput start) =>
            [.. (await _plays.FindAsync(start.PlayId, Ct))?.Progress.DoneSteps.Select(d => d.Id) ?? []];

        public Task<PlayTurnOutput> TurnAsync(PlayStartInput start) => _turns.RunAsync(start, Ct);

        public Task TouchAsync(PlayStartInput start) => _touches.ApplyAsync(start.LeadId!, new ActionRead("call", "R1", null, null, null), "touch", PlayStopKind.Touched, _starter, Ct);
    }
}
