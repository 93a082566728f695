using Abm.Accounts;
using Abm.Decisions;
using Abm.Functions.Intake;
using Abm.Functions.Storage.Accounts;

namespace Abm.Functions.Crm;

/// <summary>Puts changes of the customer's own system into the accounts: a batch is one commit, and the next lead is decided on it.</summary>
public sealed class CrmIntake(IAccountCatalogue catalogue)
{
    /// <summary>Applies the changes.</summary>
    /// <returns>What became of each, in order.</returns>
    internal async Task<IReadOnlyList<CrmOutcome>> ApplyAsync(IReadOnlyList<CrmChange> changes, CancellationToken cancellationToken)
    {
        CrmOutcome[] outcomes = new CrmOutcome[changes.Count];
        await catalogue.SaveAsync(state => Decide(state, changes, outcomes), cancellationToken);
        return outcomes;
    }

    private static List<AccountChange> Decide(AccountsState state, IReadOnlyList<CrmChange> changes, CrmOutcome[] outcomes)
    {
        Dictionary<AccountId, OrderedAccount> touched = [];
        for (int i = 0; i < changes.Count; i++)
        {
            AccountId id = changes[i].Account;
            OrderedAccount known = touched.GetValueOrDefault(id) ?? KnownBefore(state, id);
            OrderedAccount after = AccountMerge.Apply(known, changes[i]);
            if (ReferenceEquals(after, known))
                outcomes[i] = CrmOutcome.NothingNew;
            else if (IsTooMuch(after.Account))
                outcomes[i] = CrmOutcome.TooManyCustomFields;
            else
                (outcomes[i], touched[id]) = (CrmOutcome.Applied, after);
        }

        List<AccountChange> commit = [];
        foreach ((AccountId id, OrderedAccount after) in touched)
        {
            if (state.Merges.GetValueOrDefault(id.Value) is { } merge)
                commit.AddRange(OfMerged(merge, after.Account));
            else if (after.Account is { } account)
                commit.Add(new AccountChange.Saved(account));
            else if (state.Accounts.ContainsKey(id.Value))
                commit.Add(new AccountChange.Removed(id));
            commit.Add(new AccountChange.Ordered(id, after.Order));
        }

        return commit;
    }

    // An account that was merged into another here may live on over there. Its news go into what is kept of it for taking the merge back; they never bring it back, and do not touch the account that stays.
    private static IEnumerable<AccountChange> OfMerged(MergedAccount merge, Account? after)
    {
        if (after is null || ReferenceEquals(after, merge.Account))
            return [];
        Account kept = after with { ContactCount = merge.Account.ContactCount, LeadCount = merge.Account.LeadCount, OpportunityCount = merge.Account.OpportunityCount };
        return [new AccountChange.Merged(merge with { Account = kept })];
    }

    private static OrderedAccount KnownBefore(AccountsState state, AccountId id) => new(
        state.Accounts.GetValueOrDefault(id.Value) ?? state.Merges.GetValueOrDefault(id.Value)?.Account, state.Orders.GetValueOrDefault(id.Value) ?? AccountOrder.None);

    /// <summary>Each message alone is within the limits, but custom fields add up.</summary>
    private static bool IsTooMuch(Account? account) => account is not null
        && (account.Custom.Count > SubmissionFields.MaxEntries
            || account.Custom.Sum(entry => entry.Key.Length + entry.Value.Length) > SubmissionFields.MaxCustomTotal);
}

/// <summary>What became of a change.</summary>
internal enum CrmOutcome
{
    /// <summary>The account is another one now, or it is known now how late this change is.</summary>
    Applied,

    /// <summary>A repeat, or older than what is known.</summary>
    NothingNew,

    /// <summary>The account would have more custom fields than accounts may have.</summary>
    TooManyCustomFields,
}
