using Abm.Clocks;
using Abm.Decisions;
using Abm.Functions.Events;
using Abm.Functions.Journeys;
using Abm.Ports;

namespace Abm.Functions.Plays;

/// <summary>Changes lead files: reads, changes, saves under the tag, and does it again when someone was faster.</summary>
public sealed class LeadFileChanges(ILeadFileStore files, IClockBoard board, ILeadEvents events)
{
    private const int MaxTries = 8;

    /// <param name="change">Pure: what becomes of the file and what happened; null when there is nothing to change.</param>
    /// <returns>The file as it stands after it, and whether this call changed it.</returns>
    /// <exception cref="LeadMissingException">There is no such lead.</exception>
    public Task<(LeadFile File, bool IsChanged)> ApplyAsync(LeadId lead, Func<LeadFile, LeadFileChange?> change, CancellationToken cancellationToken) =>
        ApplyAsync(lead, null, change, cancellationToken);

    /// <summary>The same for a file that was just read: it is read again only when somebody changed it since.</summary>
    public Task<(LeadFile File, bool IsChanged)> ApplyAsync(LeadFile read, Func<LeadFile, LeadFileChange?> change, CancellationToken cancellationToken) =>
        ApplyAsync(read.Lead.Lead.Id, read, change, cancellationToken);

    private async Task<(LeadFile File, bool IsChanged)> ApplyAsync(LeadId lead, LeadFile? read, Func<LeadFile, LeadFileChange?> change, CancellationToken cancellationToken)
    {
        for (int attempt = 0; attempt < MaxTries; attempt++)
        {
            LeadFile file = (attempt == 0 ? read : null) ?? await files.ReadAsync(lead, cancellationToken) ?? throw new LeadMissingException(lead);
            if (change(file) is not { } wanted)
                return (file, false);
            switch (await files.SaveAsync(wanted.File, wanted.Happened, cancellationToken))
            {
                case SaveOutcome.Saved:
                    return (wanted.File, true);
                case SaveOutcome.AlreadyHappened:
                    return (await files.ReadAsync(lead, cancellationToken) ?? throw new LeadMissingException(lead), false);
                case SaveOutcome.Conflict:
                    break;
            }
        }

        throw new InvalidOperationException($"The file of {lead} changed {MaxTries} times while it was being saved.");
    }

    /// <summary>Brings the board up to date with the clocks of a play, and has their breaches published.</summary>
    public async Task ShowAsync(LeadFile file, string playId, CancellationToken cancellationToken)
    {
        ClockRecord[] clocks = [.. file.Clocks.Where(c => c.PlayId == playId)];
        await board.PutAsync(clocks, cancellationToken);
        await events.ClocksAsync(file, clocks, cancellationToken);
    }
}

/// <summary>A file as it shall be, and what happened.</summary>
public sealed record LeadFileChange(LeadFile File, LeadEvent Happened);
