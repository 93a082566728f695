using Abm.Accounts;

namespace Abm.Functions.Crm;

/// <summary>The fields of an account, each on its own: how one is carried over from another version of the account.</summary>
internal static class AccountPatch
{
    /// <summary>Custom fields are named so, each on its own.</summary>
    public const string CustomPrefix = "custom.";

    private static readonly Dictionary<string, Func<Account, Account, Account>> Fields = new(StringComparer.Ordinal)
    {
        ["name"] = (to, from) => to with { Name = from.Name },
        ["domains"] = (to, from) => to with { Domains = from.Domains },
        ["website"] = (to, from) => to with { Website = from.Website },
        ["phone"] = (to, from) => to with { Phone = from.Phone },
        ["street"] = (to, from) => to with { Street = from.Street },
        ["city"] = (to, from) => to with { City = from.City },
        ["state"] = (to, from) => to with { State = from.State },
        ["zip"] = (to, from) => to with { Zip = from.Zip },
        ["country"] = (to, from) => to with { Country = from.Country },
        ["industry"] = (to, from) => to with { Industry = from.Industry },
        ["employees"] = (to, from) => to with { EmployeeCount = from.EmployeeCount },
        ["aliases"] = (to, from) => to with { Aliases = from.Aliases },
        ["parentAccountId"] = (to, from) => to with { ParentId = from.ParentId },
        ["ownerId"] = (to, from) => to with { OwnerId = from.OwnerId },
        ["tier"] = (to, from) => to with { Tier = from.Tier },
        ["status"] = (to, from) => to with { Status = from.Status },
        ["openOpportunity"] = (to, from) => to with { HasOpenOpportunity = from.HasOpenOpportunity },
        ["opportunityOwnerId"] = (to, from) => to with { OpportunityOwnerId = from.OpportunityOwnerId },
        ["contacts"] = (to, from) => to with { ContactCount = from.ContactCount },
        ["leads"] = (to, from) => to with { LeadCount = from.LeadCount },
        ["opportunities"] = (to, from) => to with { OpportunityCount = from.OpportunityCount },
        ["createdAt"] = (to, from) => to with { CreatedAt = from.CreatedAt },
    };

    /// <summary>Whether an account's JSON has a property of this name that is not a custom field.</summary>
    public static bool IsField(string name) => Fields.ContainsKey(name);

    /// <summary>The account with the named fields of another version of it.</summary>
    public static Account Carry(Account to, Account from, IEnumerable<string> names)
    {
        Dictionary<string, string>? custom = null;
        foreach (string name in names)
        {
            if (Fields.TryGetValue(name, out Func<Account, Account, Account>? carry))
            {
                to = carry(to, from);
                continue;
            }

            custom ??= new Dictionary<string, string>(to.Custom, StringComparer.Ordinal);
            string key = name[CustomPrefix.Length..];
            if (from.Custom.TryGetValue(key, out string? value))
                custom[key] = value;
            else
                custom.Remove(key);
        }

        return custom is null ? to : to with { Custom = custom };
    }
}
