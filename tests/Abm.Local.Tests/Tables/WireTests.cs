using Azure;
using Azure.Data.Tables;
using Azure.Data.Tables.Wire;

namespace Abm.Local.Tests.Tables;

/// <summary>What goes over the wire and how answers are taken, without a service.</summary>
public sealed class WireTests
{
    private const string Busy = """{"odata.error":{"code":"ServerBusy","message":{"lang":"en-US","value":"The server is busy.\nRequestId:1\nTime:2"}}}""";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_request_says_version_format_and_who_asks()
    {
        FakeTransport transport = new(FakeAnswer.NoContent);

        await transport.Client().AddEntityAsync(new TableEntity("p", "r") { ["N"] = 5L }, Token);

        SentRequest sent = Assert.Single(transport.Sent);
        Assert.Equal(("POST", "http://127.0.0.1:10002/devstoreaccount1/things"), (sent.Method, sent.Uri.AbsoluteUri));
        Assert.Equal("2020-12-06", sent.Headers["x-ms-version"]);
        Assert.Equal("3.0", sent.Headers["DataServiceVersion"]);
        Assert.Equal("application/json;odata=minimalmetadata", sent.Headers["Accept"]);
        Assert.Equal("application/json;odata=nometadata", sent.Headers["Content-Type"]);
        Assert.Equal("return-no-content", sent.Headers["Prefer"]);
        Assert.True(DateTimeOffset.TryParseExact(sent.Headers["x-ms-date"], "R", null, default, out _));
        Assert.True(Guid.TryParse(sent.Headers["x-ms-client-request-id"], out _));
        Assert.StartsWith("SharedKeyLite devstoreaccount1:", sent.Headers["Authorization"], StringComparison.Ordinal);
        Assert.Contains("azsdk-net-", sent.Headers["User-Agent"], StringComparison.Ordinal);
        Assert.False(sent.Headers.ContainsKey("If-Match"));
        Assert.Equal("""{"PartitionKey":"p","RowKey":"r","N@odata.type":"Edm.Int64","N":"5"}""", sent.Body);
    }

    [Theory]
    [InlineData("https://contoso.table.core.windows.net/things(PartitionKey='a%20b',RowKey='c')?$select=A", "D\n/contoso/things(PartitionKey='a%20b',RowKey='c')")]
    [InlineData("http://127.0.0.1:10002/contoso/things()", "D\n/contoso/contoso/things()")]
    [InlineData("https://contoso.table.core.windows.net/?restype=service&comp=properties", "D\n/contoso/?comp=properties")]
    [InlineData("https://contoso.table.core.windows.net/things()?$filter=A%20eq%20%27comp=x%27", "D\n/contoso/things()")]
    public void The_account_key_signs_date_account_and_path_as_sent(string address, string textToSign) =>
        Assert.Equal(textToSign, SharedKeyLitePolicy.StringToSign("D", "contoso", new Uri(address)));

    [Fact]
    public async Task A_selected_column_that_a_row_lacks_reads_as_missing()
    {
        FakeTransport transport = new(new FakeAnswer(200, """{"odata.etag":"W/\"1\"","PartitionKey":"p","RowKey":null,"Timestamp":null,"Small":null,"Text":null}"""));

        EveryTypeRow row = await transport.Client().GetEntityAsync<EveryTypeRow>("p", "r", ["PartitionKey", "Small", "Text"], Token);

        Assert.Equal(("p", "r", null, 0, null), (row.PartitionKey, row.RowKey, row.Timestamp, row.Small, row.Text));
        Assert.Equal("?$select=PartitionKey%2CSmall%2CText", transport.Sent.Single().Uri.Query);
    }

    [Fact]
    public async Task The_older_protocol_can_be_asked_for()
    {
        FakeTransport transport = new(FakeAnswer.NoContent);
        TableClient client = new("UseDevelopmentStorage=true", "things", transport.Options(TableClientOptions.ServiceVersion.V2019_02_02));

        await client.DeleteEntityAsync("p", "r", cancellationToken: Token);

        Assert.Equal("2019-02-02", transport.Sent.Single().Headers["x-ms-version"]);
    }

    [Fact]
    public async Task Verbs_and_conditions_follow_the_operation()
    {
        FakeTransport transport = new(FakeAnswer.NoContent);
        TableClient client = transport.Client();
        TableEntity row = new("p", "r");
        ETag tag = new("W/\"datetime'2026'\"");

        await client.UpsertEntityAsync(row, TableUpdateMode.Merge, Token);
        await client.UpsertEntityAsync(row, TableUpdateMode.Replace, Token);
        await client.UpdateEntityAsync(row, tag, TableUpdateMode.Merge, Token);
        await client.UpdateEntityAsync(row, ETag.All, TableUpdateMode.Replace, Token);
        await client.DeleteEntityAsync("p", "r", cancellationToken: Token);
        await client.DeleteEntityAsync("p", "r", tag, Token);

        Assert.Equal(
            [("PATCH", null), ("PUT", null), ("PATCH", "W/\"datetime'2026'\""), ("PUT", "*"), ("DELETE", "*"), ("DELETE", "W/\"datetime'2026'\"")],
            transport.Sent.Select(sent => (sent.Method, sent.Headers.GetValueOrDefault("If-Match"))));
    }

    [Fact]
    public async Task Quotes_in_keys_are_doubled_and_everything_else_is_encoded()
    {
        FakeTransport transport = new(FakeAnswer.NoContent);

        await transport.Client().DeleteEntityAsync("it's 100%", "ä&b", cancellationToken: Token);

        Assert.Equal(
            "/devstoreaccount1/things(PartitionKey='it%27%27s%20100%25',RowKey='%C3%A4%26b')",
            transport.Sent.Single().Uri.AbsolutePath);
    }

    [Fact]
    public async Task A_busy_service_is_asked_again_until_it_answers()
    {
        FakeTransport transport = new(new FakeAnswer(503, Busy), new FakeAnswer(503, Busy), FakeAnswer.NoContent);

        Response response = await transport.Client().AddEntityAsync(new TableEntity("p", "r") { ["A"] = 1 }, Token);

        Assert.Equal(204, response.Status);
        Assert.Equal(3, transport.Sent.Count);
        Assert.Single(transport.Sent.Select(sent => (sent.Body, sent.Uri, sent.Headers["x-ms-client-request-id"])).Distinct());
    }

    [Fact]
    public async Task A_service_that_stays_busy_is_given_up_after_three_retries_and_says_why()
    {
        FakeTransport transport = new(new FakeAnswer(503, Busy));

        RequestFailedException failure = await Assert.ThrowsAsync<RequestFailedException>(() => transport.Client().AddEntityAsync(new TableEntity("p", "r"), Token));

        Assert.Equal((503, "ServerBusy", 4), (failure.Status, failure.ErrorCode, transport.Sent.Count));
        Assert.StartsWith("The server is busy.", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(403)]
    [InlineData(404)]
    [InlineData(409)]
    [InlineData(412)]
    public async Task A_refusal_is_not_tried_again(int status)
    {
        FakeTransport transport = new(new FakeAnswer(status, "", ("x-ms-error-code", "FromHeader")));

        RequestFailedException failure = await Assert.ThrowsAsync<RequestFailedException>(() => transport.Client().AddEntityAsync(new TableEntity("p", "r"), Token));

        Assert.Equal((status, "FromHeader", 1), (failure.Status, failure.ErrorCode, transport.Sent.Count));
    }

    [Theory]
    [InlineData("<html>gateway</html>")]
    [InlineData("[1]")]
    [InlineData("""{"error":"other"}""")]
    [InlineData("""{"odata.error":"text"}""")]
    public async Task An_error_body_in_another_form_leaves_the_status(string body)
    {
        FakeTransport transport = new(new FakeAnswer(400, body));

        RequestFailedException failure = await Assert.ThrowsAsync<RequestFailedException>(() => transport.Client().AddEntityAsync(new TableEntity("p", "r"), Token));

        Assert.Equal((400, null), (failure.Status, failure.ErrorCode));
    }

    [Fact]
    public async Task A_table_that_is_being_deleted_does_not_count_as_existing()
    {
        FakeTransport transport = new(new FakeAnswer(409, """{"odata.error":{"code":"TableBeingDeleted","message":{"lang":"en-US","value":"wait"}}}"""));

        RequestFailedException failure = await Assert.ThrowsAsync<RequestFailedException>(() => transport.Client().CreateIfNotExistsAsync(Token));

        Assert.Equal((409, "TableBeingDeleted"), (failure.Status, failure.ErrorCode));
    }

    [Fact]
    public async Task An_empty_page_with_a_continuation_is_not_the_end()
    {
        FakeTransport transport = new(
            new FakeAnswer(200, """{"value":[]}""", ("x-ms-continuation-NextPartitionKey", "1!4!YQ--"), ("x-ms-continuation-NextRowKey", "1!4!Yg--")),
            new FakeAnswer(200, """{"value":[]}""", ("x-ms-continuation-NextPartitionKey", "1!4!Yw--")),
            new FakeAnswer(200, """{"value":[{"odata.etag":"W/\"1\"","PartitionKey":"p","RowKey":"r","Timestamp":"2026-01-01T00:00:00Z"}]}"""));

        List<NoteRow> rows = await transport.Client().QueryAsync<NoteRow>("Note eq 'x'", 5, cancellationToken: Token).ToListAsync(Token);

        Assert.Equal("r", Assert.Single(rows).RowKey);
        Assert.Equal(
            ["?$filter=Note%20eq%20%27x%27&$top=5", "?$filter=Note%20eq%20%27x%27&$top=5&NextPartitionKey=1%214%21YQ--&NextRowKey=1%214%21Yg--", "?$filter=Note%20eq%20%27x%27&$top=5&NextPartitionKey=1%214%21Yw--"],
            transport.Sent.Select(sent => sent.Uri.Query));
    }

    [Fact]
    public async Task Annotations_may_stand_before_or_after_their_column_and_whole_doubles_need_none()
    {
        FakeTransport transport = new(new FakeAnswer(200, """
            {"odata.metadata":"x","odata.etag":"W/\"1\"","PartitionKey":"p","RowKey":"r","Timestamp":"2026-01-01T00:00:00.1234567Z",
             "A@odata.type":"Edm.Int64","A":"1","B":"2","B@odata.type":"Edm.Int64","C":3.0,"D":4,"E":"NaN","E@odata.type":"Edm.Double","F":null}
            """));

        TableEntity row = await transport.Client().GetEntityAsync<TableEntity>("p", "r", cancellationToken: Token);

        Assert.Equal((1L, 2L, 3.0, 4, double.NaN), (row.GetInt64("A"), row.GetInt64("B"), row.GetDouble("C"), row.GetInt32("D"), row.GetDouble("E")));
        Assert.Equal(1_234_567, row.Timestamp!.Value.Ticks % 10_000_000);
        Assert.Equal(["odata.etag", "PartitionKey", "RowKey", "Timestamp", "A", "B", "C", "D", "E"], row.Keys);
    }

    [Fact]
    public async Task A_type_from_the_future_is_refused_by_name()
    {
        FakeTransport transport = new(new FakeAnswer(200, """{"PartitionKey":"p","RowKey":"r","A@odata.type":"Edm.Decimal","A":"1"}"""));

        NotSupportedException refusal = await Assert.ThrowsAsync<NotSupportedException>(
            () => transport.Client().GetEntityAsync<TableEntity>("p", "r", cancellationToken: Token));

        Assert.Contains("Edm.Decimal", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_transaction_that_is_refused_as_a_whole_is_a_failed_transaction()
    {
        FakeTransport transport = new(new FakeAnswer(413, "", ("x-ms-error-code", "RequestBodyTooLarge")));

        TableTransactionFailedException failure = await Assert.ThrowsAsync<TableTransactionFailedException>(
            () => transport.Client().SubmitTransactionAsync([new(TableTransactionActionType.Add, new TableEntity("p", "r"))], Token));

        Assert.Equal((413, "RequestBodyTooLarge", null), (failure.Status, failure.ErrorCode, failure.FailedTransactionActionIndex));
    }

    [Fact]
    public async Task A_transaction_whose_answers_do_not_match_its_actions_fails()
    {
        FakeTransport transport = new(new FakeAnswer(202, "--b\r\nContent-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nHTTP/1.1 204 No Content\r\n\r\n\r\n--c--\r\n--b--\r\n", ("Content-Type", "multipart/mixed; boundary=b")));

        await Assert.ThrowsAsync<TableTransactionFailedException>(() => transport.Client().SubmitTransactionAsync(
            [new(TableTransactionActionType.Add, new TableEntity("p", "r")), new(TableTransactionActionType.Add, new TableEntity("p", "s"))], Token));
    }

    [Fact]
    public void Test_doubles_can_replace_the_members_they_need()
    {
        StandIn standIn = new();

        Assert.Equal("stand-in", standIn.GetTableClient("x").Name);
    }

    private sealed class StandIn : TableServiceClient
    {
        public override TableClient GetTableClient(string tableName) => new Table();

        private sealed class Table : TableClient
        {
            public override string Name => "stand-in";
        }
    }
}
