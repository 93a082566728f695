using Abm.Accounts;
using Abm.Decisions;
using Abm.Functions.Storage.Accounts;
using Abm.Functions.Storage.Feeds;
using Abm.Leads;
using Abm.Matching;
using Abm.TestKit;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Tests.Accounts;

/// <summary>What a start does with a snapshot that is not as it should be.</summary>
public sealed class SnapshotFallbackTests
{
    /// <summary>Where a piece says which build packed it: behind the mark and the format.</summary>
    private const int BuildAt = 5;

    private readonly InMemoryFeed _feed = new();
    private readonly Recorder _log = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_part_that_is_lost_is_made_up_for_by_the_snapshot_before_and_the_changes_since()
    {
        await FillAsync(200);
        Assert.NotNull(_feed.Head.Previous);

        _feed.Damage(_feed.Head.Snapshot!, _ => null);

        await AssertWholeAsync(200);
        Assert.Single(_log.Errors);
    }

    [Fact]
    public async Task A_part_that_was_changed_is_noticed_by_its_hash()
    {
        await FillAsync(200);

        _feed.Damage(_feed.Head.Snapshot!, part => [.. part[..^1], (byte)(part[^1] ^ 1)]);

        await AssertWholeAsync(200);
        Assert.Single(_log.Errors);
    }

    [Fact]
    public async Task A_part_of_a_format_that_this_build_does_not_know_is_not_guessed_at()
    {
        await FillAsync(200);

        _feed.Damage(_feed.Head.Snapshot!, part => Change(part, content => content[BuildAt - 1] = 99), isKnown: true);

        await AssertWholeAsync(200);
        Assert.Single(_log.Errors);
    }

    [Fact]
    public async Task Without_a_snapshot_before_everything_is_read_from_the_beginning()
    {
        await FillAsync(70);
        Assert.Null(_feed.Head.Previous);

        _feed.Damage(_feed.Head.Snapshot!, _ => null);

        await AssertWholeAsync(70);
    }

    [Fact]
    public async Task Rather_no_accounts_than_wrong_ones()
    {
        await FillAsync(200);

        _feed.Damage(_feed.Head.Snapshot!, _ => null);
        _feed.Damage(_feed.Head.Previous!, _ => null);

        await Assert.ThrowsAsync<InvalidDataException>(() => _feed.Accounts(_log).CurrentAsync(Token).AsTask());
        Assert.Equal(2, _log.Errors.Count);
    }

    [Fact]
    public async Task After_a_start_without_the_snapshot_a_new_one_is_written()
    {
        await FillAsync(200);
        SnapshotHead bad = _feed.Head.Snapshot!;
        _feed.Damage(bad, _ => null);

        await _feed.Accounts(_log).RenewSnapshotAsync(Token);

        Assert.NotEqual(bad, _feed.Head.Snapshot);
        await AssertWholeAsync(200);
        Assert.Single(_log.Errors);
    }

    [Fact]
    public async Task What_another_build_read_out_of_the_accounts_is_read_anew_and_written_anew()
    {
        await FillAsync(200);
        _feed.Damage(_feed.Head.Snapshot!, part => Change(part, content => content[BuildAt] ^= 1), isKnown: true);
        SnapshotHead old = _feed.Head.Snapshot!;

        await AssertWholeAsync(200);
        await _feed.Accounts(_log).RenewSnapshotAsync(Token);

        Assert.Empty(_log.Errors);
        Assert.NotEqual(old, _feed.Head.Snapshot);
    }

    [Fact]
    public async Task A_snapshot_in_force_is_not_written_again_without_a_reason()
    {
        await FillAsync(200);
        SnapshotHead good = _feed.Head.Snapshot!;

        await _feed.Accounts(_log).RenewSnapshotAsync(Token);

        Assert.Equal(good, _feed.Head.Snapshot);
    }

    private async Task FillAsync(int count)
    {
        FeedAccountCatalogue writer = _feed.Accounts();
        for (int i = 0; i < count; i++)
        {
            Account account = A.Account($"A{i:D3}") with { Name = $"Zyx{i:D3} Works", Domains = [$"zyx{i:D3}.com"] };
            await writer.SaveAsync(_ => [new AccountChange.Saved(account), new AccountChange.ContactSaved(new Contact { Id = ContactId.Parse($"C{i}"), AccountId = account.Id, Email = $"c{i}@gmail.com" })], Token);
        }
    }

    private async Task AssertWholeAsync(int count)
    {
        AccountsState state = await _feed.Accounts(_log).CurrentAsync(Token);

        Assert.Equal((count, count, count), (state.Accounts.Count, state.Contacts.Count, state.Index.AccountCount));
        Assert.Equal(_feed.Head.Version, state.Index.Version);
        foreach (int i in (int[])[0, count / 2, count - 1])
        {
            Assert.Equal($"Zyx{i:D3} Works", state.Accounts[$"A{i:D3}"].Name);
            Lead lead = new(LeadId.From("test", "1"), new Submission { Email = $"j@zyx{i:D3}.com" }, DateTimeOffset.UnixEpoch);
            Assert.Equal($"A{i:D3}", Assert.IsType<MatchDecision.Matched>(LeadMatcher.Match(lead, state.Index, MatchModel.Default)).Account.Value);
        }
    }

    /// <summary>Changes parts that hold packed accounts.</summary>
    private static byte[] Change(byte[] part, Action<byte[]> change)
    {
        byte[] content = FeedPacking.Decompress(part);
        if (PackedAccounts.IsPacked(content))
            change(content);
        return FeedPacking.Compress(content);
    }

    private sealed class Recorder : ILogger<FeedAccountCatalogue>
    {
        public List<string> Errors { get; } = [];

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel == LogLevel.Error)
                Errors.Add(formatter(state, exception));
        }
    }
}
