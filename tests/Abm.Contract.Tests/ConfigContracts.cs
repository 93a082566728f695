using System.Security.Cryptography;
using System.Text;
using Abm.Functions.Audit;
using Abm.Functions.Configuration.Versions;
using Abm.Ports;
using Abm.TestKit;
using Azure.Data.Tables;

namespace Abm.Contract.Tests;

/// <summary>What every store of configuration versions and their activations does.</summary>
public abstract class ConfigContract
{
    private static readonly DateTimeOffset T0 = new(2026, 11, 18, 10, 0, 0, TimeSpan.Zero);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>An empty store.</summary>
    protected abstract Task<(IConfigVersions Versions, IConfigActivations Activations, IPublishGate Gate)> StoreAsync();

    [Fact]
    public async Task A_version_comes_back_as_it_was_handed_in_byte_for_byte()
    {
        (IConfigVersions versions, _, _) = await StoreAsync();
        ConfigVersion version = Version("one", T0, [new("a.yaml", (byte[])[0xEF, 0xBB, 0xBF, .. "x: ü\r\n"u8]), new("b.yaml", Array.Empty<byte>())]);

        Assert.True(await versions.AddAsync(version, Ct));
        ConfigVersion found = (await versions.FindAsync(version.Version, Ct))!;

        Assert.Equal(version with { Files = [] }, found with { Files = [] });
        Assert.Equal(version.Files.Select(f => $"{f.Name} {Convert.ToHexString(f.Bytes.Span)}"), found.Files.Select(f => $"{f.Name} {Convert.ToHexString(f.Bytes.Span)}"));
        Assert.Equal(version.Version, ConfigVersion.IdOf(found.Effective, found.Files));
    }

    [Fact]
    public async Task The_largest_version_that_is_taken_can_be_kept()
    {
        (IConfigVersions versions, _, _) = await StoreAsync();
        string noise = Convert.ToBase64String(RandomNumberGenerator.GetBytes(ConfigDraft.MaxBytes))[..(ConfigDraft.MaxBytes / 2)]; // packs badly
        ConfigVersion version = Version(new string('ü', ConfigDraft.MaxEffectiveLength), T0, [new("a.yaml", Encoding.UTF8.GetBytes(noise)), new("b.yaml", Encoding.UTF8.GetBytes(noise))]);

        await versions.AddAsync(version, Ct);
        ConfigVersion found = (await versions.FindAsync(version.Version, Ct))!;

        Assert.Equal(version.Version, ConfigVersion.IdOf(found.Effective, found.Files));
    }

    [Fact]
    public async Task A_version_that_is_known_stays_as_it_is()
    {
        (IConfigVersions versions, _, _) = await StoreAsync();
        ConfigVersion version = Version("one", T0, []);
        await versions.AddAsync(version, Ct);

        Assert.False(await versions.AddAsync(version with { Author = "bob", CreatedAt = T0.AddDays(1) }, Ct));

        Assert.Equal("ana", (await versions.FindAsync(version.Version, Ct))!.Author);
        Assert.Single((await versions.ListAsync(10, null, Ct)).Items);
        Assert.Null(await versions.FindAsync("cfg-never", Ct));
    }

    [Fact]
    public async Task Versions_are_listed_newest_first_and_page_by_page()
    {
        (IConfigVersions versions, _, _) = await StoreAsync();
        for (int i = 0; i < 5; i++)
            await versions.AddAsync(Version($"v{i}", T0.AddMinutes(i), [new("a.yaml", Encoding.UTF8.GetBytes($"v: {i}"))]), Ct);

        List<ConfigVersionLine> all = [];
        string? next = null;
        do
        {
            ListPage<ConfigVersionLine> page = await versions.ListAsync(2, next, Ct);
            all.AddRange(page.Items);
            next = page.Next;
        }
        while (next is not null);

        Assert.Equal(Enumerable.Range(0, 5).Select(i => T0.AddMinutes(4 - i)), all.Select(v => v.CreatedAt));
        Assert.Equal("ana", all[0].Author);
    }

    [Fact]
    public async Task Of_two_that_append_to_the_same_head_one_is_told_so()
    {
        (_, IConfigActivations activations, _) = await StoreAsync();
        ActivationHead empty = await activations.ReadAsync(Ct);

        Assert.Equal(ActivationHead.None, empty);
        Assert.Equal(SaveOutcome.Saved, await activations.AppendAsync(empty, [Entry(1, "A", T0)], "A", T0, Ct));
        Assert.Equal(SaveOutcome.Conflict, await activations.AppendAsync(empty, [Entry(1, "B", T0)], "B", T0, Ct));
        ActivationHead head = await activations.ReadAsync(Ct);
        Assert.Equal(SaveOutcome.Saved, await activations.AppendAsync(head, [Entry(2, "C", T0.AddHours(1)), Entry(3, "D", T0)], null, T0, Ct));
        Assert.Equal(SaveOutcome.Conflict, await activations.AppendAsync(head, [], "E", T0, Ct));

        head = await activations.ReadAsync(Ct);
        Assert.Equal((3, "A", "D"), (head.LastSequence, head.FolderContent, head.List.InForceAt(T0)!.Version));
        Assert.Equal("C", head.List.InForceAt(T0.AddHours(1))!.Version);
        Assert.Equal([3L, 2L, 1L], (await activations.LogAsync(10, null, Ct)).Items.Select(e => e.Sequence));
        Assert.Equal([3L], (await activations.LogAsync(1, null, Ct)).Items.Select(e => e.Sequence));
    }

    [Fact]
    public async Task An_entry_of_the_log_comes_back_whole()
    {
        (_, IConfigActivations activations, _) = await StoreAsync();
        Activation entry = new(1, ActivationKind.Rollback, "A", T0.AddTicks(7), 5, T0, "ana", "because: \"ü\"\nyes", "bob", 12);

        await activations.AppendAsync(ActivationHead.None, [entry], null, T0, Ct);

        Assert.Equal(entry, Assert.Single((await activations.LogAsync(10, null, Ct)).Items));
        Assert.Equal(entry, Assert.Single((await activations.ReadAsync(Ct)).List.Entries));
        Assert.True(await activations.WasActivatedAsync("A", Ct));
        Assert.False(await activations.WasActivatedAsync("B", Ct));
    }

    [Fact]
    public async Task The_last_dry_run_of_a_draft_against_a_base_counts()
    {
        (_, _, IPublishGate gate) = await StoreAsync();

        await gate.NoteAsync(new DryRunSummary("A", "B", 100, 5, T0), Ct);
        await gate.NoteAsync(new DryRunSummary("A", "B", 200, 9, T0.AddHours(1)), Ct);

        Assert.Equal(new DryRunSummary("A", "B", 200, 9, T0.AddHours(1)), await gate.FindAsync("A", "B", Ct));
        Assert.Null(await gate.FindAsync("B", "A", Ct));
    }

    private static ConfigVersion Version(string effective, DateTimeOffset at, ConfigSourceFile[] files) =>
        new(ConfigVersion.IdOf(effective, files), null, "ana", "because", null, at, effective, null, files);

    private static Activation Entry(long sequence, string version, DateTimeOffset from) =>
        new(sequence, ActivationKind.Publish, version, from, null, T0, "ana", "because", null);
}

public sealed class InMemoryConfigContract : ConfigContract
{
    protected override Task<(IConfigVersions Versions, IConfigActivations Activations, IPublishGate Gate)> StoreAsync()
    {
        InMemoryConfig store = new();
        return Task.FromResult<(IConfigVersions, IConfigActivations, IPublishGate)>((store, store, store));
    }
}

public sealed class TableConfigContract : ConfigContract
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected override async Task<(IConfigVersions Versions, IConfigActivations Activations, IPublishGate Gate)> StoreAsync()
    {
        TableClient table = await NewTableAsync();
        return (new TableConfigVersions(table), new TableConfigActivations(table), new TablePublishGate(table));
    }

    [Fact]
    public async Task A_version_that_an_earlier_build_kept_is_readable()
    {
        TableClient table = await NewTableAsync();
        await table.AddEntityAsync(new TableEntity("config", "cfg-old") { ["Doc0"] = """{"matching":{"automaticFrom":"8.5"}}""" }, Ct);

        ConfigVersion kept = (await new TableConfigVersions(table).FindAsync("cfg-old", Ct))!;

        Assert.Equal(("cfg-old", "", 0), (kept.Version, kept.Author, kept.Files.Count));
        Assert.Equal(("cfg-old", 8.5), (ConfigDraft.OfKept(kept).Config.Version, ConfigDraft.OfKept(kept).Config.Matching.AutomaticFrom));
    }

    private static async Task<TableClient> NewTableAsync()
    {
        TableClient table = (await Stores.TablesAsync()).GetTableClient("Config" + Guid.NewGuid().ToString("N"));
        await table.CreateIfNotExistsAsync(Ct);
        return table;
    }
}

/// <summary>What every audit does.</summary>
public abstract class AuditContract
{
    private static readonly DateTimeOffset T0 = new(2026, 11, 18, 23, 0, 0, TimeSpan.Zero);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected abstract Task<IAuditLog> LogAsync();

    [Fact]
    public async Task An_entry_comes_back_whole_and_telling_it_again_changes_nothing()
    {
        IAuditLog log = await LogAsync();
        AuditEntry entry = new(AuditEntry.IdOf("touch", "lead-1", "r1"), T0.AddTicks(3), "ana", "touch", "lead-1", "because", "cfg-1", "r1", new Dictionary<string, string> { ["a"] = "b" });

        await log.WriteAsync(entry, Ct);
        await log.WriteAsync(entry with { By = "bob", Why = null }, Ct);

        AuditEntry found = Assert.Single((await log.ListAsync(new AuditFilter(), 10, null, Ct)).Items);
        Assert.Equal(entry with { Details = found.Details }, found);
        Assert.Equal("b", found.Details["a"]);
    }

    [Fact]
    public async Task Entries_are_listed_newest_first_over_the_end_of_a_day_and_by_filter()
    {
        IAuditLog log = await LogAsync();
        for (int i = 0; i < 6; i++)
            await log.WriteAsync(new AuditEntry($"aud-{i}", T0.AddMinutes(30 * i), i % 2 == 0 ? "ana" : "bob", i < 3 ? "touch" : "pin", $"lead-{i}", null, null, null, new Dictionary<string, string>()), Ct);

        Assert.Equal("543210", await ListAsync(new AuditFilter()));
        Assert.Equal("42", await ListAsync(new AuditFilter(By: "ana", From: T0.AddMinutes(60))));
        Assert.Equal("10", await ListAsync(new AuditFilter(To: T0.AddMinutes(60))));
        Assert.Equal("32", await ListAsync(new AuditFilter(From: T0.AddMinutes(60), To: T0.AddMinutes(120))));
        Assert.Equal("543", await ListAsync(new AuditFilter(Kind: "pin")));
        Assert.Equal("3", await ListAsync(new AuditFilter(Subject: "lead-3")));
        Assert.Equal("", await ListAsync(new AuditFilter(From: T0.AddDays(5))));

        async Task<string> ListAsync(AuditFilter filter)
        {
            string all = "";
            string? next = null;
            do
            {
                ListPage<AuditEntry> page = await log.ListAsync(filter, 2, next, Ct);
                all += string.Concat(page.Items.Select(e => e.Id[^1]));
                next = page.Next;
            }
            while (next is not null);
            return all;
        }
    }

    [Fact]
    public async Task What_was_kept_long_enough_is_forgotten_by_whole_days()
    {
        IAuditLog log = await LogAsync();
        for (int i = 0; i < 130; i++)
            await log.WriteAsync(new AuditEntry($"aud-{i}", T0.AddDays(i % 3).AddSeconds(i), "ana", "touch", "lead", null, null, null, new Dictionary<string, string>()), Ct);
        DateOnly second = DateOnly.FromDateTime(T0.UtcDateTime).AddDays(1);

        Assert.Equal(0, await log.ForgetAsync(second.AddDays(-1), 1_000, Ct));
        Assert.Equal(30, await log.ForgetAsync(second, 30, Ct));
        Assert.Equal(14, await log.ForgetAsync(second, 5_000, Ct)); // more than one request may ask for

        Assert.Equal(86, (await log.ListAsync(new AuditFilter(), 500, null, Ct)).Items.Count);
        Assert.All((await log.ListAsync(new AuditFilter(), 500, null, Ct)).Items, e => Assert.True(e.At > T0.AddHours(1)));
    }

    [Fact]
    public async Task A_cursor_of_nobody_is_refused()
    {
        IAuditLog log = await LogAsync();

        await Assert.ThrowsAsync<FormatException>(() => log.ListAsync(new AuditFilter(), 2, "nonsense", Ct));
    }
}

public sealed class InMemoryAuditContract : AuditContract
{
    protected override Task<IAuditLog> LogAsync() => Task.FromResult<IAuditLog>(new InMemoryAudit());
}

public sealed class TableAuditContract : AuditContract
{
    protected override async Task<IAuditLog> LogAsync()
    {
        TableClient table = (await Stores.TablesAsync()).GetTableClient("Audit" + Guid.NewGuid().ToString("N"));
        await table.CreateIfNotExistsAsync(TestContext.Current.CancellationToken);
        return new TableAuditLog(table);
    }
}
