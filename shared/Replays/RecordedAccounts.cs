using System.Globalization;
using System.Runtime.CompilerServices;
using Abm.Accounts;
using Abm.Decisions;
using Abm.Matching;

namespace Abm.Replays;

/// <summary>Answers from what an earlier decision read. A question that was not asked then is answered by today's accounts when they are given, else with "nothing"; either way it is named.</summary>
public sealed class RecordedAccounts : IAccountReads
{
    private readonly AccountsRead _read;
    private readonly IAccountReads? _today;
    private readonly AccountMemory _memory;
    private readonly Dictionary<AccountId, Account> _accounts;
    private readonly HashSet<AccountId> _absent;
    private HashSet<string>? _notRecorded;

    /// <param name="today">Answers what was not recorded; null: nobody does.</param>
    /// <param name="memory">Shared by decisions that are made one after the other.</param>
    /// <exception cref="ArgumentException">Today's accounts cannot be searched.</exception>
    public RecordedAccounts(AccountsRead read, IAccountIndex? today, AccountMemory memory)
    {
        _read = read;
        _today = today is null ? null : LeadMatcher.Searchable(today);
        _memory = memory;
        _accounts = new(read.Accounts.Count);
        foreach (Account account in read.Accounts)
            _accounts[account.Id] = account;
        _absent = [.. read.Absent];
    }

    /// <inheritdoc/>
    public long Version => _read.Version;

    /// <inheritdoc/>
    public int AccountCount => _read.AccountCount;

    /// <summary>Questions that the earlier decision had not asked, such as <c>account A17</c>, in ordinal order. Empty: the answer rests on what was recorded alone.</summary>
    public IReadOnlyList<string> NotRecorded => _notRecorded is null ? [] : [.. _notRecorded.Order(StringComparer.Ordinal)];

    /// <inheritdoc/>
    public Account? Find(AccountId id)
    {
        if (_accounts.TryGetValue(_read.MergedInto.GetValueOrDefault(id) ?? id, out Account? account))
            return account;
        if (_absent.Contains(id))
            return null;
        Miss($"account {id}");
        return _today?.Find(id);
    }

    /// <inheritdoc/>
    public Contact? FindContact(string normalisedEmail)
    {
        if (_read.Contact is { } known && known.Question == ContactRead.QuestionOf(normalisedEmail))
            return known.Contact is null ? null : new Contact { Id = known.Contact, AccountId = known.Account!, Email = normalisedEmail };
        Miss("contact");
        return _today?.FindContact(normalisedEmail);
    }

    AccountKeys? IAccountReads.FindKeys(AccountId id) => Find(id) is { } account ? _memory.KeysOf(account) : null;

    int IAccountReads.Count(ulong key)
    {
        if (_read.Counts.TryGetValue(key, out int count))
            return count;
        Miss($"frequency {key.ToString("x16", CultureInfo.InvariantCulture)}");
        return _today?.Count(key) ?? 0;
    }

    List<AccountKeys> IAccountReads.Candidates(LeadProfile lead, AccountKeys? contactAccount)
    {
        if (_read.Candidates is { } candidates)
            return [.. candidates.Select(id => _memory.KeysOf(_accounts[id]))];
        Miss("candidates");
        return _today?.Candidates(lead, contactAccount) ?? [];
    }

    private void Miss(string question) => (_notRecorded ??= new(StringComparer.Ordinal)).Add(question);
}

/// <summary>Accounts made ready for comparing, kept from one decision to the next: the same account is a candidate of many leads. On one thread.</summary>
public sealed class AccountMemory
{
    /// <summary>Accounts of one generation; two are kept, some 30 MB each. Far more than one decision looks at, so that within it an account stays the same.</summary>
    private const int Most = 10_000;

    private Dictionary<Account, AccountKeys> _keys = new(ByReference.Instance);
    private Dictionary<Account, AccountKeys> _before = new(ByReference.Instance);

    internal AccountKeys KeysOf(Account account)
    {
        if (_keys.TryGetValue(account, out AccountKeys? keys))
            return keys;
        if (_keys.Count >= Most)
            (_before, _keys) = (_keys, new(ByReference.Instance));

        return _keys[account] = _before.GetValueOrDefault(account) ?? new AccountKeys(account);
    }

    private sealed class ByReference : IEqualityComparer<Account>
    {
        public static ByReference Instance { get; } = new();

        public bool Equals(Account? x, Account? y) => ReferenceEquals(x, y);

        public int GetHashCode(Account obj) => RuntimeHelpers.GetHashCode(obj);
    }
}
