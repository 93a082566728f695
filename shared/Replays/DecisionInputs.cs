using Abm.Accounts;
using Abm.Decisions;
using Abm.Leads;
using Abm.Routing;

namespace Abm.Replays;

/// <summary>Everything that one decision was made from, besides the rules themselves: enough to make it again, under the same rules or others, whatever has changed since.</summary>
/// <param name="Lead">As it was sent.</param>
/// <param name="ConfigVersion">The rules that it was made by.</param>
/// <param name="DecidedAt">The one instant that every step used, UTC.</param>
public sealed record DecisionInputs(string DecisionId, Lead Lead, string ConfigVersion, DateTimeOffset DecidedAt, AccountsRead Accounts)
{
    /// <summary>Names the snapshot of reps that decided; null: none was kept.</summary>
    public string? RepsVersion { get; init; }

    /// <summary>The state of every pool that the decision could have asked, by name; a pool that was new is absent.</summary>
    public IReadOnlyDictionary<string, PoolState> Pools { get; init; } = new Dictionary<string, PoolState>();

    public AccountId? PinnedAccount { get; init; }
    public bool IsIgnored { get; init; }
    public int Attempt { get; init; } = 1;
    public IReadOnlyList<Assignment> PriorAssignments { get; init; } = [];
    public IReadOnlyList<RepId> FormerOwners { get; init; } = [];
    public StickyOwner? Sticky { get; init; }
    public StickyOwner? AccountSticky { get; init; }
    public OpenPlay? OpenPlay { get; init; }
    public bool IsDrain { get; init; }

    /// <summary>Versions of lists that came from outside. Those that are part of the program are today's when the decision is made again; the decision says which it used.</summary>
    public IReadOnlyDictionary<string, string> DataVersions { get; init; } = new Dictionary<string, string>();
}

/// <summary>What a decision read of the accounts, as values.</summary>
/// <param name="Version">The account change that was known last.</param>
/// <param name="AccountCount">How many accounts there were.</param>
public sealed record AccountsRead(long Version, int AccountCount)
{
    /// <summary>Every account that was looked at, and the ancestors of the candidates, each once.</summary>
    public IReadOnlyList<Account> Accounts { get; init; } = [];

    /// <summary>The accounts worth comparing, in their order; null: it was not asked for them.</summary>
    public IReadOnlyList<AccountId>? Candidates { get; init; }

    /// <summary>Accounts that were asked for and did not exist.</summary>
    public IReadOnlyList<AccountId> Absent { get; init; } = [];

    /// <summary>Ids that were asked for and name another account, since theirs was merged into it.</summary>
    public IReadOnlyDictionary<AccountId, AccountId> MergedInto { get; init; } = new Dictionary<AccountId, AccountId>();

    /// <summary>How many accounts had a key (a word, a domain, a number, …), by the key's hash.</summary>
    public IReadOnlyDictionary<ulong, int> Counts { get; init; } = new Dictionary<ulong, int>();

    /// <summary>Whether the lead's e-mail address was a known contact's; null: it was not asked.</summary>
    public ContactRead? Contact { get; init; }
}

/// <summary>The answer to the question for a contact.</summary>
/// <param name="Question">Hash of the e-mail address that was asked for.</param>
/// <param name="Contact">Null: nobody is known under it. Of the contact nothing but the ids is kept: matching uses nothing else.</param>
public sealed record ContactRead(ulong Question, ContactId? Contact, AccountId? Account)
{
    internal static ulong QuestionOf(string normalisedEmail) => IndexKey.Of(IndexKey.Email, normalisedEmail);
}
