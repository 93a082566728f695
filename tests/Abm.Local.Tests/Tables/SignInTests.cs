using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Azure;
using Azure.Core;
using Azure.Data.Tables;

namespace Abm.Local.Tests.Tables;

[Collection(nameof(TablesOnAzurite))]
public sealed class SignInTests(TablesFixture azurite)
{
    private const string Account = "devstoreaccount1";
    private const string WrongKey = "AAAA";

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_account_key_signs_every_kind_of_request()
    {
        TableClient table = new(azurite.Endpoint, azurite.NewName(), new TableSharedKeyCredential(Account, TablesFixture.AccountKey));

        await table.CreateAsync(Token);
        await UseAsync(table);
        await table.DeleteAsync(Token);
    }

    [Fact]
    public async Task A_wrong_key_is_refused_and_an_exchanged_key_is_used_at_once()
    {
        TableClient made = await azurite.NewTableAsync();
        TableSharedKeyCredential credential = new(Account, WrongKey);
        TableClient table = new(azurite.Endpoint, made.Name, credential);

        RequestFailedException refused = await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", "r"), Token));
        credential.SetAccountKey(TablesFixture.AccountKey);

        Assert.Equal((403, "AuthorizationFailure"), (refused.Status, refused.ErrorCode));
        await UseAsync(table);
    }

    [Fact]
    public async Task A_signature_for_the_account_serves_as_credential_and_in_a_connection_string()
    {
        string name = (await azurite.NewTableAsync()).Name;
        string sas = AccountSignature("rwdlaucup");

        await UseAsync(new TableServiceClient(azurite.Endpoint, new AzureSasCredential("?" + sas)).GetTableClient(name));
        await UseAsync(new TableClient(new Uri($"{azurite.Endpoint}/{name}"), new AzureSasCredential(sas)));
        await UseAsync(new TableServiceClient($"TableEndpoint={azurite.Endpoint};SharedAccessSignature={sas}").GetTableClient(name));
    }

    [Fact]
    public async Task A_signature_for_one_table_serves_in_its_address()
    {
        string name = (await azurite.NewTableAsync()).Name;
        TableClient table = new(new Uri($"{azurite.Endpoint}/{name}?{TableSignature(name, "raud")}"));

        await UseAsync(table, inTransactions: false); // the emulator refuses such signatures for transactions

        Assert.Equal((name, Account, $"{azurite.Endpoint}/{name}"), (table.Name, table.AccountName, table.Uri.AbsoluteUri));
    }

    [Fact]
    public async Task A_signature_that_may_only_read_may_not_write_until_it_is_renewed()
    {
        string name = (await azurite.NewTableAsync()).Name;
        AzureSasCredential credential = new(AccountSignature("rl"));
        TableClient table = new(new Uri($"{azurite.Endpoint}/{name}"), credential);

        RequestFailedException refused = await Assert.ThrowsAsync<RequestFailedException>(() => table.AddEntityAsync(new TableEntity("p", "r"), Token));
        int rows = await table.QueryAsync<TableEntity>(cancellationToken: Token).CountAsync(Token);
        credential.Update(AccountSignature("rwdlaucup"));

        Assert.Equal((403, 0), (refused.Status, rows));
        await UseAsync(table);
    }

    [Fact]
    public async Task A_retry_has_one_signature_in_its_address_and_the_renewed_one_if_it_was_renewed()
    {
        FakeTransport transport = new(new FakeAnswer(503), new FakeAnswer(503), new FakeAnswer(200, """{"value":[]}"""));
        TableClient table = new(new Uri("https://contoso.table.core.windows.net/things"), new AzureSasCredential("?sv=1&sig=a%2Bb"), transport.Options());

        await table.QueryAsync<TableEntity>("A eq 1", cancellationToken: Token).ToListAsync(Token);

        Assert.Equal(Enumerable.Repeat("?$filter=A%20eq%201&sv=1&sig=a%2Bb", 3), transport.Sent.Select(sent => sent.Uri.Query));
        Assert.All(transport.Sent, sent => Assert.False(sent.Headers.ContainsKey("Authorization")));
    }

    [Fact]
    public async Task A_token_is_asked_for_storage_and_sent_over_https_only()
    {
        FakeTransport transport = new(FakeAnswer.NoContent);
        FakeTokens tokens = new();
        Uri endpoint = new("https://contoso.table.core.windows.net");
        TableClient table = new(endpoint, "things", tokens, transport.Options());

        await table.AddEntityAsync(new TableEntity("p", "r"), Token);

        Assert.Equal("Bearer the-token", transport.Sent.Single().Headers["Authorization"]);
        Assert.Equal(["https://storage.azure.com/.default"], tokens.Scopes);
        Assert.Throws<ArgumentException>(() => new TableClient(new Uri("http://contoso.table.core.windows.net"), "things", tokens));
    }

    [Fact]
    public async Task Another_cloud_is_another_audience()
    {
        FakeTransport transport = new(FakeAnswer.NoContent);
        FakeTokens tokens = new();
        TableClientOptions options = transport.Options();
        options.Audience = TableAudience.AzureGovernment;

        await new TableServiceClient(new Uri("https://contoso.table.core.usgovcloudapi.net"), tokens, options).DeleteTableAsync("things", Token);

        Assert.Equal(["https://storage.azure.us/.default"], tokens.Scopes);
    }

    [Fact]
    public void Tenant_discovery_is_refused_by_name()
    {
        TableClientOptions options = new() { EnableTenantDiscovery = true };

        NotSupportedException refusal = Assert.Throws<NotSupportedException>(() => new TableServiceClient(new Uri("https://contoso.table.core.windows.net"), new FakeTokens(), options));

        Assert.Contains("EnableTenantDiscovery", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task UseAsync(TableClient table, bool inTransactions = true)
    {
        await table.UpsertEntityAsync(new TableEntity("it's é", "r 100%"), cancellationToken: Token);
        await table.AddEntityAsync(new TableEntity("it's é", "s"), Token);
        if (inTransactions)
            await table.SubmitTransactionAsync([new(TableTransactionActionType.UpsertReplace, new TableEntity("it's é", "s"))], Token);
        string filter = TableClient.CreateQueryFilter($"PartitionKey eq {"it's é"}");
        Assert.Equal(["r 100%", "s"], await table.QueryAsync<TableEntity>(filter, cancellationToken: Token).Select(row => row.RowKey).ToListAsync(Token));
        Assert.Equal(204, (await table.DeleteEntityAsync("it's é", "s", cancellationToken: Token)).Status);
    }

    private static string AccountSignature(string permissions)
    {
        const string expiry = "2099-01-01T00:00:00Z";
        string text = $"{Account}\n{permissions}\nt\nsco\n\n{expiry}\n\n\n2019-02-02\n";
        return $"sv=2019-02-02&ss=t&srt=sco&sp={permissions}&se={Uri.EscapeDataString(expiry)}&sig={Uri.EscapeDataString(Sign(text))}";
    }

    private static string TableSignature(string table, string permissions)
    {
        const string expiry = "2099-01-01T00:00:00Z";
        string text = string.Create(CultureInfo.InvariantCulture, $"{permissions}\n\n{expiry}\n/table/{Account}/{table}\n\n\n\n2019-02-02\n\n\n\n");
        return $"sv=2019-02-02&tn={table}&sp={permissions}&se={Uri.EscapeDataString(expiry)}&sig={Uri.EscapeDataString(Sign(text))}";
    }

    private static string Sign(string text) =>
        Convert.ToBase64String(HMACSHA256.HashData(Convert.FromBase64String(TablesFixture.AccountKey), Encoding.UTF8.GetBytes(text)));

    private sealed class FakeTokens : TokenCredential
    {
        public string[] Scopes { get; private set; } = [];

        public override AccessToken GetToken(TokenRequestContext requestContext, CancellationToken cancellationToken)
        {
            Scopes = requestContext.Scopes;
            return new AccessToken("the-token", DateTimeOffset.MaxValue);
        }

        public override ValueTask<AccessToken> GetTokenAsync(TokenRequestContext requestContext, CancellationToken cancellationToken) =>
            new(GetToken(requestContext, cancellationToken));
    }
}
