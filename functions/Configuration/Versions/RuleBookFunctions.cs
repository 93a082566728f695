using System.Text;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Explain;
using Abm.Functions.Http;
using Abm.Functions.Storage;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.Configuration.Versions;

/// <summary>The rules for people to read, and the schema for editors.</summary>
public sealed class RuleBookFunctions(IConfigVersions versions, ConfigPublisher publisher, Callers callers, TimeProvider clock)
{
    /// <summary>Versions that are looked through for who changed a section last.</summary>
    private const int MaxHistory = 50;

    private static readonly byte[] Schema = Encoding.UTF8.GetBytes(ConfigSchema.Json());

    /// <summary><c>GET /api/config/schema</c>: JSON Schema of the files. Open to everyone: it is the same for every installation, and editors fetch it without a key.</summary>
    [Function(nameof(GetConfigSchema))]
    public IActionResult GetConfigSchema([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "config/schema")] HttpRequest request) =>
        new ContentAnswer("application/schema+json; charset=utf-8", Schema);

    /// <summary><c>GET /api/config/rulebook?version=&amp;format=md|html</c>: the version in force in business words. Without a format a page for browsers, Markdown for all others.</summary>
    [Function(nameof(GetRuleBook))]
    public async Task<IActionResult> GetRuleBook(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "config/rulebook")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (callers.Of(request).Refusal(Caller.Admin, Caller.Ops, Caller.Rep, Caller.Viewer) is { } refusal)
            return refusal;
        List<Problem> problems = [];
        string? asked = ListFilters.Id(request, "version", problems);
        string? format = ListFilters.OneOf(request, "format", ["md", "html"], problems);
        if (problems.Count > 0)
            return Problems.Invalid(problems);
        InForce now = await publisher.InForceAsync(cancellationToken);
        if ((asked ?? now.Activation?.Version) is not { } name || await versions.FindAsync(name, cancellationToken) is not { } version)
            return Problems.NotFound("There is no such version.");

        Activation? inForce = now.Activation?.Version == version.Version ? now.Activation : null;
        RuleBookEdition edition = new(version.Version)
        {
            PublishedAt = inForce?.ActiveFrom,
            Author = version.Author,
            Approver = inForce?.Approver ?? version.Approver,
            Reason = inForce?.Reason ?? version.Reason,
            LastChanges = await LastChangesAsync(version, cancellationToken),
            Now = clock.GetUtcNow(),
        };
        AbmConfig config = ConfigDraft.OfKept(version).Config;
        return (format ?? (request.Headers.Accept.ToString().Contains("text/html", StringComparison.OrdinalIgnoreCase) ? "html" : "md")) == "html"
            ? new ContentAnswer("text/html; charset=utf-8", Encoding.UTF8.GetBytes(RuleBook.Html(config, edition)))
            : new ContentAnswer("text/markdown; charset=utf-8", Encoding.UTF8.GetBytes(RuleBook.Markdown(config, edition)));
    }

    /// <summary>Goes back from version to base and notes for each section the first version that changed it.</summary>
    private async Task<Dictionary<string, SectionChange>> LastChangesAsync(ConfigVersion version, CancellationToken cancellationToken)
    {
        Dictionary<string, SectionChange> last = new(StringComparer.Ordinal);
        ConfigVersion? at = version;
        for (int step = 0; at is not null && step < MaxHistory; step++)
        {
            foreach (ConfigChange change in at.Changes is { } changes ? StoredJson.Read<IReadOnlyList<ConfigChange>>(changes) : [])
            {
                int end = change.Path.AsSpan().IndexOfAny(".[");
                last.TryAdd(end < 0 ? change.Path : change.Path[..end], new SectionChange(at.Version, at.CreatedAt, at.Author));
            }

            at = at.BaseVersion is { } before ? await versions.FindAsync(before, cancellationToken) : null;
        }

        return last;
    }
}
