using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Journeys;
using Abm.Leads;
using Abm.People;

namespace Abm.Ports;

/// <summary>The accounts and contacts we know, as one index in memory.</summary>
public interface IAccountDirectory
{
    /// <summary>An index that includes every change committed before this call, by whichever process.</summary>
    /// <remarks>Costs one point read when nothing changed.</remarks>
    ValueTask<IAccountIndex> CurrentAsync(CancellationToken cancellationToken);
}

/// <summary>Everyone who can own leads.</summary>
public interface IRepDirectory
{
    ValueTask<IReadOnlyDictionary<RepId, Rep>> CurrentAsync(CancellationToken cancellationToken);
}

/// <summary>The configuration in force, and earlier versions of it.</summary>
public interface IConfigSource
{
    ValueTask<AbmConfig> CurrentAsync(CancellationToken cancellationToken);

    /// <summary>That version, or null when it was never in force here. Running plays stay on the version they started with.</summary>
    ValueTask<AbmConfig?> FindAsync(string version, CancellationToken cancellationToken);
}

/// <summary>Leads and the decisions about them.</summary>
public interface ILeadStore
{
    /// <summary>Keeps a lead unless its id is known. One insert; one more read only when the id is known.</summary>
    /// <param name="fingerprint">Hash of the body it came with; tells a repeat from another body under the same key.</param>
    Task<LeadAdmission> AdmitAsync(Lead lead, string fingerprint, CancellationToken cancellationToken);

    Task<LeadRecord?> FindAsync(LeadId id, CancellationToken cancellationToken);

    /// <summary>Keeps a decision under its derived id. The insert is the mark that the lead is decided.</summary>
    /// <returns>The decision that stands: the given one, or the earlier one when there is one already.</returns>
    Task<StoredDecision> AddDecisionAsync(JourneyDecision decision, CancellationToken cancellationToken);
}

/// <summary>What became of keeping a lead.</summary>
public enum LeadAdmission
{
    /// <summary>Kept now.</summary>
    Added,

    /// <summary>Known already, with the same body, and decided.</summary>
    AlreadyDecided,

    /// <summary>Known already, with the same body, and not decided yet: put it on the queue again, in case the first attempt died before it could.</summary>
    AlreadyReceived,

    /// <summary>The id is known, with another body.</summary>
    DifferentBody,
}

/// <summary>How far a lead has come.</summary>
public enum LeadState
{
    Received,
    Decided,
    Quarantined,
}

/// <summary>A lead as it stands.</summary>
/// <param name="DecisionId">The decision in force; null until decided.</param>
/// <param name="OwnerId">Who owns it now, after any reassignment.</param>
public sealed record LeadRecord(Lead Lead, LeadState State, string? DecisionId, string? Outcome, AccountId? AccountId, RepId? OwnerId, string? ConfigVersion)
{
    /// <summary>The account that a person chose; null: nobody did. No decision overwrites it, and <see cref="AccountId"/> is the same.</summary>
    public AccountId? PinnedAccountId { get; init; }

    /// <summary>A person said that it is nobody's. No decision overwrites that.</summary>
    public bool IsIgnored { get; init; }
}

/// <summary>The decision that stands for a lead.</summary>
/// <param name="WasAdded">False when an earlier attempt had stored it already.</param>
public sealed record StoredDecision(JourneyDecision Decision, bool WasAdded);
