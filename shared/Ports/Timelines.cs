using Abm.Signals;

namespace Abm.Ports;

/// <summary>What happened at accounts, with what is known of each at once. An entry is added together with what it changes, in one transaction.</summary>
public interface IAccountTimelines
{
    /// <summary>Most events of one change: together with what they mean they are one transaction.</summary>
    const int MostAtOnce = 20;

    /// <summary>What is known of the account; empty when nothing is. One point read.</summary>
    Task<SignalState> StateAsync(string accountId, CancellationToken cancellationToken);

    /// <summary>Changes what is known: adds the entries and saves the state, both or none; changes anew when somebody was faster.</summary>
    /// <param name="events">Ids of the events that would be added: those that are there already are left out; at most <see cref="MostAtOnce"/>.</param>
    /// <param name="change">Pure: from the state and the ids that are new. Null: there is nothing to change.</param>
    /// <returns>The state as it stands now, and which of the events were there before.</returns>
    Task<TimelineSaved> ChangeAsync(
        string accountId, IReadOnlyList<string> events, Func<SignalState, IReadOnlySet<string>, TimelineChange?> change, CancellationToken cancellationToken);

    /// <summary>Entries by key, in that order; those that are gone are left out.</summary>
    Task<IReadOnlyList<StoredEntry>> FindAsync(string accountId, IReadOnlyList<string> keys, CancellationToken cancellationToken);

    /// <summary>Newest first.</summary>
    /// <exception cref="FormatException"><c>after</c> is none of ours.</exception>
    Task<ListPage<StoredEntry>> ListAsync(string accountId, int limit, string? after, CancellationToken cancellationToken);

    /// <summary>Names and instants of what happened between two instants, oldest first; the latest 500.</summary>
    Task<IReadOnlyList<StoredEntry>> BetweenAsync(string accountId, DateTimeOffset from, DateTimeOffset to, CancellationToken cancellationToken);

    /// <summary>Notes with an entry what plays made of it, and that it waits no more. Of an entry that is gone only the latter.</summary>
    Task AnsweredAsync(string accountId, IReadOnlyDictionary<string, IReadOnlyList<EntryAnswer>> answers, CancellationToken cancellationToken);

    /// <summary>Moves the entries of an account to the one that it was merged into. Safe to repeat.</summary>
    /// <param name="isBack">Only those that had come for the other one: the merge was taken back.</param>
    Task<int> MoveAsync(string from, string to, bool isBack, DateTimeOffset now, CancellationToken cancellationToken);

    /// <summary>Accounts that events came for, by id.</summary>
    /// <exception cref="FormatException"><c>after</c> is none of ours.</exception>
    Task<ListPage<LiveAccount>> LiveAsync(int limit, string? after, CancellationToken cancellationToken);

    /// <summary>Removes entries from before an instant.</summary>
    /// <returns>How many; with as many as <paramref name="limit"/> there may be more.</returns>
    Task<int> PurgeAsync(string accountId, DateTimeOffset before, int limit, CancellationToken cancellationToken);

    /// <summary>Takes an account from the list of those that events came for; its state goes with it when no entry is left.</summary>
    Task ForgetAsync(string accountId, CancellationToken cancellationToken);

    /// <summary>Every entry of a person.</summary>
    /// <param name="limit">At most so many.</param>
    Task<IReadOnlyList<StoredEntry>> OfPersonAsync(string personKey, int limit, CancellationToken cancellationToken);

    /// <summary>Removes the entries of a person, and the person from what is counted.</summary>
    Task<int> ErasePersonAsync(string personKey, CancellationToken cancellationToken);
}

/// <summary>What became of a change of a timeline.</summary>
public sealed record TimelineSaved(SignalState State, IReadOnlySet<string> Known, IReadOnlyList<string> Dropped);

/// <summary>An entry as it is kept.</summary>
/// <param name="Key">Sorts newest first.</param>
public sealed record StoredEntry(string AccountId, string Key, TimelineEntry Entry, IReadOnlyList<EntryAnswer> Answers);

/// <summary>What one play made of an entry.</summary>
/// <param name="Became"><c>started</c>, <c>joined</c>, <c>told</c> (it runs and hears of it) or <c>none</c>.</param>
/// <param name="Code">Of the reason.</param>
public sealed record EntryAnswer(string Play, string Became, string Code, string Says, string? PlayId);

/// <summary>An account that events came for, and the last day on which.</summary>
public sealed record LiveAccount(string AccountId, DateOnly LastDay);

/// <summary>Events of accounts that nobody knows yet. They wait for the account, bounded in number and time.</summary>
public interface IWaitingEvents
{
    /// <summary>Events of one account that wait; more are refused by name.</summary>
    const int MostOfOne = 200;

    /// <summary>Keeps an event for when the account appears. The same again is one.</summary>
    /// <param name="subject">What it may be recognised by.</param>
    /// <returns>False: too many wait for this one already.</returns>
    Task<bool> KeepAsync(WaitingSubject subject, AccountEvent happened, CancellationToken cancellationToken);

    /// <summary>Everything that somebody waits for.</summary>
    /// <exception cref="FormatException"><c>after</c> is none of ours.</exception>
    Task<ListPage<WaitingSubject>> SubjectsAsync(int limit, string? after, CancellationToken cancellationToken);

    Task<IReadOnlyList<AccountEvent>> OfAsync(WaitingSubject subject, CancellationToken cancellationToken);

    /// <summary>Takes events away that are told now; the subject too when none is left.</summary>
    Task RemoveAsync(WaitingSubject subject, IReadOnlyList<string> eventIds, CancellationToken cancellationToken);

    /// <summary>Removes what came before an instant.</summary>
    Task<int> PurgeAsync(DateTimeOffset before, CancellationToken cancellationToken);

    /// <summary>Every event of a person that waits.</summary>
    Task<IReadOnlyList<AccountEvent>> OfPersonAsync(string personKey, CancellationToken cancellationToken);
    Task<int> ErasePersonAsync(string personKey, CancellationToken cancellationToken);
}

/// <summary>What an unknown account will be recognised by: its id, or a domain.</summary>
public sealed record WaitingSubject(string? AccountId, string? Domain)
{
    public override string ToString() => AccountId is not null ? $"id:{AccountId}" : $"domain:{Domain}";
}
