using Abm.Accounts;

namespace Abm.Functions.Crm;

/// <summary>An account and the order of what was said about it.</summary>
/// <param name="Account">Null: there is none.</param>
internal sealed record OrderedAccount(Account? Account, AccountOrder Order);

/// <summary>
/// Applies changes so that their order of arrival does not matter: the account ends as if they had come in the order in which they happened, each once.
/// Pure.
/// </summary>
internal static class AccountMerge
{
    /// <summary>The account after the change.</summary>
    /// <returns>The very same object when the change brings nothing: it is a repeat, or newer ones have said all it says.</returns>
    public static OrderedAccount Apply(OrderedAccount known, CrmChange change)
    {
        // Older than a removal, or that very removal again: whatever it says is gone with the account.
        if (change.Stamp.CompareTo(known.Order.Removed) <= 0)
            return known;
        return change.IsRemoval ? Remove(known, change) : Set(known, change);
    }

    private static OrderedAccount Set(OrderedAccount known, CrmChange change)
    {
        AccountOrder order = known.Order;
        Dictionary<string, ChangeStamp> newest = Newest(order);
        string[] news = [.. change.Fields.Where(name => change.Stamp.CompareTo(newest.GetValueOrDefault(name)) > 0)];
        bool isLast = change.Stamp.CompareTo(order.LastSeen) > 0;
        if (news.Length == 0 && !isLast && known.Account is not null)
            return known;

        foreach (string name in news)
            newest[name] = change.Stamp;
        return new OrderedAccount(
            AccountPatch.Carry(known.Account ?? Blank(change), change.Values, news),
            order with { LastSeen = isLast ? change.Stamp : order.LastSeen, Fields = news.Length == 0 ? order.Fields : Together(newest) });
    }

    /// <summary>What newer changes have said stays: the account came back before we heard that it had gone.</summary>
    private static OrderedAccount Remove(OrderedAccount known, CrmChange change)
    {
        if (known.Account is null || known.Order.LastSeen is not { } lastSeen || lastSeen.CompareTo(change.Stamp) <= 0)
            return new OrderedAccount(null, new AccountOrder(null, change.Stamp, []));
        Dictionary<string, ChangeStamp> newer = Newest(known.Order);
        foreach ((string name, ChangeStamp stamp) in newer.ToArray())
        {
            if (stamp.CompareTo(change.Stamp) <= 0)
                newer.Remove(name);
        }

        return new OrderedAccount(
            AccountPatch.Carry(Blank(change), known.Account, newer.Keys),
            new AccountOrder(lastSeen, change.Stamp, Together(newer)));
    }

    /// <summary>An account of which nothing is known yet but that it is there.</summary>
    private static Account Blank(CrmChange change) => new() { Id = change.Account, Name = change.Account.Value };

    private static Dictionary<string, ChangeStamp> Newest(AccountOrder order)
    {
        Dictionary<string, ChangeStamp> newest = new(StringComparer.Ordinal);
        foreach (StampedFields fields in order.Fields)
        {
            foreach (string name in fields.Names)
                newest[name] = fields.Stamp;
        }

        return newest;
    }

    /// <summary>Always in the same order, so that the same knowledge is the same text.</summary>
    private static StampedFields[] Together(Dictionary<string, ChangeStamp> newest) =>
    [
        .. newest.GroupBy(field => field.Value, field => field.Key)
            .OrderBy(fields => fields.Key)
            .Select(fields => new StampedFields(fields.Key, [.. fields.Order(StringComparer.Ordinal)])),
    ];
}
