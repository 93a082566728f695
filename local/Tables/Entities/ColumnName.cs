using System.Collections.Concurrent;
using System.Text.Encodings.Web;
using System.Text.Json;
using Azure.Data.Tables.Wire;

namespace Azure.Data.Tables.Entities;

/// <summary>A column's name, checked and encoded once: rows of a table name the same few columns over and over.</summary>
internal sealed class ColumnName
{
    /// <summary>What follows a column's name where its type is told.</summary>
    public const string TypeSuffix = "@odata.type";

    // Names come from programs, not from data; the bound only guards against a program that makes names up.
    private const int MaxRemembered = 4096;

    private static readonly ConcurrentDictionary<string, ColumnName> Known = new(StringComparer.Ordinal);
    private static readonly ConcurrentDictionary<string, ColumnName>.AlternateLookup<ReadOnlySpan<char>> KnownBySpan =
        Known.GetAlternateLookup<ReadOnlySpan<char>>();

    private ColumnName(string text)
    {
        Text = text;
        Encoded = JsonEncodedText.Encode(text, JavaScriptEncoder.Default);
        EncodedTypeName = JsonEncodedText.Encode(text + TypeSuffix, JavaScriptEncoder.Default);
    }

    /// <summary>The name.</summary>
    public string Text { get; }

    /// <summary>The name, ready for JSON.</summary>
    public JsonEncodedText Encoded { get; }

    /// <summary>The name of its type annotation, ready for JSON.</summary>
    public JsonEncodedText EncodedTypeName { get; }

    /// <summary>A name to write.</summary>
    /// <exception cref="RequestFailedException">The service would refuse it.</exception>
    public static ColumnName Of(string text)
    {
        if (Known.TryGetValue(text, out ColumnName? known))
            return known;
        TableRules.CheckName(text);
        return Remember(new(text));
    }

    /// <summary>The text of a name that was read, without allocating it again for every row.</summary>
    public static string TextOf(ReadOnlySpan<char> name)
    {
        if (KnownBySpan.TryGetValue(name, out ColumnName? known))
            return known.Text;
        string text = name.ToString();
        try
        {
            return Of(text).Text;
        }
        catch (RequestFailedException)
        {
            // Another client's column that we would not write; read it nevertheless, only slower.
            return text;
        }
    }

    private static ColumnName Remember(ColumnName name)
    {
        if (Known.Count < MaxRemembered)
            Known.TryAdd(name.Text, name);
        return name;
    }
}
