using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Corrections;
using Abm.Functions.Delivery;
using Abm.Functions.Events;
using Abm.Functions.Http;
using Abm.Functions.Journeys;
using Abm.Functions.Plays;
using Abm.Functions.Rematch;
using Abm.Functions.Storage.Accounts;
using Abm.Functions.Tests.Accounts;
using Abm.Functions.Tests.Configuration.Versions;
using Abm.Functions.Tests.Plays;
using Abm.Functions.Unmatched;
using Abm.Leads;
using Abm.Ports;
using Abm.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Abm.Functions.Tests.Unmatched;

/// <summary>A directory of accounts that can change, leads that go to a pool when their account is known and else to a queue; everything in memory.</summary>
internal sealed class ReviewWorld
{
    public ReviewWorld()
    {
        Catalogue = new FeedAccountCatalogue(Feed, NullLogger<FeedAccountCatalogue>.Instance);
        World.Facts.Config = World.Facts.Config with
        {
            Version = "review",
            Routing =
            [
                new RoutingRule { Name = "known", When = A.Test("account.known", PredicateOp.Equals, "true"), To = new RouteTarget.Pool(PlayWorld.Pool) },
                new RoutingRule { Name = "rest", To = new RouteTarget.Queue("review") },
            ],
        };
        World.Facts.Versions["review"] = World.Facts.Config;
    }

    public PlayWorld World { get; } = new();

    public InMemoryFeed Feed { get; } = new();

    public FeedAccountCatalogue Catalogue { get; }

    public InMemoryCases Cases { get; } = new();

    public PublishingWorld Publishing { get; } = new();

    public static Submission Unknown { get; } = new() { Email = "ada@nordwind.example", Company = "Nordwind Energie" };

    public static Account Nordwind { get; } = new() { Id = AccountId.Parse("A17"), Name = "Nordwind Energie GmbH", Domains = ["nordwind.example"] };

    public LeadProcessing Processing => new(
        World.Leads, World.Leads, World.Turns, Catalogue, World.Facts, World.Facts, World.Snapshots, new DecisionLists(World.Lists, World.Lists), new NoLeadEvents(), World.Memory, World.Clock, NullLogger<LeadProcessing>.Instance);

    public Redeciding Redeciding
    {
        get
        {
            PlayFacts facts = new(World.Facts, World.Facts);
            return new Redeciding(
                World.Leads, World.Leads, World.Turns, World.Changes, facts, new PlayNotifications(World.Outbox, World.Queues, World.Leads, World.Facts, facts), new DecisionLists(World.Lists, World.Lists), new NoLeadEvents(), World.Memory, World.Credits, World.Clock);
        }
    }

    public Task SaveAsync(params AccountChange[] changes) => Catalogue.SaveAsync(_ => changes, CancellationToken.None);

    public async Task<LeadId> DecideAsync(Submission submitted, string id = "1")
    {
        Lead lead = new(LeadId.From("test", id), submitted, World.Clock.GetUtcNow());
        await World.Leads.AdmitAsync(lead, "f", CancellationToken.None);
        await RunAsync(lead.Id);
        return lead.Id;
    }

    /// <summary>The lead's message is delivered.</summary>
    public async Task RunAsync(LeadId lead)
    {
        LeadProcessing processing = Processing;
        await processing.RunAsync(lead, await processing.GatherAsync(CancellationToken.None), World.Plays, CancellationToken.None);
    }

    public async Task<LeadFile> FileAsync(LeadId lead) => (await World.Leads.ReadAsync(lead, CancellationToken.None))!;

    public async Task<ApiAnswer> ResolveAsync(LeadId lead, string json, string? ifMatch = null)
    {
        HttpRequest request = ApiAnswer.Request("", json);
        if (ifMatch is not null)
            request.Headers.IfMatch = ifMatch;
        return await ApiAnswer.OfAsync(await Resolver.RunAsync(request, lead.Value, World.Plays, CancellationToken.None));
    }

    public async Task<ApiAnswer> ListAsync(string query = "") =>
        await ApiAnswer.OfAsync(await new ListUnmatched(World.Lists, World.Leads, World.Facts, World.Clock).RunAsync(ApiAnswer.Request(query), CancellationToken.None));

    public async Task<ApiAnswer> ShowAsync(LeadId lead) =>
        await ApiAnswer.OfAsync(await new ListUnmatched(World.Lists, World.Leads, World.Facts, World.Clock).GetAsync(ApiAnswer.Request(), lead.Value, CancellationToken.None));

    private ResolveUnmatched Resolver => new(
        Redeciding,
        Processing,
        World.Changes,
        World.Leads,
        World.Lists,
        new DecisionLists(World.Lists, World.Lists),
        Catalogue,
        new CaseKeeper(World.Leads, Cases),
        new ExceptionDrafts(Publishing.Store, Publishing.Publisher),
        World.Queues,
        new Callers(Options.Create(new AuthOptions())),
        World.Clock);
}
