using Abm.Functions.Accounts;
using Abm.Functions.Audit;
using Abm.Functions.Clocks;
using Abm.Functions.Configuration.Versions;
using Abm.Functions.Corrections;
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
using Abm.Functions.Rematch;
using Abm.Functions.Replays;
using Abm.Functions.Retention;
using Abm.Functions.Routing;
using Abm.Functions.Signals;
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
        [nameof(PostEvents)] = new()
        {
            Summary = "Takes in what accounts do: one event, an array of them, or a line of JSON for each. 202 when something is new, 200 when all was known before, 401 when a source that has a secret did not sign the body (X-Abm-Signature).",
            Takes = "application/json", Gives = [(202, typeof(EventsResponse)), (200, typeof(EventsResponse))], Problems = [400, 401, 413, 415, 503],
        },
        [nameof(GetTimeline)] = List<TimelineResponse>("Lists what happened at an account, newest first, with what plays made of it."),
        ["GetSignals"] = Show<SignalsResponse>("Shows what is read from an account's events, as conditions of plays see it now."),
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
        ["MergeAccount"] = new()
        {
            Summary = "Merges an account into another: contacts and children move, domains and names are taken over, and its id names the other from now on.",
            Takes = "application/json", Gives = [(200, typeof(MergeResponse))], Problems = [400, 403, 404, 409, 413, 415, 503],
        },
        ["UnmergeAccount"] = new() { Summary = "Takes a merge back.", Gives = [(200, typeof(MergeResponse))], Problems = [403, 404, 503] },
        [nameof(RepFunctions.ListReps)] = List<RepResponse>("Lists the people who can own leads."),
        [nameof(ListLeads)] = List<LeadLineResponse>("Lists leads, the latest decision first.", "state", "outcome", "ownerId", "accountId", "source"),
        [nameof(GetLead)] = Show<LeadResponse>("Shows a lead as it stands."),
        [nameof(WhyLead)] = Show<WhyResponse>("Tells why a lead went where it went."),
        [nameof(ListUnmatched)] = List<UnmatchedResponse>("Lists leads that a person must place, or placed.", "state", "outcome"),
        ["GetUnmatched"] = Show<UnmatchedLeadResponse>("Shows a lead that a person must place, with its candidates and what speaks for each. Its ETag goes with the resolution."),
        [nameof(ResolveUnmatched)] = new()
        {
            Summary = "Places a lead at an account, creates one for it, says that it is nobody's, or puts it off. The lead is decided anew and its play starts; an exception is kept as a draft.",
            Headers = ["If-Match"], Takes = "application/json", Gives = [(200, typeof(ResolutionResponse))], Problems = [400, 403, 404, 409, 412, 413, 415, 503],
        },
        ["AskRematch"] = new()
        {
            Summary = "Matches leads anew that were received since an instant, by the rules and accounts of now, in the background; with dryRun only says what would move.",
            Headers = ["Idempotency-Key"], Takes = "application/json", Gives = [(202, typeof(RematchResponse))], Problems = [400, 403, 413, 415, 503],
        },
        ["ListRematchReports"] = List<RematchReportResponse>("Lists what re-matching moved, newest first: after changes of accounts, and when somebody asked."),
        ["GetRematchReport"] = new() { Summary = "Shows a report of re-matching with a page of its leads.", Query = ["limit", "cursor"], Gives = [(200, typeof(RematchDetailResponse))], Problems = [400, 404, 503] },
        [nameof(ListClocks)] = List<ClockResponse>("Lists SLA clocks: open ones by deadline, then closed ones.", "state", "ownerId", "team", "tier", "policy", "kind", "scope", "leadId", "accountId", "dueFrom", "dueBefore", "overdue"),
        ["SummariseClocks"] = new() { Summary = "Counts open clocks: running, due soon, paused, overdue; by rep, team, tier, policy, kind or scope.", Query = ["by"], Gives = [(200, typeof(ClockSummaryResponse))], Problems = [400, 503] },
        [nameof(ClockFunctions.GetClock)] = Show<ClockDetailResponse>("Shows a clock and how its deadline came about: every stretch that was counted or skipped, and why, in sentences."),
        [nameof(ClockFunctions.PauseClock)] = new()
        {
            Summary = "Pauses a clock for a reason that its policy allows. A missed or stopped one is not paused.",
            Takes = "application/json", Gives = [(200, typeof(ClockChangeResponse))], Problems = [400, 403, 404, 409, 413, 415, 503],
        },
        [nameof(ClockFunctions.ResumeClock)] = new()
        {
            Summary = "Ends a pause, or every pause: the deadline is where what remained is used up.",
            Takes = "application/json", Gives = [(200, typeof(ClockChangeResponse))], Problems = [400, 403, 404, 409, 413, 415, 503],
        },
        [nameof(ImportHolidays)] = new()
        {
            Summary = "Reads holidays from an iCalendar file into a list, as a draft to be published; says what changes in the list and which deadlines would move.",
            Query = ["dryRun", "keep", "years", "zone", "reason"], Takes = "text/calendar",
            Gives = [(201, typeof(HolidayImportResponse)), (200, typeof(HolidayImportResponse))], Problems = [400, 403, 413, 415, 422, 503],
        },
        [nameof(PreviewRecount)] = new()
        {
            Summary = "Says which deadlines of open clocks a version of the rules would move. Changes nothing.",
            Query = ["config", "limit", "cursor"], Gives = [(200, typeof(RecountPreviewResponse))], Problems = [400, 403, 404, 503],
        },
        ["ListPlays"] = List<PlayLineResponse>("Lists plays: running ones first, each kind the latest first.", "play", "state", "kind", "subjectId", "accountId", "ownerId"),
        [nameof(GetPlay)] = Show<PlayResponse>("Shows a play: what it has done, what it waits for until when and why, and its clocks."),
        [nameof(StartPlay)] = new()
        {
            Summary = "Starts a play about an account or an opportunity by hand. Its condition, its rest and the rule of one instance hold all the same.",
            Headers = ["Idempotency-Key"], Takes = "application/json", Gives = [(202, typeof(StartPlayResponse)), (200, typeof(StartPlayResponse))], Problems = [400, 403, 409, 413, 415, 503],
        },
        [nameof(TellPlay)] = new()
        {
            Summary = "Tells a play that something happened. The same event again changes nothing; a play that is over says so.",
            Headers = ["Idempotency-Key"], Takes = "application/json", Gives = [(200, typeof(PlayToldResponse))], Problems = [400, 403, 404, 409, 413, 415, 503],
        },
        ["CancelPlay"] = new() { Summary = "Ends a play for a reason.", Takes = "application/json", Gives = [(200, typeof(PlayToldResponse))], Problems = [400, 403, 404, 409, 413, 415, 503] },
        [nameof(MigratePlays)] = new()
        {
            Summary = "Brings running instances of a play to another version of the configuration, up to 200 a call; with preview only says what would happen.",
            Query = ["preview"], Takes = "application/json", Gives = [(200, typeof(MigrationResponse))], Problems = [400, 403, 413, 415, 503],
        },
        [nameof(SimulatePlay)] = new()
        {
            Summary = "Tries a play, or a definition of one, with scripted events on a virtual clock. Nobody is told, nothing is kept.",
            Takes = "application/json", Gives = [(200, typeof(SimulationResponse))], Problems = [400, 413, 415, 503],
        },
        [nameof(TouchLead)] = Act("Notes that a person got in touch: the first-touch clock stops."),
        [nameof(ConfigFunctions.GetConfig)] = new() { Summary = "Shows the configuration in force. Its ETag is what a publication names.", Headers = ["If-None-Match"], Gives = [(200, typeof(ActiveConfigResponse))], Problems = [403, 404, 503] },
        [nameof(ConfigFunctions.ListConfigVersions)] = List<ConfigVersionLineResponse>("Lists versions of the configuration, newest first."),
        [nameof(ConfigFunctions.ListActivations)] = List<ActivationResponse>("Lists what came into force when, by whom and why, newest first."),
        [nameof(ConfigFunctions.GetConfigVersion)] = Show<ConfigVersionResponse>("Shows a version with what it changed."),
        [nameof(ConfigFunctions.GetConfigFiles)] = Show<ConfigFilesResponse>("Gives the files of a version back, byte for byte: as JSON, or as a ZIP when Accept asks for one.") with { Headers = ["Accept"] },
        [nameof(ConfigFunctions.DiffConfig)] = new() { Summary = "Compares two versions; without to, with what is in force.", Query = ["from", "to"], Gives = [(200, typeof(ConfigDiffResponse))], Problems = [400, 404, 503] },
        [nameof(RuleBookFunctions.GetConfigSchema)] = new() { Summary = "The JSON Schema of configuration files.", Gives = [(200, typeof(object))], GivesType = "application/schema+json" },
        [nameof(RuleBookFunctions.GetRuleBook)] = new() { Summary = "The rules in business words: Markdown, or a page when Accept or format asks for one.", Query = ["version", "format"], Headers = ["Accept"], Gives = [(200, typeof(string))], GivesType = "text/markdown", Problems = [400, 404, 503] },
        [nameof(PublishFunctions.ValidateConfig)] = new() { Summary = "Says what is wrong or odd in files, and what they would change. Keeps nothing.", Takes = "application/json", Gives = [(200, typeof(ValidateResponse))], Problems = [400, 413, 415, 503] },
        [nameof(PublishFunctions.KeepDraft)] = new()
        {
            Summary = "Keeps a version that is not in force: 201 when it is new.",
            Takes = "application/json", Gives = [(201, typeof(DraftResponse)), (200, typeof(DraftResponse))], Problems = [400, 403, 413, 415, 422, 503],
        },
        [nameof(PublishFunctions.PublishConfig)] = new()
        {
            Summary = "Brings files or a kept version into force, at once or at an instant to come. If-Match names what is in force now.",
            Headers = ["If-Match"], Takes = "application/json", Gives = [(200, typeof(PublishResponse))], Problems = [400, 403, 404, 409, 412, 413, 415, 422, 428, 503],
        },
        [nameof(PublishFunctions.RollbackConfig)] = new()
        {
            Summary = "Brings a version into force again that was in force before.",
            Headers = ["If-Match"], Takes = "application/json", Gives = [(200, typeof(PublishResponse))], Problems = [400, 403, 404, 409, 412, 413, 415, 503],
        },
        [nameof(PublishFunctions.CancelActivation)] = new()
        {
            Summary = "Takes back what is scheduled.", Takes = "application/json", Gives = [(200, typeof(PublishResponse))], Problems = [400, 403, 404, 409, 413, 415, 503],
        },
        [nameof(AuditFunctions.ListAudit)] = List<AuditResponse>("Lists who did what and who saw personal data, newest first.", "from", "to", "by", "kind", "subject"),
        [nameof(AuditFunctions.ExportAudit)] = new()
        {
            Summary = "The audit as lines of JSON.", Query = ["from", "to", "by", "kind", "subject"],
            Gives = [(200, typeof(AuditResponse))], GivesType = "application/x-ndjson", Problems = [400, 403, 503],
        },
        [nameof(ReplayDecision)] = new()
        {
            Summary = "Makes a decision again from what it was made from, under its own configuration or another, without any effect.",
            Query = ["config", "lead"], Gives = [(200, typeof(ReplayResponse))], Problems = [404, 409, 503],
        },
        [nameof(AssociateLead)] = new()
        {
            Summary = "Says which account a lead belongs to; no decision overwrites it. Shows what the matcher would have said.",
            Headers = ["Idempotency-Key"], Takes = "application/json", Gives = [(200, typeof(AssociationResponse))], Problems = [400, 403, 404, 413, 415, 503],
        },
        [nameof(PoolFunctions.ListPools)] = List<PoolLineResponse>("Lists pools: who is next, and how many can take a lead now."),
        [nameof(PoolFunctions.GetPool)] = Show<PoolBoardResponse>("Shows a pool: everybody in the order of turns, why who cannot take a lead cannot, and what waits."),
        [nameof(PoolFunctions.GetPoolLedger)] = List<LedgerLineResponse>("The ledger of a pool, newest first: every turn, skip and refund with its reason.", "rep", "from", "lead") with { Problems = [400, 404, 503] },
        [nameof(PauseRep)] = new() { Summary = "Somebody takes no turns in pools for 30, 60 or 90 minutes, or until an instant.", Takes = "application/json", Gives = [(200, typeof(RepResponse))], Problems = [400, 403, 404, 413, 415, 503] },
        ["ResumeRep"] = new() { Summary = "Somebody takes turns in pools again.", Gives = [(200, typeof(RepResponse))], Problems = [403, 404, 503] },
        ["AcceptLead"] = Answer("The owner accepts a lead that a pool offered."),
        ["RejectLead"] = Answer("The owner declines a lead that a pool offered, with a reason: the turn is given back and it goes to the next."),
        ["ScanOrphans"] = new()
        {
            Summary = "Finds open leads that today's rules, people and accounts would send elsewhere; with apply moves those that are named.",
            Query = ["since", "apply", "limit", "cursor"], Takes = "application/json", Gives = [(200, typeof(OrphansResponse))], Problems = [400, 403, 413, 415, 503],
        },
        ["ReassignLeadByHand"] = new()
        {
            Summary = "Gives a lead to somebody, or to the next of a pool: clocks and play go on with the new owner.",
            Headers = ["Idempotency-Key"], Takes = "application/json", Gives = [(200, typeof(ReassignmentResponse))], Problems = [400, 403, 404, 409, 413, 415, 503],
        },
        [nameof(ExportCases)] = new() { Summary = "Everything that people corrected, a case a line, with the lead and the accounts that were looked at.", Gives = [(200, typeof(ExportedCase))], GivesType = "application/x-ndjson", Problems = [403, 503] },
        [nameof(RegressConfig)] = new()
        {
            Summary = "Holds files or a kept version against every correction that people made.",
            Takes = "application/json", Gives = [(200, typeof(RegressionResponse))], Problems = [400, 403, 404, 413, 415, 422, 503],
        },
        [nameof(ExportDecisions)] = new()
        {
            Summary = "Decisions as lines of JSON, oldest first.", Query = ["from", "to"],
            Gives = [(200, typeof(ExportedDecision))], GivesType = "application/x-ndjson", Problems = [400, 403, 503],
        },
        [nameof(ExportDecisions.CountDecisions)] = new() { Summary = "Counts, by month and kind, of decisions that are no longer kept.", Gives = [(200, typeof(PageResponse<Abm.Ports.DecisionCount>))], Problems = [403, 503] },
        [nameof(PersonFunctions.ExportPerson)] = new()
        {
            Summary = "Everything that is kept of a person, by e-mail address.",
            Takes = "application/json", Gives = [(200, typeof(PersonExportResponse))], Problems = [400, 403, 413, 415, 503],
        },
        [nameof(PersonFunctions.ErasePerson)] = new()
        {
            Summary = "Erases a person: what is personal is replaced everywhere, what it came to stays. Gives a receipt; safe to repeat.",
            Takes = "application/json", Gives = [(200, typeof(Abm.Ports.ErasureReceipt))], Problems = [400, 403, 413, 415, 503],
        },
        [nameof(RunDryRun)] = new()
        {
            Summary = "Tries files or a kept version on past leads: a line of progress about once a second, then the report. Notes the result for the publish gate.",
            Takes = "application/json", Gives = [(200, typeof(DryRunLine))], GivesType = "application/x-ndjson", Problems = [400, 403, 404, 413, 415, 422, 503],
        },
        [nameof(AskWhyNot)] = new()
        {
            Summary = "Tells why a lead did not match an account, reach a level, go to a rep or start a play: the first condition that failed.",
            Takes = "application/json", Gives = [(200, typeof(WhyNotResponse))], Problems = [400, 404, 409, 413, 415, 503],
        },
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

    private static OperationNotes Answer(string summary) =>
        new() { Summary = summary, Takes = "application/json", Gives = [(200, typeof(AnswerResponse))], Problems = [400, 403, 404, 409, 413, 415, 503] };

    private static OperationNotes Act(string summary) =>
        new() { Summary = summary, Takes = "application/json", Gives = [(200, typeof(TouchResponse))], Problems = [400, 404, 413, 415, 503] };
}
