using System.Collections.Immutable;
using Abm.Decisions;
using Abm.Leads;
using Abm.Matching;

namespace Abm.Accounts;

/// <summary>The account index in memory: immutable; a change makes a new one that shares what did not change.</summary>
/// <remarks>
/// It is a short list of segments, oldest and largest first. A change adds a small segment and marks the rows it replaces as gone; segments of
/// like size are merged, so that there are few. What is found never depends on how the index came about, only on the accounts in it.
/// </remarks>
public sealed class AccountIndex : IAccountIndex, IAccountReads
{
    private readonly WordPool _pool;
    private readonly ImmutableArray<Part> _parts;
    private readonly ImmutableDictionary<ulong, int> _gone;
    private readonly ImmutableDictionary<ContactId, Contact> _contacts;
    private readonly ImmutableDictionary<string, ImmutableSortedSet<string>> _contactsByEmail;

    /// <summary>Longest chain of merges that an id is followed through.</summary>
    private const int LongestChain = 20;

    private AccountIndex(
        WordPool pool,
        ImmutableArray<Part> parts,
        ImmutableDictionary<ulong, int> gone,
        ImmutableDictionary<ContactId, Contact> contacts,
        ImmutableDictionary<string, ImmutableSortedSet<string>> contactsByEmail,
        long version)
    {
        _pool = pool;
        _parts = parts;
        _gone = gone;
        _contacts = contacts;
        _contactsByEmail = contactsByEmail;
        Version = version;
        AccountCount = parts.Sum(part => part.LiveCount);
    }

    /// <summary>Which account an id names that was merged into another.</summary>
    private ImmutableDictionary<AccountId, AccountId> MergedInto { get; init; } = ImmutableDictionary<AccountId, AccountId>.Empty;

    /// <summary>An index without accounts, version 0.</summary>
    public static AccountIndex Empty { get; } = new(
        new(),
        [],
        ImmutableDictionary<ulong, int>.Empty,
        ImmutableDictionary<ContactId, Contact>.Empty,
        ImmutableDictionary<string, ImmutableSortedSet<string>>.Empty.WithComparers(StringComparer.Ordinal),
        0);

    /// <inheritdoc/>
    public long Version { get; }

    /// <inheritdoc/>
    public int AccountCount { get; }

    /// <summary>Builds the index anew. The order of accounts and contacts does not matter; of several with one id the last wins.</summary>
    /// <param name="version">Number of the account change that is included last.</param>
    public static AccountIndex Build(IEnumerable<Account> accounts, IEnumerable<Contact> contacts, long version) => new AccountIndex(new(), Empty._parts, Empty._gone, Empty._contacts, Empty._contactsByEmail, 0).With(
        [.. accounts.Select(account => new AccountChange.Saved(account)), .. contacts.Select(contact => new AccountChange.ContactSaved(contact))],
        version);

    /// <summary>The index after these changes, applied in order. Costs in proportion to the changes, not to the index; this one stays as it is.</summary>
    /// <param name="version">Number of the account change that is included last.</param>
    public AccountIndex With(IReadOnlyCollection<AccountChange> changes, long version)
    {
        var saved = new Dictionary<AccountId, Account?>();
        var contacts = new ContactChanges(_contacts, _contactsByEmail);
        ImmutableDictionary<AccountId, AccountId> merged = MergedInto;
        foreach (AccountChange change in changes)
        {
            switch (change)
            {
                case AccountChange.Saved(var account): saved[account.Id] = account; merged = merged.Remove(account.Id); break;
                case AccountChange.Merged(var merge): merged = merged.SetItem(merge.Account.Id, merge.Into); break;
                case AccountChange.Unmerged(var id): merged = merged.Remove(id); break;
                case AccountChange.Removed(var id): saved[id] = null; break;
                case AccountChange.ContactSaved(var contact): contacts.Save(contact); break;
                case AccountChange.ContactRemoved(var id): contacts.Remove(id); break;
            }
        }

        if (saved.Count == 0)
            return new(_pool, _parts, _gone, contacts.ById, contacts.ByEmail, version) { MergedInto = merged };

        var gone = _gone.ToBuilder();
        List<Part> parts = [.. _parts];
        foreach (AccountId id in saved.Keys)
            Bury(parts, id, gone);
        AccountKeys[] added = [.. saved.Values.OfType<Account>().Select(account => new AccountKeys(account, _pool))];
        MergeInto(parts, added, gone);
        return new(_pool, [.. parts], gone.ToImmutable(), contacts.ById, contacts.ByEmail, version) { MergedInto = merged };
    }

    /// <inheritdoc/>
    public Account? Find(AccountId id) => FindKeys(id)?.Account;

    /// <inheritdoc/>
    public Contact? FindContact(string normalisedEmail) =>
        _contactsByEmail.TryGetValue(normalisedEmail, out ImmutableSortedSet<string>? ids) ? _contacts[ContactId.Parse(ids[0])] : null;

    internal AccountKeys? FindKeys(AccountId id)
    {
        for (int step = 0; step < LongestChain && MergedInto.TryGetValue(id, out AccountId? into); step++)
            id = into;
        foreach (Part part in _parts)
        {
            if (part.Segment.TryFind(id, out int row) && part.IsLive(row))
                return part.Segment[row];
        }

        return null;
    }

    /// <summary>How many accounts have this key.</summary>
    internal int Count(ulong key)
    {
        int count = 0;
        foreach (Part part in _parts)
            count += part.Segment.Rows(key).Length;
        return count == 0 || _gone.IsEmpty ? count : count - _gone.GetValueOrDefault(key);
    }

    AccountKeys? IAccountReads.FindKeys(AccountId id) => FindKeys(id);

    int IAccountReads.Count(ulong key) => Count(key);

    List<AccountKeys> IAccountReads.Candidates(LeadProfile lead, AccountKeys? contactAccount) => CandidateFinder.Find(lead, contactAccount, this);

    /// <summary>Adds the accounts that have this key, in no particular order.</summary>
    internal void Collect(ulong key, List<AccountKeys> found)
    {
        foreach (Part part in _parts)
        {
            foreach (int row in part.Segment.Rows(key))
            {
                if (part.IsLive(row))
                    found.Add(part.Segment[row]);
            }
        }
    }

    /// <summary>Adds words of account names that differ from the given one by one letter, long ones by two. Words of accounts that are gone may be among them.</summary>
    internal void CollectSimilarWords(string word, HashSet<string> similar)
    {
        foreach (Part part in _parts)
            part.Segment.CollectSimilarWords(word, similar);
    }

    private static void Bury(List<Part> parts, AccountId id, ImmutableDictionary<ulong, int>.Builder gone)
    {
        for (int i = 0; i < parts.Count; i++)
        {
            if (!parts[i].Segment.TryFind(id, out int row) || !parts[i].IsLive(row))
                continue;
            Count(parts[i].Segment[row], 1, gone);
            parts[i] = parts[i].Without(row);
            return;
        }
    }

    private static void MergeInto(List<Part> parts, AccountKeys[] added, ImmutableDictionary<ulong, int>.Builder gone)
    {
        List<AccountKeys> rows = [.. added];
        while (parts.Count > 0 && parts[^1].LiveCount <= rows.Count * 2)
        {
            Part last = parts[^1];
            parts.RemoveAt(parts.Count - 1);
            for (int row = 0; row < last.Segment.Count; row++)
            {
                if (last.IsLive(row))
                    rows.Add(last.Segment[row]);
                else
                    Count(last.Segment[row], -1, gone);
            }
        }

        if (rows.Count > 0)
            parts.Add(new(new([.. rows]), null, rows.Count));
    }

    // Keys of rows that are gone are counted, so that frequencies are exact without touching the segment.
    private static void Count(AccountKeys row, int change, ImmutableDictionary<ulong, int>.Builder gone)
    {
        var keys = new HashSet<ulong>();
        row.CollectKeys(keys);
        foreach (ulong key in keys)
        {
            int count = gone.GetValueOrDefault(key) + change;
            if (count == 0)
                gone.Remove(key);
            else
                gone[key] = count;
        }
    }

    /// <param name="Gone">One bit for each row that has been replaced or removed; null when none has.</param>
    private sealed record Part(IndexSegment Segment, ulong[]? Gone, int LiveCount)
    {
        public bool IsLive(int row) => Gone is null || (Gone[row >> 6] & (1UL << (row & 63))) == 0;

        public Part Without(int row)
        {
            ulong[] gone = Gone is null ? new ulong[(Segment.Count + 63) >> 6] : [.. Gone];
            gone[row >> 6] |= 1UL << (row & 63);
            return new(Segment, gone, LiveCount - 1);
        }
    }

    private sealed class ContactChanges(ImmutableDictionary<ContactId, Contact> byId, ImmutableDictionary<string, ImmutableSortedSet<string>> byEmail)
    {
        private readonly ImmutableDictionary<ContactId, Contact>.Builder _byId = byId.ToBuilder();
        private readonly ImmutableDictionary<string, ImmutableSortedSet<string>>.Builder _byEmail = byEmail.ToBuilder();

        public ImmutableDictionary<ContactId, Contact> ById => _byId.ToImmutable();

        public ImmutableDictionary<string, ImmutableSortedSet<string>> ByEmail => _byEmail.ToImmutable();

        public void Save(Contact contact)
        {
            Remove(contact.Id);
            _byId[contact.Id] = contact;
            if (EmailAddress.Read(contact.Email) is { } email)
                _byEmail[email.Normalised] = (_byEmail.GetValueOrDefault(email.Normalised) ?? ImmutableSortedSet.Create<string>(StringComparer.Ordinal)).Add(contact.Id.Value);
        }

        public void Remove(ContactId id)
        {
            if (!_byId.Remove(id, out Contact? old) || EmailAddress.Read(old.Email) is not { } email)
                return;
            ImmutableSortedSet<string> rest = _byEmail[email.Normalised].Remove(id.Value);
            if (rest.IsEmpty)
                _byEmail.Remove(email.Normalised);
            else
                _byEmail[email.Normalised] = rest;
        }
    }
}
