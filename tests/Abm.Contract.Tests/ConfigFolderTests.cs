using Abm.Configuration;
using Abm.Functions.Configuration;
using Abm.Functions.Configuration.Versions;

namespace Abm.Contract.Tests;

/// <summary>The folder on a real file system.</summary>
public sealed class ConfigFolderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("abm-config-").FullName;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Its_files_are_taken_byte_for_byte()
    {
        byte[] bytes = [0xEF, 0xBB, 0xBF, .. "matching:\r\n  automaticFrom: 8.5\r\n"u8];
        await File.WriteAllBytesAsync(Path.Combine(_folder, "b.yaml"), bytes, Token);
        await File.WriteAllTextAsync(Path.Combine(_folder, "a.yml"), "# nothing", Token);
        await File.WriteAllTextAsync(Path.Combine(_folder, "notes.txt"), "not a rule", Token);
        await File.WriteAllTextAsync(Path.Combine(_folder, ".hidden.yaml"), "left by an editor", Token);

        IReadOnlyList<Abm.Ports.ConfigSourceFile> files = await ConfigFolder.ReadSourcesAsync(_folder, Token);

        Assert.Equal(["a.yml", "b.yaml"], files.Select(f => f.Name));
        Assert.Equal(Convert.ToHexString(bytes), Convert.ToHexString(files[1].Bytes.Span));
        Assert.Equal(8.5, Assert.IsType<ConfigDraftReading.Accepted>(ConfigDraft.Read(files)).Draft.Config.Matching.AutomaticFrom);
    }

    [Fact]
    public async Task What_cannot_be_used_is_refused_with_every_problem_and_its_place()
    {
        await File.WriteAllTextAsync(Path.Combine(_folder, "rules.yaml"), "matching: { automaticFrom: many }\nrouting: nothing", Token);

        IReadOnlyList<ConfigFileProblem> problems = Assert.IsType<ConfigDraftReading.Refused>(ConfigDraft.Read(await ConfigFolder.ReadSourcesAsync(_folder, Token))).Problems;

        Assert.Equal(["rules.yaml:1:28 matching.automaticFrom", "rules.yaml:2:10 routing"], problems.Select(p => FormattableString.Invariant($"{p.File}:{p.Line}:{p.Column} {p.Path}")));
    }

    [Fact]
    public async Task A_file_that_is_too_large_or_not_text_is_refused()
    {
        await File.WriteAllBytesAsync(Path.Combine(_folder, "odd.yaml"), [0x61, 0xFF, 0xFE], Token);
        Assert.Equal("encoding", Assert.Single(Assert.IsType<ConfigDraftReading.Refused>(ConfigDraft.Read(await ConfigFolder.ReadSourcesAsync(_folder, Token))).Problems).Code);

        await File.WriteAllBytesAsync(Path.Combine(_folder, "big.yaml"), new byte[ConfigReader.MaxFileBytes + 1], Token);
        Assert.Equal("tooLarge", Assert.Single((await Assert.ThrowsAsync<ConfigurationRefusedException>(() => ConfigFolder.ReadSourcesAsync(_folder, Token))).Problems).Code);
    }

    [Fact]
    public async Task A_folder_that_is_named_must_be_there_and_hold_something()
    {
        Assert.Throws<ConfigurationRefusedException>(() => ConfigFolder.Find(Path.Combine(_folder, "nowhere")));
        await Assert.ThrowsAsync<ConfigurationRefusedException>(() => ConfigFolder.ReadSourcesAsync(_folder, Token));
        Assert.Equal(_folder, ConfigFolder.Find(_folder));
        Assert.EndsWith(Path.Combine("samples", "config"), ConfigFolder.Find(null), StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
