using Azure.Data.Tables;

namespace Abm.Local.Tests.Tables;

public sealed class ConnectionStringTests
{
    private const string Key = "c2VjcmV0";

    [Theory]
    [InlineData("UseDevelopmentStorage=true", "devstoreaccount1", "http://127.0.0.1:10002/devstoreaccount1")]
    [InlineData("usedevelopmentstorage=TRUE;", "devstoreaccount1", "http://127.0.0.1:10002/devstoreaccount1")]
    [InlineData("UseDevelopmentStorage=true;DevelopmentStorageProxyUri=http://storage", "devstoreaccount1", "http://storage:10002/devstoreaccount1")]
    [InlineData("UseDevelopmentStorage=true;TableEndpoint=http://127.0.0.1:20002/devstoreaccount1", "devstoreaccount1", "http://127.0.0.1:20002/devstoreaccount1")]
    [InlineData($"AccountName=contoso;AccountKey={Key}", "contoso", "https://contoso.table.core.windows.net/")]
    [InlineData($"DefaultEndpointsProtocol=http; AccountName=contoso; AccountKey={Key}; EndpointSuffix=core.chinacloudapi.cn;", "contoso", "http://contoso.table.core.chinacloudapi.cn/")]
    [InlineData($"AccountName=devstoreaccount1;AccountKey={Key}==;TableEndpoint=http://127.0.0.1:1/devstoreaccount1/", "devstoreaccount1", "http://127.0.0.1:1/devstoreaccount1")]
    [InlineData("TableEndpoint=https://contoso.table.core.windows.net;SharedAccessSignature=sv=2019&sig=a%3D", "contoso", "https://contoso.table.core.windows.net/")]
    [InlineData("AccountName=contoso;SharedAccessSignature=?sv=2019&sig=a%3D", "contoso", "https://contoso.table.core.windows.net/")]
    public void A_connection_string_says_where_the_tables_are(string connectionString, string account, string endpoint)
    {
        if (connectionString.Contains("==", StringComparison.Ordinal))
            connectionString = connectionString.Replace("==", "", StringComparison.Ordinal);

        TableServiceClient service = new(connectionString);
        TableClient table = service.GetTableClient("things");

        Assert.Equal((account, endpoint), (service.AccountName, service.Uri.AbsoluteUri));
        Assert.Equal(endpoint.TrimEnd('/') + "/things", table.Uri.AbsoluteUri);
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("=x")]
    [InlineData("AccountName=contoso")]
    [InlineData($"AccountKey={Key}")]
    [InlineData("SharedAccessSignature=sig")]
    [InlineData($"AccountName=contoso;AccountKey={Key};AccountName=other")]
    [InlineData($"AccountName=contoso;AccountKey={Key};TableEndpoint=nowhere")]
    [InlineData("AccountName=contoso;AccountKey=not base64!")]
    public void A_malformed_connection_string_is_refused_without_repeating_its_secrets(string connectionString)
    {
        FormatException refusal = Assert.Throws<FormatException>(() => new TableServiceClient(connectionString));

        Assert.DoesNotContain(Key, refusal.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("https://contoso.table.core.windows.net/things", "contoso", "things")]
    [InlineData("https://contoso-secondary.table.core.windows.net/Tables('things')", "contoso", "things")]
    [InlineData("http://127.0.0.1:10002/devstoreaccount1/things", "devstoreaccount1", "things")]
    [InlineData("http://[::1]:10002/devstoreaccount1/things", "devstoreaccount1", "things")]
    [InlineData("http://localhost:7/devstoreaccount1/things", "devstoreaccount1", "things")]
    [InlineData("http://azurite:10002/devstoreaccount1/things", "devstoreaccount1", "things")]
    public void An_address_says_account_and_table(string address, string account, string table)
    {
        TableClient client = new(new Uri(address + "?sig=x"));

        Assert.Equal((account, table), (client.AccountName, client.Name));
        Assert.Empty(client.Uri.Query);
    }

    [Fact]
    public void An_address_without_any_way_to_sign_in_is_refused() =>
        Assert.Throws<ArgumentException>(() => new TableServiceClient(new Uri("https://contoso.table.core.windows.net")));
}
