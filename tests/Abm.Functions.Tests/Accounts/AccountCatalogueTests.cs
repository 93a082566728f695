using Abm.Accounts;
using Abm.Decisions;
using Abm.Functions.Storage.Accounts;
using Abm.Ports;
using Abm.TestKit;

namespace Abm.Functions.Tests.Accounts;

public sealed class AccountCatalogueTests
{
    private readonly InMemoryFeed _feed = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_one_process_saved_every_other_one_sees_at_its_next_question()
    {
        FeedAccountCatalogue one = _feed.Accounts();
        FeedAccountCatalogue other = _feed.Accounts();
        Assert.Empty((await other.CurrentAsync(Token)).Accounts);

        await SaveAsync(one, A.Account("A1"));

        Assert.NotNull((await IndexAsync(other)).Find(AccountId.Parse("A1")));
        Assert.Equal(1, (await IndexAsync(other)).Version);
    }

    [Fact]
    public async Task When_nothing_changed_a_question_is_one_read()
    {
        FeedAccountCatalogue catalogue = _feed.Accounts();
        await SaveAsync(catalogue, A.Account("A1"));
        int before = _feed.HeadReads;

        await catalogue.CurrentAsync(Token);
        await catalogue.CurrentAsync(Token);

        Assert.Equal(2, _feed.HeadReads - before);
    }

    [Fact]
    public async Task Questions_at_the_same_time_share_a_read_but_never_one_that_began_before()
    {
        FeedAccountCatalogue reader = _feed.Accounts();
        FeedAccountCatalogue writer = _feed.Accounts();
        var firstIsReading = new TaskCompletionSource();
        var goOn = new TaskCompletionSource();
        _feed.DuringHeadRead = () =>
        {
            _feed.DuringHeadRead = null;
            firstIsReading.SetResult();
            return goOn.Task;
        };

        Task<AccountsState> early = reader.CurrentAsync(Token).AsTask();
        await firstIsReading.Task;
        await SaveAsync(writer, A.Account("A1"));
        int before = _feed.HeadReads;
        Task<AccountsState>[] late = [.. Enumerable.Range(0, 50).Select(_ => reader.CurrentAsync(Token).AsTask())];
        goOn.SetResult();

        Assert.Empty((await early).Accounts);
        Assert.All(await Task.WhenAll(late), state => Assert.Single(state.Accounts));
        Assert.Equal(1, _feed.HeadReads - before);
    }

    [Fact]
    public async Task Two_writers_at_once_lose_nothing()
    {
        FeedAccountCatalogue[] writers = [_feed.Accounts(), _feed.Accounts(), _feed.Accounts()];

        await Task.WhenAll(writers.Select((writer, w) => Task.Run(
            async () =>
            {
                for (int i = 0; i < 5; i++)
                    await SaveAsync(writer, A.Account($"W{w}-{i}"));
            },
            Token)));

        Assert.Equal(15, (await _feed.Accounts().CurrentAsync(Token)).Accounts.Count);
        Assert.Equal(15, _feed.Head.Version);
    }

    [Fact]
    public async Task Who_comes_second_decides_again_on_what_the_first_has_written()
    {
        FeedAccountCatalogue catalogue = _feed.Accounts();
        FeedAccountCatalogue other = _feed.Accounts();
        await SaveAsync(other, A.Account("A1").Named("First"));
        _feed.BeforeAppend = async () =>
        {
            _feed.BeforeAppend = null;
            await SaveAsync(other, A.Account("A1").Named("Meanwhile"));
        };
        var seen = new List<string>();

        await catalogue.SaveAsync(
            state =>
            {
                Account known = state.Accounts["A1"];
                seen.Add(known.Name);
                return [new AccountChange.Saved(known with { City = "Hamburg" })];
            },
            Token);

        Assert.Equal(["First", "Meanwhile"], seen);
        Account saved = (await other.CurrentAsync(Token)).Accounts["A1"];
        Assert.Equal(("Meanwhile", "Hamburg"), (saved.Name, saved.City));
    }

    [Fact]
    public async Task After_many_changes_a_snapshot_makes_the_start_short()
    {
        FeedAccountCatalogue catalogue = _feed.Accounts();
        for (int i = 0; i < 200; i++)
            await SaveAsync(catalogue, A.Account($"A{i}"));

        AccountsState fresh = await _feed.Accounts().CurrentAsync(Token);

        Assert.Equal(200, fresh.Accounts.Count);
        Assert.Equal(200, fresh.Index.AccountCount);
        Assert.True(_feed.Head.SnapshotVersion > 100);
        Assert.True(_feed.ChangeSets.Count < 140);
    }

    [Fact]
    public async Task A_reader_that_is_far_behind_starts_at_the_snapshot()
    {
        FeedAccountCatalogue reader = _feed.Accounts();
        await SaveAsync(reader, A.Account("A0"));
        FeedAccountCatalogue writer = _feed.Accounts();
        for (int i = 1; i < 200; i++)
            await SaveAsync(writer, A.Account($"A{i}"));
        Assert.True(_feed.Head.Floor > 1);

        AccountsState state = await reader.CurrentAsync(Token);

        Assert.Equal(200, state.Accounts.Count);
        Assert.Equal(1, _feed.SnapshotReads);
    }

    [Fact]
    public async Task A_snapshot_that_fails_does_not_fail_the_change()
    {
        _feed.SnapshotsFail = true;
        FeedAccountCatalogue catalogue = _feed.Accounts();
        for (int i = 0; i < 100; i++)
            await SaveAsync(catalogue, A.Account($"A{i}"));
        _feed.SnapshotsFail = false;
        await SaveAsync(catalogue, A.Account("last"));

        Assert.Equal(101, (await _feed.Accounts().CurrentAsync(Token)).Accounts.Count);
        Assert.Equal(101, _feed.Head.SnapshotVersion);
    }

    [Fact]
    public async Task Emptied_storage_is_noticed()
    {
        FeedAccountCatalogue catalogue = _feed.Accounts();
        await SaveAsync(catalogue, A.Account("A1"));
        await SaveAsync(catalogue, A.Account("A2"));
        _feed.Empty();
        await SaveAsync(_feed.Accounts(), A.Account("A3"));

        AccountsState state = await catalogue.CurrentAsync(Token);

        Assert.Equal("A3", Assert.Single(state.Accounts).Key);
        Assert.Equal("A3", Assert.Single((await catalogue.CurrentAsync(Token)).Accounts).Key);
    }

    [Fact]
    public async Task An_account_comes_back_from_the_storage_as_it_was()
    {
        Account account = new()
        {
            Id = AccountId.Parse("A1"),
            Name = "Müller & Söhne",
            Domains = ["a.example", "b.example"],
            Website = "https://a.example",
            Phone = "+49 30 1",
            Street = "Gate 3\nBuilding B",
            City = "Köln",
            State = "NW",
            Zip = "50667",
            Country = "DE",
            Industry = "foundry",
            EmployeeCount = 0,
            Aliases = ["M&S"],
            ParentId = AccountId.Parse("A0"),
            OwnerId = RepId.Parse("R1"),
            Tier = AccountTier.OneToMany,
            Status = AccountStatus.FormerCustomer,
            HasOpenOpportunity = true,
            OpportunityOwnerId = RepId.Parse("R2"),
            ContactCount = 1,
            LeadCount = 2,
            OpportunityCount = 3,
            CreatedAt = new DateTimeOffset(2024, 2, 29, 1, 2, 3, TimeSpan.Zero),
            Custom = new Dictionary<string, string> { ["x"] = "y" },
        };
        await SaveAsync(_feed.Accounts(), account);

        Account read = (await _feed.Accounts().CurrentAsync(Token)).Accounts["A1"];

        Assert.Equivalent(account, read, strict: true);
    }

    [Fact]
    public async Task A_known_contact_is_found_after_a_restart()
    {
        var contact = new Contact { Id = ContactId.Parse("K1"), AccountId = AccountId.Parse("A1"), Email = "Ada@Acme.example", LastName = "Byron" };
        await _feed.Accounts().SaveAsync(_ => [new AccountChange.Saved(A.Account("A1")), new AccountChange.ContactSaved(contact)], Token);

        Assert.Equal(contact, (await IndexAsync(_feed.Accounts())).FindContact("ada@acme.example"));
    }

    [Fact]
    public async Task One_commit_of_many_large_accounts_is_split_and_complete()
    {
        var words = new System.Text.StringBuilder();
        for (int i = 0; i < 2_000; i++)
            words.Append(DerivedId.From("w", i.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        Account[] accounts = [.. Enumerable.Range(0, 300).Select(i => A.Account($"A{i}") with { Custom = new Dictionary<string, string> { ["text"] = words.ToString(i * 7, 15_000 + i) } })];

        await SaveAsync(_feed.Accounts(), accounts);

        Assert.Equal(300, (await _feed.Accounts().CurrentAsync(Token)).Accounts.Count);
    }

    private static Task<AccountsState> SaveAsync(FeedAccountCatalogue catalogue, params Account[] accounts) =>
        catalogue.SaveAsync(_ => [.. accounts.Select(account => new AccountChange.Saved(account))], Token);

    private static ValueTask<IAccountIndex> IndexAsync(FeedAccountCatalogue catalogue) => ((IAccountDirectory)catalogue).CurrentAsync(Token);
}
