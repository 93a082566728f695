using Abm.Replays.Steps;

namespace Abm.Replays;

/// <summary>The steps of the journey, in its order. A new step is added to this list, and nowhere else.</summary>
public static class JourneySteps
{
    public static IReadOnlyList<JourneyStep> All { get; } = [MatchDeclaration.Step, ScoreDeclaration.Step, RouteDeclaration.Step, PlayDeclaration.Step];
}
