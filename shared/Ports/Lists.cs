using Abm.Decisions;

namespace Abm.Ports;

/// <summary>A part of a list.</summary>
/// <param name="Next">Where to go on, to be handed back as <c>after</c>; null: this was the end. A page may hold fewer items than asked for and still have a next one.</param>
public sealed record ListPage<T>(IReadOnlyList<T> Items, string? Next);

/// <summary>Decided leads, newest first. A projection: written again it is the same.</summary>
public interface ILeadList
{
    Task PutAsync(LeadListItem item, CancellationToken cancellationToken);

    /// <exception cref="FormatException"><c>after</c> is none of ours.</exception>
    Task<ListPage<LeadListItem>> ListAsync(LeadListFilter filter, int limit, string? after, CancellationToken cancellationToken);
}

/// <summary>A decided lead in one line, without personal data.</summary>
public sealed record LeadListItem(
    LeadId LeadId, DateTimeOffset ReceivedAt, DateTimeOffset DecidedAt, string Outcome, string Source, string? Play, AccountId? AccountId, RepId? OwnerId, string DecisionId, string ConfigVersion);

/// <summary>Which leads; what is null does not matter.</summary>
public sealed record LeadListFilter(string? Outcome = null, string? OwnerId = null, string? AccountId = null, string? Source = null);

/// <summary>Leads that a person must place: review and unmatched, newest first. A projection, but for who put one off and who resolved it.</summary>
public interface IReviewList
{
    /// <summary>The lead waits for a person. One that is put off stays put off.</summary>
    Task PutAsync(ReviewItem item, CancellationToken cancellationToken);

    Task RemoveAsync(LeadId lead, DateTimeOffset receivedAt, CancellationToken cancellationToken);

    /// <returns>Null: it does not wait.</returns>
    Task<ReviewItem?> FindAsync(LeadId lead, DateTimeOffset receivedAt, CancellationToken cancellationToken);

    /// <summary>Puts it off until an instant; null ends that.</summary>
    /// <returns>False: it does not wait.</returns>
    Task<bool> SnoozeAsync(LeadId lead, DateTimeOffset receivedAt, ReviewSnooze? snooze, CancellationToken cancellationToken);

    /// <summary>Takes it out of those that wait, and keeps among the resolved what became of it. Safe to repeat.</summary>
    Task ResolveAsync(ReviewItem item, ReviewResolution resolution, CancellationToken cancellationToken);

    /// <summary>A page may hold fewer items than asked for and still have a next one.</summary>
    /// <exception cref="FormatException"><c>after</c> is none of ours.</exception>
    Task<ListPage<ReviewItem>> ListAsync(ReviewFilter filter, int limit, string? after, CancellationToken cancellationToken);
}

/// <summary>Which of them.</summary>
/// <param name="Outcome">Null: <c>review</c> and <c>unmatched</c>; matched leads wait here for other reasons and must be asked for.</param>
/// <param name="Now">What is put off until later is not open.</param>
public sealed record ReviewFilter(DateTimeOffset Now, string? Outcome = null, ReviewState State = ReviewState.Open);

/// <summary>How far a person has come with it.</summary>
public enum ReviewState
{
    Open,
    Snoozed,
    Resolved,
}

/// <summary>A lead without a sure account, and the nearest candidates.</summary>
/// <param name="Why">Code such as <c>ambiguous</c> or <c>noDomain</c>.</param>
public sealed record ReviewItem(LeadId LeadId, DateTimeOffset ReceivedAt, DateTimeOffset DecidedAt, string Outcome, string Why, string Source, IReadOnlyList<ReviewCandidate> Candidates)
{
    /// <summary>Null: nobody put it off.</summary>
    public ReviewSnooze? Snooze { get; init; }

    /// <summary>Null: it is not resolved.</summary>
    public ReviewResolution? Resolution { get; init; }

    public ReviewState StateAt(DateTimeOffset now) => Resolution is not null ? ReviewState.Resolved : Snooze?.Until > now ? ReviewState.Snoozed : ReviewState.Open;
}

/// <summary>Somebody put it off.</summary>
public sealed record ReviewSnooze(DateTimeOffset Until, string By);

/// <summary>Somebody resolved it.</summary>
/// <param name="Action"><c>pin</c>, <c>createAccount</c> or <c>ignore</c>.</param>
public sealed record ReviewResolution(string Action, AccountId? AccountId, string By, DateTimeOffset At);

/// <summary>An account that may be the right one.</summary>
public sealed record ReviewCandidate(AccountId AccountId, string Name, double Confidence)
{
    public double Points { get; init; }

    /// <summary>Codes of what speaks for and against it; their sentences stand with the decision, they may name what the person wrote.</summary>
    public IReadOnlyList<EvidencePoints> Evidence { get; init; } = [];
}

/// <param name="Code">Such as <c>match.domain.primary</c>.</param>
public sealed record EvidencePoints(string Code, double Points);
