using Abm.Accounts;
using Abm.Decisions;

namespace Abm.Functions.Crm;

/// <summary>What happened to an account in the customer's own system, as it was read.</summary>
/// <param name="IsRemoval">The account is gone there; everything else says something about it.</param>
/// <param name="Stamp">When it happened there, and under which id.</param>
/// <param name="Values">Carries the values of the named fields; the others mean nothing.</param>
/// <param name="Fields">Names of the fields that it sets or clears, as <see cref="AccountPatch"/> knows them.</param>
internal sealed record CrmChange(AccountId Account, bool IsRemoval, ChangeStamp Stamp, Account Values, IReadOnlyList<string> Fields);

/// <summary>What a message about the customer's own system turned out to be.</summary>
internal abstract record CrmMessage
{
    private CrmMessage()
    {
    }

    /// <summary>It can be applied.</summary>
    public sealed record Readable(CrmChange Change) : CrmMessage;

    /// <summary>Nobody can work with it, however often it comes.</summary>
    /// <param name="Reason">Code: <c>notJson</c>, <c>unknownVersion</c>, <c>unknownType</c> or <c>invalid</c>.</param>
    public sealed record Unreadable(string Reason, IReadOnlyList<Problem> Problems) : CrmMessage;
}
