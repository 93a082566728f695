using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Configuration.Versions;
using Abm.Functions.Http;
using Abm.Ports;

namespace Abm.Functions.Unmatched;

/// <summary>Puts one matching exception behind those of the files in force, leaving every other byte as it is. Pure.</summary>
internal static class ExceptionRuleDraft
{
    private const string Section = "matchingExceptions";
    private const string NewFile = "matchingExceptions.yaml";

    /// <param name="files">Of the version in force.</param>
    /// <returns>Null: the section is written in a way that a line cannot be added to.</returns>
    public static IReadOnlyList<ConfigSourceFile>? Add(IReadOnlyList<ConfigSourceFile> files, JsonObject rule)
    {
        // JSON is YAML: one line, every text quoted.
        string entry = rule.ToJsonString(ApiJson.Options);
        foreach (ConfigSourceFile file in files)
        {
            string text = TextEncodings.StrictUtf8.GetString(file.Bytes.Span);
            string[] lines = text.Split('\n');
            int head = Array.FindIndex(lines, l => l.StartsWith(Section + ":", StringComparison.Ordinal));
            if (head < 0)
                continue;
            string rest = lines[head][(Section.Length + 1)..].Trim();
            if (rest.Length > 0 && !rest.StartsWith('#'))
                return rest == "[]" ? With(files, file, Insert([.. lines[..head], Section + ":", .. lines[(head + 1)..]], head + 1, "  - " + entry)) : null;
            int end = Array.FindIndex(lines, head + 1, l => l.Length > 0 && !char.IsWhiteSpace(l[0]) && l[0] is not ('#' or '-'));
            if (end < 0)
                end = lines.Length;
            while (end > head + 1 && (string.IsNullOrWhiteSpace(lines[end - 1]) || lines[end - 1].StartsWith('#')))
                end--; // what stands before the next section belongs to it
            string indent = lines[(head + 1)..end].Where(l => l.TrimStart().StartsWith("- ", StringComparison.Ordinal)).Select(l => l[..(l.Length - l.TrimStart().Length)]).FirstOrDefault() ?? "  ";
            return With(files, file, Insert(lines, end, $"{indent}- {entry}"));
        }

        return files.Any(f => string.Equals(f.Name, NewFile, StringComparison.OrdinalIgnoreCase))
            ? null
            : [.. files, new ConfigSourceFile(NewFile, Encoding.UTF8.GetBytes($"{Section}:\n  - {entry}\n"))];
    }

    /// <summary>The rule as it was sent, as an object; what is wrong with it is told by reading the draft.</summary>
    public static JsonObject? Read(JsonElement root, ICollection<Problem> problems)
    {
        if (root.ValueKind == JsonValueKind.Object)
        {
            try
            {
                return JsonNode.Parse(root.GetRawText()) as JsonObject;
            }
            catch (Exception broken) when (broken is JsonException or ArgumentException)
            {
                problems.Add(new Problem("duplicateProperty", "exceptionRule", "A property is given more than once."));
                return null;
            }
        }

        problems.Add(new Problem("wrongType", "exceptionRule", "An object with name, when, effect, account, owner, why and expires is expected."));
        return null;
    }

    private static string Insert(string[] lines, int at, string line)
    {
        string ending = lines.Length > 1 && lines[0].EndsWith('\r') ? "\r" : "";
        return string.Join('\n', [.. lines[..at], line + ending, .. lines[at..]]);
    }

    private static List<ConfigSourceFile> With(IReadOnlyList<ConfigSourceFile> files, ConfigSourceFile old, string text) =>
        [.. files.Select(f => ReferenceEquals(f, old) ? new ConfigSourceFile(f.Name, Encoding.UTF8.GetBytes(text)) : f)];
}

/// <summary>Keeps an exception that came with a resolution as a draft: it is tried and published like any other, never by the way.</summary>
public sealed class ExceptionDrafts(IConfigVersions versions, ConfigPublisher publisher)
{
    /// <summary>Reads the configuration in force with the rule added.</summary>
    internal async Task<(ConfigDraft? Draft, ApiResult? Refusal)> ReadAsync(JsonObject rule, CancellationToken cancellationToken)
    {
        IReadOnlyList<ConfigSourceFile> files = (await publisher.InForceAsync(cancellationToken)).Activation is { } active && await versions.FindAsync(active.Version, cancellationToken) is { } version ? version.Files : [];
        if (ExceptionRuleDraft.Add(files, rule) is not { } changed)
            return (null, Problems.Invalid("notApplicable", "exceptionRule", "The section matchingExceptions in force is written in a way that no line can be added to. Put the rule into the file and send it as a draft."));
        return ConfigDraft.Read(changed) switch
        {
            ConfigDraftReading.Accepted(var draft) => (draft, null),
            ConfigDraftReading.Refused(var problems) => (null, Problems.Invalid([.. problems.Select(p => new Problem(p.Code, "exceptionRule", $"{p.Path}: {p.Message}"))])),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    internal async Task<DraftResponse> KeepAsync(ConfigDraft draft, string author, string reason, Actor who, CancellationToken cancellationToken)
    {
        KeptDraft kept = await publisher.KeepAsync(draft, new PublishOrder(who, author, reason, Approver: null, ActivateAt: null, Accept: false, Pending: null), cancellationToken);
        return new DraftResponse(kept.Version.Version, kept.Version.BaseVersion, !kept.IsNew, kept.Findings);
    }
}
