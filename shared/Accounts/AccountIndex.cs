using System.Collections.Immutable;
using Abm.Decisions;
using Abm.Leads;
using Abm.Matching;

namespace Abm.Accounts;

/// <summary>The account index in memory: immutable; a change makes a new one that shares what did not change.</summary>
/// <remarks>
/// It is a short list of segments, oldest and largest first, of packed accounts. A change adds a small segment and marks the rows it replaces as gone; segments of
/// like size are merged, so that there are few. What is found never depends on how the index came about, only on the accounts in it.
/// </remarks>
public sealed class AccountIndex : IAccountIndex, IAccountReads
{
    /// <summary>Longest chain of merges that an id is followed through.</summary>
    private const int LongestChain = 20;

    private readonly ImmutableArray<IndexPart> _parts;
    private readonly ImmutableDictionary<string, Contact> _contacts;
    private readonly ImmutableDictionary<string, ImmutableSortedSet<string>> _contactsByEmail;

    private AccountIndex(ImmutableArray<IndexPart> parts, ContactChanges contacts, ImmutableDictionary<AccountId, AccountId> mergedInto, long version)
    {
        _parts = parts;
        _contacts = contacts.ById;
        _contactsByEmail = contacts.ByEmail;
        MergedInto = mergedInto;
        Version = version;
        AccountCount = parts.Sum(part => part.LiveCount);
        Accounts = new(parts);
    }

    /// <summary>Which account an id names that was merged into another.</summary>
    private ImmutableDictionary<AccountId, AccountId> MergedInto { get; }

    /// <summary>An index without accounts, version 0.</summary>
    public static AccountIndex Empty { get; } = new([], new(ImmutableDictionary.Create<string, Contact>(StringComparer.Ordinal), ImmutableDictionary.Create<string, ImmutableSortedSet<string>>(StringComparer.Ordinal)), ImmutableDictionary<AccountId, AccountId>.Empty, 0);

    /// <inheritdoc/>
    public long Version { get; }

    /// <inheritdoc/>
    public int AccountCount { get; }

    /// <summary>The accounts by their own ids: one that was merged into another is not found by its former id.</summary>
    public AccountDictionary Accounts { get; }

    /// <summary>Builds the index anew. The order of accounts and contacts does not matter; of several with one id the last wins.</summary>
    /// <param name="accounts">Gone through once; none is held for longer than it takes to pack it.</param>
    /// <param name="version">Number of the account change that is included last.</param>
    public static AccountIndex Build(IEnumerable<Account> accounts, IEnumerable<Contact> contacts, long version) => Build(AccountPacking.Pack(accounts) is { Count: > 0 } blocks ? new IndexSegment([.. blocks]) : null, contacts, version);

    /// <summary>Builds the index from accounts that <see cref="Pack"/> gave.</summary>
    public static AccountIndex Build(PackedAccounts accounts, IEnumerable<Contact> contacts, long version) => Build(accounts.ToSegment(), contacts, version);

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

        return new(saved.Count == 0 ? _parts : Replace(_parts, saved), contacts, merged, version);
    }

    /// <summary>All accounts, packed: what <see cref="Build(PackedAccounts, IEnumerable{Contact}, long)"/> takes.</summary>
    /// <remarks>In pieces of some 350 KB that come one after the other.</remarks>
    public IEnumerable<byte[]> Pack() => AccountPacking.Bytes(IndexPart.BlocksOf(_parts));

    /// <inheritdoc/>
    public Account? Find(AccountId id) => FindKeys(id)?.Account;

    /// <inheritdoc/>
    public Contact? FindContact(string normalisedEmail) =>
        _contactsByEmail.TryGetValue(normalisedEmail, out ImmutableSortedSet<string>? ids) ? _contacts[ids[0]] : null;

    internal AccountKeys? FindKeys(AccountId id)
    {
        for (int step = 0; step < LongestChain && MergedInto.TryGetValue(id, out AccountId? into); step++)
            id = into;
        return TryFind(id, out IndexRow row) ? this[row] : null;
    }

    /// <summary>How many accounts have this key.</summary>
    internal int Count(ulong key)
    {
        int count = 0;
        foreach (IndexPart part in _parts)
            count += part.Count(key);
        return count;
    }

    AccountKeys? IAccountReads.FindKeys(AccountId id) => FindKeys(id);

    int IAccountReads.Count(ulong key) => Count(key);

    List<AccountKeys> IAccountReads.Candidates(LeadProfile lead, AccountKeys? contactAccount) => CandidateFinder.Find(lead, contactAccount, this);

    /// <summary>The account of a row.</summary>
    internal AccountKeys this[IndexRow row] => _parts[row.Part].Segment[row.Row];

    /// <summary>The id of a row's account, as UTF-8.</summary>
    internal ReadOnlySpan<byte> IdOf(IndexRow row) => _parts[row.Part].Segment.IdOf(row.Row);

    /// <summary>The row of an account's own id.</summary>
    internal bool TryFind(AccountId id, out IndexRow row)
    {
        for (int i = 0; i < _parts.Length; i++)
        {
            if (_parts[i].TryFind(id, out int found))
            {
                row = new(i, found);
                return true;
            }
        }

        row = default;
        return false;
    }

    /// <summary>Meets all accounts that have this key, unless they are more than that: then none.</summary>
    /// <returns>Whether they were few enough.</returns>
    internal bool TryMeet(ulong key, int most, double strength, MetAccounts met)
    {
        // Most indexes are one part: one look-up.
        if (_parts.Length != 1 && Count(key) > most)
            return false;
        for (int i = 0; i < _parts.Length; i++)
        {
            IndexPart part = _parts[i];
            ReadOnlySpan<int> rows = part.Segment.Rows(key);
            if (_parts.Length == 1 && rows.Length > most && part.Count(key) > most)
                return false;
            foreach (int row in rows)
            {
                if (part.IsLive(row))
                    met.Add(i, row, strength);
            }
        }

        return true;
    }

    /// <summary>Adds words of account names that differ from the given one by one letter, long ones by two. Words of accounts that are gone may be among them.</summary>
    internal void CollectSimilarWords(string word, HashSet<string> similar)
    {
        foreach (IndexPart part in _parts)
            part.Segment.CollectSimilarWords(word, similar);
    }

    private static AccountIndex Build(IndexSegment? segment, IEnumerable<Contact> contacts, long version)
    {
        var changes = new ContactChanges(Empty._contacts, Empty._contactsByEmail);
        foreach (Contact contact in contacts)
            changes.Save(contact);
        ImmutableArray<IndexPart> parts = segment is null ? [] : [IndexPart.WithoutRepeats(segment)];
        return new(parts, changes, Empty.MergedInto, version);
    }

    private static ImmutableArray<IndexPart> Replace(ImmutableArray<IndexPart> before, Dictionary<AccountId, Account?> saved)
    {
        List<IndexPart> parts = [.. before.Select(part => part.Without(saved.Keys)).Where(part => part.LiveCount > 0)];
        List<AccountBlock> added = AccountPacking.Pack(saved.Values.OfType<Account>());
        int count = added.Sum(block => block.Count);
        var merged = new BlockWriter();
        while (count > 0 && parts.Count > 0 && parts[^1].LiveCount <= count * 2)
        {
            count += parts[^1].LiveCount;
            parts[^1].WriteTo(merged);
            parts.RemoveAt(parts.Count - 1);
        }

        for (int i = 0; i < parts.Count; i++)
        {
            if (parts[i].IsMostlyGone)
                parts[i] = parts[i].Compacted();
        }

        if (count > 0)
            parts.Add(new(new(Together(merged, added))));
        return [.. parts];
    }

    // Small blocks become one; full ones stay as they are.
    private static AccountBlock[] Together(BlockWriter merged, List<AccountBlock> added)
    {
        foreach (AccountBlock block in added)
            merged.AddAll(block, static _ => true);
        return [.. merged.Finish()];
    }

    /// <summary>Contacts as they become by some changes.</summary>
    private sealed class ContactChanges(ImmutableDictionary<string, Contact> byId, ImmutableDictionary<string, ImmutableSortedSet<string>> byEmail)
    {
        private readonly ImmutableDictionary<string, Contact>.Builder _byId = byId.ToBuilder();
        private readonly ImmutableDictionary<string, ImmutableSortedSet<string>>.Builder _byEmail = byEmail.ToBuilder();

        public ImmutableDictionary<string, Contact> ById => _byId.ToImmutable();

        public ImmutableDictionary<string, ImmutableSortedSet<string>> ByEmail => _byEmail.ToImmutable();

        public void Save(Contact contact)
        {
            Remove(contact.Id);
            _byId[contact.Id.Value] = contact;
            if (EmailAddress.Read(contact.Email) is { } email)
                _byEmail[email.Normalised] = (_byEmail.GetValueOrDefault(email.Normalised) ?? ImmutableSortedSet.Create<string>(StringComparer.Ordinal)).Add(contact.Id.Value);
        }

        public void Remove(ContactId id)
        {
            if (!_byId.Remove(id.Value, out Contact? old) || EmailAddress.Read(old.Email) is not { } email)
                return;
            ImmutableSortedSet<string> rest = _byEmail[email.Normalised].Remove(id.Value);
            if (rest.IsEmpty)
                _byEmail.Remove(email.Normalised);
            else
                _byEmail[email.Normalised] = rest;
        }
    }
}
