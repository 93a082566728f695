using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Explain;
using Abm.Functions.Http;
using Abm.Plays;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.DurableTask.Client;

namespace Abm.Functions.Plays;

/// <summary>Shows plays.</summary>
public sealed class GetPlay(IPlayFiles plays, PlayAnswers answers)
{
    private static readonly string[] States = ["running", "over"];
    private static readonly string[] Kinds = ["lead", "account", "opportunity"];

    /// <summary><c>GET /api/plays?play=&amp;state=&amp;kind=&amp;subjectId=&amp;accountId=&amp;ownerId=</c>: running ones first, each the latest first.</summary>
    [Function("ListPlays")]
    public async Task<IActionResult> ListAsync([HttpTrigger(AuthorizationLevel.Function, "get", Route = "plays")] HttpRequest request, CancellationToken cancellationToken)
    {
        List<Problem> problems = [];
        PageQuery page = PageQuery.Read(request, problems);
        string? state = ListFilters.OneOf(request, "state", States, problems);
        string? kind = ListFilters.OneOf(request, "kind", Kinds, problems);
        PlayFilter filter = new(
            ListFilters.Id(request, "play", problems),
            state is null ? null : state == "running",
            kind is null ? null : Enum.Parse<PlaySubjectKind>(kind, ignoreCase: true),
            ListFilters.Id(request, "subjectId", problems),
            ListFilters.Id(request, "accountId", problems),
            ListFilters.Id(request, "ownerId", problems));
        return problems.Count > 0
            ? Problems.Invalid(problems)
            : await ListPages.OfAsync(() => plays.ListAsync(filter, page.Limit, page.After, cancellationToken), PlayLineResponse.From);
    }

    /// <summary><c>GET /api/plays/{id}</c></summary>
    [Function(nameof(GetPlay))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "plays/{id}")] HttpRequest request, string id, [DurableClient] DurableTaskClient client, CancellationToken cancellationToken)
    {
        if (!IdText.IsValid(id))
            return Problems.NotFound("There is no play of this id.");
        PlayFile? file = await plays.FindAsync(id, cancellationToken);

        // A lead's play is kept by its first turn; until then only the instance knows of it.
        if (file is null && await client.GetInstanceAsync(id, getInputsAndOutputs: true, cancellationToken) is { } instance && instance.ReadInputAs<PlayStartInput>() is { } start)
            file = PlayFile.Begin(start);
        return file is null ? Problems.NotFound("There is no play of this id.") : new ApiResult(StatusCodes.Status200OK, await answers.ShowAsync(file, cancellationToken));
    }
}
