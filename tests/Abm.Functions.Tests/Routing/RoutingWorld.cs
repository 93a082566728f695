using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Corrections;
using Abm.Functions.Events;
using Abm.Functions.Http;
using Abm.Functions.Journeys;
using Abm.Functions.Plays;
using Abm.Functions.Rematch;
using Abm.Functions.Routing;
using Abm.Functions.Tests.Plays;
using Abm.Leads;
using Abm.People;
using Abm.Plays;
using Abm.Ports;
using Abm.Routing;
using Abm.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Abm.Functions.Tests.Routing;

/// <summary>A pool of three in which everything can happen, in memory.</summary>
internal sealed class RoutingWorld
{
    public const string Pool = PlayWorld.Pool;
    private readonly InMemoryCases _cases = new();

    public PlayWorld World { get; init; } = new() { Desk = new InMemoryRouting(remembers: false) };

    public LeadProcessing Processing => new(
        World.Leads, World.Leads, World.Turns, World.Facts, World.Facts, World.Facts, World.Snapshots, new DecisionLists(World.Lists, World.Lists), new NoLeadEvents(), World.Memory, World.Clock, NullLogger<LeadProcessing>.Instance);

    public Redeciding Redeciding => new(
        World.Leads, World.Leads, World.Turns, World.Changes, new PlayFacts(World.Facts, World.Facts), World.Notifications, new DecisionLists(World.Lists, World.Lists), new NoLeadEvents(), World.Memory, World.Credits, World.Clock);

    public PoolDrain Drain => new(
        World.Desk, World.Pools, World.Pools, World.Leads, Processing, Redeciding, World.Changes, new DecisionLists(World.Lists, World.Lists), new PoolAlerts(World.Outbox, World.Queues), World.Credits, World.Clock, NullLogger<PoolDrain>.Instance);

    public OfferPassing Passing => new(
        World.Desk, World.Leads, World.HandOver, World.Credits, new DecisionLists(World.Lists, World.Lists), new PoolAlerts(World.Outbox, World.Queues), World.Clock, NullLogger<OfferPassing>.Instance);

    public OrphanScan Orphans => new(World.Lists, World.Leads, World.Leads, World.Pools, Processing, Redeciding, World.Credits, World.Clock, NullLogger<OrphanScan>.Instance);

    public PoolFunctions PoolFunctions => new(World.Pools, World.Pools, World.Desk, World.Facts, World.Facts, World.Clock);

    /// <summary>Changes how turns are taken.</summary>
    public void Change(Func<PoolRules, PoolRules> change)
    {
        AbmConfig config = World.Facts.Config;
        World.Facts.Config = config with { Version = $"test-{World.Facts.Versions.Count}", Pools = new Dictionary<string, PoolRules>(config.Pools) { [Pool] = change(config.Pools[Pool]) } };
        World.Facts.Versions[World.Facts.Config.Version] = World.Facts.Config;
    }

    /// <summary>Changes a person.</summary>
    public void Change(string rep, Func<Rep, Rep> change) =>
        World.Facts.Reps = World.Facts.Reps.Values.Select(r => r.Id.Value == rep ? change(r) : r).ById();

    public async Task<LeadFile> DecideAsync(string id, Func<Submission, Submission>? submitting = null)
    {
        Lead lead = A.Lead(id).Submitting(submitting ?? (s => s)) with { ReceivedAt = World.Clock.GetUtcNow() };
        await World.Leads.AdmitAsync(lead, "f", CancellationToken.None);
        LeadProcessing processing = Processing;
        await processing.RunAsync(lead.Id, await processing.GatherAsync(CancellationToken.None), World.Plays, CancellationToken.None);
        LeadFile file = await FileAsync(lead.Id);
        foreach (PlayRecord pending in file.Plays.Where(p => p.Status == PlayStatus.Pending))
            await World.TurnAsync(World.Plays.Started.Single(s => s.PlayId == pending.PlayId));
        return await FileAsync(lead.Id);
    }

    public async Task<LeadFile> FileAsync(LeadId lead) => (await World.Leads.ReadAsync(lead, CancellationToken.None))!;

    public MemberState Member(string rep) => World.Pools.ReadAsync([Pool], CancellationToken.None).Result[Pool].State.Members.Single(m => m.Rep.Value == rep);

    public async Task<ApiAnswer> AnswerAsync(string lead, bool accepts, string json)
    {
        AnswerOffer answer = new(World.Desk, World.Leads, World.Changes, Passing, Callers, World.Clock);
        return await ApiAnswer.OfAsync(accepts ? await answer.AcceptAsync(ApiAnswer.Request("", json), lead, CancellationToken.None) : await answer.RejectAsync(ApiAnswer.Request("", json), lead, CancellationToken.None));
    }

    public async Task<ApiAnswer> GiveAsync(string lead, string json) => await ApiAnswer.OfAsync(await new GiveLead(
        World.ByHand, World.HandOver, World.Memory, World.Credits, World.Leads, new PlayFacts(World.Facts, World.Facts), World.Facts, new CaseKeeper(World.Leads, _cases), Callers, World.Clock, NullLogger<GiveLead>.Instance)
        .RunAsync(ApiAnswer.Request("", json), lead, CancellationToken.None));

    public async Task DisposeAsync(LeadFile file, string word, PlayStopKind kind = PlayStopKind.Disqualified) =>
        Assert.Equal(200, (await ApiAnswer.OfAsync(await World.Touches.ApplyAsync(
            file.Lead.Lead.Id.Value, new ActionRead(word, "R1", null, null, null), kind == PlayStopKind.Touched ? "touch" : "disposition", kind, World.Plays, CancellationToken.None))).Status);

    public static Callers Callers { get; } = new(Options.Create(new AuthOptions()));
}
