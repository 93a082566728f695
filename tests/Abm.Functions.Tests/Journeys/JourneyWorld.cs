using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Events;
using Abm.Functions.Journeys;
using Abm.Functions.Quarantine;
using Abm.Functions.Routing;
using Abm.Leads;
using Abm.People;
using Abm.Ports;
using Abm.Routing;
using Abm.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Abm.Functions.Tests.Journeys;

/// <summary>One account, two reps who take turns, and everything that the journey stands on, in memory.</summary>
internal sealed class JourneyWorld
{
    public const string Pool = "sales";

    public JourneyWorld()
    {
        Leads = new InMemoryLeads(Faults);
        Pools = new InMemoryPools(Faults);
        Lists = new InMemoryLists(Faults);
        Plays = new InMemoryPlays(Faults);
        Quarantine = new InMemoryQuarantine(Faults);
        Outbox = new InMemoryOutbox(Faults);
        Queues = new InMemoryQueues(Faults);
        Facts = new InMemoryFacts(
            A.Config().RoutingToPool(new PoolRules { Name = Pool }),
            new[] { A.Rep("R1").In(Pool), A.Rep("R2").In(Pool) }.ById(),
            AccountIndex.Build([A.Account() with { Name = "Acme", Domains = ["acme.example"] }], [], 7));
    }

    public Faults Faults { get; } = new();

    public ManualTimeProvider Clock { get; } = new(ManualTimeProvider.WednesdayMorning);

    public InMemoryLeads Leads { get; }

    public InMemoryPools Pools { get; }

    public InMemoryLists Lists { get; }

    public InMemoryPlays Plays { get; }

    public InMemoryQuarantine Quarantine { get; }

    public InMemoryOutbox Outbox { get; }

    public InMemoryQueues Queues { get; }

    public InMemoryFacts Facts { get; }

    public InMemoryRepSnapshots Snapshots { get; } = new();

    /// <summary>Every lead is a stranger's, so that turns are taken.</summary>
    public InMemoryRouting Desk { get; init; } = new(remembers: false);

    public RoutingMemory Memory => new(Desk, Desk, Leads, new PoolAlerts(Outbox, Queues));

    public OutboxLeadEvents Events => new(Outbox, Queues, Options.Create(new EventsOptions()));

    public SetAside SetAside => new(Quarantine, Leads, Clock, NullLogger<SetAside>.Instance);

    /// <summary>As after a start of the process: nothing is remembered but what the stores hold.</summary>
    public LeadProcessing Processing() => new(
        Leads, Leads, new PoolTurns(Pools), Facts, Facts, Facts, Snapshots, new DecisionLists(Lists, Lists), Events, Memory, Clock, NullLogger<LeadProcessing>.Instance);

    public async Task<LeadId> AdmitAsync(Lead lead)
    {
        await Leads.AdmitAsync(lead, "f", CancellationToken.None);
        return lead.Id;
    }

    /// <summary>A delivery of the lead's message to a freshly started process.</summary>
    public async Task RunAsync(LeadId lead)
    {
        LeadProcessing processing = Processing();
        await processing.RunAsync(lead, await processing.GatherAsync(CancellationToken.None), Plays, CancellationToken.None);
    }

    /// <summary>Everything that is true at the end, as text.</summary>
    public async Task<string> EndStateAsync(LeadId lead)
    {
        LeadFile file = (await Leads.ReadAsync(lead, CancellationToken.None))!;
        MemberState[] members = [.. (await Pools.ReadAsync([Pool], CancellationToken.None)).Values.SelectMany(p => p.State.Members).OrderBy(m => m.Rep)];
        return string.Join(
            '\n',
            $"{file.Lead.State} {file.Lead.Outcome} {file.Lead.AccountId} {file.Lead.OwnerId} {file.Lead.DecisionId} {file.Lead.ConfigVersion}",
            $"plays of the file: {string.Join(' ', file.Plays)}",
            $"plays started: {string.Join(' ', Plays.Started)}",
            $"turns: {string.Join(' ', Pools.Turns.Select(t => t.Assignment))}",
            $"pool: {string.Join(' ', members.Select(m => $"{m.Rep}={m.Assigned}"))}",
            $"decisions: {Leads.DecisionCount}",
            $"list: {string.Join(' ', Lists.Leads)}",
            $"published: {string.Join(' ', Outbox.Items.Select(i => $"{i.Body} {i.State}"))}",
            $"queued: {Outbox.Items.All(i => Queues.Sent.Any(m => m.Text.Contains(i.DeliveryId, StringComparison.Ordinal)))}",
            $"waiting: {string.Join(' ', Lists.Waiting.Select(w => $"{w.LeadId} {w.Outcome} {w.Why}"))}");
    }
}
