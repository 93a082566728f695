using System.Text;
using Azure.Core.Serialization;
using Microsoft.DurableTask;

namespace Abm.Local.Durable.Engine;

/// <summary>Payloads go through the worker's own serializer, as in the real extension.</summary>
internal sealed class JsonShim(ObjectSerializer serializer) : DataConverter
{
    public override string? Serialize(object? value)
    {
        if (value is null)
            return null;
        BinaryData data = serializer.Serialize(value, value.GetType());
        return Encoding.UTF8.GetString(data.ToMemory().Span);
    }

    public override object? Deserialize(string? data, Type targetType)
    {
        if (data is null || targetType == typeof(void))
            return null;
        using var stream = new MemoryStream(Encoding.UTF8.GetBytes(data));
        return serializer.Deserialize(stream, targetType, CancellationToken.None);
    }
}
