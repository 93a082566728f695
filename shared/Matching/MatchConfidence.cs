namespace Abm.Matching;

/// <summary>Turns points into probabilities.</summary>
/// <remarks>
/// Alone, a candidate's probability is a logistic of its points: a half at the review bar, 97 % at the automatic one. Candidates compete: only one can be right, so two equal ones have
/// at most a half each.
/// </remarks>
internal static class MatchConfidence
{
    private const double LogOddsAtAutomatic = 3.5;

    public static void Set(List<ScoredCandidate> candidates, MatchModel model)
    {
        double slope = LogOddsAtAutomatic / Math.Max(0.1, model.AutomaticFrom - model.ReviewFrom);
        double none = 1;
        double sum = none;
        foreach (ScoredCandidate candidate in candidates)
            sum += Odds(candidate);
        foreach (ScoredCandidate candidate in candidates)
            candidate.Confidence = Math.Round(Odds(candidate) / sum, 4);

        double Odds(ScoredCandidate candidate) => Math.Exp(Math.Min(40, (candidate.Points - model.ReviewFrom) * slope));
    }
}
