using Abm.Decisions;

namespace Abm.Accounts;

/// <summary>The accounts and contacts as they stand at one instant, arranged so that a lead's candidates are found at once. Immutable.</summary>
public interface IAccountIndex
{
    /// <summary>Number of the account change that this snapshot includes last; a higher one knows more.</summary>
    long Version { get; }
    int AccountCount { get; }
    Account? Find(AccountId id);

    /// <summary>The known contact with this normalised e-mail address, or null. Where several have it, the one with the lowest id (ordinal).</summary>
    Contact? FindContact(string normalisedEmail);
}
