using Abm.Decisions;

namespace Abm.Accounts;

/// <summary>An account that was merged into another: what it was, and what the merge changed, so that it can be taken back. Its id goes on to name the other.</summary>
/// <param name="Account">As it was.</param>
/// <param name="Into">The one that stays.</param>
/// <param name="Contacts">Contacts that moved.</param>
/// <param name="Children">Accounts below it that moved.</param>
/// <param name="AddedDomains">Domains that the other did not have before.</param>
/// <param name="AddedAliases">Names that the other did not have before.</param>
/// <param name="By">Who merged them.</param>
public sealed record MergedAccount(
    Account Account,
    AccountId Into,
    IReadOnlyList<ContactId> Contacts,
    IReadOnlyList<AccountId> Children,
    IReadOnlyList<string> AddedDomains,
    IReadOnlyList<string> AddedAliases,
    DateTimeOffset At,
    string By,
    string Reason)
{
    /// <summary>The account that stays, with what it takes over: domains, names, counts, an open opportunity, and an owner where it had none. Everything else of it stays as it is.</summary>
    public static Account Combine(Account into, Account gone) => into with
    {
        Domains = [.. into.Domains, .. NewDomains(into, gone)],
        Aliases = [.. into.Aliases, .. NewAliases(into, gone)],
        ParentId = into.ParentId == gone.Id ? (gone.ParentId == into.Id ? null : gone.ParentId) : into.ParentId,
        OwnerId = into.OwnerId ?? gone.OwnerId,
        HasOpenOpportunity = into.HasOpenOpportunity || gone.HasOpenOpportunity,
        OpportunityOwnerId = into.OpportunityOwnerId ?? gone.OpportunityOwnerId,
        ContactCount = into.ContactCount + gone.ContactCount,
        LeadCount = into.LeadCount + gone.LeadCount,
        OpportunityCount = into.OpportunityCount + gone.OpportunityCount,
    };

    /// <summary>The account that stayed, without what it took over; what was changed of it since stays changed.</summary>
    public Account Without(Account into) => into with
    {
        Domains = [.. into.Domains.Except(AddedDomains, StringComparer.OrdinalIgnoreCase)],
        Aliases = [.. into.Aliases.Except(AddedAliases, StringComparer.OrdinalIgnoreCase)],
        ContactCount = Math.Max(0, into.ContactCount - Account.ContactCount),
        LeadCount = Math.Max(0, into.LeadCount - Account.LeadCount),
        OpportunityCount = Math.Max(0, into.OpportunityCount - Account.OpportunityCount),
    };

    public static IReadOnlyList<string> NewDomains(Account into, Account gone) => [.. gone.Domains.Except(into.Domains, StringComparer.OrdinalIgnoreCase)];

    public static IReadOnlyList<string> NewAliases(Account into, Account gone) => [.. gone.Aliases.Prepend(gone.Name).Except(into.Aliases.Append(into.Name), StringComparer.OrdinalIgnoreCase)];
}
