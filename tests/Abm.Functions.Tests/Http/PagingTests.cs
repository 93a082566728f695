using Abm.Decisions;
using Abm.Functions.Http;
using Azure;

namespace Abm.Functions.Tests.Http;

public sealed class PagingTests
{
    [Theory]
    [InlineData("", PageQuery.DefaultLimit)]
    [InlineData("?limit=1", 1)]
    [InlineData("?limit=500", 500)]
    public void A_limit_from_1_to_500_is_taken(string query, int limit)
    {
        var problems = new List<Problem>();

        PageQuery page = PageQuery.Read(Requests.Get("/" + query), problems);

        Assert.Empty(problems);
        Assert.Equal(limit, page.Limit);
    }

    [Theory]
    [InlineData("?limit=0", "outOfRange")]
    [InlineData("?limit=501", "outOfRange")]
    [InlineData("?limit=-1", "outOfRange")]
    [InlineData("?limit=1.5", "outOfRange")]
    [InlineData("?limit=many", "outOfRange")]
    [InlineData("?limit=99999999999999999999", "outOfRange")]
    [InlineData("?cursor=%7Bnonsense", "invalidCursor")]
    [InlineData("?cursor=AAAA", "invalidCursor")]
    [InlineData("?cursor=MQ=====", "invalidCursor")]
    public void Anything_else_is_a_problem(string query, string code)
    {
        var problems = new List<Problem>();

        PageQuery.Read(Requests.Get("/" + query), problems);

        Assert.Equal(code, Assert.Single(problems).Code);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Müller & Söhne\nA-17")]
    [InlineData("日本/?#%")]
    public void A_cursor_brings_its_key_back(string key)
    {
        Assert.True(Cursor.TryRead(Cursor.After(key), out string? read));
        Assert.Equal(key, read);
        Assert.DoesNotContain(Cursor.After(key), c => c is '/' or '+' or '=' or '?' or '#');
    }

    [Fact]
    public void Only_the_storage_s_own_failures_are_told_as_unavailable()
    {
        Assert.True(StorageFailures.IsUnavailable(new RequestFailedException(503, "busy")));
        Assert.True(StorageFailures.IsUnavailable(new RequestFailedException("no connection")));
        Assert.True(StorageFailures.IsUnavailable(new AggregateException(new RequestFailedException(500, "a"), new HttpRequestException("b"))));
        Assert.False(StorageFailures.IsUnavailable(new RequestFailedException(403, "no right")));
        Assert.False(StorageFailures.IsUnavailable(new AggregateException(new RequestFailedException(503, "a"), new InvalidOperationException("b"))));
        Assert.False(StorageFailures.IsUnavailable(new InvalidOperationException("ours")));
    }
}
