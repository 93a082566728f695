using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Abm.Configuration;

/// <summary>A single value.</summary>
internal abstract class ScalarShape : ConfigShape
{
    internal sealed override object? Read(ConfigNode node, string path, ConfigReadingNotes notes) =>
        node is ConfigNode.Scalar { IsNull: false } scalar ? Read(scalar, path, notes) : notes.Wrong(node, path, "a single value");

    private protected abstract object? Read(ConfigNode.Scalar node, string path, ConfigReadingNotes notes);

    internal override string Words(object value) => ((ConfigNode.Scalar)Write(value)).Text;
}

internal sealed class TextShape : ScalarShape
{
    public const int MaxLength = 4000;

    private protected override object? Read(ConfigNode.Scalar node, string path, ConfigReadingNotes notes) =>
        node.Text.Length is 0 or > MaxLength || node.Text.Any(c => char.IsControl(c) && c != '\n')
            ? notes.Wrong(node, path, "a text of 1 to 4000 characters")
            : node.Text;

    internal override ConfigNode Write(object value) => ConfigNode.OfText((string)value);

    internal override JsonObject Schema(SchemaParts parts) => new() { ["type"] = "string", ["minLength"] = 1, ["maxLength"] = MaxLength };
}

internal sealed class TruthShape : ScalarShape
{
    private protected override object? Read(ConfigNode.Scalar node, string path, ConfigReadingNotes notes) =>
        node.Text is "true" or "false" ? node.Text == "true" : notes.Wrong(node, path, "true or false");

    internal override ConfigNode Write(object value) => ConfigNode.OfTruth((bool)value);

    internal override JsonObject Schema(SchemaParts parts) => new() { ["type"] = "boolean" };

    internal override string Words(object value) => (bool)value ? "yes" : "no";
}

internal sealed class WholeShape : ScalarShape
{
    private protected override object? Read(ConfigNode.Scalar node, string path, ConfigReadingNotes notes) =>
        int.TryParse(node.Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int whole) ? whole : notes.Wrong(node, path, "a whole number");

    internal override ConfigNode Write(object value) => ConfigNode.OfNumber(((int)value).ToString(CultureInfo.InvariantCulture));

    internal override JsonObject Schema(SchemaParts parts) => new() { ["type"] = "integer" };
}

internal sealed class NumberShape : ScalarShape
{
    private protected override object? Read(ConfigNode.Scalar node, string path, ConfigReadingNotes notes) =>
        double.TryParse(node.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number + 0.0 // no negative zero: it would be another text for the same number
            : notes.Wrong(node, path, "a number such as 2 or 0.5");

    internal override ConfigNode Write(object value) => ConfigNode.OfNumber(((double)value).ToString("R", CultureInfo.InvariantCulture));

    internal override JsonObject Schema(SchemaParts parts) => new() { ["type"] = "number" };
}

/// <summary>A length of time, such as 1h30m.</summary>
internal sealed class LengthShape : ScalarShape
{
    public const string Pattern = "^(?=.)([0-9]+d)? ?([0-9]+h)? ?([0-9]+m)? ?([0-9]+s)? ?([0-9]+ms)?$";

    private protected override object? Read(ConfigNode.Scalar node, string path, ConfigReadingNotes notes) =>
        ConfigLength.TryParse(node.Text, out TimeSpan length) ? length : notes.Wrong(node, path, "a length such as 30s, 15m, 4h, 2d or 1h30m");

    internal override ConfigNode Write(object value) => ConfigNode.OfText(ConfigLength.Write((TimeSpan)value));

    internal override JsonObject Schema(SchemaParts parts) => new()
    {
        ["type"] = "string",
        ["pattern"] = Pattern,
        ["examples"] = new JsonArray("30s", "15m", "4h", "2d", "1h30m"),
    };

    internal override string Words(object value) => ConfigWords.Length((TimeSpan)value);
}

internal sealed class DateShape : ScalarShape
{
    private const string Written = "yyyy-MM-dd";

    private protected override object? Read(ConfigNode.Scalar node, string path, ConfigReadingNotes notes) =>
        DateOnly.TryParseExact(node.Text, Written, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateOnly date) ? date : notes.Wrong(node, path, "a date such as 2026-12-24");

    internal override ConfigNode Write(object value) => ConfigNode.OfText(((DateOnly)value).ToString(Written, CultureInfo.InvariantCulture));

    internal override JsonObject Schema(SchemaParts parts) => new() { ["type"] = "string", ["format"] = "date", ["pattern"] = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$" };
}

/// <summary>One of a closed set of words.</summary>
internal sealed class ChoiceShape(Type type) : ScalarShape
{
    private readonly string[] _names = [.. Enum.GetNames(type).Select(JsonNamingPolicy.CamelCase.ConvertName)];

    private protected override object? Read(ConfigNode.Scalar node, string path, ConfigReadingNotes notes)
    {
        int index = Array.IndexOf(_names, node.Text);
        if (index >= 0)
            return Enum.Parse(type, Enum.GetNames(type)[index]);
        notes.Problem("unknownValue", node.Place, path, $"'{node.Text}' is none of {string.Join(", ", _names)}{Nearest.Hint(node.Text, _names)}");
        return null;
    }

    internal override ConfigNode Write(object value) => ConfigNode.OfText(JsonNamingPolicy.CamelCase.ConvertName(value.ToString()!));

    internal override JsonObject Schema(SchemaParts parts) => new()
    {
        ["enum"] = new JsonArray([.. _names.Select(n => (JsonNode)n)]),
    };

    internal override string Words(object value) => ConfigWords.Of(type.GetField(value.ToString()!)!) ?? ConfigWords.Spaced(value.ToString()!);
}
