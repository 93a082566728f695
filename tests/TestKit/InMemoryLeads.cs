using System.Globalization;
using System.Runtime.CompilerServices;
using Abm.Decisions;
using Abm.Journeys;
using Abm.Leads;
using Abm.Matching;
using Abm.Plays;
using Abm.Ports;
using Abm.Routing;

namespace Abm.TestKit;

/// <summary>Leads, decisions and files in memory; keeps the contract of the tables.</summary>
public sealed class InMemoryLeads(Faults? faults = null) : ILeadStore, ILeadFileStore, IDecisionLog, IRedecisions, ILeadKeys
{
    private readonly Lock _lock = new();
    private readonly Dictionary<LeadId, Entry> _leads = [];
    private readonly Dictionary<(LeadId, string), JourneyDecision> _decisions = [];
    private long _version;

    /// <summary>How many decisions are kept, all leads together.</summary>
    public int DecisionCount
    {
        get
        {
            lock (_lock)
                return _decisions.Count;
        }
    }

    public Task<LeadAdmission> AdmitAsync(Lead lead, string fingerprint, CancellationToken cancellationToken) => Do(nameof(AdmitAsync), () =>
    {
        if (_leads.TryGetValue(lead.Id, out Entry? known))
        {
            if (known.Fingerprint != fingerprint)
                return LeadAdmission.DifferentBody;
            return known.File.Lead.State == LeadState.Decided ? LeadAdmission.AlreadyDecided : LeadAdmission.AlreadyReceived;
        }

        LeadRecord record = new(lead, LeadState.Received, null, null, null, null, null);
        _leads[lead.Id] = new Entry(new LeadFile(record, [], [], null, null, NextTag()), fingerprint, lead.ReceivedAt, 0, []);
        return LeadAdmission.Added;
    });

    public Task<LeadRecord?> FindAsync(LeadId id, CancellationToken cancellationToken) =>
        Do(nameof(FindAsync), () => _leads.GetValueOrDefault(id)?.File.Lead);

    public Task<StoredDecision> AddDecisionAsync(JourneyDecision decision, CancellationToken cancellationToken) => Do(nameof(AddDecisionAsync), () =>
    {
        LeadId id = decision.Lead.Id;
        if (_decisions.TryGetValue((id, decision.DecisionId), out JourneyDecision? earlier))
            return new StoredDecision(earlier, WasAdded: false);
        Entry entry = _leads[id];
        _decisions[(id, decision.DecisionId)] = decision;
        PlayStartInput? play = PlayStart.From(decision);
        _leads[id] = entry with
        {
            File = entry.File with
            {
                Lead = entry.File.Lead with
                {
                    State = LeadState.Decided,
                    DecisionId = decision.DecisionId,
                    Outcome = entry.File.Lead.PinnedAccountId is null ? decision.Outcome : "matched",
                    AccountId = entry.File.Lead.PinnedAccountId ?? (decision.Match as MatchDecision.Matched)?.Account,
                    OwnerId = (decision.Route as RouteDecision.Assigned)?.Owner,
                    ConfigVersion = decision.ConfigVersion,
                },
                Plays = play is null ? [] : [new PlayRecord(play.PlayId, play.Play, PlayStatus.Pending)],
                Tag = NextTag(),
            },
        };
        return new StoredDecision(decision, WasAdded: true);
    });

    public Task<LeadFile?> ReadAsync(LeadId id, CancellationToken cancellationToken) =>
        Do(nameof(ReadAsync), () => _leads.GetValueOrDefault(id)?.File);

    public Task<SaveOutcome> SaveAsync(LeadFile changed, LeadEvent happened, CancellationToken cancellationToken) => Do(nameof(SaveAsync), () =>
    {
        Entry entry = _leads[changed.Lead.Lead.Id];
        if (entry.Events.Any(e => e.EventId == happened.EventId))
            return SaveOutcome.AlreadyHappened;
        if (entry.File.Tag != changed.Tag)
            return SaveOutcome.Conflict;
        _leads[changed.Lead.Lead.Id] = entry with
        {
            File = entry.File with
            {
                Lead = entry.File.Lead with
                {
                    OwnerId = changed.Lead.OwnerId,
                    PinnedAccountId = changed.Lead.PinnedAccountId ?? entry.File.Lead.PinnedAccountId,
                    IsIgnored = changed.Lead.IsIgnored || entry.File.Lead.IsIgnored,
                    AccountId = changed.Lead.PinnedAccountId ?? entry.File.Lead.AccountId,
                    Outcome = changed.Lead.PinnedAccountId is not null && entry.File.Lead.Outcome is not null ? "matched" : entry.File.Lead.Outcome,
                },
                Plays = changed.Plays,
                Clocks = changed.Clocks,
                FirstTouchAt = changed.FirstTouchAt ?? entry.File.FirstTouchAt,
                Disposition = changed.Disposition ?? entry.File.Disposition,
                Tag = NextTag(),
            },
            Events = [.. entry.Events, happened],
        };
        return SaveOutcome.Saved;
    });

    public int Parts => 2;

    public Task<SaveOutcome> SaveAsync(LeadFile changed, JourneyDecision decision, LeadEvent happened, CancellationToken cancellationToken) => Do("Redecisions.Save", () =>
    {
        LeadId id = decision.Lead.Id;
        Entry entry = _leads[id];
        if (_decisions.ContainsKey((id, decision.DecisionId)) || entry.Events.Any(e => e.EventId == happened.EventId))
            return SaveOutcome.AlreadyHappened;
        if (entry.File.Tag != changed.Tag)
            return SaveOutcome.Conflict;
        _decisions[(id, decision.DecisionId)] = decision;
        _leads[id] = entry with { File = changed with { Tag = NextTag() }, Events = [.. entry.Events, happened] };
        return SaveOutcome.Saved;
    });

    public async IAsyncEnumerable<KeyedLead> FindAsync(int part, IReadOnlyCollection<string> keys, string? after, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        KeyedLead[] found;
        lock (_lock)
        {
            found =
            [
                .. _decisions.Values.Where(d => d.Lead.Id.Value[^1] % 2 == part)
                    .SelectMany(d => RematchKeys.Of(d.Lead, (d.Match as MatchDecision.Matched)?.Account).Where(keys.Contains).Select(k => new KeyedLead($"{k}|{d.Lead.Id}", d.Lead.Id)))
                    .Distinct().Where(k => after is null || string.CompareOrdinal(k.Place, after) > 0).OrderBy(k => k.Place, StringComparer.Ordinal),
            ];
        }

        foreach (KeyedLead lead in found)
        {
            await Task.Yield();
            yield return lead;
        }
    }

    public Task<JourneyDecision?> FindDecisionAsync(LeadId id, string decisionId, CancellationToken cancellationToken) =>
        Do(nameof(FindDecisionAsync), () => _decisions.GetValueOrDefault((id, decisionId)));

    public Task<JourneyDecision?> FindAsync(LeadId lead, string decisionId, CancellationToken cancellationToken) => FindDecisionAsync(lead, decisionId, cancellationToken);

    public async IAsyncEnumerable<DecisionEntry> ReadAsync(DateTimeOffset from, DateTimeOffset until, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        JourneyDecision[] window;
        lock (_lock)
        {
            window =
            [
                .. _decisions.Values.Where(d => from <= d.DecidedAt && d.DecidedAt < until).OrderBy(d => d.DecidedAt).ThenBy(d => d.DecisionId, StringComparer.Ordinal),
            ];
        }

        foreach (JourneyDecision decision in window)
        {
            await Task.Yield();
            yield return new DecisionEntry(decision.Lead.Id, decision.DecisionId, decision.DecidedAt, decision.ConfigVersion, decision.Inputs);
        }
    }

    public Task<IReadOnlyList<LeadEvent>> EventsAsync(LeadId id, CancellationToken cancellationToken) => Do<IReadOnlyList<LeadEvent>>(
        nameof(EventsAsync), () => _leads.TryGetValue(id, out Entry? entry) ? LeadEvent.InOrder(entry.Events) : []);

    public Task QuarantineAsync(LeadId id, CancellationToken cancellationToken) => Do(nameof(QuarantineAsync), () =>
    {
        if (_leads.TryGetValue(id, out Entry? entry) && entry.File.Lead.State == LeadState.Received)
            _leads[id] = entry with { File = entry.File with { Lead = entry.File.Lead with { State = LeadState.Quarantined }, Tag = NextTag() } };
        return true;
    });

    public Task<IReadOnlyList<UndecidedLead>> UndecidedAsync(
        LeadState state, DateTimeOffset before, int limit, UndecidedKey? after, CancellationToken cancellationToken) => Do<IReadOnlyList<UndecidedLead>>(
        nameof(UndecidedAsync),
        () =>
        [
            .. _leads.Values
                .Where(e => e.File.Lead.State == state)
                .Select(e => new UndecidedLead(e.File.Lead.Lead.Id, e.File.Lead.Lead.ReceivedAt, e.File.Lead.Lead.Submitted.Source, e.QueuedAt, e.Requeued))
                .Where(l => l.ReceivedAt < before && (after is null || l.ReceivedAt > after.ReceivedAt
                    || (l.ReceivedAt == after.ReceivedAt && string.CompareOrdinal(l.Id.Value, after.Id.Value) > 0)))
                .OrderBy(l => l.ReceivedAt)
                .ThenBy(l => l.Id.Value, StringComparer.Ordinal)
                .Take(limit),
        ]);

    public Task NoteRequeuedAsync(IReadOnlyList<UndecidedLead> leads, DateTimeOffset at, CancellationToken cancellationToken) => Do(nameof(NoteRequeuedAsync), () =>
    {
        foreach (UndecidedLead lead in leads)
            _leads[lead.Id] = _leads[lead.Id] with { QueuedAt = at, Requeued = lead.Requeued + 1 };
        return true;
    });

    private Task<T> Do<T>(string call, Func<T> work)
    {
        T result;
        lock (_lock)
            result = work();
        faults?.Happened(call);
        return Task.FromResult(result);
    }

    private string NextTag() => (++_version).ToString(CultureInfo.InvariantCulture);

    private sealed record Entry(LeadFile File, string Fingerprint, DateTimeOffset QueuedAt, int Requeued, IReadOnlyList<LeadEvent> Events);
}
