using Abm.Decisions;
using Abm.Functions.Storage;
using Abm.Functions.Storage.Decisions;
using Abm.Journeys;
using Abm.Leads;
using Abm.Ports;
using Abm.Replays;
using Abm.TestKit;

namespace Abm.Contract.Tests;

/// <summary>What every store of labelled cases does.</summary>
public abstract class CaseStoreContract
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    protected abstract Task<ICaseStore> StoreAsync();

    [Fact]
    public async Task The_last_word_about_a_lead_counts_and_goes_with_the_lead()
    {
        ICaseStore store = await StoreAsync();
        Lead lead = Decisions.Lead(Stores.UniqueLead());
        DecisionInputs inputs = new("dec-1", lead, "config-1", Decisions.Now, new AccountsRead(1, 2));
        LabelledCase first = new(LabelledCase.IdOf(lead.Id, "account"), lead.Id, "account", "A1", "A2", Decisions.Now, "R1", inputs);
        await store.PutAsync(first, Ct);
        await store.PutAsync(first with { Expected = "A3", Was = null }, Ct);
        await store.PutAsync(first with { CaseId = LabelledCase.IdOf(lead.Id, "owner"), Facet = "owner", Expected = "R9" }, Ct);

        LabelledCase[] mine = [.. await MineAsync()];

        Assert.Equal([("account", "A3", null), ("owner", "R9", "A2")], mine.OrderBy(c => c.Facet, StringComparer.Ordinal).Select(c => (c.Facet, c.Expected, c.Was)));
        Assert.All(mine, c => Assert.Equal((Decisions.Now, "R1", lead.Submitted.Email), (c.At, c.By, c.Inputs.Lead.Submitted.Email)));
        Assert.Equal(2, await store.RemoveAsync(lead.Id, Ct));
        Assert.Empty(await MineAsync());
        Assert.Equal(0, await store.RemoveAsync(lead.Id, Ct));

        async Task<List<LabelledCase>> MineAsync()
        {
            List<LabelledCase> found = [];
            await foreach (LabelledCase labelled in store.ReadAsync(Ct))
            {
                if (labelled.Lead == lead.Id)
                    found.Add(labelled);
            }

            return found;
        }
    }
}

public sealed class InMemoryCaseStoreTests : CaseStoreContract
{
    protected override Task<ICaseStore> StoreAsync() => Task.FromResult<ICaseStore>(new InMemoryCases());
}

public sealed class TableCaseStoreTests : CaseStoreContract
{
    protected override async Task<ICaseStore> StoreAsync() => new TableCaseStore(await Stores.TablesAsync());
}
