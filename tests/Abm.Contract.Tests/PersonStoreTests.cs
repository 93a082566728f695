using System.Globalization;
using System.Text;
using Abm.Accounts;
using Abm.Decisions;
using Abm.Functions.Storage;
using Abm.Functions.Storage.Accounts;
using Abm.Functions.Storage.Decisions;
using Abm.Functions.Storage.Feeds;
using Abm.Functions.Storage.Persons;
using Abm.Journeys;
using Abm.Leads;
using Abm.Ports;
using Abm.Replays;
using Abm.Routing;
using Abm.TestKit;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging.Abstractions;

namespace Abm.Contract.Tests;

/// <summary>What is kept of a person is found, and goes.</summary>
public sealed class PersonStoreTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_person_is_found_by_any_way_to_write_the_address_and_by_nothing_else()
    {
        TableServiceClient service = await Stores.TablesAsync();
        TablePersonStore persons = new(service, new PersonHash(service));
        string local = Stores.Unique("ada");
        Lead[] leads = [await AdmitAsync(service, $"{local}@acme.example"), await AdmitAsync(service, $"Ada <{local.ToUpperInvariant()}+news@ACME.example>")];
        await AdmitAsync(service, $"{local}2@acme.example");

        IReadOnlyList<LeadId> found = await persons.LeadsAsync($" {local}@acme.example ", Ct);

        Assert.Equal(leads.Select(l => l.Id.Value).Order(StringComparer.Ordinal), found.Select(l => l.Value).Order(StringComparer.Ordinal));
        Assert.Empty(await persons.LeadsAsync("", Ct));
        Assert.Equal(await new PersonHash(service).OfAsync("a@b.example", Ct), await new PersonHash(service).OfAsync("A@b.example", Ct)); // one key for all processes
    }

    [Fact]
    public async Task After_an_erasure_no_table_holds_a_word_of_the_person_and_the_statistics_stay()
    {
        TableServiceClient service = await Stores.TablesAsync();
        TablePersonStore persons = new(service, new PersonHash(service));
        TableLeadFileStore files = new(service);
        TableCaseStore cases = new(service);
        string word = "Zq" + Stores.Unique("x").Replace("-", "", StringComparison.Ordinal);
        string email = $"{word}@acme.example";
        Lead lead = await AdmitAsync(service, email, word);
        JourneyDecision decision = await DecideAsync(service, lead, word);
        LeadFile file = (await files.ReadAsync(lead.Id, Ct))!;
        for (int i = 0; i < 30; i++)
        {
            string id = string.Create(CultureInfo.InvariantCulture, $"evt-{i}");
            await files.SaveAsync(file, new LeadEvent(id, "touch", Decisions.Now, "R1", new Dictionary<string, string> { ["touch"] = "call", ["note"] = $"Spoke to {word}" }), Ct);
            file = (await files.ReadAsync(lead.Id, Ct))!;
        }

        await cases.PutAsync(new LabelledCase(LabelledCase.IdOf(lead.Id, "account"), lead.Id, "account", "A1", null, Decisions.Now, "R1", decision.Inputs!), Ct);
        TableOutbox outbox = new(service);
        await outbox.AddAsync(new OutboxItem(Stores.Unique("dlv"), lead.Id, "context-card", $"{{\"lead\":\"{word}\"}}", OutboxState.Pending, 0, Decisions.Now, null, null), Ct);
        string delivered = Stores.Unique("dlv");
        await outbox.AddAsync(new OutboxItem(delivered, lead.Id, "context-card", $"{{\"lead\":\"{word}\"}}", OutboxState.Delivered, 1, Decisions.Now, null, null), Ct);
        TableQuarantine quarantine = new(service);
        await quarantine.AddAsync(new QuarantinedMessage(Stores.Unique("q"), "leads", $"{{\"email\":\"{email.ToUpperInvariant()}\"}}", "notJson", Decisions.Now, 1, null), Ct);
        Assert.NotEmpty(await HoldingAsync(service, word));

        await cases.RemoveAsync(lead.Id, Ct);
        ErasedLead erased = await persons.EraseAsync(lead.Id, email, Decisions.Now, Ct);
        int quarantined = await persons.EraseQuarantineAsync(email, Ct);

        Assert.Equal(new ErasedLead(1, 30, 2, IsWaiting: false), erased);
        Assert.Equal(1, quarantined);
        Assert.Empty(await HoldingAsync(service, word));
        Assert.Empty(await persons.LeadsAsync(email, Ct));
        JourneyDecision left = (await new TableDecisionLog(service).FindAsync(lead.Id, decision.DecisionId, Ct))!;
        Assert.Null(left.Inputs);
        Assert.Equal((decision.Outcome, decision.DecidedAt, "Qualified"), (left.Outcome, left.DecidedAt, left.Score.Level));
        Assert.Equal("R1", ((RouteDecision.Assigned)left.Route).Owner.Value);
        Assert.Equal(decision.Match.Reasons.Select(r => (r.Code, r.Points)), left.Match.Reasons.Select(r => (r.Code, r.Points)));
        LeadFile after = (await files.ReadAsync(lead.Id, Ct))!;
        Assert.Equal(("A1", "R1", "matched"), (after.Lead.AccountId!.Value, after.Lead.OwnerId!.Value, after.Lead.Outcome));
        Assert.Equal(30, (await files.EventsAsync(lead.Id, Ct)).Count(e => e is { Kind: "touch", By: "R1" } && e.Details["touch"] == "call"));
        Assert.Equal(OutboxState.Delivered, (await outbox.FindAsync(delivered, Ct))!.State);
        Assert.NotNull(await new TablePoolStore(service).FindAssignmentAsync(decision.DecisionId, Ct));

        // Again: nothing is left to do, and nothing breaks.
        Assert.Equal(0, (await persons.EraseAsync(lead.Id, email, Decisions.Now, Ct)).Notifications);
        Assert.Equal(0, await persons.EraseQuarantineAsync(email, Ct));
    }

    [Fact]
    public async Task A_contact_that_is_removed_leaves_nothing_in_the_feed_once_the_past_is_forgotten()
    {
        TableServiceClient service = await Stores.TablesAsync();
        TableClient table = service.GetTableClient(AccountTables.Feeds);
        await table.CreateIfNotExistsAsync(Ct);
        string name = Stores.Unique("feed");
        FeedAccountCatalogue catalogue = new(new TableChangeFeed(table, name), NullLogger<FeedAccountCatalogue>.Instance);
        Contact contact = new() { Id = ContactId.Parse("C1"), AccountId = AccountId.Parse("A1"), Email = "ada@acme.example" };
        await catalogue.SaveAsync(_ => [new AccountChange.Saved(A.Account("A1")), new AccountChange.ContactSaved(contact)], Ct);
        await catalogue.ForgetPastAsync(Ct); // the contact stands in a snapshot
        await catalogue.SaveAsync(_ => [new AccountChange.ContactSaved(contact with { Title = "CTO" })], Ct);
        await catalogue.SaveAsync(_ => [new AccountChange.ContactRemoved(contact.Id)], Ct);

        await catalogue.ForgetPastAsync(Ct);

        List<string> rows = [];
        await foreach (TableEntity row in table.QueryAsync<TableEntity>(TableClient.CreateQueryFilter($"PartitionKey ge {name} and PartitionKey lt {name + "~"}"), cancellationToken: Ct))
        {
            rows.Add($"{row.PartitionKey} {row.RowKey}");
            if (row.GetBinary("Part00") is { } content && FeedPacking.Decompress(content) is var part && !PackedAccounts.IsPacked(part))
                Assert.All(FeedPacking.Rows<AccountChangeRow>(part), change => Assert.Null(change.Contact));
        }

        Assert.Equal(3, rows.Count); // the head, and two snapshots of one part, both of the state as it is
        AccountsState fresh = await new FeedAccountCatalogue(new TableChangeFeed(table, name), NullLogger<FeedAccountCatalogue>.Instance).CurrentAsync(Ct);
        Assert.Equal((1, 0), (fresh.Accounts.Count, fresh.Contacts.Count));
    }

    [Fact]
    public async Task A_lead_that_waits_for_its_decision_is_found_again_after_it()
    {
        TableServiceClient service = await Stores.TablesAsync();
        TablePersonStore persons = new(service, new PersonHash(service));
        string email = $"{Stores.Unique("w")}@acme.example";
        Lead lead = await AdmitAsync(service, email);

        ErasedLead first = await persons.EraseAsync(lead.Id, email, Decisions.Now, Ct);
        await DecideAsync(service, lead, "w"); // by a process that had read it before
        ErasedLead second = await persons.EraseAsync(Assert.Single(await persons.LeadsAsync(email, Ct)), email, Decisions.Now, Ct);

        Assert.True(first.IsWaiting);
        Assert.Equal((1, false), (second.Decisions, second.IsWaiting));
        Assert.Empty(await persons.LeadsAsync(email, Ct));
    }

    [Fact]
    public async Task The_receipts_of_one_person_are_one_and_add_up()
    {
        TableServiceClient service = await Stores.TablesAsync();
        TablePersonStore persons = new(service, new PersonHash(service));
        string email = $"{Stores.Unique("r")}@acme.example";
        ErasureReceipt done = new("", Decisions.Now, Decisions.Now, 2, 3, 4, 1, 5, 0, 1, 1);

        ErasureReceipt first = await persons.NoteAsync(email, done, Ct);
        ErasureReceipt second = await persons.NoteAsync(email.ToUpperInvariant(), done with { Leads = 1, FirstAt = Decisions.Now.AddDays(1), LastAt = Decisions.Now.AddDays(1), Waiting = 0 }, Ct);

        Assert.Equal(first.ReceiptId, second.ReceiptId);
        Assert.Equal((3, 6, 0), (second.Leads, second.Decisions, second.Waiting));
        Assert.Equal((Decisions.Now, Decisions.Now.AddDays(1)), (second.FirstAt, second.LastAt));
        Assert.DoesNotContain("@", second.ReceiptId, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Old_decisions_go_in_steps_with_their_inputs_and_turns_and_are_counted_once()
    {
        TableServiceClient service = await Stores.TablesAsync();
        TableDecisionRetention retention = new(service);
        DateTimeOffset old = new(1905, 3, 1, 0, 0, 0, TimeSpan.Zero);
        string source = Stores.Unique("src");
        List<JourneyDecision> decisions = [];
        for (int i = 0; i < 60; i++)
        {
            Lead lead = Decisions.Lead(Stores.UniqueLead(), source);
            await new TableLeadStore(service, new PersonHash(service)).AdmitAsync(lead, "f", Ct);
            decisions.Add(await DecideAsync(service, lead, "x", old.AddDays(i)));
        }

        DateTimeOffset before = old.AddDays(50); // 31 of March and 19 of April
        int first = await retention.PurgeAsync(before, 20, Ct);
        int[] both = await Task.WhenAll(new TableDecisionRetention(service).PurgeAsync(before, 1_000, Ct), new TableDecisionRetention(service).PurgeAsync(before, 1_000, Ct));
        int rest = await retention.PurgeAsync(before, 1_000, Ct);

        Assert.Equal(20, first);
        Assert.Equal(50, first + both.Sum() + rest);
        Assert.Equal(0, await retention.PurgeAsync(before, 1_000, Ct));
        DecisionCount[] counts = [.. (await retention.CountsAsync(Ct)).Where(c => c.Source == source)];
        Assert.Equal([("1905-03", 31), ("1905-04", 19)], counts.Select(c => (c.Month, c.Count)));
        Assert.All(counts, c => Assert.Equal(("matched", "OneToFew", "Qualified", "Assigned", "inbound", true), (c.Outcome, c.Tier, c.Level, c.Route, c.Play, c.IsTest)));
        TableDecisionLog log = new(service);
        Assert.Null(await log.FindAsync(decisions[49].Lead.Id, decisions[49].DecisionId, Ct));
        Assert.NotNull((await log.FindAsync(decisions[50].Lead.Id, decisions[50].DecisionId, Ct))!.Inputs);
        Assert.Null(await new TablePoolStore(service).FindAssignmentAsync(decisions[0].DecisionId, Ct));
        Assert.NotNull(await new TableLeadFileStore(service).ReadAsync(decisions[0].Lead.Id, Ct));
        await retention.PurgeAsync(old.AddDays(61), 1_000, Ct);
    }

    private static async Task<Lead> AdmitAsync(TableServiceClient service, string email, string word = "Ada")
    {
        Lead lead = Decisions.Lead(Stores.UniqueLead()).Submitting(s => s with { Email = email, LastName = word, Company = $"{word} Ltd", Custom = new Dictionary<string, string> { ["k"] = word + new string('ä', 40_000) } });
        await new TableLeadStore(service, new PersonHash(service)).AdmitAsync(lead, "f", Ct);
        return lead;
    }

    /// <summary>Decided with a turn of a pool, everything noted.</summary>
    private static async Task<JourneyDecision> DecideAsync(TableServiceClient service, Lead lead, string word, DateTimeOffset? at = null)
    {
        JourneyDecision decision = Decisions.Assigned(lead, pool: Stores.Unique("p"), says: $"The domain {word}.example fits. {new string('x', 70_000)}") with { DecidedAt = at ?? Decisions.Now };
        AccountsRead read = new(1, 2) { Accounts = [A.Account("A1") with { Tier = AccountTier.OneToFew }] };
        decision = decision with { Inputs = new DecisionInputs(decision.DecisionId, lead, "config-1", decision.DecidedAt, read) };
        await new TablePoolStore(service).SaveAsync(
            decision.PoolAfter!, null, new StoredAssignment(new Assignment(decision.DecisionId, lead.Id, RepId.Parse("R1"), decision.PoolAfter!.Pool, "EMEA", decision.DecidedAt), decision), Ct);
        await new TableLeadStore(service, new PersonHash(service)).AddDecisionAsync(decision, Ct);
        return decision;
    }

    /// <summary>Rows of any table in which the word stands, in any case, packed inputs included.</summary>
    private static async Task<List<string>> HoldingAsync(TableServiceClient service, string word)
    {
        List<string> rows = [];
        foreach (string table in TableNames.OfLeads)
        {
            await foreach (TableEntity row in service.GetTableClient(table).QueryAsync<TableEntity>(cancellationToken: Ct))
            {
                string text = string.Join('\n', ((IDictionary<string, object>)row).Values.Select(v => v is byte[] bytes ? Encoding.Latin1.GetString(bytes) : Convert.ToString(v, CultureInfo.InvariantCulture)));
                bool isPacked = row.GetBytes("In") is { } packed && table != TableNames.RepSnapshots && InputsPacking.Unpack(packed).Lead.Submitted.LastName == word;
                if (isPacked || text.Contains(word, StringComparison.OrdinalIgnoreCase))
                    rows.Add($"{table} {row.PartitionKey} {row.RowKey}");
            }
        }

        return rows;
    }
}
