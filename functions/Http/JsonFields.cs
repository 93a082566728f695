using System.Text.Json;
using Abm.Decisions;

namespace Abm.Functions.Http;

/// <summary>Reads fields of a JSON object.</summary>
internal static class JsonFields
{
    /// <summary>Null when it is not there; what is no text is a problem.</summary>
    public static string? Text(JsonElement root, string field, ICollection<Problem> problems) =>
        root.TryGetProperty(field, out JsonElement value) && value.ValueKind != JsonValueKind.Null ? TextOf(value, field, problems) : null;

    /// <summary>The text of a value; null and a problem when it is none. JSON may write half of a character (<c>"\ud800"</c>), which no text can hold.</summary>
    public static string? TextOf(JsonElement value, string field, ICollection<Problem> problems)
    {
        try
        {
            if (value.ValueKind == JsonValueKind.String)
                return value.GetString();
            problems.Add(new Problem("wrongType", field, "It must be a text."));
        }
        catch (InvalidOperationException)
        {
            problems.Add(new Problem("invalidText", field, "It has half of a character (a lone surrogate)."));
        }

        return null;
    }
}
