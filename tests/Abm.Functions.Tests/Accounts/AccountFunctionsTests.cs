using System.Text.Json.Nodes;
using Abm.Accounts;
using Abm.Functions.Accounts;
using Abm.Functions.Tests.Http;
using Abm.TestKit;

namespace Abm.Functions.Tests.Accounts;

public sealed class AccountFunctionsTests
{
    private readonly InMemoryFeed _feed = new();
    private readonly AccountFunctions _functions;

    public AccountFunctionsTests() => _functions = new AccountFunctions(_feed.Accounts());

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("name")]
    [InlineData("id")]
    public async Task Pages_together_are_the_whole_list_in_order(string sort)
    {
        await SaveAsync([.. Enumerable.Range(0, 25).Select(i => A.Account($"A{i:D2}").Named(i % 5 == 0 ? "Same Name" : $"company {(i * 7) % 25:D2}"))]);
        var ids = new List<string>();
        var names = new List<string>();
        string? cursor = null;
        do
        {
            JsonNode page = (await ListAsync($"?sort={sort}&limit=4&cursor={cursor}")).Json;
            Assert.InRange(page["items"]!.AsArray().Count, 1, 4);
            ids.AddRange(page["items"]!.AsArray().Select(item => (string)item!["accountId"]!));
            names.AddRange(page["items"]!.AsArray().Select(item => (string)item!["name"]!));
            cursor = (string?)page["next"];
        }
        while (cursor is not null);

        Assert.Equal(25, ids.Distinct().Count());
        Assert.Equal(25, ids.Count);
        if (sort == "id")
            Assert.Equal(ids.Order(StringComparer.Ordinal), ids);
        else
            Assert.Equal(names.Order(StringComparer.OrdinalIgnoreCase), names);
    }

    [Fact]
    public async Task A_page_goes_on_after_its_place_although_accounts_came_and_went()
    {
        await SaveAsync(A.Account("1").Named("b"), A.Account("2").Named("d"), A.Account("3").Named("f"));
        string? cursor = (string?)(await ListAsync("?limit=2")).Json["next"];
        await _feed.Accounts().SaveAsync(_ => [new AccountChange.Removed(Abm.Decisions.AccountId.Parse("2")), new AccountChange.Saved(A.Account("4").Named("e")), new AccountChange.Saved(A.Account("5").Named("a"))], Token);

        JsonNode page = (await ListAsync($"?limit=2&cursor={cursor}")).Json;

        Assert.Equal(["e", "f"], page["items"]!.AsArray().Select(item => (string)item!["name"]!));
        Assert.Null(page["next"]);
    }

    [Theory]
    [InlineData("KÖLN", "2")]
    [InlineData("beta.exa", "1")]
    [InlineData("formerly", "1")]
    [InlineData("nothing", null)]
    public async Task A_search_looks_into_names_domains_aliases_and_ids(string search, string? id)
    {
        await SaveAsync(A.Account("1").Named("Alpha") with { Domains = ["beta.example"], Aliases = ["Formerly Gamma"] }, A.Account("2").Named("Stadtwerke Köln"));

        JsonArray items = (await ListAsync($"?q={Uri.EscapeDataString(search)}")).Json["items"]!.AsArray();

        Assert.Equal(id is null ? [] : [id], items.Select(item => (string)item!["accountId"]!));
    }

    [Theory]
    [InlineData("?limit=0")]
    [InlineData("?sort=size")]
    [InlineData("?cursor=!")]
    public async Task A_list_that_makes_no_sense_is_400(string query) => Assert.Equal(400, (await ListAsync(query)).Status);

    [Fact]
    public async Task An_account_that_is_not_there_is_404() =>
        Assert.Equal(404, (await _functions.GetAccount(Requests.Get("/api/accounts/x"), "x", Token).AnswerAsync()).Status);

    [Fact]
    public async Task An_account_is_created_read_edited_and_not_overwritten()
    {
        Answered created = await PutAsync("""{"name":"Acme","domains":["acme.example"],"tier":"1:1","status":"customer","employees":12,"favourite":"yes"}""");
        Answered read = await _functions.GetAccount(Requests.Get("/api/accounts/A1"), "A1", Token).AnswerAsync();
        string tag = read.Headers.ETag!;
        Answered unstated = await PutAsync("""{"name":"Other"}""");
        Answered edited = await PutAsync("""{"name":"Acme Corp"}""", ("If-Match", tag));
        Answered late = await PutAsync("""{"name":"Late"}""", ("If-Match", tag));
        Answered again = await PutAsync("""{"name":"Again"}""", ("If-None-Match", "*"));

        Assert.Equal((201, 200, 428, 200, 412, 412), (created.Status, read.Status, unstated.Status, edited.Status, late.Status, again.Status));
        Assert.Equal(("1:1", "customer", 12, "yes"), ((string)read.Json["tier"]!, (string)read.Json["status"]!, (int)read.Json["employees"]!, (string)read.Json["custom"]!["favourite"]!));
        Assert.Equal(tag, (string?)created.Json["etag"]);
        Assert.NotEqual(tag, edited.Headers.ETag.ToString());
        Assert.Empty(edited.Json["domains"]!.AsArray());
    }

    [Fact]
    public async Task Reading_and_writing_back_changes_nothing()
    {
        await PutAsync("""{"name":"Acme","domains":["acme.example"],"aliases":["A"],"tier":"1:few","status":"formerCustomer","createdAt":"2024-01-01","street":"a\nb","custom":{"x":"y"}}""");
        Answered read = await _functions.GetAccount(Requests.Get("/api/accounts/A1"), "A1", Token).AnswerAsync();

        Answered written = await PutAsync(read.Body, ("If-Match", read.Headers.ETag!));

        Assert.Equal(200, written.Status);
        Assert.Equal(read.Body, written.Body);
    }

    [Fact]
    public async Task Who_has_this_version_gets_304()
    {
        string tag = (await PutAsync("""{"name":"Acme"}""")).Headers.ETag!;

        Answered answer = await _functions.GetAccount(Requests.Request("GET", "/api/accounts/A1", [], null, ("If-None-Match", tag)), "A1", Token).AnswerAsync();

        Assert.Equal((304, ""), (answer.Status, answer.Body));
    }

    [Fact]
    public async Task All_problems_of_an_account_come_at_once()
    {
        Answered answer = await PutAsync("""
            {"accountId":"A2","domains":"acme.example","aliases":[1],"employees":-1,"tier":"gold","status":5,"openOpportunity":"yes","createdAt":"01/02/2024","parentAccountId":"A1","ownerId":"a/b","custom":[],"x":1,"x":2}
            """);

        Assert.Equal(400, answer.Status);
        Assert.Equal(
            ["accountId", "aliases[0]", "createdAt", "custom", "domains", "employees", "name", "openOpportunity", "ownerId", "parentAccountId", "status", "tier", "x"],
            answer.Problems.Select(problem => problem.Field).Order(StringComparer.Ordinal));
    }

    private Task<Answered> ListAsync(string query) => _functions.ListAccounts(Requests.Get("/api/accounts" + query), Token).AnswerAsync();

    private Task<Answered> PutAsync(string body, params (string, string)[] headers) =>
        _functions.PutAccount(Requests.Request("PUT", "/api/accounts/A1", System.Text.Encoding.UTF8.GetBytes(body), "application/json", headers), "A1", Token).AnswerAsync();

    private Task SaveAsync(params Account[] accounts) => _feed.Accounts().SaveAsync(_ => [.. accounts.Select(account => new AccountChange.Saved(account))], Token);
}
