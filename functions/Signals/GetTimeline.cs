using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Explain;
using Abm.Functions.Http;
using Abm.Functions.Storage.Accounts;
using Abm.Ports;
using Abm.Signals;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace Abm.Functions.Signals;

/// <summary>An entry of a timeline. Persons have a key that only tells them apart.</summary>
/// <param name="Plays">What each play that listens made of it.</param>
/// <param name="FromAccount">The account that it came for, when that was merged into this one.</param>
public sealed record TimelineResponse(
    string EventId, string Kind, DateTimeOffset At, DateTimeOffset ReceivedAt, string Source, string? Person, string? Persona, string? Department, string? Topic, double? Score,
    string? OpportunityId, IReadOnlyDictionary<string, string> Custom, IReadOnlyDictionary<string, string> Notes, IReadOnlyList<EntryAnswer> Plays, string? FromAccount)
{
    public static TimelineResponse From(StoredEntry stored)
    {
        AccountEvent e = stored.Entry.Event;
        return new(
            e.EventId, e.Kind, e.At, e.ReceivedAt, e.Source, e.PersonKey is { } key ? SignalFold.Mark(key) : null, e.Persona, e.Department, e.Topic, e.Score,
            e.OpportunityId, e.Custom, stored.Entry.Notes, stored.Answers, stored.Entry.Origin);
    }
}

/// <summary>What is read from an account's events, as plays see it now.</summary>
/// <param name="Facts">By field, as conditions name it.</param>
/// <param name="Waiting">Entries that plays were not asked about yet.</param>
public sealed record SignalsResponse(string AccountId, IReadOnlyDictionary<string, string> Facts, int Waiting);

/// <summary>Shows what happened at an account and what is read from it.</summary>
public sealed class GetTimeline(IAccountCatalogue accounts, IAccountTimelines timelines, IConfigSource config, TimeProvider clock)
{
    /// <summary><c>GET /api/accounts/{id}/timeline</c>: newest first.</summary>
    [Function(nameof(GetTimeline))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "accounts/{id}/timeline")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        List<Problem> problems = [];
        PageQuery page = PageQuery.Read(request, problems);
        if (problems.Count > 0)
            return Problems.Invalid(problems);
        return await AccountAsync(id, cancellationToken) is { } account
            ? await ListPages.OfAsync(() => timelines.ListAsync(account, page.Limit, page.After, cancellationToken), TimelineResponse.From)
            : Problems.NotFound("There is no account with this id.");
    }

    /// <summary><c>GET /api/accounts/{id}/signals</c></summary>
    [Function("GetSignals")]
    public async Task<IActionResult> SignalsAsync(
        [HttpTrigger(AuthorizationLevel.Function, "get", Route = "accounts/{id}/signals")] HttpRequest request, string id, CancellationToken cancellationToken)
    {
        if (await AccountAsync(id, cancellationToken) is not { } account)
            return Problems.NotFound("There is no account with this id.");
        SignalState state = await timelines.StateAsync(account, cancellationToken);
        IReadOnlyDictionary<string, string> facts = AccountSignals.Facts(state, (await config.CurrentAsync(cancellationToken)).Signals, clock.GetUtcNow());
        return new ApiResult(StatusCodes.Status200OK, new SignalsResponse(account, new SortedDictionary<string, string>(facts.ToDictionary(), StringComparer.Ordinal), state.Pending.Count));
    }

    private async Task<string?> AccountAsync(string id, CancellationToken cancellationToken) =>
        IdText.IsValid(id) ? (await accounts.CurrentAsync(cancellationToken)).Index.Find(AccountId.Parse(id))?.Id.Value : null;
}
