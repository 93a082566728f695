using Abm.Decisions;
using Abm.Functions.Storage;
using Abm.TestKit;
using Azure.Data.Tables;

namespace Abm.Contract.Tests;

/// <summary>The tables of leads in one Azurite for all tests of the process.</summary>
internal static class Stores
{
    private static readonly Lazy<Task<TableServiceClient>> Service = new(CreateAsync);
    private static int _next;

    public static Task<TableServiceClient> TablesAsync() => Service.Value;

    /// <summary>A text that no other test uses.</summary>
    public static string Unique(string prefix) => $"{prefix}-{Environment.ProcessId}-{Interlocked.Increment(ref _next)}";

    public static LeadId UniqueLead() => LeadId.From("contract", Unique("lead"));

    private static async Task<TableServiceClient> CreateAsync()
    {
        TableServiceClient service = new(await SharedAzurite.ConnectionStringAsync());
        foreach (string table in TableNames.OfLeads)
            await service.CreateTableIfNotExistsAsync(table);
        return service;
    }
}
