using System.Globalization;
using System.Text.Json;
using Abm.Decisions;
using Abm.Functions.Explain;
using Abm.Functions.Http;
using Abm.Functions.Intake;
using Abm.Signals;

namespace Abm.Functions.Signals;

/// <summary>An event as it was sent, cleaned.</summary>
/// <param name="EventId">Derived from what was sent.</param>
internal sealed record SentEvent(string EventId, string Kind, DateTimeOffset At)
{
    public string? AccountId { get; init; }
    public string? Domain { get; init; }
    public string? Email { get; init; }
    public string? PersonId { get; init; }
    public string? Title { get; init; }
    public string? Persona { get; init; }
    public string? Department { get; init; }
    public string? Topic { get; init; }
    public double? Score { get; init; }
    public string? OpportunityId { get; init; }
    public string Source { get; init; } = "api";
    public IReadOnlyDictionary<string, string> Custom { get; init; } = new Dictionary<string, string>();
}

/// <summary>Reads an event from JSON. Properties that it does not know are kept as custom ones.</summary>
internal sealed class EventReader(DateTimeOffset now)
{
    public const int MaxCustom = 50;
    public const int MaxCustomTotal = 8_000;
    private const int MaxKind = 60;
    private const int MaxText = 200;
    private const int MaxValue = 1_000;

    /// <summary>How far ahead of ours the sender's clock may be.</summary>
    public static readonly TimeSpan MaxAhead = TimeSpan.FromMinutes(15);

    private readonly List<Problem> _problems = [];

    /// <summary>The event; null when there are problems.</summary>
    /// <param name="oldest">What happened before is not taken.</param>
    public (SentEvent? Sent, IReadOnlyList<Problem> Problems) Read(JsonElement root, DateTimeOffset oldest)
    {
        if (root.ValueKind != JsonValueKind.Object)
            return (null, [new Problem("wrongType", "", "A JSON object is expected.")]);
        Dictionary<string, string> custom = new(StringComparer.Ordinal);
        Dictionary<string, string?> texts = new(StringComparer.Ordinal);
        double? score = null;
        foreach (JsonProperty property in root.EnumerateObject())
        {
            switch (property.Name)
            {
                case "eventId" or "kind" or "at" or "accountId" or "domain" or "email" or "personId" or "title" or "persona" or "department" or "topic" or "opportunityId" or "source":
                    texts[property.Name] = Text(property.Value, property.Name, property.Name == "kind" ? MaxKind * 2 : MaxText + 120);
                    break;
                case "score":
                    score = Number(property.Value, "score");
                    break;
                case "custom" when property.Value.ValueKind is JsonValueKind.Object:
                    foreach (JsonProperty inner in property.Value.EnumerateObject())
                        Keep(custom, inner.Name, inner.Value, $"custom.{FieldText.Quotable(inner.Name)}");
                    break;
                case "custom" when property.Value.ValueKind is JsonValueKind.Null:
                    break;
                default:
                    Keep(custom, property.Name, property.Value, FieldText.Quotable(property.Name));
                    break;
            }
        }

        if (custom.Count > MaxCustom || custom.Sum(c => c.Key.Length + c.Value.Length) > MaxCustomTotal)
            _problems.Add(new Problem("tooLarge", "custom", $"At most {MaxCustom} custom values with {MaxCustomTotal} characters together are taken."));
        string? kind = Kind(texts.GetValueOrDefault("kind"));
        DateTimeOffset? at = Instant(texts.GetValueOrDefault("at"), oldest);
        string? accountId = FieldText.CleanId(texts.GetValueOrDefault("accountId"), "accountId", _problems);
        string? opportunityId = FieldText.CleanId(texts.GetValueOrDefault("opportunityId"), "opportunityId", _problems);
        if (accountId is null && texts.GetValueOrDefault("domain") is null && texts.GetValueOrDefault("email") is null && texts.GetValueOrDefault("personId") is null && _problems.All(p => p.Field != "accountId"))
            _problems.Add(new Problem("noSubject", "", "It says nothing about whose event it is: send accountId, domain, email or personId."));
        if (_problems.Count > 0 || kind is null || at is null)
            return (null, _problems);

        string source = (texts.GetValueOrDefault("source") ?? "api").ToLowerInvariant();
        SentEvent sent = new("", kind, at.Value)
        {
            AccountId = accountId,
            Domain = texts.GetValueOrDefault("domain"),
            Email = texts.GetValueOrDefault("email"),
            PersonId = texts.GetValueOrDefault("personId"),
            Title = texts.GetValueOrDefault("title"),
            Persona = texts.GetValueOrDefault("persona"),
            Department = texts.GetValueOrDefault("department"),
            Topic = texts.GetValueOrDefault("topic"),
            Score = score,
            OpportunityId = opportunityId,
            Source = source == TimelineEntry.Us ? "api" : source,
            Custom = custom,
        };
        return (sent with { EventId = IdOf(sent, texts.GetValueOrDefault("eventId")) }, []);
    }

    /// <summary>From the sender's own id; without one from everything that was sent: the same sent again is the same event.</summary>
    private static string IdOf(SentEvent e, string? own) => own is not null
        ? DerivedId.From("evt", e.Source, own)
        : DerivedId.From(
            "evt", e.Source, "", e.Kind, e.At.ToString("O", CultureInfo.InvariantCulture), e.AccountId ?? "", e.Domain ?? "", e.Email ?? "", e.PersonId ?? "", e.Topic ?? "",
            e.Score?.ToString("R", CultureInfo.InvariantCulture) ?? "", e.OpportunityId ?? "",
            string.Join('\n', e.Custom.OrderBy(c => c.Key, StringComparer.Ordinal).Select(c => $"{c.Key}={c.Value}")));

    private string? Kind(string? text)
    {
        if (text is null)
        {
            if (_problems.All(p => p.Field != "kind"))
                _problems.Add(new Problem("required", "kind", "Say what happened, such as page.view."));
            return null;
        }

        string kind = EventKinds.Read(text);
        if (kind.Length is 0 or > MaxKind || !char.IsAsciiLetterOrDigit(kind[0]) || !kind.All(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-'))
            _problems.Add(new Problem("invalidValue", "kind", $"It has 1 to {MaxKind} letters, digits, hyphens, dots and underscores."));
        else if (EventKinds.IsOurs(kind))
            _problems.Add(new Problem("reserved", "kind", $"Only the app itself notes {kind}."));
        return kind;
    }

    private DateTimeOffset? Instant(string? text, DateTimeOffset oldest)
    {
        if (text is null)
        {
            if (_problems.All(p => p.Field != "at"))
                _problems.Add(new Problem("required", "at", "Say when it happened, such as 2026-11-01T09:30:00Z: without that a repeat would be another event."));
        }
        else if (!Instants.TryRead(text, out DateTimeOffset at))
            _problems.Add(new Problem("wrongType", "at", "It must be an instant with its offset, such as 2026-11-01T09:30:00Z."));
        else if (at > now + MaxAhead)
            _problems.Add(new Problem("inTheFuture", "at", string.Create(CultureInfo.InvariantCulture, $"It lies {(at - now).TotalMinutes:0} minutes ahead of our clock; at most {MaxAhead.TotalMinutes:0} are taken.")));
        else if (at < oldest)
            _problems.Add(new Problem("tooOld", "at", $"What happened before {oldest.UtcDateTime.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)} is not kept any more."));
        else
            return at;
        return null;
    }

    private string? Text(JsonElement value, string field, int most)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Null:
                return null;
            case JsonValueKind.String:
                return FieldText.Clean(JsonFields.TextOf(value, field, _problems), field, most, allowsLines: false, _problems);
            case JsonValueKind.Number:
                return FieldText.Clean(value.GetRawText(), field, most, allowsLines: false, _problems);
            default:
                _problems.Add(new Problem("wrongType", field, "It must be a text."));
                return null;
        }
    }

    private double? Number(JsonElement value, string field)
    {
        if (value.ValueKind == JsonValueKind.Null)
            return null;
        double number = double.NaN;
        bool isNumber = value.ValueKind == JsonValueKind.Number ? value.TryGetDouble(out number)
            : value.ValueKind == JsonValueKind.String && double.TryParse(JsonFields.TextOf(value, field, []), NumberStyles.Float, CultureInfo.InvariantCulture, out number);
        if (isNumber && Math.Abs(number) <= 1_000_000)
            return number;
        _problems.Add(new Problem(isNumber ? "outOfRange" : "wrongType", field, "It must be a number from -1000000 to 1000000."));
        return null;
    }

    private void Keep(Dictionary<string, string> custom, string name, JsonElement value, string field)
    {
        string? key = FieldText.Clean(name, field, 60, allowsLines: false, _problems);
        string? text = value.ValueKind switch
        {
            JsonValueKind.Null => null,
            JsonValueKind.String => Text(value, field, MaxValue),
            _ => FieldText.Clean(value.GetRawText(), field, MaxValue, allowsLines: true, _problems),
        };
        if (key is not null && text is not null && !custom.TryAdd(key, text))
            _problems.Add(new Problem("duplicateProperty", field, "It is given more than once."));
    }
}
