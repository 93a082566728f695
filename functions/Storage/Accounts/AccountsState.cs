using System.Collections.Immutable;
using System.Diagnostics;
using Abm.Accounts;
using Abm.Decisions;

namespace Abm.Functions.Storage.Accounts;

/// <summary>All accounts and contacts at one version. Immutable.</summary>
/// <param name="Index">What the matcher searches.</param>
/// <param name="Contacts">By id, in ordinal order.</param>
public sealed record AccountsState(AccountIndex Index, ImmutableSortedDictionary<string, Contact> Contacts)
{
    private IReadOnlyList<Account>? _byName;

    /// <summary>By id, in ordinal order: the index's, which holds them packed.</summary>
    public AccountDictionary Accounts => Index.Accounts;

    /// <summary>Which changes from outside the fields come from, by account id; also of accounts that are gone.</summary>
    public ImmutableSortedDictionary<string, AccountOrder> Orders { get; init; } = ImmutableSortedDictionary.Create<string, AccountOrder>(StringComparer.Ordinal);

    /// <summary>Accounts that were merged into others, by their id.</summary>
    public ImmutableSortedDictionary<string, MergedAccount> Merges { get; init; } = ImmutableSortedDictionary.Create<string, MergedAccount>(StringComparer.Ordinal);

    /// <summary>Nothing, version 0.</summary>
    public static readonly AccountsState Empty = new(
        AccountIndex.Empty,
        ImmutableSortedDictionary.Create<string, Contact>(StringComparer.Ordinal));

    /// <summary>By name regardless of case, then by id. Sorted once for each version that is asked.</summary>
    public IReadOnlyList<Account> ByName => _byName ??= Accounts.OrderedBy(account => account.Name, StringComparer.OrdinalIgnoreCase);

    /// <summary>The state after these changes, applied in order.</summary>
    public AccountsState With(IReadOnlyCollection<AccountChange> changes, long version)
    {
        ImmutableSortedDictionary<string, Contact>.Builder contacts = Contacts.ToBuilder();
        ImmutableSortedDictionary<string, AccountOrder>.Builder orders = Orders.ToBuilder();
        ImmutableSortedDictionary<string, MergedAccount>.Builder merges = Merges.ToBuilder();
        foreach (AccountChange change in changes)
        {
            switch (change)
            {
                case AccountChange.Saved(var account):
                    merges.Remove(account.Id.Value);
                    break;
                case AccountChange.Removed:
                    break;
                case AccountChange.ContactSaved(var contact):
                    contacts[contact.Id.Value] = contact;
                    break;
                case AccountChange.ContactRemoved(var id):
                    contacts.Remove(id.Value);
                    break;
                case AccountChange.Merged(var merge):
                    merges[merge.Account.Id.Value] = merge;
                    break;
                case AccountChange.Unmerged(var id):
                    merges.Remove(id.Value);
                    break;
                case AccountChange.Ordered(var id, var order):
                    orders[id.Value] = order;
                    break;
                default:
                    throw new UnreachableException();
            }
        }

        return new AccountsState(Index.With(changes, version), contacts.ToImmutable()) { Orders = orders.ToImmutable(), Merges = merges.ToImmutable() };
    }
}
