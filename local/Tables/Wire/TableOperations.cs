using System.Text.Json;
using Azure.Core;
using Azure.Data.Tables.Models;

namespace Azure.Data.Tables.Wire;

/// <summary>Tables as a whole: create, delete, list.</summary>
internal static class TableOperations
{
    public static async ValueTask<Response<TableItem>> CreateAsync(
        TablePipeline pipeline, string table, bool existingIsFine, bool async, CancellationToken cancellationToken)
    {
        TableRules.CheckTableName(table);
        using HttpMessage message = pipeline.CreateMessage(RequestMethod.Post, pipeline.ServiceText + "/Tables");
        message.Request.Headers.SetValue("Prefer", "return-no-content");
        message.Request.Headers.SetValue(HttpHeader.Names.ContentType, "application/json;odata=nometadata");
        message.Request.Content = RequestContent.Create(JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, string> { ["TableName"] = table }));
        if (existingIsFine)
            TablePipeline.AllowConflict(message);
        Response response = await pipeline.SendAsync(message, async, cancellationToken).ConfigureAwait(false);
        return response.Status == 409 && TableErrorParser.Code(response) != TableErrorCode.TableAlreadyExists
            ? throw new RequestFailedException(response)
            : Response.FromValue(new TableItem(table), response);
    }

    public static async ValueTask<Response> DeleteAsync(TablePipeline pipeline, string table, bool async, CancellationToken cancellationToken)
    {
        using HttpMessage message = pipeline.CreateMessage(RequestMethod.Delete, $"{pipeline.ServiceText}/Tables('{Uri.EscapeDataString(table)}')");
        TablePipeline.AllowNotFound(message);
        return await pipeline.SendAsync(message, async, cancellationToken).ConfigureAwait(false);
    }

    public static async ValueTask<Page<TableItem>> ListAsync(
        TablePipeline pipeline, string? filter, int? pageSize, string? continuationToken, bool async, CancellationToken cancellationToken)
    {
        string address = new QueryString(pipeline.ServiceText + "/Tables")
            .Add("$filter", filter)
            .Add("$top", pageSize)
            .Add("NextTableName", continuationToken)
            .ToString();
        using HttpMessage message = pipeline.CreateMessage(RequestMethod.Get, address);
        Response response = await pipeline.SendAsync(message, async, cancellationToken).ConfigureAwait(false);
        using JsonDocument body = JsonDocument.Parse(response.Content.ToMemory());
        List<TableItem> tables = [];
        foreach (JsonElement table in body.RootElement.GetProperty("value").EnumerateArray())
            tables.Add(new(table.GetProperty("TableName").GetString()!));
        response.Headers.TryGetValue("x-ms-continuation-NextTableName", out string? next);
        return Page<TableItem>.FromValues(tables, string.IsNullOrEmpty(next) ? null : next, response);
    }
}
