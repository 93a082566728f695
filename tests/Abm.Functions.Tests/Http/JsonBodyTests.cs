using System.Text;
using System.Text.Json;
using Abm.Functions.Http;
using Microsoft.AspNetCore.Http;

namespace Abm.Functions.Tests.Http;

public sealed class JsonBodyTests
{
    private const int Limit = 1_000;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/json; charset=utf-8")]
    [InlineData("application/vnd.something+json")]
    [InlineData("text/json")]
    [InlineData(null)]
    public async Task Json_is_read_whatever_name_it_goes_by(string? contentType)
    {
        using JsonBody body = await ReadAsync("""{"name":"Köln"}"""u8.ToArray(), contentType);

        Assert.Equal("Köln", body.Document!.RootElement.GetProperty("name").GetString());
    }

    public static TheoryData<string, byte[], string?> Encodings => new()
    {
        { "UTF-8 with a mark", [0xEF, 0xBB, 0xBF, .. """{"name":"Köln"}"""u8], null },
        { "UTF-16 LE with a mark", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("""{"name":"Köln"}""")], null },
        { "UTF-16 BE with a mark", [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes("""{"name":"Köln"}""")], null },
        { "UTF-16 LE without a mark", Encoding.Unicode.GetBytes("""{"name":"Köln"}"""), null },
        { "UTF-16 BE without a mark", Encoding.BigEndianUnicode.GetBytes("""{"name":"Köln"}"""), null },
        { "Windows-1252, stated", Encoding.Latin1.GetBytes("""{"name":"Köln"}"""), "application/json; charset=\"windows-1252\"" },
    };

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task Every_encoding_that_can_be_told_is_read(string what, byte[] bytes, string? contentType)
    {
        using JsonBody body = await ReadAsync(bytes, contentType);

        Assert.True(body.Document is not null, what);
        Assert.Equal("Köln", body.Document.RootElement.GetProperty("name").GetString());
    }

    [Theory]
    [InlineData("text/csv")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("multipart/form-data; boundary=x")]
    [InlineData("application/json; charset=koi8-r")]
    [InlineData("nonsense")]
    public async Task Another_content_type_is_415(string contentType)
    {
        using JsonBody body = await ReadAsync("{}"u8.ToArray(), contentType);

        Assert.Equal(415, body.Refusal!.Status);
    }

    [Fact]
    public async Task A_compressed_body_is_415()
    {
        HttpRequest request = Requests.Request("POST", "/", "{}"u8.ToArray(), "application/json", ("Content-Encoding", "gzip"));

        using JsonBody body = await JsonBody.ReadAsync(request, Limit, Token);

        Assert.Equal(415, body.Refusal!.Status);
    }

    [Theory]
    [InlineData("", "empty")]
    [InlineData(" \r\n\t", "empty")]
    [InlineData("first_name=Anna", "notJson")]
    [InlineData("{\"a\":1", "notJson")]
    [InlineData("{\"a\":1}{", "notJson")]
    [InlineData("{\"a\":1,}", "notJson")]
    [InlineData("{'a':1}", "notJson")]
    [InlineData("{\"a\":\"x\ny\"}", "notJson")]
    public async Task What_is_not_JSON_is_400_with_the_reason(string text, string code)
    {
        using JsonBody body = await ReadAsync(Encoding.UTF8.GetBytes(text), "application/json");

        Assert.Equal(400, body.Refusal!.Status);
        Assert.Equal(code, Assert.Single(((ProblemResponse)body.Refusal.Body!).Problems).Code);
    }

    [Fact]
    public async Task The_position_of_a_mistake_is_told()
    {
        using JsonBody body = await ReadAsync("{\n  \"a\": x\n}"u8.ToArray(), "application/json");

        Assert.Equal("Not JSON: line 2, byte 8.", ((ProblemResponse)body.Refusal!.Body!).Detail);
    }

    [Fact]
    public async Task Bytes_that_are_no_UTF_8_are_400_with_their_place()
    {
        using JsonBody body = await ReadAsync([.. "{\"a\":\""u8, 0xFC, .. "\"}"u8], "application/json");

        ProblemResponse problem = (ProblemResponse)body.Refusal!.Body!;
        Assert.Equal("invalidEncoding", problem.Problems[0].Code);
        Assert.Contains("6", problem.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_lone_surrogate_in_UTF_16_is_400()
    {
        byte[] bytes = [0xFF, 0xFE, .. Encoding.Unicode.GetBytes("{\"a\":\""), 0x00, 0xD8, .. Encoding.Unicode.GetBytes("\"}")];

        using JsonBody body = await ReadAsync(bytes, "application/json");

        Assert.Equal("invalidEncoding", ((ProblemResponse)body.Refusal!.Body!).Problems[0].Code);
    }

    [Theory]
    [InlineData("""{"\ud800":1}""", "invalidText")]
    [InlineData("""{"nam\ud800":1,"name":2}""", "invalidText")]
    [InlineData("""{"a":[{"b":{"\udc00":1}}]}""", "invalidText")]
    [InlineData("""{"\ud83d\ude80":"\u0041","n\u0061me":"\\ud800"}""", null)]
    public async Task Half_of_a_character_in_a_name_is_400_wherever_it_stands(string text, string? code)
    {
        using JsonBody body = await ReadAsync(Encoding.UTF8.GetBytes(text), "application/json");

        Assert.Equal(code, (body.Refusal?.Body as ProblemResponse)?.Problems[0].Code);
        Assert.Equal(code is null, body.Document?.RootElement.TryGetProperty("name", out _) ?? false);
    }

    [Theory]
    [InlineData(JsonBody.MaxDepth, null)]
    [InlineData(JsonBody.MaxDepth + 1, "tooDeep")]
    [InlineData(400, "tooDeep")]
    public async Task Nesting_is_bounded(int depth, string? code)
    {
        using JsonBody body = await ReadAsync(Encoding.UTF8.GetBytes(new string('[', depth) + new string(']', depth)), "application/json");

        Assert.Equal(code, (body.Refusal?.Body as ProblemResponse)?.Problems[0].Code);
    }

    [Theory]
    [InlineData(Limit, null)]
    [InlineData(Limit + 1, 413)]
    public async Task The_limit_is_exact(int length, int? status)
    {
        byte[] bytes = Encoding.UTF8.GetBytes("{}" + new string(' ', length - 2));

        using JsonBody body = await ReadAsync(bytes, "application/json");

        Assert.Equal(status, body.Refusal?.Status);
    }

    [Fact]
    public async Task A_stated_length_over_the_limit_is_refused_without_reading()
    {
        HttpRequest request = Requests.Request("POST", "/", [], "application/json");
        request.ContentLength = Limit + 1;
        request.Body = new EndlessStream();

        using JsonBody body = await JsonBody.ReadAsync(request, Limit, Token);

        Assert.Equal(413, body.Refusal!.Status);
        Assert.Equal(0, ((EndlessStream)request.Body).BytesRead);
    }

    [Fact]
    public async Task An_endless_body_is_given_up_at_the_limit()
    {
        HttpRequest request = Requests.Request("POST", "/", [], "application/json");
        request.Body = new EndlessStream();

        using JsonBody body = await JsonBody.ReadAsync(request, 64 * 1024, Token);

        Assert.Equal(413, body.Refusal!.Status);
        Assert.True(((EndlessStream)request.Body).BytesRead <= 256 * 1024);
    }

    [Fact]
    public async Task A_problem_is_problem_json_after_RFC_9457()
    {
        using JsonBody body = await ReadAsync("x"u8.ToArray(), "application/json");

        Answered answer = await body.Refusal!.AnswerAsync();

        Assert.StartsWith("application/problem+json", answer.ContentType, StringComparison.Ordinal);
        Assert.Equal(["type", "title", "status", "detail", "problems"], answer.Json.AsObject().Select(property => property.Key));
        Assert.Equal(400, (int)answer.Json["status"]!);
        Assert.Equal(["code", "field", "message"], answer.Json["problems"]![0]!.AsObject().Select(property => property.Key));
    }

    private static Task<JsonBody> ReadAsync(byte[] bytes, string? contentType) =>
        JsonBody.ReadAsync(Requests.Request("POST", "/", bytes, contentType), Limit, Token);

    /// <summary>Gives blanks for ever.</summary>
    private sealed class EndlessStream : Stream
    {
        public long BytesRead { get; private set; }

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => 0; set => throw new NotSupportedException(); }

        public override int Read(byte[] buffer, int offset, int count)
        {
            buffer.AsSpan(offset, count).Fill((byte)' ');
            BytesRead += count;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
