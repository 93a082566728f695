using System.Globalization;
using Abm.Decisions;
using Abm.Ports;
using Microsoft.AspNetCore.Http;

namespace Abm.Functions.Intake;

/// <summary>Waits until a lead is decided, for senders who want the answer at once.</summary>
public sealed class DecisionWait(ILeadStore leads, TimeProvider clock)
{
    /// <summary>Longest wait, in seconds.</summary>
    public const int MaxSeconds = 30;

    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(1);

    /// <summary>Reads <c>?wait=</c>: whole seconds, 0 to <see cref="MaxSeconds"/>; 0 when it is not given. Adds what is wrong with it to the problems.</summary>
    public static TimeSpan Read(HttpRequest request, ICollection<Problem> problems)
    {
        string? text = request.Query["wait"];
        if (string.IsNullOrEmpty(text))
            return TimeSpan.Zero;
        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds <= MaxSeconds)
            return TimeSpan.FromSeconds(seconds);
        problems.Add(new Problem("outOfRange", "wait", $"The wait must be whole seconds, 0 to {MaxSeconds}."));
        return TimeSpan.Zero;
    }

    /// <summary>The lead once it is decided or set aside; null when it is neither within the time.</summary>
    public async Task<LeadRecord?> UntilDecidedAsync(LeadId id, TimeSpan atMost, CancellationToken cancellationToken)
    {
        if (atMost <= TimeSpan.Zero)
            return null;
        long start = clock.GetTimestamp();
        TimeSpan pause = FirstPause;
        while (true)
        {
            LeadRecord? lead = await leads.FindAsync(id, cancellationToken);
            if (lead is { State: not LeadState.Received })
                return lead;
            TimeSpan left = atMost - clock.GetElapsedTime(start);
            if (left <= TimeSpan.Zero)
                return null;
            await Task.Delay(pause < left ? pause : left, clock, cancellationToken);
            pause = TimeSpan.FromTicks(Math.Min(pause.Ticks * 3 / 2, LongestPause.Ticks));
        }
    }
}
