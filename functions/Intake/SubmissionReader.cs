using System.Text.Json;
using Abm.Decisions;
using Abm.Leads;

namespace Abm.Functions.Intake;

/// <summary>What reading a submission gave.</summary>
public abstract record SubmissionReading
{
    private SubmissionReading()
    {
    }

    /// <summary>It can be decided on.</summary>
    public sealed record Accepted(Submission Submission) : SubmissionReading;

    /// <summary>It cannot; these are all the reasons at once.</summary>
    public sealed record Rejected(IReadOnlyList<Problem> Problems) : SubmissionReading;
}

/// <summary>Reads a lead's JSON. Strict about types and texts, generous about names: a property that we do not know is kept as a custom field.</summary>
public static class SubmissionReader
{
    /// <summary>The source of a lead that names none.</summary>
    public const string DefaultSource = "web";

    private static readonly Dictionary<string, SubmissionField> FieldsByProperty =
        SubmissionFields.All.ToDictionary(field => field.Property, StringComparer.Ordinal);

    /// <summary>Reads one lead.</summary>
    /// <param name="ignored">A property that the caller reads itself, such as the <c>leadId</c> of a batch line; null = none.</param>
    public static SubmissionReading Read(JsonElement root, string? ignored = null)
    {
        if (root.ValueKind != JsonValueKind.Object)
            return new SubmissionReading.Rejected([new Problem("wrongType", "", $"A JSON object is expected, not {NameOf(root.ValueKind)}.")]);
        var draft = new SubmissionDraft(namesAreColumns: false);
        ReadProperties(root, "", draft.Problems, (name, value) =>
        {
            if (name == ignored)
                return;
            if (FieldsByProperty.TryGetValue(name, out SubmissionField? field))
                draft.Set(field, Text(value, name, draft.Problems));
            else if (name is "consent" or "utm" or "custom")
                ReadObject(name, value, draft);
            else if (name == "isTest")
                draft.IsTest = Flag(value, name, draft.Problems) ?? false;
            else
                draft.SetCustom(name, FieldText.Quotable(name), AnyText(value, FieldText.Quotable(name), draft.Problems));
        });
        return draft.Build(DefaultSource) is { } submission ? new SubmissionReading.Accepted(submission) : new SubmissionReading.Rejected([.. draft.Problems]);
    }

    private static void ReadObject(string name, JsonElement value, SubmissionDraft draft)
    {
        if (value.ValueKind == JsonValueKind.Null)
            return;
        if (value.ValueKind != JsonValueKind.Object)
        {
            draft.Problems.Add(new Problem("wrongType", name, $"An object is expected, not {NameOf(value.ValueKind)}."));
            return;
        }

        ReadProperties(value, name + ".", draft.Problems, (key, entry) =>
        {
            string path = $"{name}.{FieldText.Quotable(key)}";
            if (name == "custom")
                draft.SetCustom(key, path, AnyText(entry, path, draft.Problems));
            else if (name == "utm")
                draft.SetUtm(key, path, Text(entry, path, draft.Problems));
            else if (Flag(entry, path, draft.Problems) is { } given)
                draft.SetConsent(key, path, given);
        });
    }

    private static void ReadProperties(JsonElement element, string prefix, IList<Problem> problems, Action<string, JsonElement> read)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (JsonProperty property in element.EnumerateObject())
        {
            string name;
            try
            {
                name = property.Name;
            }
            catch (InvalidOperationException)
            {
                problems.Add(new Problem("invalidText", prefix.TrimEnd('.'), "A property's name has half of a character (a lone surrogate)."));
                continue;
            }

            if (seen.Add(name))
                read(name, property.Value);
            else
                problems.Add(new Problem("duplicateProperty", prefix + FieldText.Quotable(name), "It is given more than once."));
        }
    }

    private static string? Text(JsonElement value, string path, IList<Problem> problems)
    {
        if (value.ValueKind == JsonValueKind.String)
            return Unescaped(value, path, problems);
        if (value.ValueKind != JsonValueKind.Null)
            problems.Add(new Problem("wrongType", path, $"A text is expected, not {NameOf(value.ValueKind)}."));
        return null;
    }

    private static bool? Flag(JsonElement value, string path, IList<Problem> problems)
    {
        if (value.ValueKind is JsonValueKind.True or JsonValueKind.False)
            return value.GetBoolean();
        if (value.ValueKind != JsonValueKind.Null)
            problems.Add(new Problem("wrongType", path, $"true or false is expected, not {NameOf(value.ValueKind)}."));
        return null;
    }

    /// <summary>Texts as they are; whatever else there may be as its JSON.</summary>
    private static string? AnyText(JsonElement value, string path, IList<Problem> problems) => value.ValueKind switch
    {
        JsonValueKind.String => Unescaped(value, path, problems),
        JsonValueKind.Null => null,
        _ => value.GetRawText(),
    };

    private static string? Unescaped(JsonElement value, string path, IList<Problem> problems)
    {
        try
        {
            return value.GetString();
        }
        catch (InvalidOperationException)
        {
            // Escapes such as "\ud800" are valid JSON and no valid text.
            problems.Add(new Problem("invalidText", path, "It has half of a character (a lone surrogate)."));
            return null;
        }
    }

    private static string NameOf(JsonValueKind kind) => kind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a text",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "null",
    };
}
