using System.Globalization;
using Abm.Functions.Import;
using Abm.Functions.Tests.Accounts;

namespace Abm.Functions.Tests.Import;

/// <summary>Run alone: what is alive is counted for the whole process.</summary>
[CollectionDefinition(nameof(ImportMemoryTests), DisableParallelization = true)]
public sealed class ImportMemoryCollection;

[Collection(nameof(ImportMemoryTests))]
public sealed class ImportMemoryTests
{
    [Fact]
    public async Task Two_hundred_thousand_rows_are_checked_in_constant_memory()
    {
        using var csv = new GeneratedCsv("account_id,name,domains,city,country\n", i => string.Create(CultureInfo.InvariantCulture, $"BIG{i},Big Company {i} Ltd,big-{i}.example,Leeds,United Kingdom\n"), 200_000);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        long most = 0;
        csv.EveryTenthOfTheWay = () => most = Math.Max(most, GC.GetTotalMemory(forceFullCollection: true) - before);

        ImportResult result = await CsvImporter.RunAsync(csv, null, new AccountImport(new InMemoryFeed().Accounts()), dryRun: true, TestContext.Current.CancellationToken);

        Assert.Equal(200_000, Assert.IsType<ImportResult.Done>(result).Report.Accepted);
        Assert.True(most < 24L << 20, $"{most >> 20} MiB were alive.");
    }
}
