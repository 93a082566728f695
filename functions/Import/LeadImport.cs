using Abm.Decisions;
using Abm.Functions.Intake;
using Abm.Functions.Messages;
using Abm.Leads;
using Abm.Ports;

namespace Abm.Functions.Import;

/// <summary>Rows of leads: each goes the way of <c>POST /api/leads</c>, many in one queue message.</summary>
/// <param name="defaultSource">The source of rows that name none.</param>
internal sealed class LeadImport(LeadAdmitter admitter, ILeadQueue queue, string defaultSource) : IImportTarget
{
    /// <summary>The source of rows that name none, when the caller names none either.</summary>
    public const string DefaultSource = "import";

    /// <summary>How many leads are kept at the same time.</summary>
    private const int AtOnce = 16;

    public bool IsKnown(string column) => LeadRow.IsKnown(column);

    public void CheckColumns(CsvColumns columns, ICollection<Problem> problems)
    {
        if (!SubmissionFields.Identifying.Any(field => columns.Has(field.Column)))
            problems.Add(new Problem("missingColumn", "", $"The file must have at least one of the columns {string.Join(", ", SubmissionFields.Identifying.Select(field => field.Column))}."));
    }

    public async Task<IReadOnlyList<RowOutcome>> TakeAsync(IReadOnlyList<CsvRow> rows, bool dryRun, CancellationToken cancellationToken)
    {
        var outcomes = new RowOutcome[rows.Count];
        var toQueue = new LeadId?[rows.Count];
        await Parallel.ForEachAsync(
            Enumerable.Range(0, rows.Count),
            new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = cancellationToken },
            async (i, ct) =>
            {
                SubmissionReading reading = LeadRow.Read(rows[i], defaultSource);
                if (reading is not SubmissionReading.Accepted(Submission submission))
                {
                    outcomes[i] = new RowOutcome.Rejected(((SubmissionReading.Rejected)reading).Problems);
                    return;
                }

                outcomes[i] = RowOutcome.New;
                if (dryRun)
                    return;
                AdmittedLead lead = await admitter.AdmitAsync(submission, null, ct);
                outcomes[i] = lead.Admission switch
                {
                    LeadAdmission.Added => RowOutcome.New,
                    LeadAdmission.DifferentBody => new RowOutcome.Rejected([new Problem("keyReused", "external_id", "A lead of this source and id was taken with other content.")]),
                    _ => RowOutcome.Known,
                };
                toQueue[i] = lead.NeedsQueue ? lead.Id : null;
            });

        foreach (LeadId[] some in toQueue.OfType<LeadId>().Distinct().Chunk(LeadsReceivedMessage.MaxLeads))
            await queue.EnqueueBulkAsync(some, cancellationToken);
        return outcomes;
    }
}
