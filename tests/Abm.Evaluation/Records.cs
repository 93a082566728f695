using Abm.Accounts;
using Abm.Decisions;
using Abm.Leads;
using CsvHelper;

namespace Abm.Evaluation;

/// <summary>Reads the two CSV files.</summary>
internal static class Records
{
    public static List<Account> Accounts(string path) => [.. Rows(path).Select(row => new Account
    {
        Id = AccountId.Parse(row["account_id"]),
        Name = row["name"],
        Domains = row.GetValueOrDefault("domains", "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        Website = Text(row, "website"),
        Phone = Text(row, "phone"),
        Street = Text(row, "street"),
        City = Text(row, "city"),
        State = Text(row, "state"),
        Zip = Text(row, "zip"),
        Country = Text(row, "country"),
        Industry = Text(row, "industry"),
        ParentId = Text(row, "parent_account_id") is { } parent ? AccountId.Parse(parent) : null,
    })];

    /// <remarks>A company is wholly in one part: leads of one account (or, without one, of one typed name) stay together.</remarks>
    public static List<LabelledLead> Leads(string path) => [.. Rows(path).Select(row =>
    {
        string? expected = Text(row, "expected_account_id");
        string company = expected ?? row.GetValueOrDefault("company", "").ToLowerInvariant();
        string split = DerivedId.From("split", company.Length > 0 ? company : row["lead_id"]);
        return new LabelledLead(
            row["lead_id"],
            new(LeadId.From("evaluation", row["lead_id"]), Submitted(row), DateTimeOffset.UnixEpoch),
            expected,
            row.GetValueOrDefault("also_acceptable", "").Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).ToHashSet(StringComparer.Ordinal),
            row.GetValueOrDefault("case_type", ""),
            row.GetValueOrDefault("variation", ""),
            row.GetValueOrDefault("resolvable_by", "") != "knowledge",
            (split[^2] + (split[^3] * 32) + (split[^4] * 1024)) % LabelledLead.Folds)
        {
            Sources = row.GetValueOrDefault("source", "").Split('+', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries),
        };
    })];

    private static Submission Submitted(Dictionary<string, string> row) => new()
    {
        FirstName = Text(row, "first_name"),
        LastName = Text(row, "last_name"),
        Title = Text(row, "title"),
        Email = Text(row, "email"),
        Company = Text(row, "company"),
        Website = Text(row, "website"),
        Phone = Text(row, "phone"),
        Address = Text(row, "address"),
        City = Text(row, "city"),
        State = Text(row, "state"),
        Country = Text(row, "country"),
    };

    private static string? Text(Dictionary<string, string> row, string column) => row.TryGetValue(column, out string? text) && text.Trim().Length > 0 ? text.Trim() : null;

    private static IEnumerable<Dictionary<string, string>> Rows(string path)
    {
        using CsvReader csv = CsvReader.FromFile(path, new CsvReaderOptions());
        while (csv.Read())
        {
            var row = new Dictionary<string, string>(StringComparer.Ordinal);
            for (int i = 0; i < csv.Headers.Count && i < csv.FieldCount; i++)
                row[csv.Headers[i]] = csv.GetString(i);
            yield return row;
        }
    }
}
