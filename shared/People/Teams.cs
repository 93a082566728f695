using Abm.Decisions;

namespace Abm.People;

/// <summary>Who is whose manager. Pure.</summary>
public static class Teams
{
    /// <summary>The rep who signs in under this name: the one person with this address, in any case, or this id; null: nobody, or more than one.</summary>
    public static RepId? Of(string signInName, IReadOnlyDictionary<RepId, Rep> reps)
    {
        if (IdText.IsValid(signInName) && reps.ContainsKey(RepId.Parse(signInName)))
            return RepId.Parse(signInName);
        RepId[] found = [.. reps.Values.Where(r => string.Equals(r.Email, signInName, StringComparison.OrdinalIgnoreCase)).Take(2).Select(r => r.Id)];
        return found.Length == 1 ? found[0] : null;
    }

    /// <summary>Whether somebody may speak for a rep: it is themselves, or their manager, or the manager's manager and so on. Managers in a circle are each other's.</summary>
    public static bool IsInCharge(RepId who, RepId of, IReadOnlyDictionary<RepId, Rep> reps)
    {
        HashSet<RepId> seen = [];
        for (RepId? at = of; at is not null && seen.Add(at); at = reps.GetValueOrDefault(at)?.ManagerId)
        {
            if (at == who)
                return true;
        }

        return false;
    }
}
