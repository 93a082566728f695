using Abm.Clocks;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Storage;
using Abm.Plays;
using Abm.Ports;
using Abm.TestKit;

namespace Abm.Contract.Tests;

/// <summary>What every store of plays does.</summary>
public abstract class PlayFilesContract
{
    private static readonly DateTimeOffset At = ManualTimeProvider.WednesdayMorning;
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>A store, and another one on the same storage, as another process has it.</summary>
    protected abstract Task<(IPlayFiles Mine, IPlayFiles Theirs)> StoresAsync();

    [Fact]
    public async Task What_is_kept_of_a_play_is_read_back_the_same()
    {
        (IPlayFiles plays, IPlayFiles theirs) = await StoresAsync();
        PlayFile begun = (await plays.BeginAsync(PlayFile.Begin(Start(Stores.Unique("A"))), Ct)).File!;
        PlayProgress progress = begun.Progress with
        {
            At = "answer",
            Visit = 2,
            EnteredAt = At.AddTicks(7),
            DoneSteps = [new DoneStep("tell~1", At, "done", "Told.")],
            Events = [new PlayEvent("evt-1", "accepted", At, "R1", "Good")],
            AnsweredBy = ["evt-0"],
            FormerOwnerIds = ["R0"],
            Hop = 1,
            Waiting = new PlayWaiting("answer", ["accepted"], At.AddDays(1), "It waits."),
        };
        ClockRecord clock = new() { ClockId = "clk-1", AccountId = AccountId.Parse("A1"), PlayId = begun.Start.PlayId, Policy = "p", Scope = "owner", State = ClockState.Running, StartedAt = At, DueAt = At, Budget = TimeSpan.FromHours(4), Calendar = "always" };

        (SaveOutcome outcome, _) = await plays.SaveAsync(begun with { Progress = progress, Clocks = [clock], Status = PlayStatus.Running, OwnerId = "R1", Occasion = new Dictionary<string, string> { ["event.topic"] = "crm" } }, Ct);
        PlayFile read = (await theirs.FindAsync(begun.Start.PlayId, Ct))!;

        Assert.Equal(SaveOutcome.Saved, outcome);
        Assert.Equal(begun.Start, read.Start);
        Assert.Equal(System.Text.Json.JsonSerializer.Serialize(progress), System.Text.Json.JsonSerializer.Serialize(read.Progress));
        Assert.Equal((PlayStatus.Running, "R1", "crm", "clk-1"), (read.Status, read.OwnerId, read.Occasion["event.topic"], Assert.Single(read.Clocks).ClockId));
        Assert.Null(await plays.FindAsync(Stores.Unique("play"), Ct));
    }

    [Fact]
    public async Task Of_many_who_begin_a_play_about_one_account_at_once_one_does()
    {
        (IPlayFiles mine, IPlayFiles theirs) = await StoresAsync();
        string account = Stores.Unique("A");

        PlayBegun[] begun = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => (i % 2 == 0 ? mine : theirs).BeginAsync(PlayFile.Begin(Start(account, $"occasion-{i}")), Ct)));

        PlayFile won = Assert.Single(begun, b => b.File is not null).File!;
        Assert.All(begun.Where(b => b.File is null), b => Assert.Equal(won.Start.PlayId, b.Existing));
        Assert.Equal(won.Start.PlayId, Assert.Single(await mine.OfAccountAsync(account, Ct)).PlayId);
        Assert.NotNull((await theirs.BeginAsync(PlayFile.Begin(won.Start), Ct)).File); // the same again finds itself
    }

    [Fact]
    public async Task One_that_is_over_lets_the_next_begin_and_is_remembered()
    {
        (IPlayFiles plays, IPlayFiles theirs) = await StoresAsync();
        string account = Stores.Unique("A");
        PlayFile first = (await plays.BeginAsync(PlayFile.Begin(Start(account, "one")), Ct)).File!;

        await plays.SaveAsync(first with { Status = PlayStatus.Completed, Progress = first.Progress with { EndedAt = At.AddHours(1), Outcome = PlayOutcome.Completed } }, Ct);
        PlayBegun second = await theirs.BeginAsync(PlayFile.Begin(Start(account, "two")), Ct);
        PlayBegun repeat = await plays.BeginAsync(PlayFile.Begin(first.Start), Ct);

        Assert.NotNull(second.File);
        Assert.True(repeat.File is null or { IsOver: true });
        IReadOnlyList<KnownPlay> known = await plays.OfAccountAsync(account, Ct);
        Assert.Equal([(first.Start.PlayId, (DateTimeOffset?)At.AddHours(1)), (second.File!.Start.PlayId, null)], known.OrderBy(k => k.EndedAt is null).Select(k => (k.PlayId, k.EndedAt)));
    }

    [Fact]
    public async Task Who_saves_what_somebody_else_has_changed_is_told_so()
    {
        (IPlayFiles mine, IPlayFiles theirs) = await StoresAsync();
        PlayFile begun = (await mine.BeginAsync(PlayFile.Begin(Start(Stores.Unique("A"))), Ct)).File!;

        (_, PlayFile stands) = await theirs.SaveAsync(begun with { OwnerId = "R2" }, Ct);
        (SaveOutcome late, _) = await mine.SaveAsync(begun with { OwnerId = "R3" }, Ct);

        Assert.Equal(SaveOutcome.Conflict, late);
        Assert.Equal("R2", (await mine.FindAsync(begun.Start.PlayId, Ct))!.OwnerId);
        Assert.Equal(SaveOutcome.Saved, (await mine.SaveAsync(stands with { OwnerId = "R4" }, Ct)).Outcome);
    }

    [Fact]
    public async Task A_play_that_is_begun_again_and_at_once_has_one_line_in_the_list_that_says_how_it_stands()
    {
        (IPlayFiles mine, IPlayFiles theirs) = await StoresAsync();
        string account = Stores.Unique("A");
        PlayStartInput Later(int seconds) => Start(account) with { RoutedAt = At.AddSeconds(seconds) };

        PlayBegun[] begun = await Task.WhenAll(Enumerable.Range(0, 6).Select(i => (i % 2 == 0 ? mine : theirs).BeginAsync(PlayFile.Begin(Later(i)), Ct)));
        (_, PlayFile running) = await mine.SaveAsync((await mine.FindAsync(Start(account).PlayId, Ct))! with { OwnerId = "R7", Status = PlayStatus.Running }, Ct);
        await theirs.BeginAsync(PlayFile.Begin(Later(60)), Ct);
        PlayLine line = Assert.Single((await mine.ListAsync(new PlayFilter(AccountId: account), 50, null, Ct)).Items);
        await mine.SaveAsync(running with { Status = PlayStatus.Completed, Progress = running.Progress with { EndedAt = At.AddHours(1), Outcome = PlayOutcome.Completed } }, Ct);
        await theirs.BeginAsync(PlayFile.Begin(Later(90)), Ct);

        Assert.Single(begun.Select(b => b.File!.Start.RoutedAt).Distinct());
        Assert.Equal(("R7", PlayStatus.Running), (line.OwnerId, line.Status));
        Assert.Equal("completed", Assert.Single((await mine.ListAsync(new PlayFilter(AccountId: account), 50, null, Ct)).Items).Outcome);
    }

    [Fact]
    public async Task Plays_are_listed_running_ones_first_page_by_page_each_once()
    {
        (IPlayFiles plays, _) = await StoresAsync();
        string owner = Stores.Unique("R");
        List<string> expected = [];
        for (int i = 0; i < 7; i++)
        {
            PlayStartInput start = Start(Stores.Unique("A"), at: At.AddMinutes(-i)) with { OwnerId = owner };
            PlayFile file = (await plays.BeginAsync(PlayFile.Begin(start), Ct)).File!;
            if (i % 3 == 0)
                await plays.SaveAsync(file with { Status = PlayStatus.Stopped, Progress = file.Progress with { EndedAt = At, Outcome = PlayOutcome.Cancelled } }, Ct);
            expected.Add($"{(i % 3 == 0 ? 1 : 0)}{i} {start.PlayId}");
        }

        List<string> read = [];
        string? after = null;
        do
        {
            ListPage<PlayLine> page = await plays.ListAsync(new PlayFilter(OwnerId: owner), 2, after, Ct);
            read.AddRange(page.Items.Select(l => l.PlayId));
            after = page.Next;
        }
        while (after is not null);

        Assert.Equal(expected.Order(StringComparer.Ordinal).Select(e => e.Split(' ')[1]), read);
        Assert.Equal(4, (await plays.ListAsync(new PlayFilter("offer", IsRunning: true, OwnerId: owner), 50, null, Ct)).Items.Count);
        Assert.All((await plays.ListAsync(new PlayFilter(IsRunning: false, Kind: PlaySubjectKind.Account, OwnerId: owner), 50, null, Ct)).Items, l => Assert.Equal("cancelled", l.Outcome));
        await Assert.ThrowsAsync<FormatException>(() => plays.ListAsync(new PlayFilter(), 2, "x", Ct));
    }

    private static PlayStartInput Start(string account, string occasion = "o", DateTimeOffset? at = null) =>
        new(1, PlayStartInput.IdFor("offer", new PlaySubject(PlaySubjectKind.Account, account), occasion), "offer", null, account, null, "cfg", null, null, null, at ?? At, At) { Trigger = "surge", OccasionId = occasion };
}

public sealed class InMemoryPlayFilesTests : PlayFilesContract
{
    private readonly InMemoryPlayFiles _files = new();

    protected override Task<(IPlayFiles Mine, IPlayFiles Theirs)> StoresAsync() => Task.FromResult(((IPlayFiles)_files, (IPlayFiles)_files));
}

public sealed class TablePlayFilesTests : PlayFilesContract
{
    protected override async Task<(IPlayFiles Mine, IPlayFiles Theirs)> StoresAsync() => (new TablePlayFiles(await Stores.TablesAsync()), new TablePlayFiles(await Stores.TablesAsync()));
}
