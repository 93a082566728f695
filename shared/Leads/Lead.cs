using Abm.Decisions;

namespace Abm.Leads;

/// <summary>A lead as the decisions see it: what was submitted, its id and when we received it.</summary>
/// <param name="ReceivedAt">When we accepted it, UTC. Time to first touch is measured from here.</param>
public sealed record Lead(LeadId Id, Submission Submitted, DateTimeOffset ReceivedAt);
