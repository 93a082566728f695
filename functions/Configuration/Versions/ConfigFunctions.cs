using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Explain;
using Abm.Functions.Http;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.Configuration.Versions;

/// <summary>Shows what is in force, what was, and what differs.</summary>
public sealed class ConfigFunctions(IConfigVersions versions, IConfigActivations activations, ConfigPublisher publisher, IConfigSource source, Callers callers)
{
    /// <summary><c>GET /api/config</c>: what is in force now, as the storage says. Its ETag is what a publication names.</summary>
    [Function(nameof(GetConfig))]
    public async Task<IActionResult> GetConfig(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "config")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (Refusal(request) is { } refusal)
            return refusal;
        InForce now = await publisher.InForceAsync(cancellationToken);
        if (now.Activation is not { } active)
            return Problems.NotFound("Nothing was published yet.");
        if (EntityTags.IsUnchanged(request, now.ETag))
            return new ApiResult(StatusCodes.Status304NotModified).WithHeader("ETag", now.ETag);
        ConfigVersion version = await versions.FindAsync(active.Version, cancellationToken)
            ?? throw new InvalidOperationException($"Version {active.Version} is in force and not in the store.");
        return new ApiResult(
            StatusCodes.Status200OK,
            new ActiveConfigResponse(active.Version, now.ETag, ActivationResponse.From(active), [.. now.Pending.Select(ActivationResponse.From)], ConfigVersionResponse.Json(version)))
            .WithHeader("ETag", now.ETag);
    }

    /// <summary><c>GET /api/config/versions</c>: newest first.</summary>
    [Function(nameof(ListConfigVersions))]
    public async Task<IActionResult> ListConfigVersions(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "config/versions")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (Refusal(request) is { } refusal)
            return refusal;
        List<Problem> problems = [];
        PageQuery page = PageQuery.Read(request, problems);
        return problems.Count > 0
            ? Problems.Invalid(problems)
            : await ListPages.OfAsync(() => versions.ListAsync(page.Limit, page.After, cancellationToken), ConfigVersionLineResponse.From);
    }

    /// <summary><c>GET /api/config/activations</c>: the whole log, newest first.</summary>
    [Function(nameof(ListActivations))]
    public async Task<IActionResult> ListActivations(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "config/activations")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (Refusal(request) is { } refusal)
            return refusal;
        List<Problem> problems = [];
        PageQuery page = PageQuery.Read(request, problems);
        return problems.Count > 0
            ? Problems.Invalid(problems)
            : await ListPages.OfAsync(() => activations.LogAsync(page.Limit, page.After, cancellationToken), ActivationResponse.From);
    }

    /// <summary><c>GET /api/config/versions/{version}</c></summary>
    [Function(nameof(GetConfigVersion))]
    public async Task<IActionResult> GetConfigVersion(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "config/versions/{version}")] HttpRequest request, string version, CancellationToken cancellationToken)
    {
        if (Refusal(request) is { } refusal)
            return refusal;
        return await FindAsync(version, cancellationToken) is { } found
            ? new ApiResult(StatusCodes.Status200OK, ConfigVersionResponse.From(found))
            : Unknown();
    }

    /// <summary><c>GET /api/config/versions/{version}/files</c>: as they were handed in, byte for byte. A ZIP when <c>Accept</c> asks for <c>application/zip</c>, else JSON.</summary>
    [Function(nameof(GetConfigFiles))]
    public async Task<IActionResult> GetConfigFiles(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "config/versions/{version}/files")] HttpRequest request, string version, CancellationToken cancellationToken)
    {
        if (Refusal(request) is { } refusal)
            return refusal;
        if (await FindAsync(version, cancellationToken) is not { } found)
            return Unknown();
        return request.Headers.Accept.ToString().Contains("application/zip", StringComparison.OrdinalIgnoreCase)
            ? new ContentAnswer("application/zip", ConfigArchive.Pack(found.Files)) { FileName = $"{found.Version}.zip" }
            : new ApiResult(
                StatusCodes.Status200OK,
                new ConfigFilesResponse([.. found.Files.Select(f => new ConfigFileText(f.Name, TextEncodings.StrictUtf8.GetString(f.Bytes.Span)))]));
    }

    /// <summary><c>GET /api/config/diff?from=&amp;to=</c>: without <c>to</c> against what is in force.</summary>
    [Function(nameof(DiffConfig))]
    public async Task<IActionResult> DiffConfig(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "config/diff")] HttpRequest request, CancellationToken cancellationToken)
    {
        if (Refusal(request) is { } refusal)
            return refusal;
        List<Problem> problems = [];
        string? from = ListFilters.Id(request, "from", problems);
        string? to = ListFilters.Id(request, "to", problems);
        if (from is null && problems.All(p => p.Field != "from"))
            problems.Add(new Problem("required", "from", "Name the version to compare from."));
        if (problems.Count > 0)
            return Problems.Invalid(problems);
        to ??= (await publisher.InForceAsync(cancellationToken)).Activation?.Version;
        return await source.FindAsync(from!, cancellationToken) is { } before && to is not null && await source.FindAsync(to, cancellationToken) is { } after
            ? new ApiResult(StatusCodes.Status200OK, new ConfigDiffResponse(before.Version, after.Version, ConfigDiff.Between(before, after)))
            : Unknown();
    }

    private ApiResult? Refusal(HttpRequest request) => callers.Of(request).Refusal(Caller.Admin, Caller.Ops, Caller.Rep, Caller.Viewer);

    private async Task<ConfigVersion?> FindAsync(string version, CancellationToken cancellationToken) =>
        IdText.IsValid(version) ? await versions.FindAsync(version, cancellationToken) : null;

    private static ApiResult Unknown() => Problems.NotFound("There is no such version.");
}
