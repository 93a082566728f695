using System.Collections.Frozen;
using Abm.Accounts;
using Abm.Decisions;
using Abm.Functions.Accounts;
using Abm.Functions.Storage.Accounts;

namespace Abm.Functions.Import;

/// <summary>Rows of accounts. A row with a known id changes that account: columns of the file overwrite, others stay.</summary>
/// <remarks>
/// A row of an account that was merged into another is rejected by name: taking it would bring the duplicate back that somebody put away, and giving its values to the account that stays would overwrite
/// the ones that were chosen to stay.
/// </remarks>
internal sealed class AccountImport(IAccountCatalogue catalogue) : IImportTarget
{
    private static readonly FrozenSet<string> Known = FrozenSet.ToFrozenSet(
        [
            "account_id", "name", "domains", "website", "phone", "street", "city", "state", "zip", "country", "industry", "employees", "aliases", "parent_account_id",
            "owner_id", "tier", "status", "open_opportunity", "opportunity_owner_id", "contacts", "leads", "opportunities", "created_at",
        ],
        StringComparer.Ordinal);

    private readonly CatalogueImport _import = new(catalogue);

    public bool IsKnown(string column) => Known.Contains(column);

    public void CheckColumns(CsvColumns columns, ICollection<Problem> problems) => CatalogueImport.Require(columns, problems, "account_id", "name");

    public Task<IReadOnlyList<RowOutcome>> TakeAsync(IReadOnlyList<CsvRow> rows, bool dryRun, CancellationToken cancellationToken) => _import.TakeAsync(
        rows,
        (soFar, row) =>
        {
            var read = new RowReader(row);
            string? id = read.RequiredId("account_id");
            Account? known = id is null ? null : soFar.Account(id);
            if (id is not null && soFar.MergedInto(id) is { } into)
                read.Add(new Problem("merged", "account_id", $"The account {id} was merged into {into}. Change {into} instead, or take the merge back."));
            Account account = Read(read, id, known);
            return new CatalogueImport.Step(new AccountChange.Saved(account), known is not null, read.Problems);
        },
        dryRun,
        cancellationToken);

    private static Account Read(RowReader read, string? id, Account? known)
    {
        string name = read.Required("name", known?.Name, AccountFields.MaxName);
        AccountId? parent = read.Id("parent_account_id", known?.ParentId, AccountId.Parse);
        if (parent is not null && parent.Value == id)
            read.Add(new Problem("invalidValue", "parent_account_id", "An account cannot be its own parent."));
        return new Account
        {
            // Never looked at when the id is wrong: the row is rejected then.
            Id = id is null ? AccountId.Parse("none") : known?.Id ?? AccountId.Parse(id),
            Name = name,
            Domains = read.Texts("domains", known?.Domains ?? [], AccountFields.MaxDomains, AccountFields.MaxDomain),
            Website = read.Text("website", known?.Website, AccountFields.MaxWebsite),
            Phone = read.Text("phone", known?.Phone, AccountFields.MaxText),
            Street = read.Text("street", known?.Street, AccountFields.MaxText, allowsLines: true),
            City = read.Text("city", known?.City, AccountFields.MaxText),
            State = read.Text("state", known?.State, AccountFields.MaxText),
            Zip = read.Text("zip", known?.Zip, AccountFields.MaxText),
            Country = read.Text("country", known?.Country, AccountFields.MaxText),
            Industry = read.Text("industry", known?.Industry, AccountFields.MaxText),
            EmployeeCount = read.Employees("employees", known?.EmployeeCount),
            Aliases = read.Texts("aliases", known?.Aliases ?? [], AccountFields.MaxAliases, AccountFields.MaxName),
            ParentId = parent,
            OwnerId = read.Id("owner_id", known?.OwnerId, RepId.Parse),
            Tier = read.Word("tier", known?.Tier ?? AccountTier.None, AccountTier.None, AccountFields.Tiers),
            Status = read.Word("status", known?.Status ?? AccountStatus.Prospect, AccountStatus.Prospect, AccountFields.Statuses),
            HasOpenOpportunity = read.Flag("open_opportunity", known?.HasOpenOpportunity ?? false),
            OpportunityOwnerId = read.Id("opportunity_owner_id", known?.OpportunityOwnerId, RepId.Parse),
            ContactCount = read.Count("contacts", known?.ContactCount ?? 0),
            LeadCount = read.Count("leads", known?.LeadCount ?? 0),
            OpportunityCount = read.Count("opportunities", known?.OpportunityCount ?? 0),
            CreatedAt = read.Instant("created_at", known?.CreatedAt),
            Custom = read.Custom(Known.Contains, known?.Custom ?? NoCustom),
        };
    }

    private static readonly IReadOnlyDictionary<string, string> NoCustom = new Dictionary<string, string>();
}
