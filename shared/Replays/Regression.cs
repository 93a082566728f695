using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.People;

namespace Abm.Replays;

/// <summary>What a person said a decision should have come to: a labelled case that every draft can be held against.</summary>
/// <param name="CaseId">Derived from the lead and the facet: the last word counts.</param>
/// <param name="Facet">What the person corrected, such as <c>account</c> or <c>owner</c>; a <see cref="Facet"/>'s name.</param>
/// <param name="Expected">Its right value.</param>
/// <param name="Was">Its value before; null: none.</param>
/// <param name="By">The person's id or sign-in name.</param>
/// <param name="Inputs">What the decision was made from.</param>
public sealed record LabelledCase(string CaseId, LeadId Lead, string Facet, string Expected, string? Was, DateTimeOffset At, string By, DecisionInputs Inputs)
{
    public static string IdOf(LeadId lead, string facet) => DerivedId.From("case", lead.Value, facet);
}

/// <summary>Holds a draft against what people corrected, beside the rules in force. On one thread; memory is bounded.</summary>
/// <param name="today">Answers what was not recorded; null: nobody does.</param>
public sealed class Regression(AbmConfig active, AbmConfig draft, IAccountIndex? today, IReadOnlyList<JourneyStep> steps)
{
    /// <summary>Cases that are told one by one, of those that get better and of those that get worse.</summary>
    public const int MostTold = 100;

    private readonly AccountMemory _memory = new();
    private readonly Dictionary<string, Facet> _known = steps.SelectMany(s => s.Facets).ToDictionary(f => f.Name, StringComparer.Ordinal);
    private readonly SortedDictionary<string, (int Cases, int Active, int Draft)> _facets = new(StringComparer.Ordinal);
    private readonly List<CaseOutcome> _better = [];
    private readonly List<CaseOutcome> _worse = [];
    private int _betterCount, _worseCount, _skipped;

    /// <summary>Decides one case under both. One about a facet that no step has any more is only counted.</summary>
    /// <param name="reps">The people at that time.</param>
    public void Add(LabelledCase labelled, IReadOnlyDictionary<RepId, Rep> reps)
    {
        if (!_known.TryGetValue(labelled.Facet, out Facet? facet))
        {
            _skipped++;
            return;
        }

        // What a person chose for this very lead must not answer for the rules.
        DecisionInputs inputs = labelled.Inputs with { PinnedAccount = null, IsIgnored = false, PriorAssignments = [] };
        DecidedLead before = Decide(inputs, active, reps);
        DecidedLead after = Decide(inputs, draft, reps);
        bool wasRight = facet.IsMetBy(before, labelled.Expected), isRight = facet.IsMetBy(after, labelled.Expected);
        (int cases, int activeRight, int draftRight) = _facets.GetValueOrDefault(facet.Name);
        _facets[facet.Name] = (cases + 1, activeRight + (wasRight ? 1 : 0), draftRight + (isRight ? 1 : 0));
        if (wasRight == isRight)
            return;
        List<CaseOutcome> told = isRight ? _better : _worse;
        _betterCount += isRight ? 1 : 0;
        _worseCount += isRight ? 0 : 1;
        if (told.Count < MostTold)
            told.Add(new CaseOutcome(labelled.CaseId, labelled.Lead, facet.Name, labelled.Expected, facet.Of(before), facet.Of(after)));
    }

    public RegressionReport Report() => new(
        draft.Version,
        active.Version,
        _facets.Values.Sum(f => f.Cases),
        _skipped,
        [.. _facets.Select(f => new FacetScore(f.Key, f.Value.Cases, f.Value.Active, f.Value.Draft))],
        _betterCount,
        _worseCount,
        _better,
        _worse);

    private DecidedLead Decide(DecisionInputs inputs, AbmConfig config, IReadOnlyDictionary<RepId, Rep> reps)
    {
        RecordedAccounts accounts = new(inputs.Accounts, today, _memory);
        return DecisionReplay.Of(DecisionReplay.Decide(inputs, config, reps, accounts), accounts, config, reps);
    }
}

/// <summary>How a draft does on what people corrected.</summary>
/// <param name="Skipped">Cases about something that no step decides any more.</param>
/// <param name="Better">Cases that are wrong under what is in force and right under the draft; at most 100 are told.</param>
public sealed record RegressionReport(
    string DraftVersion,
    string ActiveVersion,
    int Cases,
    int Skipped,
    IReadOnlyList<FacetScore> Facets,
    int BetterCount,
    int WorseCount,
    IReadOnlyList<CaseOutcome> Better,
    IReadOnlyList<CaseOutcome> Worse)
{
    /// <summary>Cases that what is in force gets right.</summary>
    public int ActiveRight => Facets.Sum(f => f.ActiveRight);

    /// <summary>Cases that the draft gets right.</summary>
    public int DraftRight => Facets.Sum(f => f.DraftRight);
}

/// <summary>Cases of one facet, and how many each gets right.</summary>
public sealed record FacetScore(string Facet, int Cases, int ActiveRight, int DraftRight);

/// <summary>A case that the two decide differently.</summary>
public sealed record CaseOutcome(string CaseId, LeadId Lead, string Facet, string Expected, string? Active, string? Draft);
