using Abm.Functions.Intake;
using Abm.Functions.Storage;
using Azure.Data.Tables;

namespace Abm.Contract.Tests;

public sealed class RequestKeysTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_key_belongs_to_the_body_it_was_first_used_with()
    {
        TableServiceClient service = await Stores.TablesAsync();
        await service.CreateTableIfNotExistsAsync(AccountTables.RequestKeys, Ct);
        var keys = new TableRequestKeys(service);
        string key = Stores.Unique("a/key#with?what\\tables'refuse");

        bool[] claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => keys.ClaimAsync("web", key, "body-1", Ct)));

        Assert.All(claims, Assert.True);
        Assert.False(await keys.ClaimAsync("web", key, "body-2", Ct));
        Assert.True(await keys.ClaimAsync("other", key, "body-2", Ct));
    }
}
