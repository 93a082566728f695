using Abm.Clocks;
using Abm.Decisions;

namespace Abm.Ports;

/// <summary>All clocks: open ones by deadline, then closed ones, the latest deadline first. A projection of the files that the clocks lie in.</summary>
public interface IClockBoard
{
    /// <summary>Shows clocks as they stand now. Safe to repeat.</summary>
    Task PutAsync(IReadOnlyList<ClockRecord> clocks, CancellationToken cancellationToken);

    /// <exception cref="FormatException"><c>after</c> is none of ours.</exception>
    Task<ListPage<ClockRecord>> ListAsync(ClockFilter filter, int limit, string? after, CancellationToken cancellationToken);

    /// <summary>Whose clock it is. At most two point reads.</summary>
    /// <returns>Null: there is none of this id.</returns>
    Task<ClockPlace?> FindAsync(string clockId, CancellationToken cancellationToken);

    /// <summary>Counts the open clocks: at this instant while they are few, otherwise as they were counted last, which is at most two minutes ago. As a rule at most three reads.</summary>
    /// <param name="now">What is overdue is seen from here.</param>
    Task<ClockSummary> SummaryAsync(DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Counts all open clocks and keeps the result for <see cref="SummaryAsync"/>, when they are too many to be counted each time.</summary>
    Task CountAsync(DateTimeOffset now, CancellationToken cancellationToken);
}

/// <summary>Where a clock lies: in the file of its lead, or of its play.</summary>
public sealed record ClockPlace(string ClockId, string PlayId, LeadId? LeadId, AccountId? AccountId);

/// <summary>Which clocks; what is null does not matter.</summary>
/// <param name="State">As the outside names it: <c>running, paused, met, breached</c> or <c>cancelled</c>.</param>
public sealed record ClockFilter(string? State = null, string? OwnerId = null, DateTimeOffset? DueBefore = null)
{
    public DateTimeOffset? DueFrom { get; init; }

    /// <summary>Only those that are still measured.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Leaves out those that are paused.</summary>
    public bool IsNotPaused { get; init; }
    public string? Team { get; init; }

    /// <summary>Name of an <see cref="Accounts.AccountTier"/> in camelCase.</summary>
    public string? Tier { get; init; }
    public string? Policy { get; init; }

    /// <summary>Name of a <see cref="ClockKind"/> in camelCase.</summary>
    public string? Kind { get; init; }

    /// <summary><c>account</c> or <c>owner</c>.</summary>
    public string? Scope { get; init; }
    public string? LeadId { get; init; }
    public string? AccountId { get; init; }
}

/// <summary>How far the counting of open clocks by new rules has come.</summary>
public interface IClockRecounts
{
    Task<RecountMark?> ReadAsync(CancellationToken cancellationToken);

    /// <summary>The last word counts.</summary>
    Task SaveAsync(RecountMark mark, CancellationToken cancellationToken);
}

/// <summary>A walk through the open clocks.</summary>
/// <param name="Rules">Fingerprint of what deadlines are counted by, see <see cref="ClockRules.Fingerprint"/>.</param>
/// <param name="After">Where to go on; null: from the beginning.</param>
/// <param name="Walks">How often it went through all of them.</param>
/// <param name="FinishedAt">When the last walk ended; null: it goes on.</param>
/// <param name="Looked">Clocks looked at.</param>
/// <param name="Moved">Deadlines moved.</param>
public sealed record RecountMark(string Rules, string ConfigVersion, string? After, int Walks, DateTimeOffset StartedAt, DateTimeOffset? FinishedAt, int Looked, int Moved);
