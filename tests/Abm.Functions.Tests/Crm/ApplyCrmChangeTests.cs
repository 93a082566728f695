using System.Text.Json.Nodes;
using Abm.Accounts;
using Abm.Decisions;
using Abm.Functions.Crm;
using Abm.Functions.Storage.Accounts;
using Abm.Functions.Tests.Accounts;
using Abm.Functions.Tests.Events;
using Abm.Ports;
using Abm.TestKit;
using Azure;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Logging.Abstractions;

namespace Abm.Functions.Tests.Crm;

public sealed class ApplyCrmChangeTests
{
    private readonly InMemoryFeed _feed = new();
    private readonly FakeActions _actions = new();
    private int _messages;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_next_question_in_any_process_sees_the_new_owner()
    {
        FeedAccountCatalogue other = _feed.Accounts();
        await other.SaveAsync(_ => [new AccountChange.Saved(A.Account() with { Domains = ["acme.example"], OwnerId = RepId.Parse("R1") })], Token);

        await RunAsync(Message("account.ownerChanged", new JsonObject { ["ownerId"] = "R2" }));

        Account account = (await ((IAccountDirectory)other).CurrentAsync(Token)).Find(AccountId.Parse("A1"))!;
        Assert.Equal(("R2", "Account A1", "acme.example"), (account.OwnerId!.Value, account.Name, account.Domains[0]));
        Assert.Empty(_actions.Dead);
    }

    [Fact]
    public async Task An_edit_of_an_account_nobody_knows_makes_a_provisional_one_that_its_creation_completes()
    {
        await RunAsync(Message("account.ownerChanged", new JsonObject { ["ownerId"] = "R2" }, at: "2026-11-18T09:10:00Z"));
        Assert.Equal(("A1", "R2"), await NameAndOwnerAsync());

        await RunAsync(Message("account.created", new JsonObject { ["name"] = "Acme", ["ownerId"] = "R1" }, at: "2026-11-18T09:00:00Z"));
        Assert.Equal(("Acme", "R2"), await NameAndOwnerAsync());
    }

    [Fact]
    public async Task A_late_edit_does_not_bring_a_deleted_account_back_but_a_newer_one_does()
    {
        await RunAsync(Message("account.created", new JsonObject { ["name"] = "Acme" }, at: "2026-11-18T09:00:00Z"));
        await RunAsync(Message("account.deleted", null, at: "2026-11-18T09:10:00Z"));
        await RunAsync(Message("account.edited", new JsonObject { ["name"] = "Late" }, at: "2026-11-18T09:05:00Z"));
        Assert.Empty((await _feed.Accounts().CurrentAsync(Token)).Accounts);

        await RunAsync(Message("account.created", new JsonObject { ["name"] = "Acme again" }, at: "2026-11-18T09:20:00Z"));
        Assert.Equal("Acme again", (await NameAndOwnerAsync()).Name);
    }

    [Fact]
    public async Task News_of_an_account_that_was_merged_here_do_not_bring_it_back_and_are_there_when_the_merge_is_taken_back()
    {
        FeedAccountCatalogue catalogue = _feed.Accounts();
        Account gone = A.Account() with { City = "Kiel", ContactCount = 3 };
        await catalogue.SaveAsync(
            _ => [new AccountChange.Saved(A.Account("A2")), new AccountChange.Merged(new MergedAccount(gone, AccountId.Parse("A2"), [], [], [], [], DateTimeOffset.UnixEpoch, "ops", "One company"))],
            Token);

        await RunAsync(Message("account.edited", new JsonObject { ["city"] = "Oslo" }, at: "2026-11-18T09:05:00Z"));
        await RunAsync(Message("account.deleted", null, at: "2026-11-18T09:06:00Z"));

        AccountsState state = await catalogue.CurrentAsync(Token);
        Assert.Equal("A2", Assert.Single(state.Accounts).Key);
        Assert.Equal(("Oslo", 3), (state.Merges["A1"].Account.City, state.Merges["A1"].Account.ContactCount));
        Assert.Equal("A2", state.Index.Find(AccountId.Parse("A1"))!.Id.Value);
    }

    [Fact]
    public async Task What_is_known_of_the_order_outlives_snapshots_and_edits_by_hand()
    {
        await RunAsync(Message("account.edited", new JsonObject { ["city"] = "Oslo", ["custom"] = new JsonObject { ["stage"] = "won" } }, at: "2026-11-18T09:10:00Z"));
        await RunAsync(Message("account.deleted", null, account: "A2", at: "2026-11-18T09:10:00Z"));
        FeedAccountCatalogue catalogue = _feed.Accounts();
        for (int i = 0; i < 80; i++)
            await catalogue.SaveAsync(_ => [new AccountChange.Saved(A.Account() with { City = $"City {i}" })], Token);
        Assert.True(_feed.Head.SnapshotVersion > 0);

        await RunAsync(
            Message("account.edited", new JsonObject { ["city"] = "Late" }, at: "2026-11-18T09:05:00Z"),
            Message("account.edited", new JsonObject { ["city"] = "Late" }, account: "A2", at: "2026-11-18T09:05:00Z"));

        AccountsState state = await _feed.Accounts().CurrentAsync(Token);
        Assert.Equal("City 79", Assert.Single(state.Accounts).Value.City);
        Assert.Equal(["A1", "A2"], state.Orders.Keys);
    }

    [Fact]
    public async Task A_batch_is_one_commit_and_a_batch_of_repeats_none()
    {
        ServiceBusReceivedMessage[] messages =
        [
            .. Enumerable.Range(0, 50).Select(i => Message("account.edited", new JsonObject { ["city"] = $"City {i}" }, account: $"A{i % 5}", id: $"evt-{i}")),
        ];

        await RunAsync(messages);
        Assert.Equal(1, _feed.Appends);
        await RunAsync(messages);

        Assert.Equal(1, _feed.Appends);
        Assert.Equal(5, (await _feed.Accounts().CurrentAsync(Token)).Accounts.Count);
    }

    [Fact]
    public async Task What_cannot_be_read_goes_to_the_dead_letters_with_its_reason_and_holds_nobody_up()
    {
        await RunAsync(
            Received("no JSON"),
            Message("account.edited", new JsonObject { ["city"] = "Oslo" }),
            Message("account.edited", new JsonObject { ["tier"] = "gold" }));

        Assert.Equal([("m-1", "notJson"), ("m-3", "invalid")], _actions.Dead.Select(dead => (dead.Id, dead.Reason)));
        Assert.StartsWith("tier (unknownValue): One of 1:1,", _actions.Dead[1].Description, StringComparison.Ordinal);
        Assert.Equal("Oslo", Assert.Single((await _feed.Accounts().CurrentAsync(Token)).Accounts).Value.City);
    }

    [Fact]
    public async Task Custom_fields_that_add_up_to_more_than_an_account_may_have_are_refused()
    {
        JsonObject Many(string prefix) => new([.. Enumerable.Range(0, 60).Select(i => KeyValuePair.Create<string, JsonNode?>($"{prefix}{i}", "x"))]);

        await RunAsync(Message("account.edited", Many("a"), id: "evt-1"), Message("account.edited", Many("b"), id: "evt-2"));

        Assert.Equal(("m-2", "tooManyCustomFields"), (Assert.Single(_actions.Dead).Id, _actions.Dead[0].Reason));
        Assert.Equal(60, (await _feed.Accounts().CurrentAsync(Token)).Accounts["A1"].Custom.Count);
    }

    [Fact]
    public async Task While_the_storage_is_down_a_message_is_not_put_back_at_once()
    {
        _feed.BeforeAppend = () => throw new RequestFailedException(503, "busy");
        ImpatientClock clock = new();

        await Assert.ThrowsAsync<RequestFailedException>(() => RunAsync(clock, Received("no JSON"), Message("account.edited", new JsonObject { ["city"] = "Oslo" }, deliveryCount: 3)));

        Assert.Equal(TimeSpan.FromSeconds(8), Assert.Single(clock.Waits));
        Assert.Empty(_actions.Dead); // comes again with the others, and is refused then
    }

    private async Task<(string Name, string? Owner)> NameAndOwnerAsync()
    {
        Account account = Assert.Single((await _feed.Accounts().CurrentAsync(Token)).Accounts).Value;
        return (account.Name, account.OwnerId?.Value);
    }

    /// <summary>A delivery to a freshly started process.</summary>
    private Task RunAsync(params ServiceBusReceivedMessage[] messages) => RunAsync(new ManualTimeProvider(ManualTimeProvider.WednesdayMorning), messages);

    private Task RunAsync(TimeProvider clock, params ServiceBusReceivedMessage[] messages) =>
        new ApplyCrmChange(new CrmIntake(_feed.Accounts()), clock, NullLogger<ApplyCrmChange>.Instance).RunAsync(messages, _actions, Token);

    private ServiceBusReceivedMessage Message(
        string type, JsonNode? changes, string id = "evt-1", string account = "A1", string at = "2026-11-18T09:00:00Z", int deliveryCount = 1) =>
        Received(CrmMessageReaderTests.Message(type, changes, id, account, at), deliveryCount);

    private ServiceBusReceivedMessage Received(string body, int deliveryCount = 1) =>
        ServiceBusModelFactory.ServiceBusReceivedMessage(BinaryData.FromString(body), messageId: $"m-{++_messages}", deliveryCount: deliveryCount);

    /// <summary>Remembers what is waited for, and lets it pass at once.</summary>
    private sealed class ImpatientClock : TimeProvider
    {
        public List<TimeSpan> Waits { get; } = [];

        public override DateTimeOffset GetUtcNow() => ManualTimeProvider.WednesdayMorning;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Waits.Add(dueTime);
            return base.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
