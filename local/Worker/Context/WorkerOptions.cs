using Azure.Core.Serialization;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Options of the worker.</summary>
public class WorkerOptions
{
    /// <summary>Reads and writes payloads. Default: System.Text.Json that ignores the case of names and else keeps its defaults.</summary>
    public ObjectSerializer? Serializer { get; set; }
}
