using System.Globalization;
using System.Text.Json;
using Abm.Accounts;
using Abm.Decisions;
using Abm.Functions.Import;
using Abm.Functions.Intake;

namespace Abm.Functions.Accounts;

/// <summary>Reads the JSON of an account: the whole of it, so that what is left out is cleared.</summary>
internal sealed class AccountJson
{
    private readonly Dictionary<string, JsonElement> _properties = new(StringComparer.Ordinal);
    private readonly List<Problem> _problems = [];

    /// <summary>Everything found wrong.</summary>
    public IReadOnlyList<Problem> Problems => _problems;

    /// <summary>The account; meaningless when there are problems.</summary>
    /// <param name="id">From the path; an id in the body must be the same.</param>
    public Account Read(AccountId id, JsonElement root)
    {
        if (root.ValueKind != JsonValueKind.Object)
        {
            _problems.Add(new Problem("wrongType", "", "A JSON object is expected."));
            return new Account { Id = id, Name = "" };
        }

        foreach (JsonProperty property in root.EnumerateObject())
        {
            // Escaped halves of characters cannot even be named.
            if (!TryRead(() => property.Name, "", out string? name))
                continue;
            if (!_properties.TryAdd(name!, property.Value))
                _problems.Add(new Problem("duplicateProperty", FieldText.Quotable(name!), "It is given more than once."));
        }

        if (Text("accountId", IdText.MaxLength) is { } given && given != id.Value)
            _problems.Add(new Problem("invalidValue", "accountId", "It is another id than the one in the path."));
        Text("etag", 100);
        string? name2 = Text("name", AccountFields.MaxName);
        if (name2 is null && !_problems.Any(problem => problem.Field == "name"))
            _problems.Add(new Problem("required", "name", "It must not be empty."));
        AccountId? parent = Id("parentAccountId", AccountId.Parse);
        if (parent == id)
            _problems.Add(new Problem("invalidValue", "parentAccountId", "An account cannot be its own parent."));
        return new Account
        {
            Id = id,
            Name = name2 ?? "",
            Domains = Texts("domains", AccountFields.MaxDomains, AccountFields.MaxDomain),
            Website = Text("website", AccountFields.MaxWebsite),
            Phone = Text("phone", AccountFields.MaxText),
            Street = Text("street", AccountFields.MaxText, allowsLines: true),
            City = Text("city", AccountFields.MaxText),
            State = Text("state", AccountFields.MaxText),
            Zip = Text("zip", AccountFields.MaxText),
            Country = Text("country", AccountFields.MaxText),
            Industry = Text("industry", AccountFields.MaxText),
            EmployeeCount = Count("employees"),
            Aliases = Texts("aliases", AccountFields.MaxAliases, AccountFields.MaxName),
            ParentId = parent,
            OwnerId = Id("ownerId", RepId.Parse),
            Tier = Word("tier", AccountFields.Tiers),
            Status = Word("status", AccountFields.Statuses),
            HasOpenOpportunity = Flag("openOpportunity"),
            OpportunityOwnerId = Id("opportunityOwnerId", RepId.Parse),
            ContactCount = Count("contacts") ?? 0,
            LeadCount = Count("leads") ?? 0,
            OpportunityCount = Count("opportunities") ?? 0,
            CreatedAt = Instant("createdAt"),
            Custom = Custom(),
        };
    }

    private JsonElement? Take(string name) => _properties.Remove(name, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? value : null;

    private string? Text(string name, int maxLength, bool allowsLines = false) =>
        Take(name) is { } value && Text(value, name) is { } text ? FieldText.Clean(text, name, maxLength, allowsLines, _problems) : null;

    private string? Text(JsonElement value, string path)
    {
        if (value.ValueKind != JsonValueKind.String)
        {
            _problems.Add(new Problem("wrongType", path, "A text is expected."));
            return null;
        }

        return TryRead(value.GetString, path, out string? text) ? text : null;
    }

    private T? Id<T>(string name, Func<string, T> parse)
        where T : class => Take(name) is { } value && Text(value, name) is { } text && FieldText.CleanId(text, name, _problems) is { } id ? parse(id) : null;

    private List<string> Texts(string name, int maxCount, int maxLength)
    {
        if (Take(name) is not { } value)
            return [];
        if (value.ValueKind != JsonValueKind.Array)
        {
            _problems.Add(new Problem("wrongType", name, "A list of texts is expected."));
            return [];
        }

        var texts = new List<string>();
        int i = 0;
        foreach (JsonElement item in value.EnumerateArray())
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"{name}[{i++}]");
            if (Text(item, path) is { } text && FieldText.Clean(text, path, maxLength, allowsLines: false, _problems) is { } clean && !texts.Contains(clean, StringComparer.Ordinal))
                texts.Add(clean);
        }

        if (texts.Count > maxCount)
            _problems.Add(new Problem("tooMany", name, string.Create(CultureInfo.InvariantCulture, $"It has {texts.Count} values; at most {maxCount} are taken.")));
        return texts;
    }

    private int? Count(string name)
    {
        if (Take(name) is not { } value)
            return null;
        if (value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out int count) && count >= 0)
            return count;
        _problems.Add(new Problem("wrongType", name, "A whole number from 0 is expected."));
        return null;
    }

    private bool Flag(string name)
    {
        if (Take(name) is not { } value)
            return false;
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.GetBoolean();
        _problems.Add(new Problem("wrongType", name, "true or false is expected."));
        return false;
    }

    private T Word<T>(string name, IReadOnlyDictionary<string, T> words)
        where T : struct, Enum
    {
        if (Text(name, 100) is not { } text)
            return default;
        if (words.TryGetValue(text, out T value))
            return value;
        _problems.Add(new Problem("unknownValue", name, $"One of {string.Join(", ", words.Keys)} is expected."));
        return default;
    }

    private DateTimeOffset? Instant(string name)
    {
        if (Text(name, 100) is not { } text)
            return null;
        if (RowReader.TryInstant(text, out DateTimeOffset instant))
            return instant;
        _problems.Add(new Problem("wrongType", name, "An instant such as 2026-03-01T09:00:00Z is expected."));
        return null;
    }

    /// <summary>The entries of <c>custom</c>, and every property that is left.</summary>
    private Dictionary<string, string> Custom()
    {
        var custom = new Dictionary<string, string>(StringComparer.Ordinal);
        if (Take("custom") is { } value)
        {
            if (value.ValueKind == JsonValueKind.Object)
            {
                foreach (JsonProperty property in value.EnumerateObject())
                {
                    if (TryRead(() => property.Name, "custom", out string? name))
                        AddCustom(custom, name!, "custom." + FieldText.Quotable(name!), property.Value);
                }
            }
            else
            {
                _problems.Add(new Problem("wrongType", "custom", "An object is expected."));
            }
        }

        foreach ((string name, JsonElement rest) in _properties)
            AddCustom(custom, name, FieldText.Quotable(name), rest);
        if (custom.Count > SubmissionFields.MaxEntries)
            _problems.Add(new Problem("tooMany", "custom", $"At most {SubmissionFields.MaxEntries} entries are taken."));
        if (custom.Sum(entry => entry.Key.Length + entry.Value.Length) > SubmissionFields.MaxCustomTotal)
            _problems.Add(new Problem("tooLong", "custom", $"The custom fields together have more than {SubmissionFields.MaxCustomTotal} characters."));
        return custom;
    }

    private void AddCustom(Dictionary<string, string> custom, string name, string path, JsonElement value)
    {
        int before = _problems.Count;
        string? text = value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => Text(value, path),
            _ => value.GetRawText(),
        };
        if (FieldText.Clean(text, path, SubmissionFields.MaxCustomLength, allowsLines: true, _problems) is not { } clean)
            return;
        if (FieldText.Clean(name, path, SubmissionFields.MaxNameLength, allowsLines: false, _problems) is null && _problems.Count == before)
            _problems.Add(new Problem("invalidName", path, "A name must not be empty."));
        else if (!custom.TryAdd(name, clean))
            _problems.Add(new Problem("duplicateProperty", path, "It is given more than once."));
    }

    private bool TryRead(Func<string?> read, string path, out string? text)
    {
        try
        {
            text = read();
            return true;
        }
        catch (InvalidOperationException)
        {
            _problems.Add(new Problem("invalidText", path, "It has half of a character (a lone surrogate)."));
            text = null;
            return false;
        }
    }
}
