using Abm.Accounts;

namespace Abm.Functions.Accounts;

/// <summary>Limits and words of an account's fields: the one list that JSON, CSV and docs/api.md go by.</summary>
internal static class AccountFields
{
    public const int MaxName = 400;
    public const int MaxText = 300;
    public const int MaxWebsite = 2_000;
    public const int MaxDomains = 500;
    public const int MaxDomain = 253;
    public const int MaxAliases = 200;

    /// <summary>How tiers are written.</summary>
    public static readonly IReadOnlyDictionary<string, AccountTier> Tiers = new Dictionary<string, AccountTier>(StringComparer.OrdinalIgnoreCase)
    {
        ["1:1"] = AccountTier.OneToOne,
        ["1:few"] = AccountTier.OneToFew,
        ["1:many"] = AccountTier.OneToMany,
        ["none"] = AccountTier.None,
        ["oneToOne"] = AccountTier.OneToOne,
        ["oneToFew"] = AccountTier.OneToFew,
        ["oneToMany"] = AccountTier.OneToMany,
        ["one_to_one"] = AccountTier.OneToOne,
        ["one_to_few"] = AccountTier.OneToFew,
        ["one_to_many"] = AccountTier.OneToMany,
    };

    /// <summary>How statuses are written.</summary>
    public static readonly IReadOnlyDictionary<string, AccountStatus> Statuses = new Dictionary<string, AccountStatus>(StringComparer.OrdinalIgnoreCase)
    {
        ["prospect"] = AccountStatus.Prospect,
        ["customer"] = AccountStatus.Customer,
        ["partner"] = AccountStatus.Partner,
        ["competitor"] = AccountStatus.Competitor,
        ["formerCustomer"] = AccountStatus.FormerCustomer,
        ["former_customer"] = AccountStatus.FormerCustomer,
        ["former customer"] = AccountStatus.FormerCustomer,
    };

    /// <summary>The word for a tier in answers.</summary>
    public static string Word(AccountTier tier) => tier switch
    {
        AccountTier.OneToOne => "1:1",
        AccountTier.OneToFew => "1:few",
        AccountTier.OneToMany => "1:many",
        _ => "none",
    };
}
