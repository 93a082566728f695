using System.Net;
using System.Text.Json.Nodes;
using Abm.TestKit;

namespace Abm.EndToEnd.Tests;

[Collection<SampleAppCollection>]
public sealed class IdempotencyTests(SampleApp app)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_same_key_again_is_the_same_lead_and_says_so()
    {
        (string, string) key = ("Idempotency-Key", Run.Name());
        const string body = """{"email":"one@corvane.example"}""";

        Answer first = (await app.Client.PostJsonAsync("api/leads", body, Token, key)).Expect(HttpStatusCode.Accepted);
        Answer second = (await app.Client.PostJsonAsync("api/leads", body, Token, key)).Expect(HttpStatusCode.OK);

        Assert.False((bool)first.Json["duplicate"]!);
        Assert.True((bool)second.Json["duplicate"]!);
        Assert.Equal((string?)first.Json["leadId"], (string?)second.Json["leadId"]);
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_refused()
    {
        (string, string) key = ("Idempotency-Key", Run.Name());
        (await app.Client.PostJsonAsync("api/leads", """{"email":"one@corvane.example"}""", Token, key)).Expect(HttpStatusCode.Accepted);

        Answer other = await app.Client.PostJsonAsync("api/leads", """{"email":"two@corvane.example"}""", Token, key);

        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.Status);
        Assert.Equal("application/problem+json", other.MediaType);
    }

    [Fact]
    public async Task The_same_source_and_external_id_are_the_same_lead()
    {
        JsonObject lead = new() { ["email"] = "three@corvane.example", ["source"] = "endtoend", ["externalId"] = Run.Name() };

        Answer first = (await app.Client.PostJsonAsync("api/leads", lead, Token)).Expect(HttpStatusCode.Accepted);
        Answer second = (await app.Client.PostJsonAsync("api/leads", lead, Token)).Expect(HttpStatusCode.OK);

        Assert.True((bool)second.Json["duplicate"]!);
        Assert.Equal((string?)first.Json["leadId"], (string?)second.Json["leadId"]);
    }

    [Fact]
    public async Task Ten_callers_with_one_key_at_once_make_one_lead()
    {
        (string, string) key = ("Idempotency-Key", Run.Name());

        Answer[] answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => app.Client.PostJsonAsync("api/leads", """{"email":"four@corvane.example"}""", Token, key)));

        Assert.All(answers, answer => Assert.Contains(answer.Status, new[] { HttpStatusCode.Accepted, HttpStatusCode.OK }));
        Assert.Single(answers.Select(answer => (string)answer.Json["leadId"]!).Distinct(StringComparer.Ordinal));
        Assert.Single(answers, answer => answer.Status == HttpStatusCode.Accepted);
    }
}
