using System.Collections.Concurrent;
using System.Globalization;
using Abm.Decisions;
using Abm.Ports;
using Abm.Routing;

namespace Abm.TestKit;

/// <summary>Who had whom, what waits and what is offered, in memory; keeps the contract of the tables.</summary>
/// <param name="remembers">Whether it remembers who had a person or an account; tests of turns want every lead to be a stranger's.</param>
public sealed class InMemoryRouting(bool remembers = true) : IRelations, IRoutingDesk
{
    private readonly ConcurrentDictionary<string, (StickyOwner Sticky, LeadId? Lead, OpenPlay? Play)> _known = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<LeadId, WaitingLead> _waiting = [];
    private readonly ConcurrentDictionary<LeadId, LeadOffer> _offers = [];
    private long _version;

    /// <summary>Everything that waits.</summary>
    public IReadOnlyList<WaitingLead> Waiting => [.. _waiting.Values];

    /// <summary>Every offer.</summary>
    public IReadOnlyList<LeadOffer> Offers => [.. _offers.Values];

    public Task<KnownRelations> ReadAsync(string? email, AccountId? account, CancellationToken cancellationToken)
    {
        if (!remembers)
            return Task.FromResult(KnownRelations.Nothing);
        var person = email is null ? default : _known.GetValueOrDefault("person|" + email);
        var company = account is null ? default : _known.GetValueOrDefault("account|" + account);
        return Task.FromResult(new KnownRelations(person.Sticky, company.Sticky, company.Lead, company.Play));
    }

    public Task NoteAsync(string? email, AccountId? account, RelationNote note, CancellationToken cancellationToken)
    {
        foreach (string key in new[] { email is null ? null : "person|" + email, account is null ? null : "account|" + account }.OfType<string>())
        {
            _known.AddOrUpdate(
                key,
                _ => (new StickyOwner(note.Owner, note.At) { WorkedAt = note.WorkedAt }, note.Play is null ? null : note.Lead, note.Play),
                (_, known) => (new StickyOwner(note.Owner, note.At) { WorkedAt = note.WorkedAt ?? known.Sticky.WorkedAt }, note.Play is null ? known.Lead : note.Lead, note.Play ?? (known.Play is null ? null : known.Play with { Owner = note.Owner })));
        }

        return Task.CompletedTask;
    }

    public Task PutWaitingAsync(WaitingLead lead, CancellationToken cancellationToken)
    {
        _waiting[lead.Lead] = lead;
        return Task.CompletedTask;
    }

    public Task RemoveWaitingAsync(WaitingLead lead, CancellationToken cancellationToken)
    {
        _waiting.TryRemove(lead.Lead, out _);
        return Task.CompletedTask;
    }

    public Task<IReadOnlyList<string>> PoolsWithWaitingAsync(CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>([.. _waiting.Values.Select(w => w.Pool).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)]);

    public Task<IReadOnlyList<WaitingLead>> WaitingAsync(string pool, int limit, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<WaitingLead>>(
        [.. _waiting.Values.Where(w => w.Pool == pool).OrderByDescending(w => w.Points).ThenBy(w => w.ReceivedAt).ThenBy(w => w.Lead.Value, StringComparer.Ordinal).Take(limit)]);

    public Task PutOfferAsync(LeadOffer offer, CancellationToken cancellationToken)
    {
        _offers.AddOrUpdate(offer.Lead, _ => Tagged(offer), (_, known) => known.AssignmentId == offer.AssignmentId ? known : Tagged(offer));
        return Task.CompletedTask;
    }

    public Task<LeadOffer?> FindOfferAsync(LeadId lead, CancellationToken cancellationToken) => Task.FromResult(_offers.GetValueOrDefault(lead));

    public Task<bool> MoveOfferAsync(LeadOffer offer, OfferState state, CancellationToken cancellationToken) =>
        Task.FromResult(_offers.TryGetValue(offer.Lead, out LeadOffer? known) && known.Tag == offer.Tag && _offers.TryUpdate(offer.Lead, Tagged(known with { State = state }), known));

    public Task<IReadOnlyList<LeadOffer>> OffersToPassAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<LeadOffer>>(
        [.. _offers.Values.Where(o => (o.State == OfferState.Open && o.DueAt <= now) || o.State is OfferState.Declined or OfferState.Passed).OrderBy(o => o.Lead.Value, StringComparer.Ordinal).Take(limit)]);

    public Task RemoveOfferAsync(LeadId lead, CancellationToken cancellationToken)
    {
        _offers.TryRemove(lead, out _);
        return Task.CompletedTask;
    }

    private LeadOffer Tagged(LeadOffer offer) => offer with { Tag = Interlocked.Increment(ref _version).ToString(CultureInfo.InvariantCulture) };
}
