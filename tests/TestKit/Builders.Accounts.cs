using Abm.Accounts;
using Abm.Decisions;

namespace Abm.TestKit;

/// <summary>A few accounts as an index that only knows their ids: for tests in which a person has chosen the account.</summary>
public sealed class KnownAccounts(params Account[] accounts) : IAccountIndex
{
    public long Version => accounts.Length;

    public int AccountCount => accounts.Length;

    public Account? Find(AccountId id) => accounts.FirstOrDefault(a => a.Id == id);

    public Contact? FindContact(string normalisedEmail) => null;
}
