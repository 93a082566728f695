using System.Collections.Frozen;
using Abm.Accounts;
using Abm.Decisions;
using Abm.Functions.Storage.Accounts;

namespace Abm.Functions.Import;

/// <summary>Rows of people known at accounts. The account may come later: until then the contact leads nowhere.</summary>
internal sealed class ContactImport(IAccountCatalogue catalogue) : IImportTarget
{
    private const int MaxText = 320;

    private static readonly FrozenSet<string> Known =
        FrozenSet.ToFrozenSet(["contact_id", "account_id", "email", "first_name", "last_name", "title", "phone"], StringComparer.Ordinal);

    private readonly CatalogueImport _import = new(catalogue);

    public bool IsKnown(string column) => Known.Contains(column);

    public void CheckColumns(CsvColumns columns, ICollection<Problem> problems) => CatalogueImport.Require(columns, problems, "contact_id", "account_id");

    public Task<IReadOnlyList<RowOutcome>> TakeAsync(IReadOnlyList<CsvRow> rows, bool dryRun, CancellationToken cancellationToken) => _import.TakeAsync(
        rows,
        (soFar, row) =>
        {
            var read = new RowReader(row);
            string? id = read.RequiredId("contact_id");
            string? account = read.RequiredId("account_id");
            Contact? known = id is null ? null : soFar.Contact(id);
            var contact = new Contact
            {
                // Never looked at when an id is wrong: the row is rejected then.
                Id = ContactId.Parse(id ?? "none"),
                AccountId = AccountId.Parse(account ?? "none"),
                Email = read.Text("email", known?.Email, MaxText),
                FirstName = read.Text("first_name", known?.FirstName, MaxText),
                LastName = read.Text("last_name", known?.LastName, MaxText),
                Title = read.Text("title", known?.Title, MaxText),
                Phone = read.Text("phone", known?.Phone, MaxText),
            };
            return new CatalogueImport.Step(new AccountChange.ContactSaved(contact), known is not null, read.Problems);
        },
        dryRun,
        cancellationToken);
}
