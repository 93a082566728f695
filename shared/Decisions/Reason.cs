namespace Abm.Decisions;

/// <summary>One ground of a decision: what was looked at, in words a person can check, and what it added.</summary>
/// <param name="Code">Stable, dotted, lower-case code for reports and rules, such as <c>match.domain.primary</c>; see <see cref="ReasonCodes"/>.</param>
/// <param name="Says">One sentence for a person. Never needed to decide anything.</param>
/// <param name="Points">What it added to (or took from) the value it explains; 0 when it only informs, as a missing field does.</param>
public sealed record Reason(string Code, string Says, double Points = 0);
