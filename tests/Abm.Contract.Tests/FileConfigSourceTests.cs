using Abm.Configuration;
using Abm.Functions.Configuration;
using Abm.TestKit;
using Azure.Data.Tables;
using Microsoft.Extensions.Logging.Abstractions;

namespace Abm.Contract.Tests;

public sealed class FileConfigSourceTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("abm-config-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Running_plays_find_their_version_after_a_restart_under_another_configuration()
    {
        TableServiceClient tables = new(await SharedAzurite.ConnectionStringAsync());
        Write("matching: { automaticFrom: 8.5 }");
        using FileConfigSource before = Source(tables);
        AbmConfig old = await before.CurrentAsync(Token);
        Write("matching: { automaticFrom: 9.5 }");
        using FileConfigSource after = Source(tables);

        AbmConfig current = await after.CurrentAsync(Token);
        AbmConfig? found = await after.FindAsync(old.Version, Token);

        Assert.NotEqual(old.Version, current.Version);
        Assert.Equal(8.5, found!.Matching.AutomaticFrom);
        Assert.Equal(old.Version, found.Version);
        Assert.Equal(9.5, current.Matching.AutomaticFrom);
    }

    [Fact]
    public async Task The_same_configuration_is_kept_once_by_any_number_of_starts_at_once()
    {
        TableServiceClient tables = new(await SharedAzurite.ConnectionStringAsync());
        Write("matching: { automaticFrom: 7.25 }");

        AbmConfig[] all = await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            using FileConfigSource source = Source(tables);
            return await source.CurrentAsync(Token);
        }));

        Assert.Single(all.Select(c => c.Version).Distinct());
    }

    [Fact]
    public async Task A_version_that_was_never_in_force_is_unknown()
    {
        using FileConfigSource source = new(null, new TableServiceClient(await SharedAzurite.ConnectionStringAsync()), NullLogger<FileConfigSource>.Instance);

        Assert.Null(await source.FindAsync("cfg-never", Token));
        Assert.Equal(AbmConfig.Default.Plays, (await source.CurrentAsync(Token)).Plays);
    }

    [Fact]
    public async Task A_configuration_that_cannot_be_used_is_refused_in_one_message_with_every_problem()
    {
        Write("matching: { automaticFrom: many }\nrouting: nothing");
        using FileConfigSource source = Source(new TableServiceClient("UseDevelopmentStorage=true"));

        ConfigurationRefusedException refused = await Assert.ThrowsAsync<ConfigurationRefusedException>(async () => await source.CurrentAsync(Token));

        Assert.Equal(2, refused.Problems.Count);
        Assert.Contains("rules.yaml:1:28: matching.automaticFrom", refused.Message, StringComparison.Ordinal);
        Assert.Contains("rules.yaml:2:10: routing", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_too_large_or_not_text_is_refused()
    {
        await File.WriteAllBytesAsync(Path.Combine(_folder, "big.yaml"), new byte[ConfigReader.MaxFileBytes + 1], Token);
        await File.WriteAllBytesAsync(Path.Combine(_folder, "odd.yaml"), [0x61, 0xFF, 0xFE], Token);

        ConfigurationRefusedException refused = await Assert.ThrowsAsync<ConfigurationRefusedException>(() => ConfigFolder.ReadAsync(_folder, Token));

        Assert.Equal(["tooLarge", "encoding"], refused.Problems.Select(p => p.Code));
    }

    [Fact]
    public async Task A_folder_that_is_named_must_be_there_and_hold_something()
    {
        Assert.Throws<ConfigurationRefusedException>(() => ConfigFolder.Find(Path.Combine(_folder, "nowhere")));
        await Assert.ThrowsAsync<ConfigurationRefusedException>(() => ConfigFolder.ReadAsync(_folder, Token));
        Assert.Equal(_folder, ConfigFolder.Find(_folder));
        Assert.EndsWith(Path.Combine("samples", "config"), ConfigFolder.Find(null), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private FileConfigSource Source(TableServiceClient tables) => new(_folder, tables, NullLogger<FileConfigSource>.Instance);

    private void Write(string yaml) => File.WriteAllText(Path.Combine(_folder, "rules.yaml"), yaml);
}
