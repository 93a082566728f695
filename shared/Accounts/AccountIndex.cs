using System.Collections.Immutable;
using Abm.Decisions;
using Abm.Leads;

namespace Abm.Accounts;

/// <summary>The account index in memory: immutable; a change makes a new one that shares what did not change.</summary>
public sealed class AccountIndex : IAccountIndex
{
    private readonly ImmutableDictionary<AccountId, Account> _accounts;
    private readonly ImmutableDictionary<ContactId, Contact> _contacts;
    private readonly ImmutableDictionary<string, ImmutableSortedSet<string>> _contactsByEmail;

    private AccountIndex(
        ImmutableDictionary<AccountId, Account> accounts,
        ImmutableDictionary<ContactId, Contact> contacts,
        ImmutableDictionary<string, ImmutableSortedSet<string>> contactsByEmail,
        long version)
    {
        _accounts = accounts;
        _contacts = contacts;
        _contactsByEmail = contactsByEmail;
        Version = version;
    }

    /// <summary>An index without accounts, version 0.</summary>
    public static AccountIndex Empty { get; } = Build([], [], 0);

    /// <inheritdoc/>
    public long Version { get; }

    /// <inheritdoc/>
    public int AccountCount => _accounts.Count;

    /// <summary>Builds the index anew. The order of accounts and contacts does not matter; of several with one id the last wins.</summary>
    /// <param name="version">Number of the account change that is included last.</param>
    public static AccountIndex Build(IEnumerable<Account> accounts, IEnumerable<Contact> contacts, long version)
    {
        var empty = new AccountIndex(
            ImmutableDictionary<AccountId, Account>.Empty,
            ImmutableDictionary<ContactId, Contact>.Empty,
            ImmutableDictionary<string, ImmutableSortedSet<string>>.Empty.WithComparers(StringComparer.Ordinal),
            0);
        return empty.With(
            [.. accounts.Select(account => new AccountChange.Saved(account)), .. contacts.Select(contact => new AccountChange.ContactSaved(contact))],
            version);
    }

    /// <summary>The index after these changes, applied in order. Costs in proportion to the changes, not to the index; this one stays as it is.</summary>
    /// <param name="version">Number of the account change that is included last.</param>
    public AccountIndex With(IReadOnlyCollection<AccountChange> changes, long version)
    {
        var accounts = _accounts.ToBuilder();
        var contacts = _contacts.ToBuilder();
        var byEmail = _contactsByEmail.ToBuilder();
        foreach (AccountChange change in changes)
        {
            switch (change)
            {
                case AccountChange.Saved(var account):
                    accounts[account.Id] = account;
                    break;
                case AccountChange.Removed(var id):
                    accounts.Remove(id);
                    break;
                case AccountChange.ContactSaved(var contact):
                    Forget(contact.Id);
                    contacts[contact.Id] = contact;
                    if (EmailAddress.Read(contact.Email) is { } email)
                        byEmail[email.Normalised] = (byEmail.GetValueOrDefault(email.Normalised) ?? ImmutableSortedSet.Create<string>(StringComparer.Ordinal)).Add(contact.Id.Value);
                    break;
                case AccountChange.ContactRemoved(var id):
                    Forget(id);
                    break;
            }
        }

        return new(accounts.ToImmutable(), contacts.ToImmutable(), byEmail.ToImmutable(), version);

        void Forget(ContactId id)
        {
            if (!contacts.Remove(id, out Contact? old) || EmailAddress.Read(old.Email) is not { } email)
                return;
            ImmutableSortedSet<string> rest = byEmail[email.Normalised].Remove(id.Value);
            if (rest.IsEmpty)
                byEmail.Remove(email.Normalised);
            else
                byEmail[email.Normalised] = rest;
        }
    }

    /// <inheritdoc/>
    public Account? Find(AccountId id) => _accounts.GetValueOrDefault(id);

    /// <inheritdoc/>
    public Contact? FindContact(string normalisedEmail) =>
        _contactsByEmail.TryGetValue(normalisedEmail, out ImmutableSortedSet<string>? ids) ? _contacts[ContactId.Parse(ids[0])] : null;
}
