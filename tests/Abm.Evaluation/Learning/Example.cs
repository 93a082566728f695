using Abm.Accounts;
using Abm.Decisions;
using Abm.Matching;

namespace Abm.Evaluation.Learning;

/// <summary>A lead with its candidates' evidence, to learn from.</summary>
/// <param name="Candidates">For each the evidence as (weight, amount).</param>
/// <param name="IsRight">Of the candidate at the same place; none when the lead belongs nowhere, or its account was taken away.</param>
/// <param name="Counts">How much the example counts.</param>
/// <param name="IsAsItIs">In the real directory, and nothing taken away.</param>
internal sealed record Example(LabelledLead Lead, (int Weight, double Amount)[][] Candidates, bool[] IsRight, double Counts, bool IsAsItIs)
{
    public int Fold => Lead.Fold;

    /// <summary>One example for each lead whose label is of use: as it is, and once more with its account taken away.</summary>
    public static IEnumerable<Example> Of(List<LabelledLead> leads, AccountIndex index, double counts, double countsAway, bool isReal)
    {
        foreach (LabelledLead lead in leads)
        {
            if (!lead.IsMatchable && !lead.BelongsNowhere)
                continue;
            Example whole = Of(lead, index, counts, isReal);

            // A right account that is not found cannot teach how to weigh it.
            if (lead.BelongsNowhere || whole.IsRight.Contains(true))
                yield return whole;
            if (lead.IsMatchable)
                yield return Of(lead, LeftOut.Without(index, lead), countsAway, false);
        }
    }

    private static Example Of(LabelledLead lead, AccountIndex index, double counts, bool isAsItIs)
    {
        List<ScoredCandidate> candidates = LeadMatcher.Candidates(lead.Lead, index, MatchModel.Default);
        return new(
            lead,
            [.. candidates.Select(candidate => candidate.Evidence.Where(piece => Parameters.Of(piece.Kind) >= 0).Select(piece => (Parameters.Of(piece.Kind), piece.Amount)).ToArray())],
            [.. candidates.Select(candidate => lead.IsRight(candidate.Account.Id.Value))],
            counts,
            isAsItIs);
    }
}
