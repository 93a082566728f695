using Abm.Matching;

namespace Abm.Configuration;

/// <summary>Everything the product decides by, as one immutable version.</summary>
/// <param name="Version">Derived from the content: equal content has an equal version.</param>
public sealed record AbmConfig(string Version, MatchModel Matching);
