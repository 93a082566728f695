using Abm.Plays;

namespace Abm.Functions.Plays;

/// <summary>Asks for a play's next turn. Lies in durable history: ids and instants only.</summary>
public sealed record PlayTurnInput(int Version, PlayStartInput Start);

/// <summary>What came of a turn.</summary>
/// <param name="Until">When the next one is due, UTC, if nothing is heard before; null: it is over.</param>
/// <param name="Outcome">How it ended; null: it goes on.</param>
/// <param name="IsHeld">Nothing was done, because the product is switched off: ask again later.</param>
public sealed record PlayTurnOutput(int Version, DateTimeOffset? Until, PlayOutcome? Outcome, string? OwnerId, int Hops, bool IsHeld = false)
{
    /// <summary>The answer while the product is switched off.</summary>
    public static PlayTurnOutput Held { get; } = new(1, null, null, null, 0, IsHeld: true);
}

/// <summary>Tells a play that its file says something new. What it says stands there, not here.</summary>
public sealed record PlaySignal(int Version);

/// <summary>What became of a play.</summary>
public sealed record PlayOutput(int Version, PlayOutcome Outcome, string? OwnerId, int Hops);
