using Abm.Decisions;
using Abm.People;

namespace Abm.Routing;

/// <summary>To a named owner; when that one is out, to the delegate or the manager, and the owner is told. Never to a pool.</summary>
internal static class OwnerRouting
{
    /// <summary>Where leads wait whose owner, delegate and manager are all out.</summary>
    public const string OwnerOutQueue = "owner-out";

    public static RouteDecision To(RepId owner, string rule, List<Reason> reasons, IEnumerable<RepId> notify, RouteQuestion question)
    {
        Rep? rep = question.Reps.GetValueOrDefault(owner);
        RepId[] told = [.. notify.Where(n => n != owner && question.Reps.ContainsKey(n))];
        if (WhyOut(rep, question) is not { } why)
        {
            reasons.Add(new Reason(RouteReasons.Owner, $"It goes to {owner}."));
            return new RouteDecision.Assigned(owner, null, told, rule, reasons);
        }

        reasons.Add(new Reason(RouteReasons.OwnerOut, $"{owner} cannot take it: {why}."));
        (RepId? Id, string Code, string Word)[] deputies =
            [(rep?.DelegateId, RouteReasons.DelegateTakes, "delegate"), (rep?.ManagerId, RouteReasons.ManagerTakes, "manager")];
        foreach ((RepId? id, string code, string word) in deputies)
        {
            if (id is null)
                continue;
            if (WhyOut(question.Reps.GetValueOrDefault(id), question) is { } deputyOut)
            {
                reasons.Add(new Reason(RouteReasons.OwnerOut, $"{id}, the {word}, cannot take it: {deputyOut}."));
                continue;
            }

            reasons.Add(new Reason(code, $"It goes to {id}, the {word} of {owner}, who is told."));
            return new RouteDecision.Assigned(id, null, [.. told.Where(t => t != id).Prepend(owner).Distinct()], rule, reasons);
        }

        reasons.Add(new Reason(RouteReasons.NobodyForOwner, $"Nobody can take it for {owner}; it waits for a person's decision."));
        return new RouteDecision.Queued(OwnerOutQueue, rule, reasons);
    }

    /// <summary>Why this person cannot take the lead now; null when they can.</summary>
    public static string? WhyOut(Rep? rep, RouteQuestion question) => rep switch
    {
        null => "not known",
        { IsActive: false } => "not active",
        _ when rep.IsAwayAt(question.Now) => "away",
        _ when question.FormerOwners.Contains(rep.Id) => "had this lead before",
        _ => null,
    };
}
