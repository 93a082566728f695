using Abm.Decisions;

namespace Abm.Replays;

/// <summary>What a draft would have changed about past leads.</summary>
public sealed record DryRunReport
{
    public required string DraftVersion { get; init; }

    /// <summary>What it was compared with.</summary>
    public required string ActiveVersion { get; init; }

    /// <summary>When the first and the last of the leads were decided; null when there was none.</summary>
    public required DateTimeOffset? FirstAt { get; init; }
    public required DateTimeOffset? LastAt { get; init; }

    /// <summary>Leads that were decided under both.</summary>
    public required int Decisions { get; init; }

    /// <summary>Past decisions in the window that could not be made again: nothing was noted of them, or it was erased with the person.</summary>
    public int Skipped { get; init; }

    /// <summary>Leads that go another way: at least one facet differs, and not only in a way that means little.</summary>
    public required int Flips { get; init; }

    /// <summary>Leads of which only the turn within the same pool differs: every flip before it moves the turns.</summary>
    public required int MinorOnly { get; init; }

    /// <summary>Leads for which the rules asked something that was not recorded; today's accounts answered, or nobody.</summary>
    public required int PartlyRecorded { get; init; }
    public required int NewlyMatched { get; init; }
    public required int NewlyUnmatched { get; init; }

    /// <summary>Changes of each thing that people care for, in the order of the journey.</summary>
    public required IReadOnlyList<FacetCount> Facets { get; init; }

    /// <summary>Leads each rep gets, before and after.</summary>
    public required IReadOnlyList<RepLoad> Load { get; init; }

    /// <summary>Rules of the draft that held for no lead.</summary>
    public required IReadOnlyList<RuleName> NeverHit { get; init; }

    /// <summary>The most valuable flips, first the most valuable; see <see cref="FlipValue"/>.</summary>
    public required IReadOnlyList<Flip> Top { get; init; }

    /// <summary>Flips of 100 leads; 0 when there was none.</summary>
    public double FlipPercent => Decisions == 0 ? 0 : 100.0 * Flips / Decisions;
}

/// <summary>How often one facet changed.</summary>
/// <param name="Minor">How many of the changes mean little.</param>
/// <param name="Moves">From what to what, the most frequent first; at most 40 kinds.</param>
/// <param name="Others">Changes of further kinds.</param>
public sealed record FacetCount(string Step, string Facet, int Changed, int Minor, IReadOnlyList<FacetMove> Moves, int Others);

/// <summary>Leads that went from one value to another; null: none.</summary>
public sealed record FacetMove(string? Before, string? After, int Count);

/// <summary>Leads that a rep gets.</summary>
public sealed record RepLoad(RepId Rep, int Before, int After);

/// <summary>A lead that goes another way.</summary>
public sealed record Flip(LeadId Lead, string DecisionId, DateTimeOffset DecidedAt, FlipValue Value, IReadOnlyList<FacetChange> Changes)
{
    /// <summary>Why, at the first step that differs.</summary>
    public FlipReasons? Because { get; init; }

    /// <summary>The more valuable first; of equal value the earlier, then by id.</summary>
    internal static int Compare(Flip a, Flip b)
    {
        int byValue = b.Value.CompareTo(a.Value);
        if (byValue != 0)
            return byValue;
        int byTime = a.DecidedAt.CompareTo(b.DecidedAt);
        return byTime != 0 ? byTime : string.CompareOrdinal(a.DecisionId, b.DecisionId);
    }
}

/// <summary>Reasons that only one of two decisions has.</summary>
public sealed record FlipReasons(string Step, IReadOnlyList<Reason> Before, IReadOnlyList<Reason> After);
