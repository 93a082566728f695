using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Http;
using Abm.Functions.Storage;
using Abm.Ports;

namespace Abm.Functions.Configuration.Versions;

/// <summary>An entry of the log of activations.</summary>
/// <param name="Kind"><c>publish, schedule, rollback</c> or <c>cancel</c>.</param>
/// <param name="Cancels">Sequence of the entry that a cancellation takes back.</param>
/// <param name="AcceptedFlips">Flips that were accepted although the gate would have blocked.</param>
public sealed record ActivationResponse(
    long Sequence, ActivationKind Kind, string Version, DateTimeOffset ActiveFrom, long? Cancels, DateTimeOffset At, string By, string Reason, string? Approver, int? AcceptedFlips)
{
    public static ActivationResponse From(Activation entry) =>
        new(entry.Sequence, entry.Kind, entry.Version, entry.ActiveFrom, entry.Cancels, entry.At, entry.By, entry.Reason, entry.Approver, entry.AcceptedFlips);
}

/// <summary>The configuration in force.</summary>
/// <param name="Etag">Give it back in If-Match to publish.</param>
/// <param name="Pending">What is scheduled, earliest first.</param>
/// <param name="Config">What it says, defaults written out.</param>
public sealed record ActiveConfigResponse(string Version, string Etag, ActivationResponse Activation, IReadOnlyList<ActivationResponse> Pending, JsonNode Config);

/// <summary>A version in a list.</summary>
public sealed record ConfigVersionLineResponse(string Version, string? BaseVersion, string Author, string Reason, string? Approver, DateTimeOffset CreatedAt)
{
    public static ConfigVersionLineResponse From(ConfigVersionLine line) => new(line.Version, line.BaseVersion, line.Author, line.Reason, line.Approver, line.CreatedAt);
}

/// <summary>A file of a version.</summary>
/// <param name="Sha256">Of its bytes, in hexadecimal.</param>
public sealed record ConfigFileResponse(string Name, int Bytes, string Sha256);

/// <summary>A version.</summary>
/// <param name="Changes">What differs from the base; null when it had none.</param>
/// <param name="Config">What it says, defaults written out.</param>
public sealed record ConfigVersionResponse(
    string Version,
    string? BaseVersion,
    string Author,
    string Reason,
    string? Approver,
    DateTimeOffset CreatedAt,
    IReadOnlyList<ConfigFileResponse> Files,
    IReadOnlyList<ConfigChange>? Changes,
    JsonNode Config)
{
    public static ConfigVersionResponse From(ConfigVersion version) => new(
        version.Version,
        version.BaseVersion,
        version.Author,
        version.Reason,
        version.Approver,
        version.CreatedAt,
        [.. version.Files.Select(f => new ConfigFileResponse(f.Name, f.Bytes.Length, Convert.ToHexStringLower(SHA256.HashData(f.Bytes.Span))))],
        version.Changes is { } changes ? StoredJson.Read<IReadOnlyList<ConfigChange>>(changes) : null,
        Json(version));

    internal static JsonNode Json(ConfigVersion version) => JsonNode.Parse(version.Effective, documentOptions: new JsonDocumentOptions { MaxDepth = 100 })!;
}

/// <summary>The files of a version, as they were handed in. The same JSON can be handed in again.</summary>
public sealed record ConfigFilesResponse(IReadOnlyList<ConfigFileText> Files);

/// <param name="Text">The whole content. A byte order mark is its first character.</param>
public sealed record ConfigFileText(string Name, string Text);

/// <summary>What differs between two versions.</summary>
public sealed record ConfigDiffResponse(string From, string To, IReadOnlyList<ConfigChange> Changes);

/// <summary>What a check of files found.</summary>
/// <param name="IsValid">Whether it can be published.</param>
/// <param name="Version">That it has, or would get; null when it cannot be read.</param>
/// <param name="Changes">Against what is in force.</param>
public sealed record ValidateResponse(bool IsValid, string? Version, IReadOnlyList<Finding> Findings, IReadOnlyList<ConfigChange>? Changes);

/// <summary>A draft that was kept.</summary>
public sealed record DraftResponse(string Version, string? BaseVersion, bool Duplicate, IReadOnlyList<Finding> Findings);

/// <summary>What became of a publication.</summary>
/// <param name="Unchanged">It had been done before; nothing was changed.</param>
public sealed record PublishResponse(ActivationResponse Activation, bool Unchanged, string ActiveVersion, string Etag, IReadOnlyList<ActivationResponse> Pending);

/// <summary>Somebody else published meanwhile.</summary>
/// <param name="YourVersion">Which version If-Match names, when that is known here.</param>
/// <param name="Changes">From that one to the one in force now; null when it is not known here.</param>
public sealed record ChangedMeanwhileResponse(
    string Type, string Title, int Status, string Detail, string? YourVersion, string? ActiveVersion, string Etag, ActivationResponse? Activation, IReadOnlyList<ConfigChange>? Changes)
    : ProblemResponse(Type, Title, Status, Detail, []);

/// <summary>Why files were refused.</summary>
public sealed record RefusedConfigResponse(string Type, string Title, int Status, string Detail, IReadOnlyList<Problem> Problems, IReadOnlyList<Finding> Findings)
    : ProblemResponse(Type, Title, Status, Detail, Problems);

/// <summary>Why the gate is shut.</summary>
/// <param name="Flips">Null: there was no dry run of this draft against what is in force.</param>
public sealed record GateResponse(
    string Type, string Title, int Status, string Detail, string DraftVersion, string BaseVersion, int? Decisions, int? Flips, double? FlipPercent, double MaxFlipsPercent, DateTimeOffset? RanAt)
    : ProblemResponse(Type, Title, Status, Detail, []);

/// <summary>What is scheduled and in the way.</summary>
public sealed record PendingResponse(string Type, string Title, int Status, string Detail, IReadOnlyList<ActivationResponse> Pending)
    : ProblemResponse(Type, Title, Status, Detail, []);
