using Abm.Accounts;
using Abm.Decisions;
using Abm.Functions.Storage;
using Abm.Functions.Storage.Decisions;
using Abm.Functions.Storage.Persons;
using Abm.Journeys;
using Abm.Leads;
using Abm.People;
using Abm.Ports;
using Abm.Replays;
using Abm.Routing;
using Abm.TestKit;

namespace Abm.Contract.Tests;

/// <summary>What every log of decisions does.</summary>
public abstract class DecisionLogContract
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected abstract Task<(ILeadStore Leads, IDecisionLog Log)> StoresAsync();

    [Fact]
    public async Task A_decision_is_found_with_everything_it_was_made_from()
    {
        (ILeadStore leads, IDecisionLog log) = await StoresAsync();
        JourneyDecision decision = await AddAsync(leads, Decisions.Now, keys: 20_000);

        JourneyDecision? found = await log.FindAsync(decision.Lead.Id, decision.DecisionId, Ct);

        Assert.NotNull(found?.Inputs);
        Assert.Null(DecisionComparison.First(decision, found, JourneySteps.All));
        AssertSame(decision.Inputs!, found.Inputs);
        Assert.Null(await log.FindAsync(Stores.UniqueLead(), "dec-1", Ct));
    }

    [Fact]
    public async Task The_log_gives_a_window_in_the_order_of_time_whatever_the_partition()
    {
        (ILeadStore leads, IDecisionLog log) = await StoresAsync();
        DateTimeOffset from = Decisions.Now.AddYears(-1 - (Environment.ProcessId % 50)).AddTicks(Environment.ProcessId);
        List<JourneyDecision> expected = [];
        for (int i = 0; i < 40; i++)
            expected.Add(await AddAsync(leads, from.AddSeconds((i * 7) % 40)));

        List<DecisionEntry> window = [];
        await foreach (DecisionEntry entry in log.ReadAsync(from, from.AddSeconds(30), Ct))
            window.Add(entry);

        Assert.Equal(expected.Where(d => d.DecidedAt < from.AddSeconds(30)).OrderBy(d => d.DecidedAt).Select(d => d.DecisionId), window.Select(e => e.DecisionId));
        Assert.All(window, entry =>
        {
            JourneyDecision decision = expected.Single(d => d.DecisionId == entry.DecisionId);
            Assert.Equal((decision.Lead.Id, decision.DecidedAt, decision.ConfigVersion), (entry.Lead, entry.DecidedAt, entry.ConfigVersion));
            AssertSame(decision.Inputs!, entry.Inputs!);
        });
    }

    [Fact]
    public async Task A_decision_of_which_nothing_was_noted_is_in_the_log_without_it()
    {
        (ILeadStore leads, IDecisionLog log) = await StoresAsync();
        Lead lead = Decisions.Lead(Stores.UniqueLead());
        await leads.AdmitAsync(lead, "f", Ct);
        JourneyDecision decision = Decisions.Assigned(lead);
        await leads.AddDecisionAsync(decision, Ct);

        Assert.Null((await log.FindAsync(lead.Id, decision.DecisionId, Ct))!.Inputs);
    }

    /// <summary>Inputs with something in every part, and a list that is long when compressed.</summary>
    private static async Task<JourneyDecision> AddAsync(ILeadStore leads, DateTimeOffset at, int keys = 50)
    {
        Lead lead = Decisions.Lead(Stores.UniqueLead());
        await leads.AdmitAsync(lead, "f", Ct);
        JourneyDecision decision = Decisions.Assigned(lead) with { DecidedAt = at };
        Account account = A.Account("A1") with
        {
            Name = "ACME / Söhne",
            Domains = ["acme.example"],
            Website = "https://acme.example",
            Phone = "+49 30 1",
            Street = "Main St 1",
            City = "Köln",
            State = "NW",
            Zip = "50667",
            Country = "DE",
            Industry = "paper",
            EmployeeCount = 900,
            Aliases = ["Acme"],
            ParentId = AccountId.Parse("A2"),
            OwnerId = RepId.Parse("R1"),
            Tier = AccountTier.OneToFew,
            Status = AccountStatus.Partner,
            HasOpenOpportunity = true,
            OpportunityOwnerId = RepId.Parse("R2"),
            ContactCount = 3,
            LeadCount = 4,
            OpportunityCount = 5,
            CreatedAt = at.AddYears(-1),
            Custom = new Dictionary<string, string> { ["Größe"] = "L" },
        };
        AccountsRead read = new(42, 100_000)
        {
            Accounts = [account, A.Account("A2")],
            Candidates = [account.Id],
            Absent = [AccountId.Parse("gone")],
            Counts = Enumerable.Range(0, keys).ToDictionary(i => (ulong)i * 0x9E3779B97F4A7C15UL, i => i % 300),
            Contact = new ContactRead(ulong.MaxValue, ContactId.Parse("C1"), account.Id),
        };
        decision = decision with
        {
            Inputs = new DecisionInputs(decision.DecisionId, lead, decision.ConfigVersion, at, read)
            {
                RepsVersion = "reps-1",
                Pools = new Dictionary<string, PoolState> { ["emea"] = decision.PoolAfter! },
                PinnedAccount = account.Id,
                Attempt = 3,
                PriorAssignments = [new Assignment("asg-1", lead.Id, RepId.Parse("R1"), "emea", "EMEA", at)],
                FormerOwners = [RepId.Parse("R2")],
                Sticky = new StickyOwner(RepId.Parse("R3"), at.AddDays(-1)),
                DataVersions = new Dictionary<string, string> { ["own"] = "7" },
            },
        };
        await leads.AddDecisionAsync(decision, Ct);
        return decision;
    }

    private static void AssertSame(DecisionInputs expected, DecisionInputs? actual) =>
        Assert.Equal(System.Text.Json.JsonSerializer.Serialize(Plain(expected)), System.Text.Json.JsonSerializer.Serialize(Plain(actual!)));

    private static object[] Plain(DecisionInputs inputs) => [inputs with { Accounts = inputs.Accounts with { Counts = new Dictionary<ulong, int>() } }, inputs.Accounts.Counts.OrderBy(c => c.Key).ToArray()];
}

public sealed class InMemoryDecisionLogTests : DecisionLogContract
{
    protected override Task<(ILeadStore Leads, IDecisionLog Log)> StoresAsync()
    {
        InMemoryLeads leads = new();
        return Task.FromResult<(ILeadStore, IDecisionLog)>((leads, leads));
    }
}

public sealed class TableDecisionLogTests : DecisionLogContract
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected override async Task<(ILeadStore Leads, IDecisionLog Log)> StoresAsync() => (new TableLeadStore(await Stores.TablesAsync(), new PersonHash(await Stores.TablesAsync())), new TableDecisionLog(await Stores.TablesAsync()));

    [Fact]
    public async Task People_of_the_past_are_found_by_the_name_of_their_state_and_equal_states_have_one_name()
    {
        TableRepSnapshots snapshots = new(await Stores.TablesAsync());
        Rep[] reps = [A.Rep(Stores.Unique("R")).In("emea").Under("M1").Away(Decisions.Now, Decisions.Now.AddDays(1)), A.Rep("M1").Working("de", "Europe/Berlin"), A.Rep("gone").Inactive()];

        string name = await snapshots.KeepAsync(reps.ById(), Ct);
        string again = await new TableRepSnapshots(await Stores.TablesAsync()).KeepAsync(reps.Reverse().ById(), Ct);
        string other = await snapshots.KeepAsync(reps.Take(2).ById(), Ct);

        Assert.Equal(name, again);
        Assert.NotEqual(name, other);
        IReadOnlyDictionary<RepId, Rep>? found = await new TableRepSnapshots(await Stores.TablesAsync()).FindAsync(name, Ct);
        Assert.Equal(
            System.Text.Json.JsonSerializer.Serialize(reps.OrderBy(r => r.Id)), System.Text.Json.JsonSerializer.Serialize(found!.Values.OrderBy(r => r.Id)));
        Assert.Null(await snapshots.FindAsync("reps-never", Ct));
    }
}
