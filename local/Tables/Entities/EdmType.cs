using System.Text.Json;

namespace Azure.Data.Tables.Entities;

/// <summary>The names of the types that JSON cannot tell.</summary>
internal static class EdmType
{
    public static readonly JsonEncodedText Int64 = JsonEncodedText.Encode("Edm.Int64");
    public static readonly JsonEncodedText Double = JsonEncodedText.Encode("Edm.Double");
    public static readonly JsonEncodedText DateTime = JsonEncodedText.Encode("Edm.DateTime");
    public static readonly JsonEncodedText Guid = JsonEncodedText.Encode("Edm.Guid");
    public static readonly JsonEncodedText Binary = JsonEncodedText.Encode("Edm.Binary");
}
