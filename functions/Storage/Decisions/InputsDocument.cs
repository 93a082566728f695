using System.Text.Json;
using Abm.Decisions;
using Abm.Leads;
using Abm.Replays;
using Abm.Routing;

namespace Abm.Functions.Storage.Decisions;

/// <summary>What a decision was made from as it is kept, apart from the accounts and their counts; see <see cref="InputsPacking"/>.</summary>
internal sealed record InputsDocument
{
    /// <summary>Raised when a change cannot be read by what is below. Older ones stay readable.</summary>
    public const int CurrentVersion = 1;

    public required int Version { get; init; }
    public required string DecisionId { get; init; }
    public required LeadDocument Lead { get; init; }
    public required string ConfigVersion { get; init; }
    public required DateTimeOffset DecidedAt { get; init; }
    public long AccountsVersion { get; init; }
    public int AccountCount { get; init; }

    /// <summary>Places among the accounts; null: candidates were not asked for.</summary>
    public IReadOnlyList<int>? Candidates { get; init; }
    public IReadOnlyList<string>? Absent { get; init; }
    public IReadOnlyDictionary<string, string>? MergedInto { get; init; }
    public ContactDocument? Contact { get; init; }
    public string? RepsVersion { get; init; }
    public IReadOnlyList<PoolDocument>? Pools { get; init; }
    public string? PinnedAccount { get; init; }
    public bool? IsIgnored { get; init; }
    public int Attempt { get; init; } = 1;
    public IReadOnlyList<AssignmentDocument>? Prior { get; init; }
    public IReadOnlyList<string>? FormerOwners { get; init; }
    public StickyDocument? Sticky { get; init; }
    public StickyDocument? AccountSticky { get; init; }
    public OpenPlayDocument? OpenPlay { get; init; }
    public bool? IsDrain { get; init; }
    public IReadOnlyDictionary<string, string>? DataVersions { get; init; }

    public static InputsDocument From(DecisionInputs inputs)
    {
        AccountsRead read = inputs.Accounts;
        Dictionary<AccountId, int> places = [];
        for (int i = 0; i < read.Accounts.Count; i++)
            places[read.Accounts[i].Id] = i;
        return new InputsDocument
        {
            Version = CurrentVersion,
            DecisionId = inputs.DecisionId,
            Lead = LeadDocument.From(inputs.Lead),
            ConfigVersion = inputs.ConfigVersion,
            DecidedAt = inputs.DecidedAt,
            AccountsVersion = read.Version,
            AccountCount = read.AccountCount,
            Candidates = read.Candidates is null ? null : [.. read.Candidates.Select(id => places[id])],
            Absent = read.Absent.Count == 0 ? null : [.. read.Absent.Select(id => id.Value)],
            MergedInto = read.MergedInto.Count == 0 ? null : read.MergedInto.ToDictionary(m => m.Key.Value, m => m.Value.Value, StringComparer.Ordinal),
            Contact = read.Contact is null ? null : new ContactDocument(read.Contact.Question, read.Contact.Contact?.Value, read.Contact.Account?.Value),
            RepsVersion = inputs.RepsVersion,
            Pools = inputs.Pools.Count == 0 ? null : [.. inputs.Pools.Values.OrderBy(p => p.Pool, StringComparer.Ordinal).Select(p => PoolDocument.From(p)!)],
            PinnedAccount = inputs.PinnedAccount?.Value,
            IsIgnored = inputs.IsIgnored ? true : null,
            Attempt = inputs.Attempt,
            Prior = inputs.PriorAssignments.Count == 0 ? null : [.. inputs.PriorAssignments.Select(AssignmentDocument.From)],
            FormerOwners = inputs.FormerOwners.Count == 0 ? null : [.. inputs.FormerOwners.Select(o => o.Value)],
            Sticky = StickyDocument.From(inputs.Sticky),
            AccountSticky = StickyDocument.From(inputs.AccountSticky),
            OpenPlay = inputs.OpenPlay is { } play ? new OpenPlayDocument(play.PlayId, play.Play, play.Owner.Value) : null,
            IsDrain = inputs.IsDrain ? true : null,
            DataVersions = inputs.DataVersions.Count == 0 ? null : inputs.DataVersions,
        };
    }

    /// <exception cref="JsonException">It is of a version that this build does not know.</exception>
    public DecisionInputs ToInputs(IReadOnlyList<Abm.Accounts.Account> accounts, IReadOnlyDictionary<ulong, int> counts)
    {
        if (Version != CurrentVersion)
            throw new JsonException($"Inputs document version {Version}; this build reads {CurrentVersion}.");
        AccountsRead read = new(AccountsVersion, AccountCount)
        {
            Accounts = accounts,
            Candidates = Candidates is null ? null : [.. Candidates.Select(i => accounts[i].Id)],
            Absent = [.. (Absent ?? []).Select(AccountId.Parse)],
            Counts = counts,
            MergedInto = (MergedInto ?? new Dictionary<string, string>()).ToDictionary(m => AccountId.Parse(m.Key), m => AccountId.Parse(m.Value)),
            Contact = Contact is null
                ? null
                : new ContactRead(Contact.Question, Contact.ContactId is null ? null : ContactId.Parse(Contact.ContactId), Contact.AccountId is null ? null : AccountId.Parse(Contact.AccountId)),
        };
        return new DecisionInputs(DecisionId, Lead.ToLead(), ConfigVersion, DecidedAt, read)
        {
            RepsVersion = RepsVersion,
            Pools = (Pools ?? []).ToDictionary(p => p.Pool, p => p.ToState(), StringComparer.Ordinal),
            PinnedAccount = PinnedAccount is null ? null : AccountId.Parse(PinnedAccount),
            IsIgnored = IsIgnored ?? false,
            Attempt = Attempt,
            PriorAssignments = [.. (Prior ?? []).Select(p => p.ToAssignment())],
            FormerOwners = [.. (FormerOwners ?? []).Select(RepId.Parse)],
            Sticky = Sticky?.ToSticky(),
            AccountSticky = AccountSticky?.ToSticky(),
            OpenPlay = OpenPlay is null ? null : new OpenPlay(OpenPlay.PlayId, OpenPlay.Play, RepId.Parse(OpenPlay.Owner)),
            IsDrain = IsDrain ?? false,
            DataVersions = DataVersions ?? new Dictionary<string, string>(),
        };
    }
}

/// <param name="Question">Hash of the address that was asked for.</param>
internal sealed record ContactDocument(ulong Question, string? ContactId, string? AccountId);

internal sealed record StickyDocument(string Owner, DateTimeOffset LastAt, DateTimeOffset? WorkedAt = null)
{
    public static StickyDocument? From(StickyOwner? sticky) => sticky is null ? null : new(sticky.Owner.Value, sticky.LastAt, sticky.WorkedAt);

    public StickyOwner ToSticky() => new(RepId.Parse(Owner), LastAt) { WorkedAt = WorkedAt };
}

internal sealed record OpenPlayDocument(string PlayId, string Play, string Owner);

internal sealed record AssignmentDocument(string Id, string LeadId, string Owner, string? Pool, string Rule, DateTimeOffset At, string? Tag = null)
{
    public static AssignmentDocument From(Assignment assignment) =>
        new(assignment.Id, assignment.Lead.Value, assignment.Owner.Value, assignment.Pool, assignment.Rule, assignment.At, assignment.Tag);

    public Assignment ToAssignment() => new(Id, Abm.Decisions.LeadId.Parse(LeadId), RepId.Parse(Owner), Pool, Rule, At) { Tag = Tag };
}
