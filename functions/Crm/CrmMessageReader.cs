using System.Text.Json;
using Abm.Accounts;
using Abm.Decisions;
using Abm.Functions.Accounts;
using Abm.Functions.Explain;
using Abm.Functions.Http;
using Abm.Functions.Intake;

namespace Abm.Functions.Crm;

/// <summary>Reads messages about accounts, plain or in a CloudEvents envelope; docs/events.md has the shape. Pure: what is wrong with a message never depends on what is known.</summary>
internal static class CrmMessageReader
{
    /// <summary>Longest id of a message, in characters.</summary>
    public const int MaxIdLength = 200;

    /// <summary>How far ahead of ours a sender's clock may go. A change from the future would shut out all that follow it.</summary>
    public static readonly TimeSpan ClocksDiffer = TimeSpan.FromMinutes(15);

    private const string TypeStem = "account.";
    private const string Created = "created";
    private const string Removed = "deleted";
    private const string OwnerChanged = "ownerChanged";
    private static readonly string[] Types = [Created, "edited", OwnerChanged, "stageChanged", "opportunityChanged", Removed];

    /// <param name="now">The instant of reading.</param>
    public static CrmMessage Read(ReadOnlyMemory<byte> body, DateTimeOffset now)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(body);
            return Read(document.RootElement, now);
        }
        catch (JsonException)
        {
            return new CrmMessage.Unreadable("notJson", []);
        }
        catch (InvalidOperationException)
        {
            // Half of a character, escaped in a name.
            return new CrmMessage.Unreadable("notJson", []);
        }
    }

    private static CrmMessage Read(JsonElement root, DateTimeOffset now)
    {
        if (root.ValueKind != JsonValueKind.Object)
            return new CrmMessage.Unreadable("notJson", []);
        List<Problem> problems = [];
        JsonElement content = root;
        bool isCloudEvent = Property(root, "specversion") is not null;
        if (isCloudEvent)
        {
            if (Text(root, "specversion", 20, problems) != "1.0")
                return new CrmMessage.Unreadable("unknownVersion", []);
            if (Property(root, "data") is not { ValueKind: JsonValueKind.Object } data)
                return Invalid([new Problem("wrongType", "data", "An object is expected.")]);
            content = data;
        }

        if (Property(content, "version") is { } version && !(version.ValueKind == JsonValueKind.Number && version.TryGetInt32(out int number) && number == 1))
            return new CrmMessage.Unreadable("unknownVersion", []);
        string? type = Required(root, "type", 300, problems);
        string? id = Required(root, "id", MaxIdLength, problems);
        DateTimeOffset? at = isCloudEvent && Property(content, "occurredAt") is null
            ? Instant(root, "time", now, problems)
            : Instant(content, "occurredAt", now, problems);
        string? accountText = isCloudEvent && Property(content, "accountId") is null
            ? Required(root, "subject", IdText.MaxLength, problems)
            : Required(content, "accountId", IdText.MaxLength, problems);
        string? accountId = FieldText.CleanId(accountText, "accountId", problems);
        if (problems.Count > 0)
            return Invalid(problems);

        string? kind = Array.Find(Types, known => type == TypeStem + known || type!.EndsWith("." + TypeStem + known, StringComparison.Ordinal));
        if (kind is null)
            return new CrmMessage.Unreadable("unknownType", []);

        AccountId account = AccountId.Parse(accountId!);
        ChangeStamp stamp = new(at!.Value, id!);
        if (kind == Removed)
            return new CrmMessage.Readable(new CrmChange(account, IsRemoval: true, stamp, new Account { Id = account, Name = account.Value }, []));
        (Account values, IReadOnlyList<string> fields) = Changes(content, account, kind, problems);
        return problems.Count > 0 ? Invalid(problems) : new CrmMessage.Readable(new CrmChange(account, IsRemoval: false, stamp, values, fields));
    }

    /// <summary>The values as <c>PUT /api/accounts</c> reads them, and which were given. A field that is given as null is cleared.</summary>
    private static (Account Values, IReadOnlyList<string> Fields) Changes(JsonElement content, AccountId account, string kind, List<Problem> problems)
    {
        Account values = new() { Id = account, Name = account.Value };
        List<string> fields = [];
        JsonElement? changes = Property(content, "changes");
        if (changes is { ValueKind: not JsonValueKind.Object })
        {
            problems.Add(new Problem("wrongType", "changes", "An object is expected."));
            return (values, fields);
        }

        if (changes is { } given)
        {
            foreach (JsonProperty property in given.EnumerateObject())
                AddNames(property, fields, problems);
            AccountJson json = new();
            values = json.Read(account, given);
            bool hasName = fields.Contains("name", StringComparer.Ordinal);
            problems.AddRange(json.Problems.Where(problem => hasName || problem is not { Code: "required", Field: "name" }));
        }

        if (fields.Count == 0 && kind != Created && problems.Count == 0)
            problems.Add(new Problem("required", "changes", "It must name at least one field."));
        if (kind == OwnerChanged && !fields.Contains("ownerId", StringComparer.Ordinal))
            problems.Add(new Problem("required", "changes.ownerId", "It must be the new owner, or null when nobody is."));
        return (values, fields);
    }

    private static void AddNames(JsonProperty property, List<string> fields, List<Problem> problems)
    {
        if (property.Name is "accountId" or "etag")
            return; // says which account it is about, not what is new
        if (AccountPatch.IsField(property.Name))
        {
            fields.Add(property.Name);
            return;
        }

        if (property.Name != "custom")
            fields.Add(AccountPatch.CustomPrefix + property.Name);
        else if (property.Value.ValueKind == JsonValueKind.Object)
            fields.AddRange(property.Value.EnumerateObject().Select(entry => AccountPatch.CustomPrefix + entry.Name));
        else
            problems.Add(new Problem("wrongType", "custom", "An object is expected; an entry that is null is removed."));
    }

    private static CrmMessage.Unreadable Invalid(IReadOnlyList<Problem> problems) => new("invalid", problems);

    private static JsonElement? Property(JsonElement of, string name) =>
        of.TryGetProperty(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private static string? Text(JsonElement of, string name, int maxLength, List<Problem> problems) =>
        FieldText.Clean(JsonFields.Text(of, name, problems), name, maxLength, allowsLines: false, problems);

    private static string? Required(JsonElement of, string name, int maxLength, List<Problem> problems)
    {
        int before = problems.Count;
        string? text = Text(of, name, maxLength, problems);
        if (text is null && problems.Count == before)
            problems.Add(new Problem("required", name, "It must not be empty."));
        return text;
    }

    private static DateTimeOffset? Instant(JsonElement of, string name, DateTimeOffset now, List<Problem> problems)
    {
        if (Required(of, name, 40, problems) is not { } text)
            return null;
        if (!Instants.TryRead(text, out DateTimeOffset instant))
            problems.Add(new Problem("wrongType", name, "An instant with its offset is expected, such as 2026-03-01T09:00:00Z."));
        else if (instant > now + ClocksDiffer)
            problems.Add(new Problem("outOfRange", name, "It must not be in the future."));
        else
            return instant;
        return null;
    }
}
