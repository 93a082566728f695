using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Delivery;
using Abm.Functions.Events;
using Abm.Functions.Journeys;
using Abm.Functions.Corrections;
using Abm.Functions.Plays;
using Abm.Functions.Routing;
using Abm.Journeys;
using Abm.Leads;
using Abm.Plays;
using Abm.Ports;
using Abm.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Abm.Functions.Tests.Plays;

/// <summary>A decided lead with a play of a one-hour budget, three reps who take turns, a manager; everything in memory.</summary>
internal sealed class PlayWorld
{
    public const string Pool = "sales";

    public PlayWorld()
    {
        Leads = new InMemoryLeads(Faults);
        Pools = new InMemoryPools(Faults);
        Lists = new InMemoryLists(Faults);
        Outbox = new InMemoryOutbox(Faults);
        Queues = new InMemoryQueues(Faults);
        Published = new InMemoryOutbox(Faults);
        PublishedQueues = new InMemoryQueues(Faults);
        AbmConfig config = A.Config()
            .RoutingToPool(new PoolRules { Name = Pool })
            .With(new SlaPolicy { Name = "first-touch", Budget = TimeSpan.FromHours(1), Hours = SlaHours.Always });
        Facts = new InMemoryFacts(
            config,
            new[] { A.Rep("R1").In(Pool).Under("M1"), A.Rep("R2").In(Pool).Under("M1"), A.Rep("R3").In(Pool).Under("M1"), A.Rep("M1") }.ById(),
            AccountIndex.Build([A.Account() with { Name = "Acme", Domains = ["acme.example"] }], [], 7));
        Turns = new PoolTurns(Pools);
        Files = new InMemoryPlayFiles(Faults);
    }

    public Faults Faults { get; } = new();

    public ManualTimeProvider Clock { get; } = new(ManualTimeProvider.WednesdayMorning);

    public InMemoryLeads Leads { get; }

    public InMemoryPools Pools { get; }

    public InMemoryLists Lists { get; }

    public InMemoryOutbox Outbox { get; }

    public InMemoryQueues Queues { get; }

    /// <summary>The events among the outbox; kept apart, so that tests of notifications see notifications only.</summary>
    public InMemoryOutbox Published { get; }

    public InMemoryQueues PublishedQueues { get; }

    public InMemoryPlays Plays { get; } = new();

    public InMemoryFacts Facts { get; }

    public InMemoryRepSnapshots Snapshots { get; } = new();

    public PoolTurns Turns { get; }

    /// <summary>Every lead is a stranger's, so that turns are taken.</summary>
    public InMemoryRouting Desk { get; init; } = new(remembers: false);

    public RoutingMemory Memory => new(Desk, Desk, Leads, new PoolAlerts(Outbox, Queues));

    public PoolCredits Credits => new(Pools, Pools, Facts, Clock, NullLogger<PoolCredits>.Instance);

    public LeadGiving ByHand => new(Changes, Leads, new DecisionLists(Lists, Lists), new PlayFacts(Facts, Facts), Notifications, Plays, Clock);

    public PoolHandOver HandOver => new(Turns, Pools, Credits, ByHand, Memory, Leads, Facts, Facts, Facts, Clock);

    public LeadFileChanges Changes => new(Leads, Lists, new OutboxLeadEvents(Published, PublishedQueues, Options.Create(new EventsOptions())));

    public TouchLead Touches => new(Changes, Memory, Credits, Clock, NullLogger<TouchLead>.Instance);

    /// <summary>A lead that was decided at this instant.</summary>
    public async Task<PlayStartInput> DecideAsync(Lead? lead = null)
    {
        Lead given = lead ?? A.Lead();
        await Leads.AdmitAsync(given, "f", CancellationToken.None);
        LeadProcessing processing = new(Leads, Leads, Turns, Facts, Facts, Facts, Snapshots, new DecisionLists(Lists, Lists), new NoLeadEvents(), Memory, Clock, NullLogger<LeadProcessing>.Instance);
        await processing.RunAsync(given.Id, await processing.GatherAsync(CancellationToken.None), Plays, CancellationToken.None);
        return Plays.Started.Single(s => s.LeadId == given.Id.Value);
    }

    public Task<LeadFile?> FileAsync(PlayStartInput start) => Leads.ReadAsync(LeadId.Parse(start.LeadId!), CancellationToken.None);

    public Task<IReadOnlyList<LeadEvent>> EventsAsync(PlayStartInput start) => Leads.EventsAsync(LeadId.Parse(start.LeadId!), CancellationToken.None);

    public Task TouchAsync(PlayStartInput start, DateTimeOffset? at = null) => Touches.ApplyAsync(
        start.LeadId!, new ActionRead("call", "R1", at, null, null), "touch", PlayStopKind.Touched, Plays, CancellationToken.None);

    public InMemoryPlayFiles Files { get; }

    public PlayNotifications Notifications => new(Outbox, Queues, Leads, Facts, new PlayFacts(Facts, Facts));

    public PlayGiving Giving => new(Changes, Leads, Turns, new DecisionLists(Lists, Lists), Lists, Facts, Notifications, Memory, Credits, new PlayFactSource(Facts, Leads, Timelines, Clock), Clock, NullLogger<PlayGiving>.Instance);

    public InMemoryTimelines Timelines { get; } = new();

    public PlayLaunch Launch => new(Files, Facts, new PlayFactSource(Facts, Leads, Timelines, Clock), Clock, NullLogger<PlayLaunch>.Instance);

    public PlayEffects Effects => new(
        Changes, Lists, new OutboxLeadEvents(Published, PublishedQueues, Options.Create(new EventsOptions())), Facts, Notifications, Giving, Launch, Plays, Clock, NullLogger<PlayEffects>.Instance);

    public PlayEndings Endings => new(Changes, Leads, Files, Plays);

    public PlayTurns PlayTurns => new(Files, Leads, new PlayFacts(Facts, Facts), new PlayFactSource(Facts, Leads, Timelines, Clock), Effects, Clock, NullLogger<PlayTurns>.Instance);

    /// <summary>One turn of the play, as the host has it made.</summary>
    public Task<PlayTurnOutput> TurnAsync(PlayStartInput start) => new AdvancePlay(PlayTurns).RunAsync(new PlayTurnInput(1, start), CancellationToken.None);

    /// <summary>Turns from one instant to the next until the play is over; a turn that dies is made again, as the durable retry does.</summary>
    public async Task<PlayTurnOutput> ToTheEndAsync(PlayStartInput start)
    {
        while (true)
        {
            PlayTurnOutput answer;
            try
            {
                answer = await TurnAsync(start);
            }
            catch (InjectedCrashException)
            {
                continue;
            }

            if (answer.Outcome is not null)
                return answer;
            if (answer.Until > Clock.GetUtcNow())
                Clock.MoveTo(answer.Until!.Value);
        }
    }
}
