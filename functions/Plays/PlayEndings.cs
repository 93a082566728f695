using Abm.Clocks;
using Abm.Decisions;
using Abm.Functions.Journeys;
using Abm.Plays;
using Abm.Ports;

namespace Abm.Functions.Plays;

/// <summary>Ends plays because what they are about is gone: a person was erased, an account was merged into another. Kept first, told second; safe to repeat.</summary>
public sealed class PlayEndings(LeadFileChanges changes, ILeadFileStore leads, IPlayFiles plays, IPlayStarter starter)
{
    private const int MaxTries = 12;

    /// <summary>The lead's person is erased: its plays stop and its clocks with them.</summary>
    public async Task OfErasedAsync(LeadId lead, DateTimeOffset at, CancellationToken cancellationToken)
    {
        if (await leads.ReadAsync(lead, cancellationToken) is not { Lead.State: LeadState.Decided } before)
            return;
        PlayStop stop = new(PlayStopKind.Erased, at);
        (LeadFile file, _) = await changes.ApplyAsync(
            before.Lead.Lead.Id,
            f => f.Disposition is not null || f.Plays.All(p => p.Status is PlayStatus.Completed or PlayStatus.Stopped)
                ? null
                : new LeadFileChange(
                    PlayFiles.ClocksStopped(f with { Disposition = new LeadDisposition(PlayStopKind.Erased, at) }, stop, at),
                    new LeadEvent(DerivedId.From("evt", "erased", lead.Value), "erased", at, null, new Dictionary<string, string>())),
            cancellationToken);
        foreach (PlayRecord play in file.Plays)
        {
            await ForgetAsync(play.PlayId, cancellationToken);
            await changes.ShowAsync(file, play.PlayId, cancellationToken);
            if (play.Status is PlayStatus.Pending or PlayStatus.Running)
                await starter.SignalAsync(play.PlayId, cancellationToken);
        }
    }

    /// <summary>What people wrote to the play goes; that it was told, by whom and when stays.</summary>
    private async Task ForgetAsync(string playId, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < MaxTries; attempt++)
        {
            if (await plays.FindAsync(playId, cancellationToken) is not { } file || file.Progress.Events.All(e => e.Reason is null))
                return;
            PlayFile forgotten = file with { Progress = file.Progress with { Events = [.. file.Progress.Events.Select(e => e with { Reason = null })] } };
            if ((await plays.SaveAsync(forgotten, cancellationToken)).Outcome == SaveOutcome.Saved)
                return;
        }

        throw new InvalidOperationException($"The file of play {playId} changed {MaxTries} times while it was being saved.");
    }

    /// <summary>The account is merged into another: what runs about it stops. Its leads go on.</summary>
    /// <param name="into">The account that stays.</param>
    public async Task OfMergedAsync(string accountId, string into, DateTimeOffset at, CancellationToken cancellationToken)
    {
        foreach (KnownPlay play in (await plays.OfAccountAsync(accountId, cancellationToken)).Where(p => p.IsActive))
        {
            PlayChanged changed = await PlayTelling.ChangeAsync(
                plays, play.PlayId, f => f.Progress.Stop is null ? f with { Progress = f.Progress with { Stop = new PlayStop(PlayStopKind.Merged, at, $"merged into {into}") } } : null, cancellationToken);
            if (changed.File is { IsOver: false })
                await starter.SignalAsync(play.PlayId, cancellationToken);
        }
    }
}
