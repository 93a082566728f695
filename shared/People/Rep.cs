using Abm.Decisions;

namespace Abm.People;

/// <summary>Someone who can own leads.</summary>
public sealed record Rep
{
    public required RepId Id { get; init; }
    public required string Name { get; init; }
    public string? Email { get; init; }

    /// <summary>What they do, as the customer says it: SDR, AE, AM, Manager.</summary>
    public string? Role { get; init; }

    /// <summary>Who is told when a deadline of theirs is missed.</summary>
    public RepId? ManagerId { get; init; }
    public string? Team { get; init; }

    /// <summary>IANA zone such as Europe/Berlin; null = the calendar's own zone.</summary>
    public string? TimeZone { get; init; }

    /// <summary>Name of the working calendar in the configuration; null = the default calendar.</summary>
    public string? Calendar { get; init; }

    /// <summary>Names of the pools that they take turns in.</summary>
    public IReadOnlyList<string> Pools { get; init; } = [];
    public bool IsActive { get; init; } = true;

    /// <summary>When they are away; both instants UTC, the end excluded.</summary>
    public IReadOnlyList<Absence> Absences { get; init; } = [];

    /// <summary>Until when they take no turns in pools, by their own word; leads that are theirs by name reach them all the same. Null: not paused.</summary>
    public DateTimeOffset? PausedUntil { get; init; }

    /// <summary>Who gets what is theirs while they are away; null = the manager.</summary>
    public RepId? DelegateId { get; init; }

    /// <summary>Whether they take no turns in pools at this instant.</summary>
    public bool IsPausedAt(DateTimeOffset instant) => instant < PausedUntil;

    /// <summary>Whether they are away at this instant.</summary>
    public bool IsAwayAt(DateTimeOffset instant) => Absences.Any(a => a.From <= instant && instant < a.Until);
}

/// <summary>A time away, UTC, [From, Until).</summary>
public sealed record Absence(DateTimeOffset From, DateTimeOffset Until, string? Reason = null);
