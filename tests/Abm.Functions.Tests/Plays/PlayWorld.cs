using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Delivery;
using Abm.Functions.Events;
using Abm.Functions.Journeys;
using Abm.Functions.Plays;
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

    public LeadFileChanges Changes => new(Leads, Lists, new OutboxLeadEvents(Published, PublishedQueues, Options.Create(new EventsOptions())));

    public TouchLead Touches => new(Changes, Clock, NullLogger<TouchLead>.Instance);

    /// <summary>A lead that was decided at this instant.</summary>
    public async Task<PlayStartInput> DecideAsync(Lead? lead = null)
    {
        Lead given = lead ?? A.Lead();
        await Leads.AdmitAsync(given, "f", CancellationToken.None);
        LeadProcessing processing = new(Leads, Leads, Turns, Facts, Facts, Facts, Snapshots, new DecisionLists(Lists, Lists), new NoLeadEvents(), Clock, NullLogger<LeadProcessing>.Instance);
        await processing.RunAsync(given.Id, await processing.GatherAsync(CancellationToken.None), Plays, CancellationToken.None);
        return Plays.Started.Single(s => s.LeadId == given.Id.Value);
    }

    public Task<LeadFile?> FileAsync(PlayStartInput start) => Leads.ReadAsync(LeadId.Parse(start.LeadId!), CancellationToken.None);

    public Task<IReadOnlyList<LeadEvent>> EventsAsync(PlayStartInput start) => Leads.EventsAsync(LeadId.Parse(start.LeadId!), CancellationToken.None);

    public Task TouchAsync(PlayStartInput start, DateTimeOffset? at = null) => Touches.ApplyAsync(
        start.LeadId!, new ActionRead("call", "R1", at, null, null), "touch", PlayStopKind.Touched, Plays, CancellationToken.None);

    /// <summary>Runs an activity by name, as the host does.</summary>
    public async Task<PlayStepOutput> ActAsync(string name, object? input)
    {
        PlayFacts facts = new(Facts, Facts);
        PlayNotifications notifications = new(Outbox, Queues, Leads, facts);
        DecisionLists lists = new(Lists, Lists);
        CancellationToken none = CancellationToken.None;
        return (name, input) switch
        {
            (nameof(PlanPlay), PlayStartInput start) => await new PlanPlay(Changes, facts, Clock).RunAsync(start, none),
            (nameof(SendPlayNotification), PlayStepInput step) => await new SendPlayNotification(Leads, notifications, new HandOvers(facts)).RunAsync(step, none),
            (nameof(RecordBreach), PlayStepInput step) => await new RecordBreach(Changes, new HandOvers(facts), NullLogger<RecordBreach>.Instance).RunAsync(step, none),
            (nameof(ReassignLead), PlayStepInput step) => await new ReassignLead(Changes, facts, Turns, Leads, lists, new HandOvers(facts), Clock, NullLogger<ReassignLead>.Instance).RunAsync(step, none),
            (nameof(HandToRevOps), PlayStepInput step) => await new HandToRevOps(Changes, lists, Leads, notifications, new HandOvers(facts)).RunAsync(step, none),
            (nameof(FinishPlay), PlayEndInput end) => await new FinishPlay(Changes, NullLogger<FinishPlay>.Instance).RunAsync(end, none),
            _ => throw new InvalidOperationException($"No activity {name} for {input?.GetType().Name}."),
        };
    }
}
