using Abm.Accounts;
using Abm.Decisions;
using Abm.Leads;

namespace Abm.Evaluation;

/// <summary>Reads the two CSV files.</summary>
internal static class Records
{
    private static readonly string[] AccountIdColumn = ["account_id", "id"];
    private static readonly string[] NameColumn = ["name", "account_name", "company_name", "company"];
    private static readonly string[] ExpectedColumn = ["expected_account_id", "expected", "expected_account"];

    /// <exception cref="InputException">The file cannot be used.</exception>
    public static List<Account> Accounts(string path)
    {
        var accounts = new List<Account>();
        var met = new HashSet<string>(StringComparer.Ordinal);
        int repeated = 0;
        foreach (Table.Row row in Table.Rows(path, AccountIdColumn, NameColumn))
        {
            if (row.Text(AccountIdColumn) is not { } id)
                continue;
            if (met.Add(IdOf(id)))
                accounts.Add(AccountOf(row, id));
            else
                repeated++;
        }

        if (repeated > 0)
            Console.Error.WriteLine($"{path}: {repeated} rows repeat an account's id; the first counts.");
        return accounts;
    }

    /// <remarks>A company is wholly in one part: leads of one account (or, without one, of one typed name) stay together.</remarks>
    /// <exception cref="InputException">The file cannot be used.</exception>
    public static List<LabelledLead> Leads(string path)
    {
        var leads = new List<LabelledLead>();
        foreach (Table.Row row in Table.Rows(path))
            leads.Add(LeadOf(row));
        return leads;
    }

    /// <summary>An id as ours may be: characters that cannot be in one are replaced alike wherever it stands.</summary>
    private static string IdOf(string text)
    {
        if (IdText.IsValid(text))
            return text;
        string id = string.Concat(text.Trim().Select(c => c is '/' or '\\' or '#' or '?' || char.IsControl(c) || char.IsSurrogate(c) ? '~' : c));
        return id.Length > IdText.MaxLength ? DerivedId.From("account", id) : id;
    }

    private static Account AccountOf(Table.Row row, string id) => new()
    {
        Id = AccountId.Parse(IdOf(id)),
        Name = row.Text(NameColumn) ?? "",
        Aliases = row.List("aliases", "alias", "former_names", "other_names"),
        Domains = [.. row.List("domains", "domain").SelectMany(part => part.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries))],
        Website = row.Text("website", "url", "website_url"),
        Phone = row.Text("phone", "telephone", "phone_number"),
        Street = row.Text("street", "address", "billing_street", "address_line_1"),
        City = row.Text("city", "billing_city"),
        State = row.Text("state", "region", "province", "state_province", "billing_state"),
        Zip = row.Text("zip", "postal_code", "postcode", "zip_code", "billing_postal_code"),
        Country = row.Text("country", "country_code", "billing_country"),
        Industry = row.Text("industry"),
        ParentId = row.Text("parent_account_id", "parent_id") is { } parent ? AccountId.Parse(IdOf(parent)) : null,
    };

    private static LabelledLead LeadOf(Table.Row row)
    {
        string id = row.Text("lead_id", "id") ?? $"row {row.Number}";

        // Where several are given the first is expected, the others are not wrong.
        string[] expected = [.. row.List(ExpectedColumn).Select(IdOf)];
        string company = expected.Length > 0 ? expected[0] : (row.Text("company", "company_name") ?? "").ToLowerInvariant();
        string split = DerivedId.From("split", company.Length > 0 ? company : id);
        return new LabelledLead(
            id,
            new(LeadId.From("evaluation", id), Submitted(row), DateTimeOffset.UnixEpoch),
            expected.Length > 0 ? expected[0] : null,
            row.List("also_acceptable", "acceptable").Concat(expected.Skip(1)).Select(IdOf).ToHashSet(StringComparer.Ordinal),
            row.Text("case_type", "case") ?? "",
            row.Text("variation") ?? "",
            row.Text("resolvable_by") != "knowledge",
            (split[^2] + (split[^3] * 32) + (split[^4] * 1024)) % LabelledLead.Folds)
        {
            IsLabelled = row.Has(ExpectedColumn),
            Sources = row.Text("source")?.Split('+', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [],
        };
    }

    private static Submission Submitted(Table.Row row) => new()
    {
        FirstName = row.Text("first_name"),
        LastName = row.Text("last_name"),
        Title = row.Text("title", "job_title"),
        Email = row.Text("email", "email_address"),
        Company = row.Text("company", "company_name"),
        Website = row.Text("website", "url"),
        Phone = row.Text("phone", "telephone", "phone_number"),
        Address = row.Text("address", "street"),
        City = row.Text("city"),
        State = row.Text("state", "region", "province"),
        Country = row.Text("country", "country_code"),
    };
}
