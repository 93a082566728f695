using Azure.Core;

namespace Azure.Data.Tables.Wire;

/// <summary>The requests about one row.</summary>
internal static class EntityRequests
{
    public const string BodyType = "application/json;odata=nometadata";

    /// <summary>A row's address: in each key quotes are doubled, then everything that is not plain is percent-encoded.</summary>
    public static string Address(TablePipeline pipeline, string table, string partitionKey, string rowKey) =>
        $"{pipeline.ServiceText}/{Uri.EscapeDataString(table)}(PartitionKey='{Encode(partitionKey)}',RowKey='{Encode(rowKey)}')";

    /// <summary>The address that rows are inserted at.</summary>
    public static string TableAddress(TablePipeline pipeline, string table) => $"{pipeline.ServiceText}/{Uri.EscapeDataString(table)}";

    public static HttpMessage Add(TablePipeline pipeline, string table, byte[] body)
    {
        HttpMessage message = pipeline.CreateMessage(RequestMethod.Post, TableAddress(pipeline, table));
        message.Request.Headers.SetValue("Prefer", "return-no-content");
        SetBody(message, body);
        return message;
    }

    public static HttpMessage Write(TablePipeline pipeline, string address, byte[] body, TableUpdateMode mode, ETag? ifMatch)
    {
        HttpMessage message = pipeline.CreateMessage(Method(mode), address);
        if (ifMatch is { } tag)
            message.Request.Headers.SetValue(HttpHeader.Names.IfMatch, tag.ToString("H"));
        SetBody(message, body);
        return message;
    }

    public static HttpMessage Delete(TablePipeline pipeline, string address, ETag ifMatch)
    {
        HttpMessage message = pipeline.CreateMessage(RequestMethod.Delete, address);
        message.Request.Headers.SetValue(HttpHeader.Names.IfMatch, TagOrAny(ifMatch));
        return message;
    }

    public static HttpMessage Get(TablePipeline pipeline, string address, IEnumerable<string>? select) =>
        pipeline.CreateMessage(RequestMethod.Get, select is null ? address : new QueryString(address).Add("$select", string.Join(',', select)).ToString());

    /// <summary>The verb of a mode.</summary>
    public static RequestMethod Method(TableUpdateMode mode) => mode switch
    {
        TableUpdateMode.Merge => RequestMethod.Patch,
        TableUpdateMode.Replace => RequestMethod.Put,
        _ => throw new ArgumentOutOfRangeException(nameof(mode), mode, "Unknown update mode."),
    };

    /// <summary>The tag as a header has it; the default tag means any version.</summary>
    public static string TagOrAny(ETag tag) => tag == default ? "*" : tag.ToString("H");

    private static string Encode(string key) => Uri.EscapeDataString(key.Replace("'", "''", StringComparison.Ordinal));

    private static void SetBody(HttpMessage message, byte[] body)
    {
        message.Request.Headers.SetValue(HttpHeader.Names.ContentType, BodyType);
        message.Request.Content = RequestContent.Create(body);
    }
}
