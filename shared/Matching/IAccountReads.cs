using Abm.Accounts;
using Abm.Decisions;

namespace Abm.Matching;

/// <summary>Everything that matching asks of the accounts. It asks through nothing else, so that what a decision read can be noted, kept, and read back later.</summary>
/// <remarks>What one question answers must depend on the question alone, not on the model: then a decision can be made again under another model from what the first one read.</remarks>
internal interface IAccountReads : IAccountIndex
{
    /// <summary>The account, made ready for comparing; null when there is none of that id.</summary>
    AccountKeys? FindKeys(AccountId id);

    /// <summary>How many accounts have this key.</summary>
    int Count(ulong key);

    /// <summary>The accounts worth comparing with the lead, at most 24; which they are depends on the accounts only, their order on nothing that counts. The list is good until the next question on this thread.</summary>
    /// <param name="contactAccount">The account of the contact that the lead is known as; always among them.</param>
    List<AccountKeys> Candidates(LeadProfile lead, AccountKeys? contactAccount);
}
