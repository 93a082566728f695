using Abm.Decisions;
using Abm.Journeys;

namespace Abm.Ports;

/// <summary>Keeps later decisions about leads that were decided before.</summary>
public interface IRedecisions
{
    /// <summary>Keeps the decision, what it does to the lead's file and the event that tells it, in one transaction under the file's tag.</summary>
    /// <param name="changed">The file as it shall be; its tag is the one that was read.</param>
    /// <returns><see cref="SaveOutcome.AlreadyHappened"/> when a decision of this id, or this event, is kept already; <see cref="SaveOutcome.Conflict"/> when somebody saved first.</returns>
    Task<SaveOutcome> SaveAsync(LeadFile changed, JourneyDecision decision, LeadEvent happened, CancellationToken cancellationToken);
}

/// <summary>Decided leads by what accounts are recognised by, to find those that a change of accounts may concern. Written with every decision.</summary>
public interface ILeadKeys
{
    /// <summary>Parts that are looked through one after the other.</summary>
    int Parts { get; }

    /// <summary>Leads of one part that have any of these keys, in an order that stays. A lead with several comes several times.</summary>
    /// <param name="after">Where the last look ended; null: from the beginning.</param>
    IAsyncEnumerable<KeyedLead> FindAsync(int part, IReadOnlyCollection<string> keys, string? after, CancellationToken cancellationToken);
}

/// <param name="Place">To go on after it.</param>
public sealed record KeyedLead(string Place, LeadId Lead);

/// <summary>What re-matching moved, kept until nobody asks any more.</summary>
public interface IRematchReports
{
    /// <summary>Keeps how far it has come. The last word counts.</summary>
    Task PutAsync(RematchReport report, CancellationToken cancellationToken);

    Task<RematchReport?> FindAsync(string reportId, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    /// <exception cref="FormatException"><c>after</c> is none of ours.</exception>
    Task<ListPage<RematchReport>> ListAsync(int limit, string? after, CancellationToken cancellationToken);

    /// <summary>Keeps what became of a lead. The last word counts.</summary>
    Task PutItemAsync(string reportId, RematchItem item, CancellationToken cancellationToken);

    Task<RematchItem?> FindItemAsync(string reportId, LeadId lead, CancellationToken cancellationToken);

    /// <exception cref="FormatException"><c>after</c> is none of ours.</exception>
    Task<ListPage<RematchItem>> ItemsAsync(string reportId, int limit, string? after, CancellationToken cancellationToken);
}

/// <summary>What one look at leads came to.</summary>
/// <param name="Cause"><c>accounts</c>: accounts changed; <c>asked</c>: a person asked.</param>
/// <param name="By">Who asked; null when nobody did.</param>
/// <param name="IsDryRun">Nothing was moved; the items say what would be.</param>
/// <param name="Examined">Leads that were looked at.</param>
/// <param name="Counts">Items by what became of them; complete once it is finished.</param>
/// <param name="FinishedAt">Null: it goes on.</param>
public sealed record RematchReport(
    string ReportId, string Cause, string? By, bool IsDryRun, DateTimeOffset StartedAt, int Examined, IReadOnlyDictionary<string, int> Counts, DateTimeOffset? FinishedAt);

/// <summary>A lead of which the match changed, or would have.</summary>
/// <param name="Became"><c>moved</c>, <c>wouldMove</c>, or why it stays: <c>manual</c>, <c>worked</c> (somebody touched it or ended it), <c>busy</c>.</param>
/// <param name="Why">The reason that decided, as a code.</param>
public sealed record RematchItem(LeadId Lead, string Became, string FromOutcome, AccountId? From, string ToOutcome, AccountId? To, string Why, string Says, DateTimeOffset At);
