using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Abm.TestKit;

namespace Abm.EndToEnd.Tests;

/// <summary>Whatever is posted as a lead, the answer is a problem that names every fault, never an empty 500.</summary>
[Collection<SampleAppCollection>]
public sealed class BadLeadTests(SampleApp app)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Refused => new()
    {
        { "empty body", "" },
        { "not JSON", "first_name=Anna" },
        { "cut off", """{"email":"a@b.example" """ },
        { "null", "null" },
        { "a list", "[]" },
        { "a text", "\"lead\"" },
        { "nothing to go by", """{"firstName":"Anna"}""" },
        { "only blanks", """{"email":"   ","company":"\t"}""" },
        { "e-mail is a number", """{"email":5}""" },
        { "company is a list", """{"company":["Arvenda"]}""" },
        { "control characters", """{"company":"Arvenda\u0000Group"}""" },
        { "deep nesting", "{\"company\":\"x\",\"custom\":" + string.Concat(Enumerable.Repeat("{\"a\":", 200)) + "1" + new string('}', 200) + "}" },
        { "absurd length", "{\"company\":\"" + new string('x', 20_000) + "\"}" },
        { "consent is a word", """{"email":"a@arvenda.example","consent":"yes"}""" },
    };

    [Theory]
    [MemberData(nameof(Refused))]
    public async Task A_body_that_is_no_lead_is_a_problem_with_a_reason(string what, string body)
    {
        Answer answer = await app.Client.PostJsonAsync("api/leads", body, Token);

        Assert.True(answer.Status == HttpStatusCode.BadRequest, $"{what}: {(int)answer.Status} {answer.Body}");
        Assert.Equal("application/problem+json", answer.MediaType);
        Assert.NotEmpty(Problems(answer));
    }

    [Fact]
    public async Task All_problems_of_a_lead_come_at_once()
    {
        string body = "{\"email\":7,\"company\":[\"x\"],\"phone\":{\"home\":\"1\"},\"lastName\":\"" + new string('y', 20_000) + "\"}";

        Answer answer = (await app.Client.PostJsonAsync("api/leads", body, Token)).Expect(HttpStatusCode.BadRequest);

        string[] fields = [.. Problems(answer).Select(problem => (string)problem["field"]!)];
        Assert.Superset(new HashSet<string>(["email", "company", "phone", "lastName"], StringComparer.Ordinal), new HashSet<string>(fields, StringComparer.Ordinal));
        Assert.All(Problems(answer), problem => Assert.False(string.IsNullOrWhiteSpace((string?)problem["message"])));
        Assert.All(Problems(answer), problem => Assert.False(string.IsNullOrWhiteSpace((string?)problem["code"])));
    }

    [Fact]
    public async Task A_body_of_five_megabytes_is_too_large()
    {
        byte[] body = Encoding.UTF8.GetBytes("{\"email\":\"a@arvenda.example\",\"custom\":{\"note\":\"" + new string('x', 5 * 1024 * 1024) + "\"}}");

        Answer answer = await app.Client.PostAsync("api/leads", body, "application/json", Token);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
        Assert.Equal("application/problem+json", answer.MediaType);
    }

    [Fact]
    public async Task An_e_mail_that_is_none_is_taken_and_ends_with_nobody_instead_of_being_lost()
    {
        JsonObject lead = new() { ["email"] = "anna at arvenda", ["source"] = "endtoend", ["externalId"] = Run.Name() };

        JsonNode decided = await LeadJson.PostDecidedAsync(app.Client, lead, Token);

        Assert.Equal("unmatched", (string?)decided["outcome"]);
    }

    [Fact]
    public async Task Unknown_properties_are_kept_and_are_no_error()
    {
        JsonObject lead = new() { ["email"] = "kept@corvane.example", ["favouriteColour"] = "green", ["source"] = "endtoend", ["externalId"] = Run.Name() };

        await LeadJson.PostDecidedAsync(app.Client, lead, Token);
    }

    [Theory]
    [InlineData("api/leads/no-such-lead")]
    [InlineData("api/leads/no-such-lead/why")]
    [InlineData("api/leads/%2F%5C%23%3F")]
    [InlineData("api/no-such-path")]
    public async Task What_is_not_there_is_404(string path) =>
        Assert.Equal(HttpStatusCode.NotFound, (await app.Client.GetAsync(path, Token)).Status);

    [Theory]
    [InlineData("api/leads?limit=0")]
    [InlineData("api/leads?limit=501")]
    [InlineData("api/leads?limit=many")]
    [InlineData("api/leads?cursor=%7Bnonsense")]
    public async Task A_question_that_makes_no_sense_is_a_problem(string path)
    {
        Answer answer = await app.Client.GetAsync(path, Token);

        Assert.Equal(HttpStatusCode.BadRequest, answer.Status);
        Assert.Equal("application/problem+json", answer.MediaType);
    }

    internal static JsonNode[] Problems(Answer answer) => [.. answer.Json["problems"]!.AsArray().Select(problem => problem!)];
}
