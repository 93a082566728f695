namespace Abm.Journeys;

/// <summary>The four decisions in order: match, score, route, choose a play. Start reading here.</summary>
public static class LeadJourney
{
}
