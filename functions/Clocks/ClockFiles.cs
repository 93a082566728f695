using Abm.Clocks;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Events;
using Abm.Functions.Plays;
using Abm.Ports;

namespace Abm.Functions.Clocks;

/// <summary>Finds clocks where they lie and changes them there: the file is the truth, the board shows it, and the play is told.</summary>
public sealed class ClockFiles(IClockBoard board, ILeadFileStore files, IPlayFiles plays, LeadFileChanges changes, ILeadEvents events, IConfigSource config)
{
    /// <summary>The clock as it stands in its file. Three reads.</summary>
    public async Task<(ClockPlace Place, ClockRecord Clock)?> FindAsync(string clockId, CancellationToken cancellationToken)
    {
        if (!IdText.IsValid(clockId) || await board.FindAsync(clockId, cancellationToken) is not { } place)
            return null;
        IReadOnlyList<ClockRecord>? clocks = place.LeadId is { } lead ? (await files.ReadAsync(lead, cancellationToken))?.Clocks : (await plays.FindAsync(place.PlayId, cancellationToken))?.Clocks;
        return clocks?.FirstOrDefault(c => c.ClockId == clockId) is { } clock ? (place, clock) : null;
    }

    /// <summary>Changes one clock in its file under the file's tag: the lead's, or for an account or opportunity the play's.</summary>
    /// <param name="change">Pure: what becomes of the clock, and what happened; null when there is nothing to change.</param>
    /// <returns>The clock as it stands after it; null: it is gone. And whether this call changed it.</returns>
    public async Task<(ClockRecord? Clock, bool IsChanged)> ChangeAsync(
        ClockPlace place, Func<ClockRecord, (ClockRecord Clock, LeadEvent Happened)?> change, CancellationToken cancellationToken)
    {
        if (place.LeadId is not { } lead)
        {
            PlayChanged play = await PlayTelling.ChangeAsync(
                plays, place.PlayId, f => Find(f.Clocks) is { } clock && change(clock) is { } wanted ? f with { Clocks = With(f.Clocks, wanted.Clock) } : null, cancellationToken);
            return (play.File is null ? null : Find(play.File.Clocks), play.IsChanged);
        }

        (LeadFile file, bool isChanged) = await changes.ApplyAsync(
            lead,
            f => Find(f.Clocks) is { } clock && change(clock) is { } wanted ? new LeadFileChange(f with { Clocks = With(f.Clocks, wanted.Clock) }, wanted.Happened) : null,
            cancellationToken);
        return (Find(file.Clocks), isChanged);

        ClockRecord? Find(IReadOnlyList<ClockRecord> clocks) => clocks.FirstOrDefault(c => c.ClockId == place.ClockId);

        ClockRecord[] With(IReadOnlyList<ClockRecord> clocks, ClockRecord changed) => [.. clocks.Select(c => c.ClockId == place.ClockId ? changed : c)];
    }

    /// <summary>Shows a changed clock on the board and tells its play. Also for a repeat: the first attempt may have died before it could.</summary>
    public async Task ShowAsync(ClockRecord clock, IPlayStarter starter, CancellationToken cancellationToken)
    {
        await board.PutAsync([clock], cancellationToken);
        if (clock.LeadId is { } lead && LeadEventTexts.IsBreached(clock) && await files.ReadAsync(lead, cancellationToken) is { } file)
            await events.ClocksAsync(file, [clock], cancellationToken);
        await starter.ClocksChangedAsync(clock.PlayId, cancellationToken);
    }

    /// <summary>The rules that a clock's deadline was last counted by; those in force when that version is not known here any more.</summary>
    public async Task<AbmConfig> RulesOfAsync(ClockRecord clock, CancellationToken cancellationToken) =>
        (clock.ConfigVersion is { } version ? await config.FindAsync(version, cancellationToken) : null) ?? await config.CurrentAsync(cancellationToken);
}

/// <summary>What happens to clocks, as events of their records.</summary>
internal static class ClockEvents
{
    public static LeadEvent Paused(ClockRecord clock, string by, DateTimeOffset at, string? note) =>
        Event("clockPaused", clock, at, by, note, ("reason", clock.Pauses[^1].Reason), ("pause", Number(clock.Pauses.Count)));

    public static LeadEvent Resumed(ClockRecord clock, string by, DateTimeOffset at, string? note, string reasons) =>
        Event("clockResumed", clock, at, by, note, ("reason", reasons), ("dueAt", Instant(clock.DueAt)), ("pause", Number(clock.Pauses.Count(p => p.Until is not null))));

    public static LeadEvent Moved(ClockRecord clock, DateTimeOffset at) =>
        Event("deadlineMoved", clock, at, null, null, ("from", Instant(clock.History[^1].DueAt)), ("dueAt", Instant(clock.DueAt)), ("why", clock.History[^1].Code), ("config", clock.ConfigVersion ?? ""), ("change", Number(clock.History.Count)));

    private static LeadEvent Event(string kind, ClockRecord clock, DateTimeOffset at, string? by, string? note, params ReadOnlySpan<(string Name, string Value)> details)
    {
        Dictionary<string, string> named = new(StringComparer.Ordinal) { ["clockId"] = clock.ClockId, ["policy"] = clock.Policy, ["scope"] = clock.Scope };
        foreach ((string name, string value) in details)
            named[name] = value;
        if (note is not null)
            named["note"] = note;

        // The same change of the same clock is one event, whoever tries it again.
        return new LeadEvent(DerivedId.From("evt", kind, clock.ClockId, details[^1].Value), kind, at, by, named);
    }

    private static string Number(int number) => number.ToString(System.Globalization.CultureInfo.InvariantCulture);

    private static string Instant(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
}
