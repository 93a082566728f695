using Abm.Plays;

namespace Abm.Configuration;

/// <summary>Plays whose steps can hardly be meant.</summary>
internal static class PlayLint
{
    public static void Add(AbmConfig config, LintScope scope)
    {
        for (int i = 0; i < config.Plays.Count; i++)
        {
            PlayRules play = config.Plays[i];
            foreach (int step in PlayFlow.Unreachable(play))
                scope.Add(ConfigProblemCodes.Unreachable, $"plays[{i}].steps[{step}]", $"No way leads to step '{PlayFlow.NameOf(play, step)}' of play '{play.Name}'.");
            for (int step = 0; step < play.Steps.Count; step++)
            {
                if (play.Subject != PlaySubjectKind.Lead && play.Owner.Count == 0 && play.Steps[step] is { Deadline: not null })
                {
                    scope.Add(LintCodes.NobodyWaitedFor, $"plays[{i}].owner", $"Play '{play.Name}' waits with a deadline, but it says under owner nobody who works it.");
                    break;
                }
            }
        }
    }
}
