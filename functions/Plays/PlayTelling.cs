using Abm.Plays;
using Abm.Ports;

namespace Abm.Functions.Plays;

/// <summary>Changes play files: reads, changes, saves under the tag, and does it again when somebody was faster.</summary>
public static class PlayTelling
{
    private const int MaxTries = 12;

    /// <summary>Keeps an event in a play's file. The same event again changes nothing.</summary>
    public static Task<PlayChanged> KeepAsync(IPlayFiles plays, string playId, PlayEvent told, CancellationToken cancellationToken) =>
        ChangeAsync(plays, playId, file => PlayDecider.Heard(file.Progress, told) is { } heard && ReferenceEquals(heard, file.Progress) ? null : file with { Progress = PlayDecider.Heard(file.Progress, told) }, cancellationToken);

    /// <param name="change">Pure: what becomes of the file; null when there is nothing to change. Not asked of a play that is over.</param>
    public static async Task<PlayChanged> ChangeAsync(IPlayFiles plays, string playId, Func<PlayFile, PlayFile?> change, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < MaxTries; attempt++)
        {
            if (await plays.FindAsync(playId, cancellationToken) is not { } file)
                return new PlayChanged(null, false);
            if (file.IsOver || change(file) is not { } wanted)
                return new PlayChanged(file, false);
            (SaveOutcome outcome, PlayFile saved) = await plays.SaveAsync(wanted, cancellationToken);
            if (outcome == SaveOutcome.Saved)
                return new PlayChanged(saved, true);
        }

        throw new InvalidOperationException($"The file of play {playId} changed {MaxTries} times while it was being saved.");
    }
}

/// <summary>What became of changing a play's file.</summary>
/// <param name="File">As it stands; null: there is none.</param>
/// <param name="IsChanged">Whether this call changed it.</param>
public sealed record PlayChanged(PlayFile? File, bool IsChanged);
