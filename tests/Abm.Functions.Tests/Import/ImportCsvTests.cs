using System.Text;
using System.Text.Json.Nodes;
using Abm.Accounts;
using Abm.Decisions;
using Abm.Functions.Import;
using Abm.Functions.Storage.Accounts;
using Abm.Functions.Tests.Accounts;
using Abm.Functions.Tests.Http;
using Abm.Functions.Tests.Intake;
using Abm.People;
using Microsoft.Extensions.Logging.Abstractions;

namespace Abm.Functions.Tests.Import;

public sealed class ImportCsvTests
{
    private readonly InMemoryFeed _accounts = new();
    private readonly InMemoryFeed _reps = new();
    private readonly IntakeFakes _intake = new();
    private readonly ImportCsv _function;

    public ImportCsvTests() =>
        _function = new ImportCsv(new ImportTargets(_accounts.Accounts(), _reps.Reps(), _intake.Admitter, _intake), NullLogger<ImportCsv>.Instance);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Accounts_are_taken_with_every_column()
    {
        JsonNode report = await ReportAsync("accounts", """
            account_id,name,domains,website,phone,street,city,state,zip,country,industry,employees,aliases,parent_account_id,owner_id,tier,status,open_opportunity,opportunity_owner_id,created_at,contacts,leads,opportunities,crm_stage
            A1,Acme,acme.example; acme.test;,https://acme.example,+49 30 1,"Gate 3
            Building B",Köln,NW,50667,DE,foundry,51-200,Acme Corp;Acme AG,A0,R1,1:FEW,Former_Customer,yes,R2,2024-02-29,1,2,3,won
            """);

        Account account = (await _accounts.Accounts().CurrentAsync(Token)).Accounts["A1"];
        Assert.Equal((1, 1, 0, 0), Counts(report));
        Assert.Equal(["acme.example", "acme.test"], account.Domains);
        Assert.Equal(["Acme Corp", "Acme AG"], account.Aliases);
        Assert.Equal(("Acme", 125, AccountTier.OneToFew, AccountStatus.FormerCustomer, true), (account.Name, account.EmployeeCount, account.Tier, account.Status, account.HasOpenOpportunity));
        Assert.Equal(("A0", "R1", "R2"), (account.ParentId!.Value, account.OwnerId!.Value, account.OpportunityOwnerId!.Value));
        Assert.Equal((1, 2, 3), (account.ContactCount, account.LeadCount, account.OpportunityCount));
        Assert.Equal(new DateTimeOffset(2024, 2, 29, 0, 0, 0, TimeSpan.Zero), account.CreatedAt);
        Assert.Equal("won", account.Custom["crm_stage"]);
        Assert.Equal("Gate 3\nBuilding B", account.Street);
        Assert.Equal(["crm_stage"], report["unknownColumns"]!.AsArray().Select(column => (string)column!));
    }

    [Fact]
    public async Task A_known_id_updates_the_columns_of_the_file_and_leaves_the_others()
    {
        await ReportAsync("accounts", "account_id,name,city,phone,stage\nA1,Acme,Köln,1,new\n");

        JsonNode report = await ReportAsync("accounts", "account_id,name,city\nA1,Acme Corp,\nA2,Other,Bonn\n");

        Account account = (await _accounts.Accounts().CurrentAsync(Token)).Accounts["A1"];
        Assert.Equal((2, 1, 1, 0), Counts(report));
        Assert.Equal(("Acme Corp", null, "1", "new"), (account.Name, account.City, account.Phone, account.Custom["stage"]));
    }

    [Theory]
    [InlineData("")]
    [InlineData("?dryRun=true")]
    public async Task A_row_of_a_merged_account_is_reported_by_name_and_brings_nothing_back(string query)
    {
        await ReportAsync("accounts", "account_id,name,domains\nA1,Acme Ltd,acme.test\nA2,Acme,acme.example\n");
        await _accounts.Accounts().SaveAsync(
            state =>
            [
                new AccountChange.Removed(AccountId.Parse("A1")),
                new AccountChange.Merged(new MergedAccount(state.Accounts["A1"], AccountId.Parse("A2"), [], [], ["acme.test"], ["Acme Ltd"], DateTimeOffset.UnixEpoch, "ops", "One company")),
            ],
            Token);

        JsonNode report = await ReportAsync("accounts", "account_id,name,city\nA1,Acme Limited,Kiel\nA2,Acme,Köln\n", query);

        Assert.Equal((2, 0, 1, 1), Counts(report));
        JsonNode problem = report["errors"]![0]!["problems"]![0]!;
        Assert.Equal(("merged", "account_id"), ((string?)problem["code"], (string?)problem["field"]));
        Assert.Contains("merged into A2", (string?)problem["message"], StringComparison.Ordinal);
        AccountsState state = await _accounts.Accounts().CurrentAsync(Token);
        Assert.False(state.Accounts.ContainsKey("A1"));
        Assert.Equal(("Acme", query.Length == 0 ? "Köln" : null), (state.Accounts["A2"].Name, state.Accounts["A2"].City));
        Assert.Equal("A2", state.Index.Find(AccountId.Parse("A1"))!.Id.Value);
    }

    [Fact]
    public async Task A_contact_of_a_merged_account_leads_to_the_one_that_stays()
    {
        await ReportAsync("accounts", "account_id,name\nA1,Acme Ltd\nA2,Acme\n");
        await _accounts.Accounts().SaveAsync(
            state => [new AccountChange.Removed(AccountId.Parse("A1")), new AccountChange.Merged(new MergedAccount(state.Accounts["A1"], AccountId.Parse("A2"), [], [], [], [], DateTimeOffset.UnixEpoch, "ops", "One company"))],
            Token);

        Assert.Equal((1, 1, 0, 0), Counts(await ReportAsync("contacts", "contact_id,account_id,email\nC1,A1,ada@gmail.com\n")));

        AccountIndex index = (await _accounts.Accounts().CurrentAsync(Token)).Index;
        Assert.Equal("A2", index.Find(index.FindContact("ada@gmail.com")!.AccountId)!.Id.Value);
    }

    [Theory]
    [InlineData("")]
    [InlineData("?dryRun=true")]
    public async Task The_same_id_twice_in_a_file_is_one_account_and_the_last_row_wins(string query)
    {
        JsonNode report = await ReportAsync("accounts", "account_id,name\nA1,First\nA1,Second\n", query);

        Assert.Equal((2, 1, 1, 0), Counts(report));
        if (query.Length == 0)
            Assert.Equal("Second", (await _accounts.Accounts().CurrentAsync(Token)).Accounts["A1"].Name);
    }

    [Fact]
    public async Task Wrong_rows_are_reported_with_all_their_problems_and_the_rest_is_taken()
    {
        JsonNode report = await ReportAsync("accounts", "account_id,name,employees,tier,created_at,parent_account_id\nA1,Good,10,1:1,,\n,,many,platinum,03/04/2024,x/y\nA3,Bad,,,,A3\nA4,Good,,,,\n");

        Assert.Equal((4, 2, 0, 2), Counts(report));
        Assert.Equal((2, 3), ((int)report["errors"]![0]!["row"]!, (int)report["errors"]![0]!["line"]!));
        Assert.Equal(
            ["account_id:required", "name:required", "parent_account_id:invalidId", "employees:wrongType", "tier:unknownValue", "created_at:wrongType"],
            ProblemsOf(report, 0));
        Assert.Equal(["parent_account_id:invalidValue"], ProblemsOf(report, 1));
    }

    [Fact]
    public async Task Ragged_rows_are_rejected_except_for_empty_values_at_the_end()
    {
        JsonNode report = await ReportAsync("accounts", "account_id,name\nA1\nA2,b,c\nA3,d,,\n,\nA4,e\n");

        Assert.Equal((4, 2, 0, 2), Counts(report));
        Assert.Equal([":raggedRow"], ProblemsOf(report, 0));
    }

    [Fact]
    public async Task Control_characters_and_absurd_lengths_reject_the_row()
    {
        JsonNode report = await ReportAsync("accounts", $"account_id,name\nA1,x\0y\nA2,{new string('x', 5_000)}\nA3,{new string('x', 200_000)}\nA4,ok\n");

        Assert.Equal((4, 1, 0, 3), Counts(report));
        Assert.Equal(["name:controlCharacters", "name:tooLong", ":tooLong"], [ProblemsOf(report, 0)[0], ProblemsOf(report, 1)[0], ProblemsOf(report, 2)[0]]);
    }

    [Fact]
    public async Task A_line_end_within_a_cell_is_a_space_where_a_value_has_one_line()
    {
        JsonNode accounts = await ReportAsync("accounts", "account_id,name,street,note\nA1,\"Arvenda\r\nTrading\",\"Gate 3\nHall 4\",\"a\tb\"\n");
        JsonNode leads = await ReportAsync("leads", "company,address\n\"Arvenda\nTrading\",\"Gate 3\nHall 4\"\n");

        Account account = (await _accounts.Accounts().CurrentAsync(Token)).Accounts["A1"];
        Abm.Leads.Submission lead = Assert.Single(_intake.Leads).Lead.Submitted;
        Assert.Equal(((1, 1, 0, 0), (1, 1, 0, 0)), (Counts(accounts), Counts(leads)));
        Assert.Equal(("Arvenda Trading", "Gate 3\nHall 4", "a\tb"), (account.Name, account.Street, account.Custom["note"]));
        Assert.Equal(("Arvenda Trading", "Gate 3\nHall 4"), (lead.Company, lead.Address));
    }

    [Theory]
    [InlineData("", "empty", "")]
    [InlineData("\n\n", "empty", "")]
    [InlineData("name,city\nAcme,Köln\n", "missingColumn", "account_id")]
    [InlineData("account_id,name,Name\nA1,a,b\n", "duplicateColumn", "name")]
    [InlineData("account_id,name,my col,my_col\nA1,a,b,c\n", "duplicateColumn", "my_col")]
    [InlineData("[{\"account_id\":\"A1\"}]", "missingColumn", "account_id")]
    public async Task A_file_that_cannot_be_read_as_a_whole_is_400_and_nothing_is_taken(string csv, string code, string field)
    {
        Answered answer = await ImportAsync("accounts", Encoding.UTF8.GetBytes(csv), "text/csv", "");

        Assert.Equal(400, answer.Status);
        Assert.Contains((code, field), answer.Problems);
        Assert.Equal(0, _accounts.Head.Version);
    }

    public static TheoryData<string, byte[], string> Encodings
    {
        get
        {
            const string csv = "account_id,name\r\nA1,Müller € „Söhne“\r\n";
            Encoding windows = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;
            return new()
            {
                { "utf-8", Encoding.UTF8.GetBytes(csv), "text/csv" },
                { "utf-8 with a mark", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(csv)], "text/csv" },
                { "utf-16 LE with a mark", [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(csv)], "text/csv" },
                { "utf-16 BE with a mark", [0xFE, 0xFF, .. Encoding.BigEndianUnicode.GetBytes(csv)], "text/csv" },
                { "utf-16 LE without a mark", Encoding.Unicode.GetBytes(csv), "text/csv" },
                { "utf-16 LE, stated", Encoding.Unicode.GetBytes(csv), "text/csv; charset=utf-16" },
                { "windows-1252, stated", windows.GetBytes(csv), "text/csv; charset=windows-1252" },
                { "windows-1252, not stated", windows.GetBytes(csv), "text/csv" },
                { "a mark overrules what is stated", [0xEF, 0xBB, 0xBF, .. Encoding.UTF8.GetBytes(csv)], "text/csv; charset=windows-1252" },
            };
        }
    }

    [Theory]
    [MemberData(nameof(Encodings))]
    public async Task Every_encoding_arrives_as_the_same_text(string what, byte[] bytes, string contentType)
    {
        Answered answer = await ImportAsync("accounts", bytes, contentType, "");

        Assert.True(answer.Status == 200, what + answer.Body);
        Assert.Equal("Müller € „Söhne“", (await _accounts.Accounts().CurrentAsync(Token)).Accounts["A1"].Name);
    }

    [Fact]
    public async Task A_file_glued_together_from_two_encodings_is_read_row_by_row()
    {
        byte[] bytes = [.. "account_id,name\nA1,Köln\n"u8, .. Encoding.Latin1.GetBytes("A2,Köln\n"), .. "A3,Köln\n"u8];

        await ImportAsync("accounts", bytes, "text/csv", "");

        Assert.Equal(["Köln", "Köln", "Köln"], (await _accounts.Accounts().CurrentAsync(Token)).Accounts.Values.Select(account => account.Name));
    }

    [Theory]
    [InlineData("application/json")]
    [InlineData("application/x-www-form-urlencoded")]
    [InlineData("text/csv; charset=koi8-r")]
    public async Task Another_content_type_is_415(string contentType) => Assert.Equal(415, (await ImportAsync("accounts", [], contentType, "")).Status);

    [Fact]
    public async Task What_cannot_be_imported_is_404() => Assert.Equal(404, (await ImportAsync("invoices", [], "text/csv", "")).Status);

    [Fact]
    public async Task A_dry_run_says_what_would_be_and_keeps_nothing()
    {
        await ReportAsync("accounts", "account_id,name\nA1,Acme\n");
        long version = _accounts.Head.Version;

        JsonNode accounts = await ReportAsync("accounts", "account_id,name\nA1,Acme\nA2,Other\nA3,\n", "?dryRun=true");
        JsonNode leads = await ReportAsync("leads", "email\na@b.example\n", "?dryRun=true");
        JsonNode reps = await ReportAsync("reps", "rep_id,name\nR1,Ada\nR1,Ada\n", "?dryRun=true");

        Assert.Equal((3, 1, 1, 1), Counts(accounts));
        Assert.Equal((1, 1, 0, 0), Counts(leads));
        Assert.Equal((2, 1, 1, 0), Counts(reps));
        Assert.True((bool)accounts["dryRun"]!);
        Assert.Equal((version, 0L, 0, 0), (_accounts.Head.Version, _reps.Head.Version, _intake.Leads.Count, _intake.Messages.Count));
    }

    [Fact]
    public async Task The_report_lists_the_first_thousand_wrong_rows_and_counts_the_rest()
    {
        JsonNode report = await ReportAsync("accounts", "account_id,name\n" + string.Concat(Enumerable.Range(0, 1_500).Select(i => i % 2 == 0 ? $"A{i}\n" : $",x{i}\n")));

        Assert.Equal((1_500, 0, 0, 1_500), Counts(report));
        Assert.Equal(1_000, report["errors"]!.AsArray().Count);
        Assert.Equal(500, (int)report["errorsLeftOut"]!);
        Assert.Equal(Enumerable.Range(1, 1_000), report["errors"]!.AsArray().Select(error => (int)error!["row"]!));
    }

    [Fact]
    public async Task Contacts_lead_to_their_accounts()
    {
        JsonNode report = await ReportAsync("contacts", "contact_id,account_id,email,first_name,last_name,title,phone\nK1,A1,ada@acme.example,Ada,Byron,CTO,1\nK2,,b@acme.example,,,,\n");

        Assert.Equal((2, 1, 0, 1), Counts(report));
        Assert.Equal("A1", (await _accounts.Accounts().CurrentAsync(Token)).Index.FindContact("ada@acme.example")!.AccountId.Value);
    }

    [Fact]
    public async Task Reps_are_taken_with_every_column()
    {
        JsonNode report = await ReportAsync("reps", """
            rep_id,name,email,role,manager_id,team,time_zone,calendar,pools,active,out_of_office,delegate_id
            R1,Ada,ada@us.example,SDR,R2,emea,Europe/Berlin,default,a;b,false,2026-12-21/2027-01-04/holidays;2026-11-20T08:00:00Z/2026-11-20T12:00:00Z,R3
            R2,Bob,,,,,,,,,,
            R4,Eve,,,R4,,+01:00,,,perhaps,2027-01-04/2026-12-21,
            """);

        IReadOnlyDictionary<RepId, Rep> reps = (await _reps.Reps().CurrentAsync(Token)).Reps;
        Rep ada = reps[RepId.Parse("R1")];
        Assert.Equal((3, 2, 0, 1), Counts(report));
        Assert.Equal(["time_zone:unknownValue", "manager_id:invalidValue", "active:wrongType", "out_of_office:wrongType"], ProblemsOf(report, 0));
        Assert.Equal(("R2", "Europe/Berlin", false, "R3"), (ada.ManagerId!.Value, ada.TimeZone, ada.IsActive, ada.DelegateId!.Value));
        Assert.Equal(["a", "b"], ada.Pools);
        Assert.Equal(new Absence(new(2026, 12, 21, 0, 0, 0, TimeSpan.Zero), new(2027, 1, 4, 0, 0, 0, TimeSpan.Zero), "holidays"), ada.Absences[0]);
        Assert.True(reps[RepId.Parse("R2")].IsActive);
    }

    [Fact]
    public async Task Leads_go_the_way_of_posted_ones_many_in_a_message()
    {
        string csv = "lead_id,email,company,source,utm_source,consent_email,case_type\n" + string.Concat(Enumerable.Range(0, 70).Select(i => $"L{i},a{i}@b.example,Acme,hub,ads,yes,easy\n"));

        JsonNode report = await ReportAsync("leads", csv);

        Assert.Equal((70, 70, 0, 0), Counts(report));
        Assert.Equal([32, 32, 6], _intake.Messages.Select(message => message.Count));
        Assert.Equal(70, _intake.Messages.SelectMany(message => message).Distinct().Count());
        Abm.Leads.Lead lead = _intake.Leads.Single(kept => kept.Lead.Id == LeadId.From("hub", "L7")).Lead;
        Assert.Equal(("ads", true, "easy"), (lead.Submitted.Utm["source"], lead.Submitted.Consent["email"], lead.Submitted.Custom["case_type"]));
    }

    [Fact]
    public async Task A_lead_of_a_file_is_the_posted_one_when_they_say_the_same()
    {
        await _intake.SubmitLead.RunAsync(Requests.PostJson("/api/leads", """{"source":"hub","externalId":"1","email":"a@b.example","company":"Acme"}"""), Token);

        JsonNode report = await ReportAsync("leads", "source,external_id,email,company\nhub,1,a@b.example,Acme\nhub,1,a@b.example,Other\n");

        Assert.Equal((2, 0, 1, 1), Counts(report));
        Assert.Equal(["external_id:keyReused"], ProblemsOf(report, 0));
        Assert.Single(_intake.Leads);
    }

    [Fact]
    public async Task The_caller_names_the_source_of_rows_that_name_none()
    {
        await ReportAsync("leads", "email,lead_id\na@b.example,1\n", "?source=Fair");
        await ReportAsync("leads", "email,lead_id\na@b.example,1\n");

        Assert.Equal(["fair", "import"], _intake.Leads.Select(kept => kept.Lead.Submitted.Source).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Wrong_leads_are_reported_with_all_their_problems()
    {
        JsonNode report = await ReportAsync("leads", "email,first_name,account_id,consent_email,is_test\n,Ada,,,\nno,,a/b,perhaps,perhaps\nok@b.example,,,,\n");

        Assert.Equal((3, 1, 0, 2), Counts(report));
        Assert.Equal([":required"], ProblemsOf(report, 0));
        Assert.Equal(["account_id:invalidId", "consent_email:wrongType", "is_test:wrongType"], ProblemsOf(report, 1));
    }

    private static (int Rows, int Accepted, int Updated, int Rejected) Counts(JsonNode report) =>
        ((int)report["rows"]!, (int)report["accepted"]!, (int)report["updated"]!, (int)report["rejected"]!);

    private static string[] ProblemsOf(JsonNode report, int error) =>
        [.. report["errors"]![error]!["problems"]!.AsArray().Select(problem => $"{problem!["field"]}:{problem["code"]}")];

    private async Task<JsonNode> ReportAsync(string kind, string csv, string query = "")
    {
        Answered answer = await ImportAsync(kind, Encoding.UTF8.GetBytes(csv), "text/csv", query);
        Assert.True(answer.Status == 200, answer.Body);
        return answer.Json;
    }

    private Task<Answered> ImportAsync(string kind, byte[] body, string contentType, string query) =>
        _function.RunAsync(Requests.Request("POST", $"/api/import/{kind}{query}", body, contentType), kind, Token).AnswerAsync();
}
