using System.Text.Json;
using Abm.Decisions;
using Abm.Functions.Intake;
using Abm.Leads;

namespace Abm.Functions.Tests.Intake;

public sealed class SubmissionReaderTests
{
    [Fact]
    public void Every_field_is_read_and_trimmed()
    {
        Submission lead = Accept("""
            {"firstName":" Ada ","lastName":"Byron","title":"CTO","email":"ada@acme.example","company":"Acme","website":"acme.example","phone":"+49 30 1","address":"Gate 3\nBuilding B",
             "city":"Köln","state":"NW","country":"DE","source":"Web-Form","externalId":"f-1","accountId":"A1","isTest":true,
             "consent":{"email":true,"phone":false},"utm":{"source":"ads"},"custom":{"plan":"pro"}}
            """);

        Assert.Equal(
            ("Ada", "Byron", "CTO", "ada@acme.example", "Acme", "acme.example", "+49 30 1", "Gate 3\nBuilding B", "Köln", "NW", "DE", "web-form", "f-1", "A1", true),
            (lead.FirstName, lead.LastName, lead.Title, lead.Email, lead.Company, lead.Website, lead.Phone, lead.Address, lead.City, lead.State, lead.Country, lead.Source, lead.ExternalId, lead.AccountId, lead.IsTest));
        Assert.Equal([true, false], [lead.Consent["email"], lead.Consent["phone"]]);
        Assert.Equal("ads", lead.Utm["source"]);
        Assert.Equal("pro", lead.Custom["plan"]);
    }

    [Fact]
    public void Without_a_source_it_is_web() => Assert.Equal("web", Accept("""{"email":"a@b.example","source":null}""").Source);

    [Fact]
    public void What_we_do_not_know_is_kept_as_custom()
    {
        Submission lead = Accept("""{"email":"a@b.example","colour":"green","size":4,"vip":true,"none":null,"blank":" ","tags":["a", 1],"deep":{"x":{"y":1}},"Email":"other"}""");

        Assert.Equal("green", lead.Custom["colour"]);
        Assert.Equal("4", lead.Custom["size"]);
        Assert.Equal("true", lead.Custom["vip"]);
        Assert.Equal("""["a", 1]""", lead.Custom["tags"]);
        Assert.Equal("""{"x":{"y":1}}""", lead.Custom["deep"]);
        Assert.Equal("other", lead.Custom["Email"]);
        Assert.Equal(6, lead.Custom.Count);
    }

    [Theory]
    [InlineData("email", "a@b.example")]
    [InlineData("company", "Acme")]
    [InlineData("phone", "1")]
    [InlineData("website", "x")]
    [InlineData("accountId", "A1")]
    public void Each_identifying_field_is_enough(string field, string value) => Accept(JsonSerializer.Serialize(new Dictionary<string, string> { [field] = value }));

    [Fact]
    public void An_e_mail_that_is_none_is_kept_beside_a_company() => Assert.Equal("n/a", Accept("""{"email":"n/a","company":"Acme"}""").Email);

    [Theory]
    [InlineData("none")]
    [InlineData("@acme.example")]
    public void An_e_mail_that_is_none_is_taken_for_a_person_to_look_at(string email) =>
        Assert.Equal(email, Accept(JsonSerializer.Serialize(new Dictionary<string, string> { ["email"] = email })).Email);

    [Theory]
    [InlineData("[]", "wrongType", "")]
    [InlineData("null", "wrongType", "")]
    [InlineData("\"lead\"", "wrongType", "")]
    [InlineData("5", "wrongType", "")]
    [InlineData("{}", "required", "")]
    [InlineData("""{"firstName":"Ada"}""", "required", "")]
    [InlineData("""{"email":"  ","company":"\t"}""", "required", "")]
    [InlineData("""{"email":5}""", "wrongType", "email")]
    [InlineData("""{"email":"a@b.example","phone":49301}""", "wrongType", "phone")]
    [InlineData("""{"company":["Acme"]}""", "wrongType", "company")]
    [InlineData("""{"company":{"name":"Acme"}}""", "wrongType", "company")]
    [InlineData("""{"company":true}""", "wrongType", "company")]
    [InlineData("""{"company":"Acme\u0000Group"}""", "controlCharacters", "company")]
    [InlineData("""{"company":"Acme\u0085Group"}""", "controlCharacters", "company")]
    [InlineData("""{"company":"Acme\nGroup"}""", "controlCharacters", "company")]
    [InlineData("""{"company":"Acme","address":"a\u0007"}""", "controlCharacters", "address")]
    [InlineData("""{"company":"Acme \ud800 Group"}""", "invalidText", "company")]
    [InlineData("""{"company":"Acme","x":"\udc00"}""", "invalidText", "x")]
    [InlineData("""{"company":"Acme","\ud800":"x"}""", "invalidText", "")]
    [InlineData("""{"company":"Acme","accountId":"a/b"}""", "invalidId", "accountId")]
    [InlineData("""{"company":"Acme","accountId":"a#b"}""", "invalidId", "accountId")]
    [InlineData("""{"company":"Acme","isTest":"yes"}""", "wrongType", "isTest")]
    [InlineData("""{"company":"Acme","consent":"yes"}""", "wrongType", "consent")]
    [InlineData("""{"company":"Acme","consent":[]}""", "wrongType", "consent")]
    [InlineData("""{"company":"Acme","consent":{"email":"true"}}""", "wrongType", "consent.email")]
    [InlineData("""{"company":"Acme","consent":{"":true}}""", "invalidName", "consent.")]
    [InlineData("""{"company":"Acme","utm":{"source":5}}""", "wrongType", "utm.source")]
    [InlineData("""{"company":"Acme","utm":"x"}""", "wrongType", "utm")]
    [InlineData("""{"company":"Acme","custom":[1]}""", "wrongType", "custom")]
    [InlineData("""{"company":"Acme","company":"Umbrella"}""", "duplicateProperty", "company")]
    [InlineData("""{"company":"Acme","x":1,"x":2}""", "duplicateProperty", "x")]
    [InlineData("""{"company":"Acme","x":"1","custom":{"x":"2"}}""", "duplicateProperty", "custom.x")]
    [InlineData("""{"company":"Acme","consent":{"email":true,"email":false}}""", "duplicateProperty", "consent.email")]
    public void A_wrong_input_has_its_named_problem(string json, string code, string field)
    {
        Problem problem = Assert.Single(Reject(json));

        Assert.Equal((code, field), (problem.Code, problem.Field));
        Assert.NotEmpty(problem.Message);
    }

    public static TheoryData<string, int> Limits => new(SubmissionFields.All.Select(known => (known.Property, known.MaxLength)));

    [Theory]
    [MemberData(nameof(Limits))]
    public void The_longest_text_of_a_field_is_taken_and_one_more_is_too_long(string field, int limit)
    {
        string longest = JsonSerializer.Serialize(new Dictionary<string, string> { ["x"] = "", [field] = new string('x', limit), [field == "company" ? "phone" : "company"] = "1" });

        Accept(longest);
        Problem problem = Assert.Single(Reject(longest.Replace("xxx", "xxxx", StringComparison.Ordinal)));

        Assert.Equal(("tooLong", field), (problem.Code, problem.Field));
    }

    [Fact]
    public void All_problems_come_at_once()
    {
        IReadOnlyList<Problem> problems = Reject("{\"email\":7,\"company\":[\"x\"],\"phone\":{\"home\":\"1\"},\"lastName\":\"" + new string('y', 20_000) + "\",\"consent\":{\"a\":1}}");

        Assert.Equal(["email", "company", "phone", "lastName", "consent.a"], problems.Select(problem => problem.Field));
    }

    [Fact]
    public void No_problem_repeats_what_was_sent()
    {
        IReadOnlyList<Problem> problems = Reject("{\"email\":\"secret\\u0001@acme.example\",\"company\":\"" + new string('z', 500) + "\",\"accountId\":\"pri/vate\"}");

        Assert.DoesNotContain(problems, problem => problem.Message.Contains("secret", StringComparison.Ordinal) || problem.Message.Contains("zz", StringComparison.Ordinal) || problem.Message.Contains("pri/", StringComparison.Ordinal));
    }

    [Fact]
    public void The_number_of_entries_is_bounded()
    {
        string utm = string.Join(',', Enumerable.Range(0, SubmissionFields.MaxEntries + 1).Select(i => $"\"k{i}\":\"v\""));

        Assert.Equal("tooMany", Assert.Single(Reject($$$"""{"company":"Acme","utm":{{{{utm}}}}}""")).Code);
    }

    [Fact]
    public void All_custom_fields_together_are_bounded()
    {
        string custom = string.Join(',', Enumerable.Range(0, 4).Select(i => $"\"k{i}\":\"{new string('v', 6_000)}\""));

        Problem problem = Assert.Single(Reject($$$"""{"company":"Acme","custom":{{{{custom}}}}}"""));

        Assert.Equal(("tooLong", "custom"), (problem.Code, problem.Field));
    }

    [Fact]
    public void Emoji_and_every_script_are_texts() =>
        Assert.Equal("株式会社 🚀 Ünïcode", Accept("""{"company":"株式会社 \ud83d\ude80 Ünïcode"}""").Company);

    private static Submission Accept(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        SubmissionReading reading = SubmissionReader.Read(document.RootElement);
        Assert.True(reading is SubmissionReading.Accepted, reading is SubmissionReading.Rejected rejected ? string.Join("; ", rejected.Problems) : "");
        return ((SubmissionReading.Accepted)reading).Submission;
    }

    private static IReadOnlyList<Problem> Reject(string json)
    {
        using JsonDocument document = JsonDocument.Parse(json);
        return Assert.IsType<SubmissionReading.Rejected>(SubmissionReader.Read(document.RootElement)).Problems;
    }
}
