using System.Security.Cryptography;
using Abm.Decisions;

namespace Abm.Ports;

/// <summary>A file that a configuration was written in, byte for byte.</summary>
/// <param name="Name">A plain file name such as <c>routing.yaml</c>.</param>
/// <param name="Bytes">UTF-8, with a byte order mark if it came with one.</param>
public sealed record ConfigSourceFile(string Name, ReadOnlyMemory<byte> Bytes);

/// <summary>One configuration, as it was handed in. Immutable: named after its content.</summary>
/// <param name="Version">See <see cref="IdOf"/>. Decisions and plays name it.</param>
/// <param name="BaseVersion">What was in force when it was handed in; null for the first one.</param>
/// <param name="Author">Who handed it in; <c>folder</c> for the one that the app found in its folder.</param>
/// <param name="Effective">What it says, defaults written out, as one canonical text. Empty files and comments make no difference here.</param>
/// <param name="Changes">What differs from the base, as JSON; null where that is not known.</param>
/// <param name="Files">In the order of their names; empty for the built-in defaults and for versions of builds that did not keep them.</param>
public sealed record ConfigVersion(
    string Version,
    string? BaseVersion,
    string Author,
    string Reason,
    string? Approver,
    DateTimeOffset CreatedAt,
    string Effective,
    string? Changes,
    IReadOnlyList<ConfigSourceFile> Files)
{
    /// <summary>Covers the effective text and every byte of the files: equal id, equal version. Without files it is derived from the text alone.</summary>
    public static string IdOf(string effective, IEnumerable<ConfigSourceFile> files)
    {
        List<string> parts = [effective];
        foreach (ConfigSourceFile file in files.OrderBy(f => f.Name, StringComparer.Ordinal))
        {
            parts.Add(file.Name);
            parts.Add(Convert.ToHexStringLower(SHA256.HashData(file.Bytes.Span)));
        }

        return DerivedId.From("cfg", [.. parts]);
    }

    /// <summary>The line that lists show.</summary>
    public ConfigVersionLine Line => new(Version, BaseVersion, Author, Reason, Approver, CreatedAt);
}

/// <summary>A version without its content.</summary>
public sealed record ConfigVersionLine(string Version, string? BaseVersion, string Author, string Reason, string? Approver, DateTimeOffset CreatedAt);

/// <summary>Every configuration that was ever handed in.</summary>
public interface IConfigVersions
{
    /// <summary>Keeps a version unless it is known; the first author stays.</summary>
    /// <returns>False: it was known.</returns>
    Task<bool> AddAsync(ConfigVersion version, CancellationToken cancellationToken);

    Task<ConfigVersion?> FindAsync(string version, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    /// <exception cref="FormatException"><c>after</c> is none of ours.</exception>
    Task<ListPage<ConfigVersionLine>> ListAsync(int limit, string? after, CancellationToken cancellationToken);
}

/// <summary>What a dry run of a draft against the version in force found: what the publish gate asks for.</summary>
/// <param name="DraftVersion">Of the draft, see <see cref="ConfigVersion.IdOf"/>.</param>
/// <param name="BaseVersion">What it was compared with.</param>
/// <param name="Decisions">Leads that were decided under both.</param>
/// <param name="Flips">Leads that go another way under the draft: another account, owner, tier, policy or play.</param>
public sealed record DryRunSummary(string DraftVersion, string BaseVersion, int Decisions, int Flips, DateTimeOffset RanAt)
{
    /// <summary>The id it is kept under: a later run of the same pair takes its place.</summary>
    public string Id => IdOf(DraftVersion, BaseVersion);

    /// <summary>Flips of 100 decisions; 0 when nothing was decided.</summary>
    public double FlipPercent => Decisions == 0 ? 0 : 100.0 * Flips / Decisions;

    public static string IdOf(string draftVersion, string baseVersion) => DerivedId.From("dryrun", draftVersion, baseVersion);
}

/// <summary>What stands between a draft and its publication: the result of its last dry run.</summary>
public interface IPublishGate
{
    /// <summary>Keeps what a dry run found. The last one counts.</summary>
    Task NoteAsync(DryRunSummary summary, CancellationToken cancellationToken);

    /// <returns>Null: no dry run of this draft against this base.</returns>
    Task<DryRunSummary?> FindAsync(string draftVersion, string baseVersion, CancellationToken cancellationToken);
}
