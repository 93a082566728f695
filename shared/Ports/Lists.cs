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

/// <summary>Leads that a person must place: review and unmatched, newest first. A projection.</summary>
public interface IReviewList
{
    Task PutAsync(ReviewItem item, CancellationToken cancellationToken);

    Task RemoveAsync(LeadId lead, DateTimeOffset receivedAt, CancellationToken cancellationToken);

    /// <param name="outcome">Null: <c>review</c> and <c>unmatched</c>; matched leads wait here for other reasons and must be asked for.</param>
    /// <exception cref="FormatException"><c>after</c> is none of ours.</exception>
    Task<ListPage<ReviewItem>> ListAsync(string? outcome, int limit, string? after, CancellationToken cancellationToken);
}

/// <summary>A lead without a sure account, and the nearest candidates.</summary>
/// <param name="Why">Code such as <c>ambiguous</c> or <c>noDomain</c>.</param>
public sealed record ReviewItem(LeadId LeadId, DateTimeOffset ReceivedAt, DateTimeOffset DecidedAt, string Outcome, string Why, string Source, IReadOnlyList<ReviewCandidate> Candidates);

/// <summary>An account that may be the right one.</summary>
public sealed record ReviewCandidate(AccountId AccountId, string Name, double Confidence);

/// <summary>All clocks: open ones by deadline, then closed ones, the latest deadline first. A projection of the lead files.</summary>
public interface IClockBoard
{
    Task PutAsync(ClockRecord clock, CancellationToken cancellationToken);

    /// <exception cref="FormatException"><c>after</c> is none of ours.</exception>
    Task<ListPage<ClockRecord>> ListAsync(ClockFilter filter, int limit, string? after, CancellationToken cancellationToken);
}

/// <summary>Which clocks; what is null does not matter.</summary>
/// <param name="State">As the outside names it: <c>running, paused, met, breached</c> or <c>cancelled</c>.</param>
public sealed record ClockFilter(string? State = null, string? OwnerId = null, DateTimeOffset? DueBefore = null);
