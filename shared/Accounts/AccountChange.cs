using Abm.Decisions;

namespace Abm.Accounts;

/// <summary>One change to what the account index knows.</summary>
public abstract record AccountChange
{
    private AccountChange()
    {
    }

    /// <summary>The account is new, or this is its new version.</summary>
    public sealed record Saved(Account Account) : AccountChange;

    /// <summary>The account is gone. Its contacts no longer lead to it.</summary>
    public sealed record Removed(AccountId Account) : AccountChange;

    /// <summary>The contact is new, or this is its new version.</summary>
    public sealed record ContactSaved(Contact Contact) : AccountChange;

    /// <summary>The contact is gone.</summary>
    public sealed record ContactRemoved(ContactId Contact) : AccountChange;

    /// <summary>The account is merged into another: its id names the other one until it is saved anew or the merge is taken back.</summary>
    public sealed record Merged(MergedAccount Merge) : AccountChange;

    /// <summary>The merge of this account is taken back.</summary>
    public sealed record Unmerged(AccountId Account) : AccountChange;

    /// <summary>Which changes from outside the account's fields come from. Nothing that the index searches.</summary>
    public sealed record Ordered(AccountId Account, AccountOrder Order) : AccountChange;
}
