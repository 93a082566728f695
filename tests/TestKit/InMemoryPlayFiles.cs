using System.Globalization;
using Abm.Plays;
using Abm.Ports;

namespace Abm.TestKit;

/// <summary>Instances of plays in memory; keep the contract of the tables.</summary>
public sealed class InMemoryPlayFiles(Faults? faults = null) : IPlayFiles
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, PlayFile> _files = [];
    private int _tags;

    public IReadOnlyList<PlayFile> All
    {
        get
        {
            lock (_lock)
                return [.. _files.Values];
        }
    }

    public Task<PlayBegun> BeginAsync(PlayFile file, CancellationToken cancellationToken)
    {
        PlayBegun begun;
        lock (_lock)
        {
            if (_files.TryGetValue(file.Start.PlayId, out PlayFile? known))
            {
                begun = new PlayBegun(known, null);
            }
            else if (file.Start.LeadId is null && _files.Values.FirstOrDefault(f => !f.IsOver && f.Start.Play == file.Start.Play && f.Start.Subject == file.Start.Subject) is { } other)
            {
                begun = new PlayBegun(null, other.Start.PlayId);
            }
            else
            {
                PlayFile kept = file with { Tag = NextTag() };
                _files.Add(file.Start.PlayId, kept);
                begun = new PlayBegun(kept, null);
            }
        }

        faults?.Happened("PlayFiles.Begin");
        return Task.FromResult(begun);
    }

    public Task<PlayFile?> FindAsync(string playId, CancellationToken cancellationToken)
    {
        lock (_lock)
            return Task.FromResult(_files.GetValueOrDefault(playId));
    }

    public Task<(SaveOutcome Outcome, PlayFile File)> SaveAsync(PlayFile changed, CancellationToken cancellationToken)
    {
        (SaveOutcome, PlayFile) saved;
        lock (_lock)
        {
            if (_files.GetValueOrDefault(changed.Start.PlayId)?.Tag != changed.Tag)
                return Task.FromResult((SaveOutcome.Conflict, changed));
            PlayFile kept = changed with { Tag = NextTag() };
            _files[changed.Start.PlayId] = kept;
            saved = (SaveOutcome.Saved, kept);
        }

        faults?.Happened("PlayFiles.Save");
        return Task.FromResult(saved);
    }

    public Task<IReadOnlyList<KnownPlay>> OfAccountAsync(string accountId, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<KnownPlay>>(
    [
        .. All.Where(f => f.Start.LeadId is null && f.Start.AccountId == accountId)
            .GroupBy(f => (f.Start.Play, f.Start.Subject, f.IsOver)).Select(g => g.MaxBy(f => f.Start.RoutedAt)!)
            .Select(f => new KnownPlay(f.Start.PlayId, f.Start.Play, f.Start.Subject, f.Start.RoutedAt, f.Progress.EndedAt)),
    ]);

    public Task<ListPage<PlayLine>> ListAsync(PlayFilter filter, int limit, string? after, CancellationToken cancellationToken)
    {
        int from = after is null ? 0 : int.TryParse(after, NumberStyles.None, CultureInfo.InvariantCulture, out int at) ? at : throw new FormatException("The cursor is none of this list.");
        PlayLine[] lines =
        [
            .. All.Where(f => filter.IsRunning is null || filter.IsRunning == !f.IsOver).OrderBy(f => f.IsOver).ThenByDescending(f => f.Start.RoutedAt).ThenBy(f => f.Start.PlayId, StringComparer.Ordinal).Select(f => f.Line)
                .Where(l => (filter.Play is null || l.Play == filter.Play) && (filter.Kind is null || l.Subject.Kind == filter.Kind) && (filter.SubjectId is null || l.Subject.Id == filter.SubjectId)
                    && (filter.AccountId is null || l.AccountId == filter.AccountId) && (filter.OwnerId is null || l.OwnerId == filter.OwnerId)),
        ];
        return Task.FromResult(new ListPage<PlayLine>([.. lines.Skip(from).Take(limit)], from + limit < lines.Length ? (from + limit).ToString(CultureInfo.InvariantCulture) : null));
    }

    private string NextTag() => (++_tags).ToString(CultureInfo.InvariantCulture);
}
