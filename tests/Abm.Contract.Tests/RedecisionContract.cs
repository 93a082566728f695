using Abm.Accounts;
using Abm.Decisions;
using Abm.Functions.Storage;
using Abm.Functions.Storage.Persons;
using Abm.Journeys;
using Abm.Leads;
using Abm.Matching;
using Abm.Ports;
using Abm.TestKit;
using Azure.Data.Tables;

namespace Abm.Contract.Tests;

/// <summary>Later decisions and the keys by which leads are found: the tables and their fakes keep the same contract.</summary>
public abstract class RedecisionContract
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected abstract Task<(ILeadStore Leads, ILeadFileStore Files, IRedecisions Redecisions, ILeadKeys Keys)> StoresAsync();

    [Fact]
    public async Task A_later_decision_is_kept_with_its_event_under_the_tag_and_once()
    {
        (ILeadStore leads, ILeadFileStore files, IRedecisions redecisions, _) = await StoresAsync();
        Lead lead = Decisions.Lead(Stores.UniqueLead());
        await leads.AdmitAsync(lead, "f", Ct);
        await leads.AddDecisionAsync(Decisions.Assigned(lead), Ct);
        LeadFile file = (await files.ReadAsync(lead.Id, Ct))!;
        JourneyDecision second = Decisions.Assigned(lead) with { DecisionId = LeadJourney.DecisionId(lead.Id, 2), DecidedAt = Decisions.Now.AddHours(1) };
        LeadFile changed = file with { Lead = file.Lead with { DecisionId = second.DecisionId, PinnedAccountId = AccountId.Parse("A9"), AccountId = AccountId.Parse("A9") } };
        LeadEvent happened = new("evt-re-1", "resolved", Decisions.Now, "R1", new Dictionary<string, string>());

        Assert.Equal(SaveOutcome.Saved, await redecisions.SaveAsync(changed, second, happened, Ct));
        Assert.Equal(SaveOutcome.AlreadyHappened, await redecisions.SaveAsync(changed, second, happened, Ct));
        JourneyDecision third = second with { DecisionId = LeadJourney.DecisionId(lead.Id, 3) };
        Assert.Equal(SaveOutcome.Conflict, await redecisions.SaveAsync(changed, third, happened with { EventId = "evt-re-2" }, Ct));

        LeadFile after = (await files.ReadAsync(lead.Id, Ct))!;
        Assert.Equal((second.DecisionId, "A9", file.Plays.Count), (after.Lead.DecisionId, after.Lead.PinnedAccountId?.Value, after.Plays.Count));
        Assert.NotNull(await files.FindDecisionAsync(lead.Id, LeadJourney.DecisionId(lead.Id, 1), Ct));
        Assert.Null(await files.FindDecisionAsync(lead.Id, third.DecisionId, Ct));
        Assert.Single(await files.EventsAsync(lead.Id, Ct));

        LeadFile ignored = after with { Lead = after.Lead with { PinnedAccountId = null, AccountId = null, IsIgnored = true, DecisionId = third.DecisionId } };
        Assert.Equal(SaveOutcome.Saved, await redecisions.SaveAsync(ignored, third, happened with { EventId = "evt-re-3" }, Ct));
        Assert.Equal((true, null), ((await files.ReadAsync(lead.Id, Ct))!.Lead.IsIgnored, (await files.ReadAsync(lead.Id, Ct))!.Lead.PinnedAccountId));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(100)]
    public async Task Leads_are_found_by_what_accounts_are_recognised_by_from_any_place_on(int others)
    {
        (ILeadStore leads, _, _, ILeadKeys keys) = await StoresAsync();
        string domain = Stores.Unique("nordwind") + ".example";
        HashSet<LeadId> mine = [];
        for (int i = 0; i < 5; i++)
        {
            Lead lead = new(Stores.UniqueLead(), new Submission { Email = $"a{i}@{domain}", Company = i % 2 == 0 ? "Nordwind Energie" : null }, Decisions.Now);
            await leads.AdmitAsync(lead, "f", Ct);
            await leads.AddDecisionAsync(Decisions.Assigned(lead), Ct);
            mine.Add(lead.Id);
        }

        string[] wanted = [.. RematchKeys.Of(null, A.Account(Stores.Unique("A")) with { Name = "Q", Domains = [domain] }), .. Enumerable.Range(0, others).Select(i => $"k-nothing-{i}")];
        HashSet<LeadId> found = [], inSteps = [];
        for (int part = 0; part < keys.Parts; part++)
        {
            await foreach (KeyedLead lead in keys.FindAsync(part, wanted, null, Ct))
                found.Add(lead.Lead);
            string? after = null;
            while (true)
            {
                KeyedLead? next = null;
                await foreach (KeyedLead lead in keys.FindAsync(part, wanted, after, Ct))
                {
                    next = lead;
                    break;
                }

                if (next is null)
                    break;
                inSteps.Add(next.Lead);
                after = next.Place;
            }
        }

        Assert.Equal(mine.Order(ById), found.Order(ById));
        Assert.Equal(mine.Order(ById), inSteps.Order(ById));
    }

    private static readonly Comparer<LeadId> ById = Comparer<LeadId>.Create((a, b) => string.CompareOrdinal(a.Value, b.Value));
}

public sealed class TableRedecisionTests : RedecisionContract
{
    protected override async Task<(ILeadStore, ILeadFileStore, IRedecisions, ILeadKeys)> StoresAsync()
    {
        TableServiceClient service = await Stores.TablesAsync();
        TableRedecisions redecisions = new(service);
        return (new TableLeadStore(service, new PersonHash(service)), new TableLeadFileStore(service), redecisions, redecisions);
    }
}

public sealed class InMemoryRedecisionTests : RedecisionContract
{
    protected override Task<(ILeadStore, ILeadFileStore, IRedecisions, ILeadKeys)> StoresAsync()
    {
        InMemoryLeads leads = new();
        return Task.FromResult<(ILeadStore, ILeadFileStore, IRedecisions, ILeadKeys)>((leads, leads, leads, leads));
    }
}

/// <summary>What waits for people, and reports of re-matching.</summary>
public abstract class ReviewContract
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected abstract Task<(IReviewList List, IRematchReports Reports)> StoresAsync();

    [Fact]
    public async Task What_is_put_off_stays_so_when_it_is_written_again_and_what_is_resolved_is_kept_apart()
    {
        (IReviewList list, _) = await StoresAsync();
        ReviewItem item = new(Stores.UniqueLead(), Decisions.Now, Decisions.Now, "review", "ambiguous", "web", [new ReviewCandidate(AccountId.Parse("A1"), "Acme", 0.5) { Points = 4, Evidence = [new EvidencePoints("match.name.same", 4)] }]);
        await list.PutAsync(item, Ct);

        Assert.True(await list.SnoozeAsync(item.LeadId, item.ReceivedAt, new ReviewSnooze(Decisions.Now.AddHours(2), "R1"), Ct));
        await list.PutAsync(item, Ct);
        Assert.False(await list.SnoozeAsync(Stores.UniqueLead(), item.ReceivedAt, new ReviewSnooze(Decisions.Now, "R1"), Ct));
        Assert.False(await HasAsync(ReviewState.Open, Decisions.Now));
        Assert.True(await HasAsync(ReviewState.Snoozed, Decisions.Now));
        Assert.True(await HasAsync(ReviewState.Open, Decisions.Now.AddHours(2)));
        Assert.False(await HasAsync(ReviewState.Snoozed, Decisions.Now.AddHours(2)));

        ReviewItem found = (await list.FindAsync(item.LeadId, item.ReceivedAt, Ct))!;
        Assert.Equal((4, "match.name.same"), (found.Candidates[0].Points, found.Candidates[0].Evidence.Single().Code));
        await list.ResolveAsync(found, new ReviewResolution("pin", AccountId.Parse("A1"), "R1", Decisions.Now), Ct);
        await list.ResolveAsync(found, new ReviewResolution("pin", AccountId.Parse("A1"), "R1", Decisions.Now), Ct);
        Assert.Null(await list.FindAsync(item.LeadId, item.ReceivedAt, Ct));
        Assert.True(await HasAsync(ReviewState.Resolved, Decisions.Now));

        async Task<bool> HasAsync(ReviewState state, DateTimeOffset now)
        {
            string? after = null;
            do
            {
                ListPage<ReviewItem> page = await list.ListAsync(new ReviewFilter(now, null, state), 100, after, Ct);
                if (page.Items.Any(i => i.LeadId == item.LeadId && i.StateAt(now) == state))
                    return true;
                after = page.Next;
            }
            while (after is not null);
            return false;
        }
    }

    [Fact]
    public async Task A_report_is_found_again_with_its_items()
    {
        (_, IRematchReports reports) = await StoresAsync();
        RematchReport report = new(Stores.Unique("rem"), "asked", "ana", true, Decisions.Now, 7, new Dictionary<string, int> { ["moved"] = 1 }, Decisions.Now.AddMinutes(1));
        RematchItem item = new(Stores.UniqueLead(), "moved", "unmatched", null, "matched", AccountId.Parse("A1"), "match.band.automatic", "From unmatched to matched A1.", Decisions.Now);
        await reports.PutAsync(report with { FinishedAt = null }, Ct);
        await reports.PutAsync(report, Ct);
        await reports.PutItemAsync(report.ReportId, item with { Became = "busy" }, Ct);
        await reports.PutItemAsync(report.ReportId, item, Ct);

        RematchReport found = (await reports.FindAsync(report.ReportId, Ct))!;
        Assert.Equal((report.Examined, 1, report.FinishedAt, true), (found.Examined, found.Counts["moved"], found.FinishedAt, found.IsDryRun));
        Assert.Equal(item, Assert.Single((await reports.ItemsAsync(report.ReportId, 10, null, Ct)).Items));
        Assert.Equal(item, await reports.FindItemAsync(report.ReportId, item.Lead, Ct));
        Assert.Contains((await reports.ListAsync(100, null, Ct)).Items, r => r.ReportId == report.ReportId);
        Assert.Null(await reports.FindAsync("nothing", Ct));
    }
}

public sealed class TableReviewTests : ReviewContract
{
    protected override async Task<(IReviewList, IRematchReports)> StoresAsync()
    {
        TableServiceClient service = await Stores.TablesAsync();
        return (new TableUnmatchedList(service), new TableRematchReports(service));
    }
}

public sealed class InMemoryReviewTests : ReviewContract
{
    protected override Task<(IReviewList, IRematchReports)> StoresAsync() => Task.FromResult<(IReviewList, IRematchReports)>((new InMemoryLists(), new InMemoryRematchReports()));
}
