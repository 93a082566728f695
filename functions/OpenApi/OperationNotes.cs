using Abm.Functions.Accounts;
using Abm.Functions.Delivery;
using Abm.Functions.Explain;
using Abm.Functions.Health;
using Abm.Functions.Http;
using Abm.Functions.Import;
using Abm.Functions.Intake;
using Abm.Functions.Match;
using Abm.Functions.People;
using Abm.Functions.Plays;
using Abm.Functions.Quarantine;
using Abm.Functions.Unmatched;

namespace Abm.Functions.OpenApi;

/// <summary>What a trigger cannot say about a function: in one sentence what it is for, what it takes and what it gives.</summary>
internal sealed record OperationNotes
{
    private static readonly string[] Paging = ["limit", "cursor"];

    private static readonly Dictionary<string, OperationNotes> All = new(StringComparer.Ordinal)
    {
        [nameof(SubmitLead)] = new()
        {
            Summary = "Takes one lead in. 202 when it is new, 200 when it was taken before or was decided within the wait.",
            Query = ["wait"], Headers = ["Idempotency-Key"], Takes = "application/json",
            Gives = [(202, typeof(SubmitLeadResponse)), (200, typeof(LeadResponse))], Problems = [400, 413, 415, 422, 503],
        },
        [nameof(ImportCsv)] = new()
        {
            Summary = "Takes a table in and reports on every row: accounts, contacts, reps or leads.",
            Query = ["dryRun", "source"], Takes = "text/csv", Gives = [(200, typeof(ImportReportResponse))], Problems = [400, 404, 413, 415, 503],
        },
        [nameof(MatchFunctions.MatchLead)] = new()
        {
            Summary = "Asks the matcher about one lead, without any effect.",
            Takes = "application/json", Gives = [(200, typeof(Match.MatchResponse))], Problems = [400, 413, 415, 503],
        },
        [nameof(MatchFunctions.MatchBatch)] = new()
        {
            Summary = "Asks the matcher about a stream of leads: one JSON a line in, one a line out, in order, without any effect.",
            Takes = "application/x-ndjson", Gives = [(200, typeof(BatchMatchResponse))], GivesType = "application/x-ndjson", Problems = [415, 503],
        },
        [nameof(AccountFunctions.ListAccounts)] = List<AccountResponse>("Lists accounts.", "q", "sort"),
        [nameof(AccountFunctions.GetAccount)] = new() { Summary = "Shows an account.", Headers = ["If-None-Match"], Gives = [(200, typeof(AccountResponse))], Problems = [404, 503] },
        [nameof(AccountFunctions.PutAccount)] = new()
        {
            Summary = "Creates an account, or replaces the version that If-Match names.",
            Headers = ["If-Match", "If-None-Match"], Takes = "application/json",
            Gives = [(200, typeof(AccountResponse)), (201, typeof(AccountResponse))], Problems = [400, 412, 413, 415, 428, 503],
        },
        [nameof(RepFunctions.ListReps)] = List<RepResponse>("Lists the people who can own leads."),
        [nameof(ListLeads)] = List<LeadLineResponse>("Lists leads, the latest decision first.", "state", "outcome", "ownerId", "accountId", "source"),
        [nameof(GetLead)] = Show<LeadResponse>("Shows a lead as it stands."),
        [nameof(WhyLead)] = Show<WhyResponse>("Tells why a lead went where it went."),
        [nameof(ListUnmatched)] = List<UnmatchedResponse>("Lists leads that a person must place.", "outcome"),
        [nameof(ListClocks)] = List<ClockResponse>("Lists SLA clocks: open ones by deadline, then closed ones.", "state", "ownerId", "dueBefore"),
        [nameof(GetPlay)] = Show<PlayResponse>("Shows a play."),
        [nameof(TouchLead)] = Act("Notes that a person got in touch: the first-touch clock stops."),
        [nameof(GetHealth)] = new() { Summary = "Says whether the app can work.", Gives = [(200, typeof(HealthResponse)), (503, typeof(HealthResponse))] },
        [nameof(GetOpenApi)] = new() { Summary = "This description.", Gives = [(200, typeof(object))] },
    };

    public string? Summary { get; init; }

    /// <summary>Names of query parameters.</summary>
    public IReadOnlyList<string> Query { get; init; } = [];

    /// <summary>Names of headers that change what happens.</summary>
    public IReadOnlyList<string> Headers { get; init; } = [];

    /// <summary>Content type of the body; null = none.</summary>
    public string? Takes { get; init; }

    public IReadOnlyList<(int Status, Type Type)> Gives { get; init; } = [];

    public string GivesType { get; init; } = "application/json";

    /// <summary>Statuses that come with problem+json.</summary>
    public IReadOnlyList<int> Problems { get; init; } = [];

    /// <summary>The notes on a function; without any the triggers alone speak.</summary>
    public static OperationNotes Of(string function) =>
        All.GetValueOrDefault(function) ?? new OperationNotes { Gives = [(200, typeof(object))], Problems = [400, 404, 503] };

    private static OperationNotes List<T>(string summary, params string[] filters) =>
        new() { Summary = summary, Query = [.. filters, .. Paging], Gives = [(200, typeof(PageResponse<T>))], Problems = [400, 503] };

    private static OperationNotes Show<T>(string summary) => new() { Summary = summary, Gives = [(200, typeof(T))], Problems = [404, 503] };

    private static OperationNotes Act(string summary) =>
        new() { Summary = summary, Takes = "application/json", Gives = [(200, typeof(TouchResponse))], Problems = [400, 404, 413, 415, 503] };
}
