using System.Collections.Concurrent;
using Abm.Decisions;
using Abm.Functions.Http;
using Abm.Functions.Intake;
using Abm.Journeys;
using Abm.Leads;
using Abm.Ports;
using Abm.TestKit;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Logging.Abstractions;

namespace Abm.Functions.Tests.Intake;

/// <summary>Everything that taking leads in needs, in memory.</summary>
internal sealed class IntakeFakes : ILeadStore, ILeadQueue, IRequestKeys, ILeadAnswer
{
    private readonly ConcurrentDictionary<LeadId, (LeadRecord Record, string Fingerprint)> _leads = new();
    private readonly ConcurrentDictionary<(string, string), string> _keys = new();

    public ManualTimeProvider Clock { get; } = new(ManualTimeProvider.WednesdayMorning);

    /// <summary>What was put on the queue, message by message.</summary>
    public List<IReadOnlyList<LeadId>> Messages { get; } = [];

    public IReadOnlyCollection<LeadRecord> Leads => [.. _leads.Values.Select(kept => kept.Record)];

    public int Reads { get; private set; }

    /// <summary>What the queue fails with; null: it works.</summary>
    public Exception? QueueFailure { get; set; }

    /// <summary>Called at each read of a lead.</summary>
    public Action<LeadId>? OnRead { get; set; }

    public LeadAdmitter Admitter => new(this, this, Clock);

    public SubmitLead SubmitLead => new(Admitter, this, new DecisionWait(this, Clock), this, NullLogger<SubmitLead>.Instance);

    public void Decide(LeadId id, string outcome = "matched") =>
        _leads[id] = (_leads[id].Record with { State = LeadState.Decided, Outcome = outcome, DecisionId = "decision-1" }, _leads[id].Fingerprint);

    public Task<LeadAdmission> AdmitAsync(Lead lead, string fingerprint, CancellationToken cancellationToken)
    {
        if (_leads.TryAdd(lead.Id, (new LeadRecord(lead, LeadState.Received, null, null, null, null, null), fingerprint)))
            return Task.FromResult(LeadAdmission.Added);
        (LeadRecord record, string known) = _leads[lead.Id];
        return Task.FromResult(known != fingerprint ? LeadAdmission.DifferentBody : record.State == LeadState.Decided ? LeadAdmission.AlreadyDecided : LeadAdmission.AlreadyReceived);
    }

    public Task<LeadRecord?> FindAsync(LeadId id, CancellationToken cancellationToken)
    {
        Reads++;
        OnRead?.Invoke(id);
        return Task.FromResult(_leads.TryGetValue(id, out var kept) ? kept.Record : null);
    }

    public Task<StoredDecision> AddDecisionAsync(JourneyDecision decision, CancellationToken cancellationToken) => throw new NotSupportedException("Nobody decides here.");

    public Task EnqueueAsync(IReadOnlyList<LeadId> leads, CancellationToken cancellationToken)
    {
        if (QueueFailure is { } failure)
            return Task.FromException(failure);
        lock (Messages)
            Messages.Add(leads);
        return Task.CompletedTask;
    }

    public Task EnqueueBulkAsync(IReadOnlyList<LeadId> leads, CancellationToken cancellationToken) => EnqueueAsync(leads, cancellationToken);

    public Task<DateTimeOffset?> WaitingSinceAsync(CancellationToken cancellationToken) => Task.FromResult<DateTimeOffset?>(null);

    public Task<bool> ClaimAsync(string source, string key, string fingerprint, CancellationToken cancellationToken) =>
        Task.FromResult(_keys.GetOrAdd((source, key), fingerprint) == fingerprint);

    public Task<IActionResult> ForAsync(LeadRecord lead, CancellationToken cancellationToken) =>
        Task.FromResult<IActionResult>(new ApiResult(200, new { LeadId = lead.Lead.Id.Value, lead.State, lead.Outcome }));
}
