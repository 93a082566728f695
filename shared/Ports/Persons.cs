using Abm.Decisions;

namespace Abm.Ports;

/// <summary>What is kept of a person, by the e-mail address.</summary>
public interface IPersonStore
{
    /// <summary>The leads that came under this address. Looks into every partition: for requests of persons, not for daily work.</summary>
    Task<IReadOnlyList<LeadId>> LeadsAsync(string email, CancellationToken cancellationToken);

    /// <summary>Replaces what is personal in everything kept of a lead; outcome, account, owner, times and reason codes stay. Safe to repeat.</summary>
    /// <param name="email">By which it was found; the line by which it is found goes last.</param>
    Task<ErasedLead> EraseAsync(LeadId lead, string email, DateTimeOffset at, CancellationToken cancellationToken);

    /// <summary>Replaces messages in quarantine that hold the address.</summary>
    /// <returns>How many there were.</returns>
    Task<int> EraseQuarantineAsync(string email, CancellationToken cancellationToken);

    /// <summary>Keeps what an erasure did; of several of the same person the counts add up.</summary>
    Task<ErasureReceipt> NoteAsync(string email, ErasureReceipt done, CancellationToken cancellationToken);
}

/// <summary>Names people without naming them.</summary>
public interface IPersonKeys
{
    /// <summary>A keyed hash of the address as people may write it; null when there is none.</summary>
    ValueTask<string?> OfAsync(string? email, CancellationToken cancellationToken);
}

/// <summary>What was replaced of one lead.</summary>
/// <param name="IsWaiting">It is not decided yet: it is found again, so that the erasure can be repeated once it is.</param>
public sealed record ErasedLead(int Decisions, int Events, int Notifications, bool IsWaiting);

/// <summary>What became of the request to erase a person. Says nothing of who it was.</summary>
/// <param name="ReceiptId">The same for every request about the same person.</param>
/// <param name="Waiting">Leads that were just being decided; ask again in a minute.</param>
public sealed record ErasureReceipt(
    string ReceiptId, DateTimeOffset FirstAt, DateTimeOffset LastAt, int Leads, int Decisions, int Events, int Cases, int Notifications, int Quarantined, int Contacts, int Waiting)
{
    /// <summary>Events of accounts that the person had done.</summary>
    public int AccountEvents { get; init; }
}
