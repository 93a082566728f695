using Abm.Decisions;
using Abm.Routing;

namespace Abm.Ports;

/// <summary>Who had a person's or an account's last lead. Kept when a lead gets an owner and when it is touched; of persons only a keyed hash of the address.</summary>
public interface IRelations
{
    /// <summary>One point read for each that is given.</summary>
    Task<KnownRelations> ReadAsync(string? email, AccountId? account, CancellationToken cancellationToken);

    /// <summary>Keeps it for person and account in one transaction. An instant of touch that is not given stays as it is kept.</summary>
    Task NoteAsync(string? email, AccountId? account, RelationNote note, CancellationToken cancellationToken);
}

/// <summary>What is known.</summary>
/// <param name="AccountLead">The account's last lead that had a play; null when none had.</param>
/// <param name="AccountPlay">That play; whether it is still open stands in the lead's file.</param>
public sealed record KnownRelations(StickyOwner? Person, StickyOwner? Account, LeadId? AccountLead, OpenPlay? AccountPlay)
{
    public static KnownRelations Nothing { get; } = new(null, null, null, null);
}

/// <summary>A lead has an owner, or was touched.</summary>
/// <param name="At">When it got the owner.</param>
/// <param name="WorkedAt">When it was touched; null: nothing is said of it.</param>
/// <param name="Play">The play that follows it up; null: nothing is said of it.</param>
public sealed record RelationNote(LeadId Lead, RepId Owner, DateTimeOffset At, DateTimeOffset? WorkedAt = null, OpenPlay? Play = null);

/// <summary>Leads that wait for a member of a pool, and leads that wait for their owner's yes.</summary>
public interface IRoutingDesk
{
    /// <summary>The lead waits. Written again it is the same.</summary>
    Task PutWaitingAsync(WaitingLead lead, CancellationToken cancellationToken);

    Task RemoveWaitingAsync(WaitingLead lead, CancellationToken cancellationToken);

    /// <summary>Names of pools for which leads wait.</summary>
    Task<IReadOnlyList<string>> PoolsWithWaitingAsync(CancellationToken cancellationToken);

    /// <summary>Leads that wait for a pool: the hottest first, then the oldest.</summary>
    Task<IReadOnlyList<WaitingLead>> WaitingAsync(string pool, int limit, CancellationToken cancellationToken);

    /// <summary>Keeps an offer to an owner, unless this very one is kept already. A lead has one at most: the new one replaces that of a former owner.</summary>
    Task PutOfferAsync(LeadOffer offer, CancellationToken cancellationToken);

    Task<LeadOffer?> FindOfferAsync(LeadId lead, CancellationToken cancellationToken);

    /// <summary>Changes the state of an offer, if it is still as it was read.</summary>
    Task<bool> MoveOfferAsync(LeadOffer offer, OfferState state, CancellationToken cancellationToken);

    /// <summary>Offers of which the time is over, or which were declined and not passed on yet.</summary>
    Task<IReadOnlyList<LeadOffer>> OffersToPassAsync(DateTimeOffset now, int limit, CancellationToken cancellationToken);

    /// <summary>Takes an offer away.</summary>
    Task RemoveOfferAsync(LeadId lead, CancellationToken cancellationToken);
}

/// <summary>A lead that nobody in a pool could take.</summary>
/// <param name="DecisionId">The decision that said so; when the lead has another one meanwhile, it does not wait any more.</param>
/// <param name="Points">The higher the hotter, 0 to 100.</param>
/// <param name="Until">Then it goes to the fallback queue.</param>
public sealed record WaitingLead(LeadId Lead, string Pool, string DecisionId, double Points, DateTimeOffset ReceivedAt, DateTimeOffset Since, DateTimeOffset Until);

/// <summary>A lead that its owner must accept.</summary>
/// <param name="AssignmentId">The turn that made them the owner.</param>
/// <param name="Tag">The version that was read.</param>
public sealed record LeadOffer(LeadId Lead, string AssignmentId, string Pool, RepId Owner, DateTimeOffset OfferedAt, DateTimeOffset DueAt, OfferState State, string Tag);

/// <summary>How far an offer has come.</summary>
public enum OfferState
{
    Open = 0,
    Accepted = 1,

    /// <summary>The owner said no; it goes to the next and the turn is given back.</summary>
    Declined = 2,

    /// <summary>Nobody answered in time; it goes to the next and the turn stays charged.</summary>
    Passed = 3,
}
