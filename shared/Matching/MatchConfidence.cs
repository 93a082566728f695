namespace Abm.Matching;

/// <summary>Turns points into probabilities.</summary>
/// <remarks>
/// Alone, a candidate's odds double with each point, from even at the model's <see cref="MatchModel.EvenAt"/>. Candidates compete: only one can be right, so two equal ones have at most a half each.
/// Weights were learned under the same formula, so that probabilities come out as shares of leads that are right (docs/matching.md).
/// </remarks>
internal static class MatchConfidence
{
    /// <summary>Beyond this more points change no digit that is kept.</summary>
    private const double Most = 60;

    public static void Set(List<ScoredCandidate> candidates, MatchModel model)
    {
        double none = 1;
        double sum = none;
        foreach (ScoredCandidate candidate in candidates)
            sum += Odds(candidate);
        foreach (ScoredCandidate candidate in candidates)
            candidate.Confidence = Math.Round(Odds(candidate) / sum, 4);

        double Odds(ScoredCandidate candidate) => Math.Pow(2, Math.Clamp(candidate.Points - model.EvenAt, -Most, Most));
    }
}
