using System.Globalization;
using System.Text.Json;

namespace Abm.Local.Hosting;

/// <summary>Reads the JSON files that people write: comments and trailing commas are allowed, a name that stands twice is not.</summary>
internal static class JsonFile
{
    private static readonly JsonDocumentOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true, AllowDuplicateProperties = false };

    /// <summary>Reads the text.</summary>
    /// <param name="json">The text.</param>
    /// <param name="path">Where it stands, for the message.</param>
    /// <exception cref="LocalRuntimeException">It is no JSON: says where.</exception>
    public static JsonDocument Parse(string json, string path)
    {
        try
        {
            return JsonDocument.Parse(json, Lenient);
        }
        catch (JsonException malformed)
        {
            string why = malformed.LineNumber is { } line
                ? string.Create(CultureInfo.InvariantCulture, $"at line {line + 1}, position {malformed.BytePositionInLine + 1}: correct it there")
                : $"({malformed.Message.ReplaceLineEndings(" ").TrimEnd('.')}): leave one of the two";
            throw new LocalRuntimeException($"{path} is not valid JSON {why}.", malformed);
        }
    }
}
