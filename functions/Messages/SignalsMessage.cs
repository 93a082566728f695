using Abm.Signals;

namespace Abm.Functions.Messages;

/// <summary>Accounts at which something happened, or that changed: plays are asked whether they start. What happened lies in the accounts' timelines; the message only says where to look.</summary>
/// <param name="Version">1. A reader refuses versions it does not know, and the message ends in quarantine.</param>
/// <param name="AccountsBefore">The change of accounts that was known last before the one that causes this: until a later one is there it is too early; null: no change causes it.</param>
/// <param name="Adopts">Whether events that wait for their account are looked through.</param>
/// <param name="Tries">How often it was put back.</param>
public sealed record SignalsMessage(int Version, IReadOnlyList<ChangedAccount> Accounts, long? AccountsBefore = null, bool Adopts = false, int Tries = 0)
{
    /// <summary>Name of the queue.</summary>
    public const string Queue = "signals";

    /// <summary>Most accounts in one message: they stay below the 48 KiB that a queue takes in base64.</summary>
    public const int MaxAccounts = 60;
}

/// <summary>An account to look at.</summary>
/// <param name="Before">How it was before the change; null: it did not change, or was not there.</param>
/// <param name="TakenBackFrom">The account that it was merged into until now; null: it was not.</param>
public sealed record ChangedAccount(string AccountId, AccountSnapshot? Before = null, string? TakenBackFrom = null);
