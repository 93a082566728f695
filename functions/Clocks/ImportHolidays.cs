using System.Globalization;
using System.Text;
using Abm.Clocks;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Configuration.Versions;
using Abm.Functions.Explain;
using Abm.Functions.Http;
using Abm.Functions.Intake;
using Abm.People;
using Abm.Ports;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Net.Http.Headers;
using NodaTime;

namespace Abm.Functions.Clocks;

/// <summary>Reads an iCalendar file into a list of holidays, as a draft of the configuration: it is tried and published like any other, never by the way.</summary>
public sealed class ImportHolidays(
    IConfigVersions versions, ConfigPublisher publisher, DraftCheck check, IConfigSource config, IClockBoard board, IRepDirectory reps, Callers callers, TimeProvider clock)
{
    private const int MaxBodyBytes = 1024 * 1024;
    private const int MaxClocks = 500;

    /// <summary><c>POST /api/config/holidays/{list}?dryRun=&amp;keep=&amp;years=&amp;zone=</c> with <c>text/calendar</c>. Says what is read, what changes in the list, and which deadlines would move.</summary>
    [Function(nameof(ImportHolidays))]
    public async Task<IActionResult> RunAsync(
        [HttpTrigger(AuthorizationLevel.Function, "post", Route = "config/holidays/{list}")] HttpRequest request, string list, CancellationToken cancellationToken)
    {
        Caller caller = callers.Of(request);
        if (caller.Refusal(Caller.Admin, Caller.Ops) is { } forbidden)
            return forbidden;
        List<Problem> problems = [];
        bool isDryRun = ListFilters.OneOf(request, "dryRun", ["true", "false"], problems) == "true";
        bool keeps = ListFilters.OneOf(request, "keep", ["true", "false"], problems) == "true";
        int years = Years(request, problems);
        string? zone = ListFilters.Text(request, "zone", problems);
        if (zone is not null && DateTimeZoneProviders.Tzdb.GetZoneOrNull(zone) is null)
            problems.Add(new Problem("unknownZone", "zone", "It must be an IANA time zone such as Europe/Berlin."));
        if (!IsName(list))
            problems.Add(new Problem("badKey", "list", "A list has a name of 1 to 40 letters, digits, dots, hyphens and underscores, such as de-by."));
        string? reason = FieldText.Clean(request.Query["reason"], "reason", 500, allowsLines: false, problems);
        if (problems.Count > 0)
            return Problems.Invalid(problems);
        (string? text, IActionResult? refusal) = await TextAsync(request, cancellationToken);
        if (text is null)
            return refusal!;

        AbmConfig now = await config.CurrentAsync(cancellationToken);
        DateTimeOffset instant = clock.GetUtcNow();
        zone ??= HolidayFile.ZoneOf(text) ?? WorkingTimes.Named(null, null, now).Zone;
        DateOnly from = new(instant.Year, 1, 1);
        HolidayFileReading reading = HolidayFile.Read(text, zone, from, from.AddYears(years).AddDays(-1));
        if (reading.Holidays is null)
            return Problems.Invalid("notICalendar", "", "This is no iCalendar file: it has no BEGIN:VCALENDAR.");

        IReadOnlyList<Holiday> before = now.Holidays.GetValueOrDefault(list, []);
        IReadOnlyList<Holiday> after = keeps ? [.. before, .. reading.Holidays.Where(h => !before.Any(b => IsSame(b, h)))] : reading.Holidays;
        (ConfigDraft? draft, refusal) = await DraftAsync(list, after, now, cancellationToken);
        if (draft is null)
            return refusal!;
        string[] inForce = [.. before.Select(Words)];
        string[] wanted = [.. after.Select(Words)];
        RecountedClock[] moved = await MovedAsync(draft.Config, instant, cancellationToken);
        DraftResponse? kept = null;
        IReadOnlyList<Finding> findings = isDryRun ? await check.FindingsAsync(draft, cancellationToken) : [];
        if (!isDryRun)
        {
            PublishOrder order = new(new Actor(caller.Name, RequestId.Of(request)), caller.Name, reason ?? $"Holidays of {list} from an iCalendar file", Approver: null, ActivateAt: null, Accept: false, Pending: null);
            KeptDraft keptDraft = await publisher.KeepAsync(draft, order, cancellationToken);
            kept = new DraftResponse(keptDraft.Version.Version, keptDraft.Version.BaseVersion, !keptDraft.IsNew, keptDraft.Findings);
            findings = keptDraft.Findings;
        }

        return new ApiResult(
            kept is { Duplicate: false } ? StatusCodes.Status201Created : StatusCodes.Status200OK,
            new HolidayImportResponse(
                list,
                zone,
                reading.Holidays.Count,
                [.. wanted.Except(inForce, StringComparer.Ordinal)],
                [.. inForce.Except(wanted, StringComparer.Ordinal)],
                wanted.Intersect(inForce, StringComparer.Ordinal).Count(),
                [.. reading.Skipped.Select(s => new SkippedEventResponse(s.Event, s.Code, s.Why))],
                [.. now.Calendars.Values.Where(c => c.HolidayLists.Contains(list, StringComparer.Ordinal)).Select(c => c.Name).Order(StringComparer.Ordinal)],
                [.. moved.Select(RecountedResponse.From)],
                kept,
                findings));
    }

    /// <summary>Of the open clocks that are due first, those that the draft would move.</summary>
    private async Task<RecountedClock[]> MovedAsync(AbmConfig rules, DateTimeOffset now, CancellationToken cancellationToken)
    {
        IReadOnlyDictionary<RepId, Rep> people = await reps.CurrentAsync(cancellationToken);
        ListPage<ClockRecord> open = await board.ListAsync(new ClockFilter { IsOpen = true }, MaxClocks, null, cancellationToken);
        return [.. open.Items.Select(c => ClockRecount.Of(c, c.OwnerId is { } owner ? people.GetValueOrDefault(owner) : null, rules, now)).Where(c => c.Outcome == RecountOutcome.Moved)];
    }

    private async Task<(ConfigDraft? Draft, IActionResult? Refusal)> DraftAsync(string list, IReadOnlyList<Holiday> holidays, AbmConfig now, CancellationToken cancellationToken)
    {
        IReadOnlyList<ConfigSourceFile> files = (await publisher.InForceAsync(cancellationToken)).Activation is { } active && await versions.FindAsync(active.Version, cancellationToken) is { } version ? version.Files : [];
        Dictionary<string, IReadOnlyList<Holiday>> all = new(now.Holidays, StringComparer.Ordinal) { [list] = holidays };
        if (HolidayListDraft.Put(files, list, all) is not { } changed)
            return (null, Problems.Invalid("notApplicable", "list", "A file holidays.yaml in force holds other sections than holidays. Put the list into the files and send them as a draft."));
        return ConfigDraft.Read(changed) switch
        {
            ConfigDraftReading.Accepted(var draft) => (draft, null),
            ConfigDraftReading.Refused(var wrong) => (null, ChosenDraft.Refused(DraftCheck.Errors(wrong))),
            _ => throw new System.Diagnostics.UnreachableException(),
        };
    }

    private static async Task<(string? Text, IActionResult? Refusal)> TextAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!MediaTypeHeaderValue.TryParse(request.ContentType, out MediaTypeHeaderValue? type) || type.MediaType.Value is not { } media || !media.Equals("text/calendar", StringComparison.OrdinalIgnoreCase))
            return (null, Problems.UnsupportedMediaType("Send an iCalendar file as text/calendar."));
        if (request.ContentLength > MaxBodyBytes)
            return (null, Problems.TooLarge(MaxBodyBytes));
        byte[]? bytes;
        try
        {
            bytes = await JsonBody.ReadBoundedAsync(request.Body, MaxBodyBytes, cancellationToken);
        }
        catch (BadHttpRequestException e)
        {
            return (null, JsonBody.RefusedBy(e, MaxBodyBytes));
        }

        if (bytes is null)
            return (null, Problems.TooLarge(MaxBodyBytes));
        return (Utf8(bytes) ?? Utf8(Unfolded(bytes))) is { } text ? (text, null) : (null, Problems.Invalid("encoding", "", "An iCalendar file is UTF-8."));
    }

    private static string? Utf8(byte[] bytes)
    {
        try
        {
            return TextEncodings.StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }

    /// <summary>Some programs fold lines by bytes, in the middle of a character (RFC 5545, section 3.1).</summary>
    private static byte[] Unfolded(byte[] bytes)
    {
        var kept = new byte[bytes.Length];
        int length = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            int end = bytes[i] == '\r' && i + 1 < bytes.Length && bytes[i + 1] == '\n' ? i + 2 : bytes[i] is (byte)'\r' or (byte)'\n' ? i + 1 : i;
            if (end > i && end < bytes.Length && bytes[end] is (byte)' ' or (byte)'\t')
                i = end;
            else
                kept[length++] = bytes[i];
        }

        return kept[..length];
    }

    private static int Years(HttpRequest request, List<Problem> problems)
    {
        string? text = request.Query["years"];
        if (string.IsNullOrEmpty(text))
            return 3;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int years) && years is >= 1 and <= 10)
            return years;
        problems.Add(new Problem("outOfRange", "years", "It must be 1 to 10: how many years from this one on what recurs is written out for."));
        return 3;
    }

    private static bool IsName(string list) => list.Length is > 0 and <= 40 && list.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-' or '_');

    private static bool IsSame(Holiday a, Holiday b) => a.Date == b.Date && a.EveryYear == b.EveryYear && a.Closed == b.Closed;

    private static string Words(Holiday holiday) => DeadlineWords.Of(holiday);
}

/// <summary>What an iCalendar file came to.</summary>
/// <param name="Zone">IANA zone that parts of days were read in.</param>
/// <param name="Read">Holidays in the file.</param>
/// <param name="Added">Such as <c>St Martin on 11 November every year</c>.</param>
/// <param name="Skipped">Events that say nothing that could be kept.</param>
/// <param name="Calendars">That keep the list by the rules in force; empty: nobody does yet.</param>
/// <param name="Moved">Of the 500 open clocks due first, those whose deadline the draft would move.</param>
/// <param name="Draft">The draft that was kept, to be published by its version; null: a dry run.</param>
public sealed record HolidayImportResponse(
    string List,
    string Zone,
    int Read,
    IReadOnlyList<string> Added,
    IReadOnlyList<string> Removed,
    int Unchanged,
    IReadOnlyList<SkippedEventResponse> Skipped,
    IReadOnlyList<string> Calendars,
    IReadOnlyList<RecountedResponse> Moved,
    DraftResponse? Draft,
    IReadOnlyList<Finding> Findings);

public sealed record SkippedEventResponse(string Event, string Code, string Why);
