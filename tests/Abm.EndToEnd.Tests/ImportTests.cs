using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Abm.TestKit;

namespace Abm.EndToEnd.Tests;

[Collection<SampleAppCollection>]
public sealed class ImportTests(SampleApp app)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_file_again_updates_and_adds_nothing()
    {
        JsonNode report = await ImportAsync("accounts", Samples.Text("accounts.csv"));

        Assert.Equal(60, (int)report["rows"]!);
        Assert.Equal(0, (int)report["rejected"]!);
        Assert.Empty(report["errors"]!.AsArray());
    }

    [Fact]
    public async Task Wrong_rows_are_reported_with_all_their_problems_and_the_rest_is_taken()
    {
        string prefix = Run.Name();
        string csv = $"""
            account_id,name,domains,employees,tier
            {prefix}-1,Good One,good-one.example,10,1:1
            ,,good-two.example,10,
            {prefix}-3,Bad Three,bad-three.example,many,platinum
            {prefix}-4,Good Four,good-four.example,,
            """;

        JsonNode report = await ImportAsync("accounts", csv);

        Assert.Equal((4, 2, 2), ((int)report["rows"]!, (int)report["accepted"]!, (int)report["rejected"]!));
        JsonNode[] errors = [.. report["errors"]!.AsArray().Select(error => error!)];
        Assert.Equal(2, errors.Length);
        Assert.True(errors[0]["problems"]!.AsArray().Count >= 2, "the row without id and name has two problems");
        Assert.True(errors[1]["problems"]!.AsArray().Count >= 2, "the row with a wrong number and a wrong tier has two problems");
        (await app.Client.GetAsync($"api/accounts/{prefix}-4", Token)).Expect(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_dry_run_reports_and_changes_nothing()
    {
        string id = Run.Name();

        JsonNode report = await ImportAsync("accounts", $"account_id,name\n{id},Dry Run Ltd\n", "?dryRun=true");

        Assert.Equal(1, (int)report["accepted"]!);
        Assert.Equal(HttpStatusCode.NotFound, (await app.Client.GetAsync($"api/accounts/{id}", Token)).Status);
    }

    [Fact]
    public async Task A_lead_matches_an_account_that_was_imported_the_moment_before()
    {
        string id = Run.Name();
        await ImportAsync("accounts", $"account_id,name,domains\n{id},Fresh {id},fresh-{id}.example\n");

        JsonNode lead = await LeadJson.PostDecidedAsync(app.Client, new JsonObject { ["email"] = $"a@fresh-{id}.example" }, Token);

        Assert.Equal(id, (string?)lead["accountId"]);
    }

    public static TheoryData<string> Encodings => ["utf-8", "utf-8 with BOM", "utf-16 little endian", "utf-16 big endian", "windows-1252 declared", "windows-1252 undeclared"];

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task Umlauts_arrive_whatever_the_encoding(string encoding)
    {
        string id = Run.Name();
        const string name = "Müller & Söhne Gießerei";
        string csv = $"account_id,name,city\r\n{id},{name},Köln\r\n";
        (byte[] body, string mediaType) = encoding switch
        {
            "utf-8" => (Encoding.UTF8.GetBytes(csv), "text/csv"),
            "utf-8 with BOM" => ([0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(csv)], "text/csv"),
            "utf-16 little endian" => ([0xFF, 0xFE, .. Encoding.Unicode.GetBytes(csv)], "text/csv"),
            "utf-16 big endian" => ([0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(csv)], "text/csv"),
            // in these letters Latin-1 and Windows-1252 are the same bytes
            "windows-1252 declared" => (Encoding.Latin1.GetBytes(csv), "text/csv; charset=windows-1252"),
            _ => (Encoding.Latin1.GetBytes(csv), "text/csv"),
        };

        JsonNode report = (await app.Client.PostAsync("api/import/accounts", body, mediaType, Token)).Expect(HttpStatusCode.OK).Json;

        Assert.Equal(1, (int)report["accepted"]!);
        JsonNode account = (await app.Client.GetAsync($"api/accounts/{id}", Token)).Expect(HttpStatusCode.OK).Json;
        Assert.Equal(name, (string?)account["name"]);
    }

    [Fact]
    public async Task Quotes_hold_commas_quotes_and_line_breaks()
    {
        string id = Run.Name();
        string csv = $"account_id,name,street\n{id},\"Brown, \"\"Bob\"\" & Co\",\"Gate 3\nBuilding B\"\n";

        JsonNode report = await ImportAsync("accounts", csv);

        Assert.Equal((1, 1), ((int)report["rows"]!, (int)report["accepted"]!));
        JsonNode account = (await app.Client.GetAsync($"api/accounts/{id}", Token)).Expect(HttpStatusCode.OK).Json;
        Assert.Equal("Brown, \"Bob\" & Co", (string?)account["name"]);
    }

    public static TheoryData<string, string> Unreadable => new()
    {
        { "empty", "" },
        { "column twice", "account_id,name,name\nX1,a,b\n" },
        { "required column missing", "name,city\nArvenda,Hamburg\n" },
        { "JSON", """[{"account_id":"X1"}]""" },
    };

    [Theory]
    [MemberData(nameof(Unreadable))]
    public async Task A_file_that_cannot_be_read_as_a_whole_is_a_problem(string what, string csv)
    {
        Answer answer = await app.Client.PostCsvAsync("api/import/accounts", csv, Token);

        Assert.True(answer.Status == HttpStatusCode.BadRequest, $"{what}: {(int)answer.Status} {answer.Body}");
        Assert.Equal("application/problem+json", answer.MediaType);
    }

    [Fact]
    public async Task What_cannot_be_imported_is_404() =>
        Assert.Equal(HttpStatusCode.NotFound, (await app.Client.PostCsvAsync("api/import/invoices", "a\n1\n", Token)).Status);

    [Fact]
    public async Task Leads_of_a_file_go_the_same_way_as_posted_ones()
    {
        string id = Run.Name();
        string csv = $"source,external_id,email,company\nendtoend,{id}-1,file@corvane.example,Corvane\nendtoend,{id}-2,,\n";

        JsonNode report = await ImportAsync("leads", csv);

        Assert.Equal((2, 1, 1), ((int)report["rows"]!, (int)report["accepted"]!, (int)report["rejected"]!));
        JsonObject same = new() { ["source"] = "endtoend", ["externalId"] = $"{id}-1", ["email"] = "file@corvane.example", ["company"] = "Corvane" };
        Answer again = (await app.Client.PostJsonAsync("api/leads", same, Token)).Expect(HttpStatusCode.OK);
        Assert.True((bool)again.Json["duplicate"]!);
        await LeadJson.UntilDecidedAsync(app.Client, (string)again.Json["leadId"]!, Patience.OfBusyMachines, Token);
    }

    [Fact]
    public async Task Two_hundred_thousand_rows_are_checked_in_constant_memory()
    {
        using HttpRequestMessage request = new(HttpMethod.Post, "api/import/accounts?dryRun=true") { Content = new GeneratedCsv(200_000) };
        long before = Memory();

        JsonNode report = (await app.Client.SendAsync(request, Token)).Expect(HttpStatusCode.OK).Json;

        Assert.Equal((200_000, 200_000), ((int)report["rows"]!, (int)report["accepted"]!));
        Assert.True(Memory() - before < 200L << 20, $"The process grew by {(Memory() - before) >> 20} MiB for a file of 12 MiB.");

        long Memory()
        {
            if (app.Process is null)
                return 0; // a deployed app's memory cannot be read from here
            using Process process = Process.GetProcessById(app.Process.ProcessId);
            return process.WorkingSet64;
        }
    }

    private async Task<JsonNode> ImportAsync(string kind, string csv, string query = "") =>
        (await app.Client.PostCsvAsync($"api/import/{kind}{query}", csv, Token)).Expect(HttpStatusCode.OK).Json;

    /// <summary>Rows that are written as they are sent: the file never exists as a whole.</summary>
    private sealed class GeneratedCsv : HttpContent
    {
        private readonly int _rows;

        public GeneratedCsv(int rows)
        {
            _rows = rows;
            Headers.ContentType = new("text/csv");
        }

        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await using StreamWriter writer = new(stream, new UTF8Encoding(false), 64 * 1024, leaveOpen: true);
            await writer.WriteAsync("account_id,name,domains,city,country\n");
            for (int i = 0; i < _rows; i++)
                await writer.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"BIG{i},Big Company {i} Ltd,big-{i}.example,Leeds,United Kingdom\n"));
        }

        protected override bool TryComputeLength(out long length)
        {
            length = -1;
            return false;
        }
    }
}
