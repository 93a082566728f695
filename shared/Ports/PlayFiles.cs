using Abm.Clocks;
using Abm.Configuration;
using Abm.Plays;

namespace Abm.Ports;

/// <summary>Everything that is true of one instance of a play. One row, saved under its tag. A lead's owner, clocks and ends lie in the lead's own file; of an account or opportunity they lie here.</summary>
/// <param name="ConfigVersion">The version that it goes by: of its start, or of a migration.</param>
/// <param name="Clocks">Of an account's or opportunity's play; empty for a lead's.</param>
/// <param name="Tag">The version that was read; empty: not kept yet. A save with an older one is a <see cref="SaveOutcome.Conflict"/>.</param>
public sealed record PlayFile(PlayStartInput Start, PlayStatus Status, string ConfigVersion, PlayProgress Progress, IReadOnlyList<ClockRecord> Clocks, string Tag)
{
    /// <summary>Who works it, as it was last known to the play.</summary>
    public string? OwnerId { get; init; }

    /// <summary>Properties of what started it, by field such as <c>event.topic</c>.</summary>
    public IReadOnlyDictionary<string, string> Occasion { get; init; } = new Dictionary<string, string>();

    /// <summary>How the lists show it; the store's own.</summary>
    public string Listed { get; init; } = "";

    public bool IsOver => Status is PlayStatus.Completed or PlayStatus.Stopped;

    /// <summary>In one line.</summary>
    public PlayLine Line => new(
        Start.PlayId, Start.Play, Start.Subject, Start.AccountId, OwnerId, Status, ConfigVersion, Start.Trigger, Start.RoutedAt, Progress.EndedAt,
        Progress.Outcome is { } outcome ? char.ToLowerInvariant(outcome.ToString()[0]) + outcome.ToString()[1..] : null);

    /// <summary>A file of a play that is about to begin.</summary>
    public static PlayFile Begin(PlayStartInput start, IReadOnlyDictionary<string, string>? occasion = null) =>
        new(start, PlayStatus.Pending, start.ConfigVersion, PlayProgress.Start with { OwnerId = start.LeadId is null ? start.OwnerId : null }, [], "")
        {
            OwnerId = start.OwnerId,
            Occasion = occasion ?? new Dictionary<string, string>(),
        };
}

/// <summary>What became of beginning a play.</summary>
/// <param name="Existing">Another instance of the play that runs about the same subject, so that nothing was begun; null: it was begun, now or before.</param>
public sealed record PlayBegun(PlayFile? File, string? Existing);

/// <summary>Instances of plays.</summary>
public interface IPlayFiles
{
    /// <summary>Keeps a new instance unless it is known. Of an account or opportunity at most one instance of a play runs at a time, whoever asks at once.</summary>
    Task<PlayBegun> BeginAsync(PlayFile file, CancellationToken cancellationToken);

    /// <summary>One point read.</summary>
    Task<PlayFile?> FindAsync(string playId, CancellationToken cancellationToken);

    /// <summary>Saves it under its tag, with the lines by which it is listed and by which enrolment finds it. One that is over lets another begin.</summary>
    Task<(SaveOutcome Outcome, PlayFile File)> SaveAsync(PlayFile changed, CancellationToken cancellationToken);

    /// <summary>What runs about an account and its opportunities, and the last instance of each play that is over. One query of one partition.</summary>
    Task<IReadOnlyList<KnownPlay>> OfAccountAsync(string accountId, CancellationToken cancellationToken);

    /// <summary>Running ones first, each kind the latest start first.</summary>
    /// <exception cref="FormatException"><c>after</c> is none of ours.</exception>
    Task<ListPage<PlayLine>> ListAsync(PlayFilter filter, int limit, string? after, CancellationToken cancellationToken);
}

/// <summary>An instance in one line, without personal data.</summary>
public sealed record PlayLine(
    string PlayId, string Play, PlaySubject Subject, string? AccountId, string? OwnerId, PlayStatus Status, string ConfigVersion, string Trigger, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string? Outcome);

/// <summary>Which instances; what is null does not matter.</summary>
/// <param name="IsRunning">True: pending or running; false: over.</param>
public sealed record PlayFilter(string? Play = null, bool? IsRunning = null, PlaySubjectKind? Kind = null, string? SubjectId = null, string? AccountId = null, string? OwnerId = null);

/// <summary>What conditions of plays can ask about, as it is now.</summary>
public interface IPlayFactSource
{
    /// <summary>The facts of the play's lead, account and opportunity, with the properties of what started it.</summary>
    /// <param name="ofPlay">What the play itself knows, see <see cref="PlayDecider.OwnFacts"/>; goes into the facts.</param>
    Task<Facts> OfAsync(PlayStartInput start, IReadOnlyDictionary<string, string> ofPlay, AbmConfig config, CancellationToken cancellationToken);
}
