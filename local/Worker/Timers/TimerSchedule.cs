using System.Globalization;
using Abm.Local.Hosting;
using NCrontab;

namespace Microsoft.Azure.Functions.Worker.Timers;

/// <summary>When a timer function runs: an NCRONTAB expression or a fixed interval, in UTC.</summary>
internal sealed class TimerSchedule
{
    private static readonly TimeSpan ShortestMonitored = TimeSpan.FromMinutes(1);
    private readonly CrontabSchedule? _cron;
    private readonly TimeSpan _interval;

    private TimerSchedule(string text, CrontabSchedule? cron, TimeSpan interval)
    {
        Text = text;
        _cron = cron;
        _interval = interval;
    }

    /// <summary>The schedule as written, settings resolved.</summary>
    public string Text { get; }

    /// <summary>Reads a schedule.</summary>
    /// <param name="text">Six fields (second first), five (second 0), or <c>hh:mm:ss</c>.</param>
    /// <param name="usedBy">The function, for the message.</param>
    /// <exception cref="LocalRuntimeException">It is none, or never comes.</exception>
    public static TimerSchedule Parse(string text, string usedBy)
    {
        string trimmed = text.Trim();
        if (!trimmed.Contains(' ', StringComparison.Ordinal) && TimeSpan.TryParse(trimmed, CultureInfo.InvariantCulture, out TimeSpan interval))
            return interval > TimeSpan.Zero ? new TimerSchedule(trimmed, null, interval) : throw Wrong("an interval must be longer than zero");

        bool hasSeconds = trimmed.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length == 6;
        CrontabSchedule? cron = CrontabSchedule.TryParse(
            trimmed, new CrontabSchedule.ParseOptions { IncludingSeconds = hasSeconds }, schedule => schedule, problem => throw Wrong(problem().Message.ReplaceLineEndings(" ")));
        var parsed = new TimerSchedule(trimmed, cron, default);
        return parsed.Next(DateTimeOffset.UnixEpoch) == DateTimeOffset.MaxValue ? throw Wrong("that date never comes") : parsed;

        LocalRuntimeException Wrong(string why) => new($"{usedBy}: '{text}' is no schedule ({why}); write six fields 'second minute hour day month weekday', for example '0 */5 * * * *'.");
    }

    /// <summary>The first occurrence after the instant, which itself does not count.</summary>
    public DateTimeOffset Next(DateTimeOffset after)
    {
        if (_cron is null)
            return after + _interval;
        DateTime next = _cron.GetNextOccurrence(after.UtcDateTime);
        return next == DateTime.MaxValue ? DateTimeOffset.MaxValue : new DateTimeOffset(DateTime.SpecifyKind(next, DateTimeKind.Utc));
    }

    /// <summary>Whether two of the next occurrences lie less than a minute apart; such schedules are not monitored.</summary>
    public bool IsTooFrequentToMonitor(DateTimeOffset now)
    {
        if (_cron is null)
            return _interval < ShortestMonitored;
        DateTimeOffset previous = Next(now);
        for (int i = 0; i < 5 && previous < DateTimeOffset.MaxValue; i++)
        {
            DateTimeOffset next = Next(previous);
            if (next - previous < ShortestMonitored)
                return true;
            previous = next;
        }

        return false;
    }
}
