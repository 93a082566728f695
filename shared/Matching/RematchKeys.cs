using Abm.Accounts;
using Abm.Decisions;
using Abm.Leads;

namespace Abm.Matching;

/// <summary>By what a lead and a changed account find each other again: registrable domain, name, telling words of the name, and the account itself. Pure.</summary>
/// <remarks>
/// Wider than matching itself, since a lead that is looked at in vain costs little; still a name that differs in every word is not found, and nobody's e-mail address or telephone number
/// is a key: keys outlive the person's data.
/// </remarks>
public static class RematchKeys
{
    /// <summary>Longest words of a name that are keys; the longest tell most.</summary>
    private const int MostWords = 4;

    private const int ShortestWord = 4;

    /// <param name="account">The account that the lead was placed at; null when none.</param>
    public static IReadOnlyList<string> Of(Lead lead, AccountId? account)
    {
        LeadIdentity identity = LeadIdentity.From(lead);
        HashSet<string> keys = new(StringComparer.Ordinal);
        AddDomain(identity.Email?.Domain, keys);
        AddDomain(identity.Website, keys);
        AddName(identity.Company, keys);
        AddAccount(identity.ClaimedAccount, keys);
        AddAccount(account, keys);
        return [.. keys.Order(StringComparer.Ordinal)];
    }

    /// <summary>Keys of leads that a change from one version of an account to another may concern.</summary>
    /// <returns>None when nothing changed that matching looks at.</returns>
    public static IReadOnlyCollection<string> Of(Account? before, Account? after)
    {
        if (before is not null && after is not null && Seen(before) == Seen(after))
            return [];
        HashSet<string> keys = new(StringComparer.Ordinal);
        foreach (Account account in new[] { before, after }.OfType<Account>())
        {
            AddAccount(account.Id, keys);
            foreach (string domain in account.Domains)
                AddDomain(CompanyDomain.Read(domain), keys);
            AddDomain(CompanyDomain.Read(account.Website), keys);
            foreach (string name in account.Aliases.Prepend(account.Name))
                AddName(NameKey.Read(name), keys);
        }

        return keys;
    }

    /// <summary>Keys of leads that a contact may concern.</summary>
    public static IReadOnlyCollection<string> Of(Contact contact)
    {
        HashSet<string> keys = new(StringComparer.Ordinal);
        AddAccount(contact.AccountId, keys);
        AddDomain(EmailAddress.Read(contact.Email)?.Domain, keys);
        return keys;
    }

    /// <summary>What matching and its tie-break look at; who owns the account and what it is worth moves no lead to another one.</summary>
    private static string Seen(Account a) => string.Join(
        '\n',
        [a.Name, a.Website, a.Phone, a.Street, a.City, a.State, a.Zip, a.Country, a.ParentId?.Value, a.Status.ToString(), .. a.Domains, "|", .. a.Aliases]);

    private static void AddDomain(CompanyDomain? domain, HashSet<string> keys)
    {
        if (domain is not null)
            keys.Add(Key("domain", domain.Registrable));
    }

    private static void AddName(NameKey? name, HashSet<string> keys)
    {
        if (name is null)
            return;
        keys.Add(Key("name", name.Squashed));
        foreach (string word in name.Core.Split(' ').Where(w => w.Length >= ShortestWord).Distinct(StringComparer.Ordinal).OrderByDescending(w => w.Length).ThenBy(w => w, StringComparer.Ordinal).Take(MostWords))
            keys.Add(Key("word", word));
    }

    private static void AddAccount(AccountId? account, HashSet<string> keys)
    {
        if (account is not null)
            keys.Add(Key("account", account.Value));
    }

    /// <summary>Short, and safe in a table key; two that meet by chance cost one look.</summary>
    private static string Key(string kind, string text) => DerivedId.From("k", kind, text)[..14];
}
