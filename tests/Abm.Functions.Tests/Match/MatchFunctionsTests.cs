using System.IO.Compression;
using System.IO.Pipelines;
using System.Text;
using System.Text.Json.Nodes;
using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Match;
using Abm.Functions.Tests.Http;
using Abm.Matching;
using Abm.Ports;
using Abm.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Abm.Functions.Tests.Match;

public sealed class MatchFunctionsTests : IAccountDirectory, IConfigSource
{
    private static readonly AccountIndex Index = AccountIndex.Build(
        [
            A.Account("A1").Named("Fennimore Paper Mills") with { Domains = ["fennimore.example"], City = "Green Bay" },
            A.Account("A2").Named("Umbrella Corporation") with { Domains = ["umbrella.example"] },
        ],
        [],
        version: 7);

    private readonly MatchFunctions _functions;

    public MatchFunctionsTests() => _functions = new MatchFunctions(this, this, TimeProvider.System);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_lead_is_answered_with_everything_that_was_looked_at()
    {
        Answered answer = await MatchAsync("""{"leadId":"my-1","email":"Todd.Barker@fennimore.example","company":"Fennimore Paper Mills"}""");

        Assert.Equal(200, answer.Status);
        Assert.Equal(("my-1", "matched", "A1"), ((string)answer.Json["leadId"]!, (string)answer.Json["outcome"]!, (string)answer.Json["accountId"]!));
        Assert.Equal(("todd.barker@fennimore.example", "fennimore.example"), ((string)answer.Json["identity"]!["email"]!, (string)answer.Json["identity"]!["emailDomain"]!));
        JsonNode winner = answer.Json["candidates"]![0]!;
        Assert.True((bool)winner["isWinner"]!);
        Assert.NotEmpty(winner["evidence"]!.AsArray());
        Assert.Equal((string?)answer.Json["reasons"]!.AsArray()[^1]!["code"], (string?)answer.Json["decidedBy"]);
        Assert.Equal(7, (long)answer.Json["accountsVersion"]!);
    }

    [Fact]
    public async Task A_lead_of_nobody_says_why()
    {
        Answered answer = await MatchAsync("""{"email":"x@nobody-we-know.example"}""");

        Assert.Equal("unmatched", (string?)answer.Json["outcome"]);
        Assert.Null(answer.Json["accountId"]);
        Assert.NotNull((string?)answer.Json["why"]);
    }

    [Theory]
    [InlineData("""{"leadId":"x"}""", "required")]
    [InlineData("""{"leadId":["x"],"company":"Acme"}""", "wrongType")]
    [InlineData("""{"leadId":"a\u0001b","company":"Acme"}""", "controlCharacters")]
    [InlineData("""{"leadId":"\ud800","company":"Acme"}""", "invalidText")]
    [InlineData("[]", "wrongType")]
    [InlineData("{", "notJson")]
    public async Task What_is_no_lead_is_400(string json, string code)
    {
        Answered answer = await MatchAsync(json);

        Assert.Equal(400, answer.Status);
        Assert.Equal(code, Assert.Single(answer.Problems).Code);
    }

    [Fact]
    public async Task A_batch_is_answered_line_by_line_in_order_and_goes_on_after_what_cannot_be_read()
    {
        string[] lines =
        [
            """{"leadId":"1","email":"a@umbrella.example"}""",
            "nonsense",
            "",
            """{"leadId":"3","company":5}""",
            """{"leadId":4,"email":"b@fennimore.example"}""",
            """{"email":"c@nobody-we-know.example"}""",
        ];

        JsonNode[] answers = await BatchAsync("\uFEFF" + string.Join("\r\n", lines));

        Assert.Equal(["1", null, "3", "4", null], answers.Select(answer => (string?)answer["leadId"]));
        Assert.Equal(["matched", null, null, "matched", "unmatched"], answers.Select(answer => (string?)answer["outcome"]));
        Assert.Equal(["leadId", "outcome", "accountId", "confidence", "reasons", "candidates"], answers[0].AsObject().Select(property => property.Key));
        Assert.Equal(["accountId", "name", "confidence"], answers[0]["candidates"]![0]!.AsObject().Select(property => property.Key));
        Assert.Equal(("A2", 2, 4), ((string)answers[0]["accountId"]!, (int)answers[1]["line"]!, (int)answers[2]["line"]!));
        Assert.Equal("notJson", (string?)answers[1]["error"]!["problems"]![0]!["code"]);
        Assert.Equal("company", (string?)answers[2]["error"]!["problems"]![0]!["field"]);
    }

    [Fact]
    public async Task A_line_that_is_too_long_costs_one_answer_and_bounded_memory()
    {
        JsonNode[] answers = await BatchAsync("""{"leadId":"1","email":"a@umbrella.example"}""" + "\n" + "{\"company\":\"" + new string('x', 3_000_000) + "\"}\n" + """{"leadId":"3","email":"a@umbrella.example"}""" + "\n");

        Assert.Equal(["1", null, "3"], answers.Select(answer => (string?)answer["leadId"]));
        Assert.Equal((413, 2), ((int)answers[1]["error"]!["status"]!, (int)answers[1]["line"]!));
    }

    [Theory]
    [InlineData(MatchStream.MaxLineBytes, true)]
    [InlineData(MatchStream.MaxLineBytes + 1, false)]
    public async Task The_length_of_a_line_is_bounded_exactly(int length, bool isTaken)
    {
        const string lead = """{"email":"a@umbrella.example"}""";

        JsonNode[] answers = await BatchAsync(lead + new string(' ', length - lead.Length) + "\n" + lead);

        Assert.Equal([isTaken, true], answers.Select(answer => answer["outcome"] is not null));
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(16 * 1024)]
    [InlineData(1_000_000)]
    public async Task Answers_are_in_the_order_of_the_lines_however_these_come_in(int piece)
    {
        string[] lines = [.. Enumerable.Range(0, 900).Select(i => i % 7 == 3 ? "nonsense" : $"{{\"leadId\":{i},\"email\":\"a@umbrella.example\",\"note\":\"{new string('x', i * 31 % 900)}\"}}")];
        byte[] body = Encoding.UTF8.GetBytes(string.Join('\n', lines));
        var input = new Pipe();
        using var output = new MemoryStream();
        PipeWriter answers = PipeWriter.Create(output);
        Task run = new MatchStream(input.Reader, Index, AbmConfig.Default, DateTimeOffset.UnixEpoch).RunAsync(answers, Token);

        for (int at = 0; at < body.Length; at += piece)
            await input.Writer.WriteAsync(body.AsMemory(at, Math.Min(piece, body.Length - at)), Token);
        await input.Writer.CompleteAsync();
        await run;
        await answers.FlushAsync(Token);

        JsonNode[] told = [.. Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
        Assert.Equal(
            Enumerable.Range(0, 900).Select(i => i % 7 == 3 ? $"line {i + 1}" : $"{i} A2"),
            told.Select(answer => answer["error"] is null ? $"{answer["leadId"]} {answer["accountId"]}" : $"line {answer["line"]}"));
    }

    [Fact]
    public async Task Answers_come_while_the_lines_still_come_in()
    {
        var input = new Pipe();
        var output = new Pipe();
        Task run = new MatchStream(input.Reader, Index, AbmConfig.Default, DateTimeOffset.UnixEpoch).RunAsync(output.Writer, Token);

        await input.Writer.WriteAsync(Encoding.UTF8.GetBytes("""{"leadId":"1","email":"a@umbrella.example"}""" + "\n{\"leadId\""), Token);
        ReadResult first = await output.Reader.ReadAsync(Token);
        string early = Encoding.UTF8.GetString(first.Buffer.FirstSpan);
        output.Reader.AdvanceTo(first.Buffer.End);
        await input.Writer.WriteAsync(Encoding.UTF8.GetBytes(""":"2","email":"a@umbrella.example"}"""), Token);
        await input.Writer.CompleteAsync();
        await run;
        ReadResult second = await output.Reader.ReadAsync(Token);

        Assert.StartsWith("{\"leadId\":\"1\"", early, StringComparison.Ordinal);
        Assert.StartsWith("{\"leadId\":\"2\"", Encoding.UTF8.GetString(second.Buffer.FirstSpan), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_batch_may_come_packed_and_go_packed()
    {
        string[] lines = [.. Enumerable.Range(0, 3_000).Select(i => $$"""{"leadId":"{{i}}","email":"a{{i}}@umbrella.example"}""")];
        HttpRequest request = Requests.Request("POST", "/api/match/batch", Packed(string.Join('\n', lines)), "application/x-ndjson");
        request.Headers.ContentEncoding = "gzip";
        request.Headers.AcceptEncoding = "br;q=1.0, gzip;q=0.5";
        using var sent = new MemoryStream();
        request.HttpContext.Response.Body = sent;

        IActionResult result = await _functions.MatchBatch(request, Token);
        await result.ExecuteResultAsync(new ActionContext { HttpContext = request.HttpContext });

        Assert.Equal("gzip", request.HttpContext.Response.Headers.ContentEncoding);
        sent.Position = 0;
        using var unpacked = new StreamReader(new GZipStream(sent, CompressionMode.Decompress));
        string[] answers = (await unpacked.ReadToEndAsync(Token)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3_000, answers.Length);
        Assert.Equal("2999", (string?)JsonNode.Parse(answers[^1])!["leadId"]);
        Assert.True(sent.Length * 5 < answers.Sum(answer => answer.Length));
    }

    [Fact]
    public async Task A_packed_batch_that_is_damaged_ends_with_a_line_that_says_so()
    {
        byte[] packed = Packed(string.Join('\n', Enumerable.Range(0, 20_000).Select(i => $$"""{"leadId":"{{i}}","email":"a{{i}}@umbrella.example"}""")));
        packed.AsSpan(packed.Length / 2, 64).Fill(0xFF);

        JsonNode[] answers = await BatchAsync(packed, "gzip");

        Assert.Equal(400, (int)answers[^1]["error"]!["status"]!);
        Assert.All(answers[..^1], answer => Assert.NotNull(answer["outcome"] ?? answer["error"]));
    }

    [Fact]
    public async Task Some_bytes_that_unpack_to_gigabytes_cost_bounded_work()
    {
        // A gigabyte of spaces, without a line's end.
        using var bomb = new MemoryStream();
        using (var packing = new GZipStream(bomb, CompressionLevel.Fastest, leaveOpen: true))
        {
            byte[] spaces = new byte[1 << 20];
            spaces.AsSpan().Fill((byte)' ');
            for (int i = 0; i < 1024; i++)
                packing.Write(spaces);
        }

        long before = GC.GetTotalAllocatedBytes(precise: true);
        JsonNode[] answers = await BatchAsync(bomb.ToArray(), "gzip");

        Assert.Equal([413, 413], answers.Select(answer => (int)answer["error"]!["status"]!));
        Assert.InRange(GC.GetTotalAllocatedBytes(precise: true) - before, 0, 300L << 20);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip, gzip")]
    [InlineData("deflate")]
    public async Task Another_compression_is_415(string encoding)
    {
        HttpRequest request = Requests.Request("POST", "/api/match/batch", Packed("{}"), "application/x-ndjson");
        request.Headers.ContentEncoding = encoding;

        Assert.Equal(415, (await _functions.MatchBatch(request, Token).AnswerAsync()).Status);
    }

    [Fact]
    public async Task An_empty_batch_is_an_empty_answer() => Assert.Empty(await BatchAsync(""));

    [Fact]
    public async Task Another_content_type_is_415() =>
        Assert.Equal(415, (await _functions.MatchBatch(Requests.Request("POST", "/api/match/batch", [], "text/csv"), Token).AnswerAsync()).Status);

    ValueTask<IAccountIndex> IAccountDirectory.CurrentAsync(CancellationToken cancellationToken) => ValueTask.FromResult<IAccountIndex>(Index);

    ValueTask<AbmConfig> IConfigSource.CurrentAsync(CancellationToken cancellationToken) => ValueTask.FromResult(A.Config());

    ValueTask<AbmConfig?> IConfigSource.FindAsync(string version, CancellationToken cancellationToken) => ValueTask.FromResult<AbmConfig?>(null);

    private Task<Answered> MatchAsync(string json) => _functions.MatchLead(Requests.PostJson("/api/match", json), Token).AnswerAsync();

    private Task<JsonNode[]> BatchAsync(string lines) => BatchAsync(Encoding.UTF8.GetBytes(lines), null);

    private async Task<JsonNode[]> BatchAsync(byte[] body, string? encoding)
    {
        HttpRequest request = Requests.Request("POST", "/api/match/batch", body, "application/x-ndjson");
        if (encoding is not null)
            request.Headers.ContentEncoding = encoding;
        Answered answer = await _functions.MatchBatch(request, Token).AnswerAsync();
        Assert.StartsWith("application/x-ndjson", answer.ContentType, StringComparison.Ordinal);
        return [.. answer.Body.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];
    }

    private static byte[] Packed(string text)
    {
        using var packed = new MemoryStream();
        using (var packing = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            packing.Write(Encoding.UTF8.GetBytes(text));
        return packed.ToArray();
    }
}
