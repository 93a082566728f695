namespace Abm.Functions.Messages;

/// <summary>Leads are to be matched anew. One message carries what many accounts are recognised by, or asks for a time; what one delivery does not get done goes on in another.</summary>
/// <param name="Version">1. A reader refuses versions it does not know, and the message ends in quarantine.</param>
/// <param name="ReportId">What was moved is reported under this id.</param>
/// <param name="Cause"><c>accounts</c> or <c>asked</c>.</param>
/// <param name="By">Who asked; null when nobody did.</param>
/// <param name="Keys">Leads with any of these are looked at; null: those since an instant.</param>
/// <param name="AccountsBefore">The change of accounts that was known last before the one that causes this: until a later one is there it is too early.</param>
/// <param name="Since">Leads received from then on.</param>
/// <param name="Leads">Exactly these leads, which were busy before; null: those of the keys or of the time.</param>
/// <param name="Part">Where to go on: the part of the storage,</param>
/// <param name="After">and the place in it; null: from its beginning.</param>
/// <param name="Examined">Leads that were looked at before.</param>
/// <param name="Tries">How often it was put back.</param>
public sealed record RematchMessage(
    int Version,
    string ReportId,
    string Cause,
    string? By,
    bool DryRun,
    DateTimeOffset StartedAt,
    IReadOnlyList<string>? Keys,
    long AccountsBefore,
    DateTimeOffset? Since,
    IReadOnlyList<string>? Leads = null,
    int Part = 0,
    string? After = null,
    int Examined = 0,
    int Tries = 0)
{
    /// <summary>Name of the queue.</summary>
    public const string Queue = "rematch";

    /// <summary>Accounts changed.</summary>
    public const string OfAccounts = "accounts";

    /// <summary>A person asked.</summary>
    public const string OfPerson = "asked";

    /// <summary>Most keys in one message: they stay below the 48 KiB that a queue takes in base64.</summary>
    public const int MaxKeys = 2_000;
}
