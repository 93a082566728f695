using Abm.Plays;

namespace Abm.Configuration;

/// <summary>A play as a whole: its trigger says enough, its steps lead somewhere, and it comes to an end.</summary>
internal sealed class PlayCheck : ConfigCheckOf<PlayRules>
{
    private const int MaxSteps = 100;

    private protected override void Add(PlayRules play, string path, CheckScope scope)
    {
        Trigger(play, path, scope);
        if (play.Steps.Count > MaxSteps)
            scope.Problem(ConfigProblemCodes.OutOfRange, $"{path}.steps", $"A play has at most {MaxSteps} steps.");
        else
            Steps(play, path, scope);
    }

    private static void Trigger(PlayRules play, string path, CheckScope scope)
    {
        bool isRoute = play.On == PlayTrigger.RouteAssigned;
        if (isRoute && play.FirstTouch.Count == 0)
            scope.Problem(ConfigProblemCodes.NoCatchAll, $"{path}.firstTouch", "A play for leads needs at least one choice of a deadline, so that every lead has one.");
        if (!isRoute && play.FirstTouch.Count > 0)
            scope.Problem(ConfigProblemCodes.BadValues, $"{path}.firstTouch", "Only a play that starts when a lead got an owner has a deadline of the first touch; elsewhere a step waits with a deadline.");
        if (play.For is { } subject && (subject == PlaySubjectKind.Lead) != isRoute)
            scope.Problem(ConfigProblemCodes.BadValues, $"{path}.for", isRoute ? "A play that starts when a lead got an owner is about that lead." : "It is about an account or an opportunity.");
        if (!isRoute && play.Steps.Count == 0)
            scope.Problem(ConfigProblemCodes.Empty, $"{path}.steps", "A play needs at least one step.");
        PlayTriggerRule trigger = play.Trigger ?? new();
        (bool Missing, string Property, string Says)? lacking = play.On switch
        {
            PlayTrigger.Event => (trigger.Events.Count == 0, "events", "Name at least one event."),
            PlayTrigger.Sequence => (trigger.Events.Count < 2, "events", "A sequence has at least two events."),
            PlayTrigger.Score => (trigger.AtLeast is null, "atLeast", "Say which mark the points must reach."),
            PlayTrigger.Level => (trigger.Levels.Count == 0, "levels", "Name at least one level."),
            PlayTrigger.Stage => (trigger.Stages.Count == 0, "stages", "Name at least one stage."),
            PlayTrigger.Date => (trigger.Field is null || trigger.Days.Count == 0, "days", "Name the date under field, and the days from it."),
            _ => null,
        };
        if (lacking is { Missing: true } what)
            scope.Problem(ConfigProblemCodes.Empty, $"{path}.trigger.{what.Property}", what.Says);
    }

    private static void Steps(PlayRules play, string path, CheckScope scope)
    {
        string[] names = [.. Enumerable.Range(0, play.Steps.Count).Select(i => PlayFlow.NameOf(play, i))];
        foreach (int again in names.Select((name, i) => (name, i)).GroupBy(n => n.name, StringComparer.OrdinalIgnoreCase).SelectMany(g => g.Skip(1)).Select(g => g.i))
            scope.Problem(ConfigProblemCodes.Duplicate, $"{path}.steps[{again}].name", $"There is another step '{names[again]}'.");
        for (int i = 0; i < play.Steps.Count; i++)
        {
            PlayStepRule step = play.Steps[i];
            string at = $"{path}.steps[{i}]";
            if (scope.Config?.Plays.FirstOrDefault(other => other.Name == step.Start) is { Subject: PlaySubjectKind.Lead } ofLeads)
                scope.Problem(ConfigProblemCodes.BadValues, $"{at}.start", $"Play '{ofLeads.Name}' follows leads up: it starts when a lead gets an owner, never from another play.");
            Target(step.Then, $"{at}.then");
            Target(step.Otherwise, $"{at}.otherwise");
            foreach ((string name, string target) in step.On)
                Target(target, $"{at}.on.{name}");
            for (int b = 0; b < step.Branch.Count; b++)
                Target(step.Branch[b].GoTo, $"{at}.branch[{b}].goTo");
        }

        if (PlayFlow.EndlessLoop(play) is { } loop)
            scope.Problem(ConfigProblemCodes.Cycle, $"{path}.steps[{loop}]", $"From step '{names[loop]}' the play comes back to it without ever waiting.");

        void Target(string? name, string at)
        {
            if (name is not null && !names.Contains(name, StringComparer.Ordinal))
                scope.Problem(ConfigProblemCodes.UnknownReference, at, $"There is no step '{name}'{Nearest.Hint(name, names)}");
        }
    }
}

/// <summary>A step does one thing and has what that needs.</summary>
internal sealed class PlayStepCheck : ConfigCheckOf<PlayStepRule>
{
    private protected override void Add(PlayStepRule step, string path, CheckScope scope)
    {
        (string Name, bool Is)[] kinds =
        [
            ("notify", step.Notify is not null), ("task", step.Task is not null), ("sequence", step.Sequence is not null), ("enrich", step.Enrich is not null), ("assign", step.Assign is not null),
            ("assignTo", step.AssignTo is not null), ("wait", step.Wait.Count > 0), ("delay", step.Delay is not null), ("until", step.Until is not null), ("branch", step.Branch.Count > 0),
            ("webhook", step.Webhook is not null), ("start", step.Start is not null), ("end", step.End is not null),
        ];
        string[] does = [.. kinds.Where(k => k.Is).Select(k => k.Name)];
        if (does.Length != 1)
        {
            scope.Problem(does.Length == 0 ? ConfigProblemCodes.Empty : ConfigProblemCodes.BadValues, path, does.Length == 0
                ? $"The step does nothing: one of {string.Join(", ", kinds.Select(k => k.Name))} must stand in it."
                : $"The step does several things: {string.Join(", ", does)}. Make a step of each.");
            return;
        }

        if (step.Kind is PlayStepKind.Notify or PlayStepKind.Task && step.Template is null)
            scope.Problem(ConfigProblemCodes.Empty, $"{path}.template", "Say which text is sent.");
        if (step.Kind == PlayStepKind.Wait && step.Within is null && step.Deadline is null)
            scope.Problem(ConfigProblemCodes.NeverEnds, path, "It may wait for ever: say how long under within, or name a deadline.");
        if (step.Kind == PlayStepKind.Enrich && step.Within is null)
            scope.Problem(ConfigProblemCodes.NeverEnds, path, "It may wait for ever: say how long under within.");
        if (step.Deadline is not null && step.Kind != PlayStepKind.Wait)
            scope.Problem(ConfigProblemCodes.BadValues, $"{path}.deadline", "Only a step that waits for an event has a deadline.");
        if (step.Otherwise is not null && step.Kind is not (PlayStepKind.Wait or PlayStepKind.Enrich))
            scope.Problem(ConfigProblemCodes.BadValues, $"{path}.otherwise", "Only a step that waits can be out of time.");
        foreach (string name in step.On.Keys.Concat(step.NeedsReason).Where(n => !step.Wait.Contains(n, StringComparer.Ordinal)))
            scope.Problem(ConfigProblemCodes.UnknownReference, path, $"The step does not wait for '{name}'{Nearest.Hint(name, step.Wait)}");
        if (step.Assign is RouteTarget.Queue or RouteTarget.Suppress)
            scope.Problem(ConfigProblemCodes.BadValues, $"{path}.assign", "A play is given to somebody: an owner, a person or a pool.");
        if (step.AssignTo is PlayRecipient.Owner or PlayRecipient.RevOps)
            scope.Problem(ConfigProblemCodes.BadValues, $"{path}.assignTo", "It is given to the manager, the backup or back to the sender.");
        if (step.Then is not null && step.Kind is PlayStepKind.Branch or PlayStepKind.End)
            scope.Problem(ConfigProblemCodes.BadValues, $"{path}.then", "Where it goes on is said by the step itself.");
    }
}

/// <summary>Something must be able to stop it.</summary>
internal sealed class PlayStopCheck : ConfigCheckOf<PlayStopRule>
{
    private protected override void Add(PlayStopRule stop, string path, CheckScope scope)
    {
        if (stop.Event is null && stop.When is null)
            scope.Problem(ConfigProblemCodes.Empty, path, "Name the event that stops it, or what must be true.");
    }
}
