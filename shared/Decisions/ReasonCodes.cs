namespace Abm.Decisions;

/// <summary>Where reason codes live: each area keeps its own in one class (<c>MatchReasons</c>, <c>ScoreReasons</c>, <c>RouteReasons</c>, <c>PlayReasons</c>); codes are unique across all of them.</summary>
public static class ReasonCodes
{
}
