using System.Globalization;
using Abm.Configuration;

namespace Abm.Plays;

/// <summary>Where the steps of a play lead to. Pure; what lint looks through is what runs.</summary>
public static class PlayFlow
{
    /// <summary>The step's own name, or its number from 1.</summary>
    public static string NameOf(PlayRules play, int index) => play.Steps[index].Name ?? (index + 1).ToString(CultureInfo.InvariantCulture);

    /// <summary>Null: there is no such step.</summary>
    public static int? IndexOf(PlayRules play, string name)
    {
        for (int i = 0; i < play.Steps.Count; i++)
        {
            if (string.Equals(NameOf(play, i), name, StringComparison.Ordinal))
                return i;
        }

        return null;
    }

    /// <summary>How many steps at the beginning only tell somebody: of a lead's play they are done for each new owner.</summary>
    public static int Opening(PlayRules play) => play.Subject == PlaySubjectKind.Lead ? play.Steps.TakeWhile(s => s is { Kind: PlayStepKind.Notify, When: null, Then: null }).Count() : 0;

    /// <summary>The step that the play's own course begins with; null: it has none.</summary>
    public static string? First(PlayRules play) => Opening(play) < play.Steps.Count ? NameOf(play, Opening(play)) : null;

    /// <summary>The step that stands after this one; null: the play is over then.</summary>
    public static string? After(PlayRules play, int index) =>
        play.Steps[index].Then is { } then && IndexOf(play, then) is not null ? then
        : index + 1 < play.Steps.Count ? NameOf(play, index + 1)
        : null;

    /// <summary>Every step that may come next, by number.</summary>
    public static IEnumerable<int> Successors(PlayRules play, int index)
    {
        PlayStepRule step = play.Steps[index];
        IEnumerable<string?> names = step.Kind switch
        {
            PlayStepKind.End => [],
            PlayStepKind.Branch => step.Branch.Select(b => (string?)b.GoTo),
            PlayStepKind.Wait => [.. step.On.Values, .. step.Wait.All(step.On.ContainsKey) ? Array.Empty<string?>() : [After(play, index)], step.Otherwise ?? After(play, index)],
            PlayStepKind.Enrich => [After(play, index), step.Otherwise],
            _ => [After(play, index)],
        };
        if (step.When is not null)
            names = names.Append(After(play, index));
        return names.OfType<string>().Select(n => IndexOf(play, n)).OfType<int>().Distinct();
    }

    /// <summary>Steps that nothing leads to, by number.</summary>
    public static IReadOnlyList<int> Unreachable(PlayRules play)
    {
        int opening = Opening(play);
        HashSet<int> seen = [.. Enumerable.Range(0, opening)];
        Stack<int> open = new(opening < play.Steps.Count ? [opening] : []);
        while (open.TryPop(out int at))
        {
            if (!seen.Add(at))
                continue;
            foreach (int next in Successors(play, at))
                open.Push(next);
        }

        return [.. Enumerable.Range(0, play.Steps.Count).Where(i => !seen.Contains(i))];
    }

    /// <summary>A step from which the play comes back to it without ever waiting; null: there is none.</summary>
    public static int? EndlessLoop(PlayRules play)
    {
        for (int start = 0; start < play.Steps.Count; start++)
        {
            HashSet<int> seen = [];
            Stack<int> open = new(IsWaiting(play.Steps[start]) ? [] : Successors(play, start));
            while (open.TryPop(out int at))
            {
                if (at == start)
                    return start;
                if (IsWaiting(play.Steps[at]) || !seen.Add(at))
                    continue;
                foreach (int next in Successors(play, at))
                    open.Push(next);
            }
        }

        return null;
    }

    private static bool IsWaiting(PlayStepRule step) => step.When is null && step.Kind is PlayStepKind.Wait or PlayStepKind.Delay or PlayStepKind.Enrich;
}
