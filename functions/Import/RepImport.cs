using System.Collections.Frozen;
using Abm.Decisions;
using Abm.Functions.Storage.Reps;
using Abm.People;
using NodaTime;

namespace Abm.Functions.Import;

/// <summary>Rows of people who can own leads. A row with a known id changes that person: columns of the file overwrite, others stay.</summary>
internal sealed class RepImport(IRepCatalogue catalogue) : IImportTarget
{
    private const int MaxText = 320;
    private const int MaxPools = 50;
    private const int MaxAbsences = 200;

    private static readonly FrozenSet<string> Known = FrozenSet.ToFrozenSet(
        ["rep_id", "name", "email", "role", "manager_id", "team", "time_zone", "calendar", "pools", "active", "out_of_office", "delegate_id"], StringComparer.Ordinal);

    private RepsState? _imagined;

    public bool IsKnown(string column) => Known.Contains(column);

    public void CheckColumns(CsvColumns columns, ICollection<Problem> problems) => CatalogueImport.Require(columns, problems, "rep_id", "name");

    public async Task<IReadOnlyList<RowOutcome>> TakeAsync(IReadOnlyList<CsvRow> rows, bool dryRun, CancellationToken cancellationToken)
    {
        IReadOnlyList<RowOutcome> outcomes = [];
        if (dryRun)
        {
            RepsState state = _imagined ?? await catalogue.CurrentAsync(cancellationToken);
            (IReadOnlyCollection<Rep> changes, outcomes) = Decide(state, rows);
            _imagined = new RepsState(state.Reps.SetItems(changes.Select(rep => KeyValuePair.Create(rep.Id, rep))));
        }
        else
        {
            await catalogue.SaveAsync(
                state =>
                {
                    (IReadOnlyCollection<Rep> changes, outcomes) = Decide(state, rows);
                    return changes;
                },
                cancellationToken);
        }

        return outcomes;
    }

    private static (IReadOnlyCollection<Rep> Changes, IReadOnlyList<RowOutcome> Outcomes) Decide(RepsState state, IReadOnlyList<CsvRow> rows)
    {
        var changed = new Dictionary<RepId, Rep>();
        var outcomes = new List<RowOutcome>(rows.Count);
        foreach (CsvRow row in rows)
        {
            var read = new RowReader(row);
            RepId? id = read.RequiredId("rep_id") is { } text ? RepId.Parse(text) : null;
            Rep? known = id is null ? null : changed.GetValueOrDefault(id) ?? state.Reps.GetValueOrDefault(id);
            Rep rep = Read(read, id, known);
            if (read.Problems.Count > 0)
            {
                outcomes.Add(new RowOutcome.Rejected(read.Problems));
                continue;
            }

            changed[rep.Id] = rep;
            outcomes.Add(known is null ? RowOutcome.New : RowOutcome.Known);
        }

        return (changed.Values, outcomes);
    }

    private static Rep Read(RowReader read, RepId? id, Rep? known)
    {
        string? zone = read.Text("time_zone", known?.TimeZone, MaxText);
        if (zone is not null && DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is null)
            read.Add(new Problem("unknownValue", "time_zone", "The name of an IANA time zone such as Europe/Berlin is expected."));
        RepId? manager = read.Id("manager_id", known?.ManagerId, RepId.Parse);
        if (manager is not null && manager == id)
            read.Add(new Problem("invalidValue", "manager_id", "Nobody is their own manager."));
        return new Rep
        {
            // Never looked at when the id is wrong: the row is rejected then.
            Id = id ?? RepId.Parse("none"),
            Name = read.Required("name", known?.Name, MaxText),
            Email = read.Text("email", known?.Email, MaxText),
            Role = read.Text("role", known?.Role, MaxText),
            ManagerId = manager,
            Team = read.Text("team", known?.Team, MaxText),
            TimeZone = zone,
            Calendar = read.Text("calendar", known?.Calendar, MaxText),
            Pools = read.Texts("pools", known?.Pools ?? [], MaxPools, MaxText),
            IsActive = read.Flag("active", known?.IsActive ?? true, whenEmpty: true),
            Absences = Absences(read, known?.Absences ?? []),
            DelegateId = read.Id("delegate_id", known?.DelegateId, RepId.Parse),
            PausedUntil = known?.PausedUntil,
        };
    }

    /// <summary>Absences are written <c>from/until</c> or <c>from/until/reason</c>, parted by semicolons; the end is excluded.</summary>
    private static IReadOnlyList<Absence> Absences(RowReader read, IReadOnlyList<Absence> known)
    {
        if (!read.Has("out_of_office"))
            return known;
        var absences = new List<Absence>();
        foreach (string text in read.Texts("out_of_office", [], MaxAbsences, MaxText))
        {
            string[] parts = text.Split('/', 3, StringSplitOptions.TrimEntries);
            if (parts.Length >= 2 && RowReader.TryInstant(parts[0], out DateTimeOffset from) && RowReader.TryInstant(parts[1], out DateTimeOffset until) && from < until)
                absences.Add(new Absence(from, until, parts.Length == 3 && parts[2].Length > 0 ? parts[2] : null));
            else
                read.Add(new Problem("wrongType", "out_of_office", "Absences such as 2026-12-21/2027-01-04 are expected, the end excluded, parted by semicolons."));
        }

        return absences;
    }
}
