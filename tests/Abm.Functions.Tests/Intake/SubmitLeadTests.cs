using Abm.Decisions;
using Abm.Functions.Tests.Http;
using Azure;

namespace Abm.Functions.Tests.Intake;

public sealed class SubmitLeadTests
{
    private const string Path = "/api/leads";
    private const string Body = """{"email":"ada@acme.example"}""";

    private readonly IntakeFakes _fakes = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lead_is_kept_then_queued_then_202()
    {
        Answered answer = await PostAsync(Body);

        Assert.Equal(202, answer.Status);
        string id = (string)answer.Json["leadId"]!;
        Assert.Equal(["leadId", "duplicate", "statusUrl"], answer.Json.AsObject().Select(property => property.Key));
        Assert.False((bool)answer.Json["duplicate"]!);
        Assert.Equal($"/api/leads/{id}", (string?)answer.Json["statusUrl"]);
        Assert.Equal(id, Assert.Single(_fakes.Leads).Lead.Id.Value);
        Assert.Equal(id, Assert.Single(Assert.Single(_fakes.Messages)).Value);
    }

    [Fact]
    public async Task The_same_key_again_is_200_with_the_same_id()
    {
        Answered first = await PostAsync(Body, ("Idempotency-Key", "k1"));
        Answered second = await PostAsync("""{ "email": " ada@acme.example ", "city": null }""", ("Idempotency-Key", "k1"));

        Assert.Equal((202, 200), (first.Status, second.Status));
        Assert.True((bool)second.Json["duplicate"]!);
        Assert.Equal((string?)first.Json["leadId"], (string?)second.Json["leadId"]);
        Assert.Single(_fakes.Leads);
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_422()
    {
        await PostAsync(Body, ("Idempotency-Key", "k1"));
        Answered other = await PostAsync("""{"email":"bob@acme.example"}""", ("Idempotency-Key", "k1"));

        Assert.Equal(422, other.Status);
        Assert.Equal(("keyReused", "Idempotency-Key"), Assert.Single(other.Problems));
        Assert.Single(_fakes.Leads);
        Assert.Single(_fakes.Messages);
    }

    [Fact]
    public async Task The_same_source_and_external_id_are_the_same_lead_whatever_the_key()
    {
        const string body = """{"email":"ada@acme.example","source":"hub","externalId":"17"}""";

        Answered first = await PostAsync(body, ("Idempotency-Key", "k1"));
        Answered second = await PostAsync(body);
        Answered third = await PostAsync(body, ("Idempotency-Key", "k2"));

        Assert.Equal((202, 200, 200), (first.Status, second.Status, third.Status));
        Assert.Single(_fakes.Leads);
    }

    [Fact]
    public async Task A_key_is_not_taken_for_another_external_id()
    {
        await PostAsync("""{"email":"ada@acme.example","externalId":"17"}""", ("Idempotency-Key", "k1"));
        Answered other = await PostAsync("""{"email":"ada@acme.example","externalId":"18"}""", ("Idempotency-Key", "k1"));

        Assert.Equal(422, other.Status);
        Assert.Single(_fakes.Leads);
    }

    [Fact]
    public async Task The_same_external_id_with_another_body_is_422()
    {
        await PostAsync("""{"email":"ada@acme.example","externalId":"17"}""");
        Answered other = await PostAsync("""{"email":"bob@acme.example","externalId":"17"}""");

        Assert.Equal(422, other.Status);
        Assert.Equal(("keyReused", "externalId"), Assert.Single(other.Problems));
    }

    [Fact]
    public async Task The_same_external_id_of_two_sources_is_two_leads()
    {
        await PostAsync("""{"email":"ada@acme.example","source":"a","externalId":"17"}""");
        await PostAsync("""{"email":"ada@acme.example","source":"b","externalId":"17"}""");

        Assert.Equal(2, _fakes.Leads.Count);
    }

    [Fact]
    public async Task Without_any_key_an_equal_body_within_ten_minutes_is_the_same_lead()
    {
        Answered first = await PostAsync(Body);
        _fakes.Clock.Advance(TimeSpan.FromMinutes(9));
        Answered again = await PostAsync("""{"email":"ada@acme.example" , "source":"WEB"}""");
        _fakes.Clock.Advance(TimeSpan.FromMinutes(1));
        Answered later = await PostAsync(Body);

        Assert.Equal((202, 200, 202), (first.Status, again.Status, later.Status));
        Assert.Equal(2, _fakes.Leads.Count);
    }

    [Fact]
    public async Task A_repeat_of_an_undecided_lead_is_queued_again_and_of_a_decided_one_is_not()
    {
        await PostAsync(Body, ("Idempotency-Key", "k1"));
        await PostAsync(Body, ("Idempotency-Key", "k1"));
        _fakes.Decide(_fakes.Messages[0][0]);
        Answered third = await PostAsync(Body, ("Idempotency-Key", "k1"));

        Assert.Equal(2, _fakes.Messages.Count);
        Assert.True((bool)third.Json["duplicate"]!);
    }

    [Fact]
    public async Task A_queue_that_fails_loses_nothing()
    {
        _fakes.QueueFailure = new RequestFailedException(503, "busy");
        await Assert.ThrowsAsync<RequestFailedException>(() => PostAsync(Body, ("Idempotency-Key", "k1")));
        _fakes.QueueFailure = null;
        Answered again = await PostAsync(Body, ("Idempotency-Key", "k1"));

        Assert.Equal(200, again.Status);
        Assert.Single(_fakes.Messages);
    }

    [Fact]
    public async Task Who_waits_gets_the_decided_lead()
    {
        _fakes.OnRead = id =>
        {
            if (_fakes.Reads == 3)
                _fakes.Decide(id, "review");
        };

        Answered answer = await Moving(PostAsync(Body, "?wait=10"));

        Assert.Equal(200, answer.Status);
        Assert.Equal("review", (string?)answer.Json["outcome"]);
    }

    [Fact]
    public async Task Who_waits_in_vain_gets_202_and_few_reads_were_made()
    {
        Answered answer = await Moving(PostAsync(Body, "?wait=30"));

        Assert.Equal(202, answer.Status);
        Assert.InRange(_fakes.Reads, 10, 60);
    }

    [Fact]
    public async Task A_wait_of_nothing_reads_nothing()
    {
        Answered answer = await PostAsync(Body, "?wait=0");

        Assert.Equal(202, answer.Status);
        Assert.Equal(0, _fakes.Reads);
    }

    [Theory]
    [InlineData("?wait=31")]
    [InlineData("?wait=-1")]
    [InlineData("?wait=1.5")]
    [InlineData("?wait=soon")]
    public async Task A_wait_that_makes_no_sense_is_told_with_everything_else(string query)
    {
        Answered answer = await PostAsync("""{"email":5}""", query);

        Assert.Equal(400, answer.Status);
        Assert.Equal([("outOfRange", "wait"), ("wrongType", "email")], answer.Problems);
        Assert.Empty(_fakes.Leads);
    }

    [Theory]
    [InlineData("\u0001")]
    public async Task A_key_with_control_characters_is_a_problem(string key) =>
        Assert.Equal(("controlCharacters", "Idempotency-Key"), Assert.Single((await PostAsync(Body, ("Idempotency-Key", "a" + key + "b"))).Problems));

    [Fact]
    public async Task A_key_that_is_too_long_or_given_twice_is_a_problem()
    {
        Assert.Equal("tooLong", Assert.Single((await PostAsync(Body, ("Idempotency-Key", new string('k', 256)))).Problems).Code);
        Assert.Contains(("duplicateProperty", "Idempotency-Key"), (await PostAsync(Body, ("Idempotency-Key", "a"), ("Idempotency-Key", "b"))).Problems);
    }

    private Task<Answered> PostAsync(string body, params (string, string)[] headers) => _fakes.SubmitLead.RunAsync(Requests.PostJson(Path, body, headers), Token).AnswerAsync();

    private Task<Answered> PostAsync(string body, string query) => _fakes.SubmitLead.RunAsync(Requests.PostJson(Path + query, body), Token).AnswerAsync();

    /// <summary>Lets time pass until the answer is there.</summary>
    private async Task<Answered> Moving(Task<Answered> answer)
    {
        for (int i = 0; i < 10_000 && !answer.IsCompleted; i++)
        {
            _fakes.Clock.Advance(TimeSpan.FromMilliseconds(50));
            await Task.Yield();
        }

        return await answer;
    }
}
