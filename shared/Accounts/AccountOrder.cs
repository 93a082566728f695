namespace Abm.Accounts;

/// <summary>Which change from outside an account's fields come from, so that an older one that arrives late does not undo a newer one. Kept beside the account, also when it is gone.</summary>
/// <param name="LastSeen">The newest change that said something about the account; null: none since it was removed.</param>
/// <param name="Removed">The newest removal; null: it never was removed. Nothing older counts any more.</param>
/// <param name="Fields">The newest change of each field; fields that no change named are absent.</param>
public sealed record AccountOrder(ChangeStamp? LastSeen, ChangeStamp? Removed, IReadOnlyList<StampedFields> Fields)
{
    /// <summary>Nothing was ever said.</summary>
    public static AccountOrder None { get; } = new(null, null, []);
}

/// <summary>Fields whose newest change is this one. Together in one, since an account has few changes and many fields.</summary>
public sealed record StampedFields(ChangeStamp Stamp, IReadOnlyList<string> Names);

/// <summary>The place of a change among all changes of an account: by the instant at which it happened, then by its id, ordinal. Equal: the same change.</summary>
/// <param name="At">UTC.</param>
public sealed record ChangeStamp(DateTimeOffset At, string Id) : IComparable<ChangeStamp>
{
    /// <inheritdoc/>
    public int CompareTo(ChangeStamp? other)
    {
        if (other is null)
            return 1;
        int order = At.CompareTo(other.At);
        return order != 0 ? order : string.CompareOrdinal(Id, other.Id);
    }
}
