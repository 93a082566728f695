using Abm.Decisions;
using Abm.Functions.Http;
using Abm.Functions.Storage.Reps;
using Abm.People;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.People;

/// <summary>A rep as HTTP shows them.</summary>
public sealed record RepResponse(
    string RepId, string Name, string? Email, string? Role, string? ManagerId, string? Team, string? TimeZone, string? Calendar, IReadOnlyList<string> Pools,
    bool Active, IReadOnlyList<Absence> OutOfOffice, string? DelegateId, DateTimeOffset? PausedUntil)
{
    public static RepResponse From(Rep rep) => new(
        rep.Id.Value, rep.Name, rep.Email, rep.Role, rep.ManagerId?.Value, rep.Team, rep.TimeZone, rep.Calendar, rep.Pools, rep.IsActive, rep.Absences, rep.DelegateId?.Value, rep.PausedUntil);
}

/// <summary>Lists the people who can own leads.</summary>
public sealed class RepFunctions(IRepCatalogue catalogue)
{
    /// <summary><c>GET /api/reps?limit=&amp;cursor=</c>, by id.</summary>
    [Function(nameof(ListReps))]
    public async Task<IActionResult> ListReps(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "reps")] HttpRequest request, CancellationToken cancellationToken)
    {
        var problems = new List<Problem>();
        PageQuery page = PageQuery.Read(request, problems);
        if (problems.Count > 0)
            return Problems.Invalid(problems);

        RepsState state = await catalogue.CurrentAsync(cancellationToken);
        Rep[] found =
        [
            .. state.Reps.Values.OrderBy(rep => rep.Id)
                .Where(rep => page.After is null || string.CompareOrdinal(rep.Id.Value, page.After) > 0)
                .Take(page.Limit + 1),
        ];
        Rep[] shown = found.Length > page.Limit ? found[..page.Limit] : found;
        return new ApiResult(
            StatusCodes.Status200OK,
            new PageResponse<RepResponse>([.. shown.Select(RepResponse.From)], found.Length > page.Limit ? Cursor.After(shown[^1].Id.Value) : null));
    }
}
