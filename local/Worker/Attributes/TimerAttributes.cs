using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Starts a function on a schedule.</summary>
/// <param name="schedule">NCRONTAB with six fields (second first) in UTC; five fields mean second 0; <c>hh:mm:ss</c> is an interval; <c>%Setting%</c> is resolved at start.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class TimerTriggerAttribute(string schedule) : TriggerBindingAttribute
{
    /// <summary>The schedule.</summary>
    public string Schedule { get; } = schedule;

    /// <summary>Run once whenever a host starts. Default false.</summary>
    public bool RunOnStartup { get; set; }

    /// <summary>Remember past runs in storage so that a missed one is made up for. Default true; without effect on intervals below a minute.</summary>
    public bool UseMonitor { get; set; } = true;
}

/// <summary>What a timer function learns about its schedule.</summary>
public class TimerInfo
{
    /// <summary>Past and next run; null when the schedule is not monitored.</summary>
    public ScheduleStatus? ScheduleStatus { get; set; }

    /// <summary>This run makes up for one that was missed.</summary>
    public bool IsPastDue { get; set; }
}

/// <summary>Where a monitored schedule stands; instants in UTC.</summary>
public class ScheduleStatus
{
    /// <summary>The last scheduled run.</summary>
    public DateTime Last { get; set; }

    /// <summary>The next scheduled run.</summary>
    public DateTime Next { get; set; }

    /// <summary>When this record was written.</summary>
    public DateTime LastUpdated { get; set; }
}
