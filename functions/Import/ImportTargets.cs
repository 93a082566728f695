using System.Diagnostics;
using Abm.Functions.Intake;
using Abm.Functions.Storage.Accounts;
using Abm.Functions.Storage.Reps;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Import;

/// <summary>What can be imported.</summary>
public sealed class ImportTargets(IAccountCatalogue accounts, IRepCatalogue reps, LeadAdmitter admitter, ILeadQueue queue)
{
    /// <summary>Names as they stand in the path, in the order in which they build on each other.</summary>
    public IReadOnlyList<string> Kinds { get; } = ["accounts", "contacts", "reps", "leads"];

    /// <summary>A target for one file.</summary>
    internal IImportTarget For(string kind, string defaultSource) => kind switch
    {
        "accounts" => new AccountImport(accounts),
        "contacts" => new ContactImport(accounts),
        "reps" => new RepImport(reps),
        "leads" => new LeadImport(admitter, queue, defaultSource),
        _ => throw new UnreachableException(),
    };
}

/// <summary>Registers what importing needs.</summary>
public static class ImportServices
{
    public static IServiceCollection AddImport(this IServiceCollection services) => services.AddSingleton<ImportTargets>();
}

internal static partial class ImportLog
{
    [LoggerMessage(1020, LogLevel.Information, "Imported {Kind}: {Rows} rows, {Accepted} accepted, {Updated} updated, {Rejected} rejected, dry run {DryRun}")]
    public static partial void Imported(this ILogger logger, string kind, int rows, int accepted, int updated, int rejected, bool dryRun);
}
