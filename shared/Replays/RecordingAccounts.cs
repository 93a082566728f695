using Abm.Accounts;
using Abm.Decisions;
using Abm.Matching;

namespace Abm.Replays;

/// <summary>Passes every question on to the accounts and notes the answer. For one decision, on one thread.</summary>
internal sealed class RecordingAccounts(IAccountReads accounts) : IAccountReads
{
    /// <summary>Ancestors of candidates that are noted although nobody asked: another tie-break may want them.</summary>
    private const int MostAncestors = 8;

    private readonly Dictionary<AccountId, Account> _seen = [];
    private readonly List<Account> _inOrder = [];
    private readonly HashSet<AccountId> _absent = [];
    private readonly Dictionary<AccountId, AccountId> _merged = [];
    private readonly Dictionary<ulong, int> _counts = [];
    private AccountId[]? _candidates;
    private ContactRead? _contact;

    /// <inheritdoc/>
    public long Version => accounts.Version;

    /// <inheritdoc/>
    public int AccountCount => accounts.AccountCount;

    /// <summary>What was asked until now, and what was answered.</summary>
    public AccountsRead Read => new(Version, AccountCount)
    {
        Accounts = _inOrder,
        Candidates = _candidates,
        Absent = [.. _absent],
        MergedInto = _merged,
        Counts = _counts,
        Contact = _contact,
    };

    /// <inheritdoc/>
    public Account? Find(AccountId id) => Note(id, accounts.Find(id));

    /// <inheritdoc/>
    public Contact? FindContact(string normalisedEmail)
    {
        Contact? contact = accounts.FindContact(normalisedEmail);
        _contact = new ContactRead(ContactRead.QuestionOf(normalisedEmail), contact?.Id, contact?.AccountId);
        return contact;
    }

    /// <inheritdoc/>
    public AccountKeys? FindKeys(AccountId id)
    {
        AccountKeys? keys = accounts.FindKeys(id);
        Note(id, keys?.Account);
        return keys;
    }

    /// <inheritdoc/>
    public int Count(ulong key)
    {
        int count = accounts.Count(key);
        _counts[key] = count;
        return count;
    }

    /// <inheritdoc/>
    public List<AccountKeys> Candidates(LeadProfile lead, AccountKeys? contactAccount)
    {
        List<AccountKeys> found = accounts.Candidates(lead, contactAccount);
        _candidates = [.. found.Select(account => account.Account.Id)];
        foreach (AccountKeys account in found)
            Note(account.Account.Id, account.Account);
        NoteAncestors(found);
        return found;
    }

    private void NoteAncestors(List<AccountKeys> candidates)
    {
        int left = MostAncestors;
        foreach (AccountKeys candidate in candidates)
        {
            for (AccountId? parent = candidate.Account.ParentId; parent is not null && left > 0 && !_seen.ContainsKey(parent) && !_absent.Contains(parent); left--)
                parent = Find(parent)?.ParentId;
        }
    }

    private Account? Note(AccountId id, Account? account)
    {
        if (account is null)
            _absent.Add(id);
        else if (_seen.TryAdd(account.Id, account))
            _inOrder.Add(account);
        if (account is not null && account.Id != id)
            _merged[id] = account.Id;
        return account;
    }
}
