using System.Globalization;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Runs a failed function again in place. Timers only: queues have their own dequeue count.</summary>
/// <param name="maxRetryCount">How often after the first run; −1 for ever.</param>
[AttributeUsage(AttributeTargets.Method)]
public abstract class RetryAttribute(int maxRetryCount) : Attribute
{
    /// <summary>How often after the first run; −1 for ever.</summary>
    public int MaxRetryCount { get; set; } = maxRetryCount;

    /// <summary>How long to wait before a retry.</summary>
    /// <param name="retry">0 for the first retry.</param>
    internal abstract TimeSpan DelayBefore(int retry);

    internal static TimeSpan Parse(string interval, string parameterName)
    {
        ArgumentNullException.ThrowIfNull(interval, parameterName);
        if (!TimeSpan.TryParse(interval, CultureInfo.InvariantCulture, out TimeSpan value))
            throw new ArgumentOutOfRangeException(parameterName, interval, "An interval is written hh:mm:ss.");
        return value >= TimeSpan.Zero ? value : throw new ArgumentOutOfRangeException(parameterName, interval, "An interval cannot be negative.");
    }
}

/// <summary>Waits the same time before each retry.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class FixedDelayRetryAttribute : RetryAttribute
{
    private readonly TimeSpan _delay;

    /// <summary>Waits <paramref name="delayInterval"/> (<c>hh:mm:ss</c>) before each retry.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The interval is negative or unreadable.</exception>
    public FixedDelayRetryAttribute(int maxRetryCount, string delayInterval) : base(maxRetryCount)
    {
        _delay = Parse(delayInterval, nameof(delayInterval));
        DelayInterval = delayInterval;
    }

    /// <summary>The wait, <c>hh:mm:ss</c>.</summary>
    public string DelayInterval { get; }

    internal override TimeSpan DelayBefore(int retry) => _delay;
}

/// <summary>Doubles the wait before each retry, between two bounds.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ExponentialBackoffRetryAttribute : RetryAttribute
{
    private readonly TimeSpan _minimum;
    private readonly TimeSpan _maximum;

    /// <summary>Waits from <paramref name="minimumInterval"/> up to <paramref name="maximumInterval"/> (both <c>hh:mm:ss</c>).</summary>
    /// <exception cref="ArgumentOutOfRangeException">An interval is negative or unreadable, or the minimum is above the maximum.</exception>
    public ExponentialBackoffRetryAttribute(int maxRetryCount, string minimumInterval, string maximumInterval) : base(maxRetryCount)
    {
        _minimum = Parse(minimumInterval, nameof(minimumInterval));
        _maximum = Parse(maximumInterval, nameof(maximumInterval));
        if (_minimum > _maximum)
            throw new ArgumentOutOfRangeException(nameof(minimumInterval), minimumInterval, "The minimum interval is above the maximum.");
        MinimumInterval = minimumInterval;
        MaximumInterval = maximumInterval;
    }

    /// <summary>The first wait, <c>hh:mm:ss</c>.</summary>
    public string MinimumInterval { get; }

    /// <summary>The longest wait, <c>hh:mm:ss</c>.</summary>
    public string MaximumInterval { get; }

    internal override TimeSpan DelayBefore(int retry)
    {
        double ticks = _minimum.Ticks * Math.Pow(2, Math.Min(retry, 62));
        return ticks >= _maximum.Ticks ? _maximum : TimeSpan.FromTicks((long)ticks);
    }
}
