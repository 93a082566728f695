using System.Text;
using Abm.Decisions;
using Abm.Functions.Http;
using Abm.Functions.Intake;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Import;

/// <summary>Takes a CSV file in and reports on every row.</summary>
public sealed class ImportCsv(ImportTargets targets, ILogger<ImportCsv> logger)
{
    /// <summary>Largest file, in bytes. A hosting plan may allow less.</summary>
    public const long MaxBodyBytes = 512L * 1024 * 1024;

    /// <summary><c>POST /api/import/{accounts|contacts|reps|leads}</c></summary>
    [Function(nameof(ImportCsv))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "import/{kind}")] HttpRequest request, string kind, CancellationToken cancellationToken)
    {
        if (!targets.Kinds.Contains(kind, StringComparer.Ordinal))
            return Problems.NotFound($"What can be imported is {string.Join(", ", targets.Kinds)}.");
        if (JsonBody.RefusedKind(request, IsCsv, "Content-Type: text/csv", out Encoding? stated) is { } refusal)
            return refusal;
        var problems = new List<Problem>();
        bool dryRun = ReadDryRun(request, problems);
        string? source = FieldText.Clean(request.Query["source"], "source", SubmissionFields.Source.MaxLength, allowsLines: false, problems);
        if (problems.Count > 0)
            return Problems.Invalid(problems);
        if (request.HttpContext.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } size)
            size.MaxRequestBodySize = MaxBodyBytes;

        IImportTarget target = targets.For(kind, source ?? LeadImport.DefaultSource);
        try
        {
            switch (await CsvImporter.RunAsync(request.Body, stated, target, dryRun, cancellationToken))
            {
                case ImportResult.Done(var report):
                    logger.Imported(kind, report.Rows, report.Accepted, report.Updated, report.Rejected, dryRun);
                    return new ApiResult(StatusCodes.Status200OK, report);
                case ImportResult.Unreadable(var found):
                    return Problems.Invalid(found);
                default:
                    throw new System.Diagnostics.UnreachableException();
            }
        }
        catch (BadHttpRequestException e)
        {
            // Rows before the break were taken; sending the whole file again is safe.
            return JsonBody.RefusedBy(e, MaxBodyBytes);
        }
    }

    private static bool IsCsv(string mediaType) => mediaType is "text/csv" or "application/csv" or "text/plain" or "text/tab-separated-values"
        or "application/vnd.ms-excel" or "application/octet-stream";

    private static bool ReadDryRun(HttpRequest request, List<Problem> problems)
    {
        string? text = request.Query["dryRun"];
        if (string.IsNullOrEmpty(text))
            return false;
        if (!bool.TryParse(text, out bool dryRun))
            problems.Add(new Problem("wrongType", "dryRun", "true or false is expected."));
        return dryRun;
    }
}
