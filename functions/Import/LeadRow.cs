using System.Collections.Frozen;
using Abm.Decisions;
using Abm.Functions.Intake;

namespace Abm.Functions.Import;

/// <summary>Reads a lead from a CSV row: the fields of its JSON in snake_case.</summary>
internal static class LeadRow
{
    private const string UtmPrefix = "utm_";
    private const string ConsentPrefix = "consent_";
    private const string LeadIdColumn = "lead_id";
    private const string IsTestColumn = "is_test";

    private static readonly FrozenDictionary<string, SubmissionField> FieldsByColumn =
        SubmissionFields.All.ToFrozenDictionary(field => field.Column, StringComparer.Ordinal);

    public static bool IsKnown(string column) =>
        FieldsByColumn.ContainsKey(column) || column is LeadIdColumn or IsTestColumn || IsNested(column, UtmPrefix) || IsNested(column, ConsentPrefix);

    /// <summary>Reads one row.</summary>
    /// <param name="defaultSource">The source of a row that names none.</param>
    public static SubmissionReading Read(CsvRow row, string defaultSource)
    {
        var draft = new SubmissionDraft(namesAreColumns: true);
        for (int i = 0; i < row.Columns.Names.Count; i++)
        {
            string column = row.Columns.Names[i];
            string value = row.Values[i];
            if (FieldsByColumn.TryGetValue(column, out SubmissionField? field))
                draft.Set(field, value);
            else if (column == LeadIdColumn)
                continue;
            else if (column == IsTestColumn)
                draft.IsTest = Flag(value, column, draft.Problems) ?? false;
            else if (IsNested(column, UtmPrefix))
                draft.SetUtm(column[UtmPrefix.Length..], column, value);
            else if (!IsNested(column, ConsentPrefix))
                draft.SetCustom(column, column, value);
            else if (Flag(value, column, draft.Problems) is { } given)
                draft.SetConsent(column[ConsentPrefix.Length..], column, given);
        }

        // A list of leads from another system calls its own id so.
        if (!draft.Has(SubmissionFields.ExternalId) && row[LeadIdColumn] is { } id)
            draft.Set(SubmissionFields.ExternalId, id);
        return draft.Build(defaultSource) is { } submission ? new SubmissionReading.Accepted(submission) : new SubmissionReading.Rejected([.. draft.Problems]);
    }

    private static bool IsNested(string column, string prefix) => column.Length > prefix.Length && column.StartsWith(prefix, StringComparison.Ordinal);

    private static bool? Flag(string value, string column, IList<Problem> problems)
    {
        switch (value.Trim().ToLowerInvariant())
        {
            case "":
                return null;
            case "true" or "yes" or "y" or "1":
                return true;
            case "false" or "no" or "n" or "0":
                return false;
            default:
                problems.Add(new Problem("wrongType", column, "true or false is expected."));
                return null;
        }
    }
}
