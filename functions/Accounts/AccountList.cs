using Abm.Accounts;
using Abm.Functions.Http;
using Abm.Functions.Storage.Accounts;

namespace Abm.Functions.Accounts;

/// <summary>One page of accounts out of the state in memory. Pure.</summary>
internal static class AccountList
{
    private const char KeySeparator = '\n';

    /// <summary>The page.</summary>
    /// <param name="search">Part of the id, a name or a domain, regardless of case; empty = all.</param>
    public static PageResponse<AccountResponse> Page(AccountsState state, bool byId, string search, PageQuery page)
    {
        IEnumerable<Account> accounts = byId ? state.Accounts.Values : state.ByName;
        if (page.After is { } after)
            accounts = byId ? state.Accounts.After(after) : state.ByName.Skip(FirstAfter(state.ByName, after));
        Account[] found = [.. accounts.Where(account => search.Length == 0 || Contains(account, search)).Take(page.Limit + 1)];
        Account[] shown = found.Length > page.Limit ? found[..page.Limit] : found;
        string? next = found.Length > page.Limit ? Cursor.After(byId ? shown[^1].Id.Value : NameKey(shown[^1])) : null;
        return new PageResponse<AccountResponse>([.. shown.Select(AccountResponse.From)], next);
    }

    private static bool Contains(Account account, string search) =>
        account.Name.Contains(search, StringComparison.OrdinalIgnoreCase)
        || account.Id.Value.Contains(search, StringComparison.OrdinalIgnoreCase)
        || account.Domains.Any(domain => domain.Contains(search, StringComparison.OrdinalIgnoreCase))
        || account.Aliases.Any(alias => alias.Contains(search, StringComparison.OrdinalIgnoreCase));

    /// <summary>Found by its place, so that a page is right although the account it starts after is gone.</summary>
    private static int FirstAfter(IReadOnlyList<Account> sorted, string key)
    {
        int from = 0, until = sorted.Count;
        while (from < until)
        {
            int middle = (from + until) / 2;
            if (Compare(sorted[middle], key) <= 0)
                from = middle + 1;
            else
                until = middle;
        }

        return from;
    }

    private static int Compare(Account account, string key)
    {
        int end = key.LastIndexOf(KeySeparator);
        string name = end < 0 ? key : key[..end];
        string id = end < 0 ? "" : key[(end + 1)..];
        int order = string.Compare(account.Name, name, StringComparison.OrdinalIgnoreCase);
        return order != 0 ? order : string.CompareOrdinal(account.Id.Value, id);
    }

    private static string NameKey(Account account) => account.Name + KeySeparator + account.Id.Value;
}
