using System.Text;
using Abm.Functions.Audit;
using Abm.Functions.Configuration.Versions;
using Abm.Functions.Http;
using Abm.Functions.Storage.Accounts;
using Abm.Functions.Tests.Accounts;
using Abm.Functions.Tests.Http;
using Abm.People;
using Abm.Ports;
using Abm.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Abm.Functions.Tests.Configuration.Versions;

/// <summary>Everything that publishes, in memory, on a clock of its own. Several processes share one storage.</summary>
internal sealed class PublishingWorld
{
    public PublishingWorld(AuthOptions? auth = null)
    {
        Source = NewProcess();
        Trail = new AuditTrail(Audit, Source, Clock);
        Callers = new Callers(Options.Create(auth ?? new AuthOptions()));
        DraftCheck check = Check = new(new InMemoryFacts(A.Config(), new Dictionary<Abm.Decisions.RepId, Rep>(), Abm.Accounts.AccountIndex.Empty), new NoAccounts(), Clock);
        Publisher = new ConfigPublisher(Store, Store, Store, check, Source, Trail, Clock);
        Publish = new PublishFunctions(Store, Publisher, check, Source, Callers, Clock);
        Read = new ConfigFunctions(Store, Store, Publisher, Source, Callers);
        Book = new RuleBookFunctions(Store, Publisher, Callers, Clock);
    }

    public ManualTimeProvider Clock { get; } = new(ManualTimeProvider.WednesdayMorning);

    public InMemoryConfig Store { get; } = new();

    public InMemoryAudit Audit { get; } = new();

    public ActiveConfigSource Source { get; }

    public AuditTrail Trail { get; }

    public Callers Callers { get; }

    public ConfigPublisher Publisher { get; }

    public PublishFunctions Publish { get; }

    public ConfigFunctions Read { get; }

    public DraftCheck Check { get; }

    public RuleBookFunctions Book { get; }

    /// <summary>Files whose one rule is told by a number.</summary>
    public static ConfigSourceFile[] Files(double automaticFrom, string comment = "") =>
        [new("rules.yaml", Encoding.UTF8.GetBytes(FormattableString.Invariant($"matching:\n  automaticFrom: {automaticFrom}\n{comment}")))];

    public static ConfigDraft Draft(double automaticFrom, string comment = "") =>
        Assert.IsType<ConfigDraftReading.Accepted>(ConfigDraft.Read(Files(automaticFrom, comment))).Draft;

    /// <summary>Another process on the same storage.</summary>
    public ActiveConfigSource NewProcess() => new(Store, Store, Clock, NullLogger<ActiveConfigSource>.Instance);

    /// <summary>Starts with a configuration that is in force.</summary>
    public async Task<PublishingWorld> WithFolderAsync(double automaticFrom = 8)
    {
        await Publisher.TakeOverFolderAsync(Files(automaticFrom), "config", CancellationToken.None);
        return this;
    }

    public async Task<string> TagAsync() => (await Publisher.InForceAsync(CancellationToken.None)).ETag;

    public async Task<string> ActiveAsync() => (await Publisher.InForceAsync(CancellationToken.None)).Activation!.Version;

    public static PublishOrder Order(string who = "ana", DateTimeOffset? at = null, bool accept = true, PendingChoice? pending = null, string? approver = null) =>
        new(new Actor(who, "request-1"), who, "because", approver, at, accept, pending);

    public Task<PublishOutcome> PublishAsync(ConfigDraft draft, PublishOrder? order = null) =>
        Publisher.PublishAsync(draft, order ?? Order(), _ => true, CancellationToken.None);

    public async Task<Answered> PostAsync(string path, string json, string? ifMatch = null, params (string Name, string Value)[] headers)
    {
        (string, string)[] all = ifMatch is null ? headers : [.. headers, ("If-Match", ifMatch)];
        HttpRequest request = Requests.PostJson($"/api/config/{path}", json, all);
        CancellationToken none = CancellationToken.None;
        return await (path switch
        {
            "validate" => Publish.ValidateConfig(request, none),
            "drafts" => Publish.KeepDraft(request, none),
            "publish" => Publish.PublishConfig(request, none),
            "rollback" => Publish.RollbackConfig(request, none),
            _ => Publish.CancelActivation(request, path.Split('/')[1], none),
        }).AnswerAsync();
    }

    /// <summary>Files as the API takes them.</summary>
    public static string Json(IEnumerable<ConfigSourceFile> files, params ReadOnlySpan<(string Name, object Value)> fields)
    {
        System.Text.Json.Nodes.JsonObject body = new()
        {
            ["files"] = new System.Text.Json.Nodes.JsonArray([.. files.Select(f => new System.Text.Json.Nodes.JsonObject { ["name"] = f.Name, ["text"] = Encoding.UTF8.GetString(f.Bytes.Span) })]),
        };
        foreach ((string name, object value) in fields)
            body[name] = System.Text.Json.JsonSerializer.SerializeToNode(value);
        return body.ToJsonString();
    }

    private sealed class NoAccounts : IAccountCatalogue
    {
        public ValueTask<AccountsState> CurrentAsync(CancellationToken cancellationToken) => ValueTask.FromResult(AccountsState.Empty);

        public Task<AccountsState> SaveAsync(Func<AccountsState, IReadOnlyCollection<Abm.Accounts.AccountChange>> decide, CancellationToken cancellationToken) => throw new NotSupportedException();

        public Task ForgetPastAsync(CancellationToken cancellationToken) => throw new NotSupportedException();
    }
}
