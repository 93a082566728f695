using Abm.Local.Hosting;
using Azure.Storage.Queues;
using Microsoft.Extensions.Configuration;

namespace Microsoft.Azure.Functions.Worker.Queues;

/// <summary><c>extensions.queues</c> of host.json, with the platform's defaults.</summary>
/// <param name="BatchSize">Messages fetched at once, 1–32. Default 16.</param>
/// <param name="NewBatchThreshold">Fetch again when no more than so many are running. Default: half a batch for each processor.</param>
/// <param name="MaxDequeueCount">Tries before a message goes to the poison queue. Default 5.</param>
/// <param name="VisibilityTimeout">Wait before a failed message is seen again. Default 0.</param>
/// <param name="MaxPollingInterval">Longest wait between polls of an empty queue, from 100 ms. Default a minute.</param>
/// <param name="Encoding">How bodies are written. Default Base64.</param>
/// <param name="LockTime">How long a fetched message stays hidden unless renewed; renewed at half of it. 10 minutes on the platform.</param>
internal sealed record QueueSettings(
    int BatchSize, int NewBatchThreshold, int MaxDequeueCount, TimeSpan VisibilityTimeout, TimeSpan MaxPollingInterval, QueueMessageEncoding Encoding, TimeSpan LockTime)
{
    /// <summary>The setting that shortens <see cref="LockTime"/>, so that messages of a killed process come back sooner than on the platform.</summary>
    public const string LockTimeSetting = "LocalRuntime:QueueLockTime";

    private static readonly TimeSpan SevenDays = TimeSpan.FromDays(7);

    public static QueueSettings Read(HostJson hostJson, IConfiguration configuration)
    {
        int batch = hostJson.GetInt32(1, 32, "extensions", "queues", "batchSize") ?? 16;
        return new QueueSettings(
            batch,
            hostJson.GetInt32(0, int.MaxValue, "extensions", "queues", "newBatchThreshold") ?? batch / 2 * Environment.ProcessorCount,
            hostJson.GetInt32(1, int.MaxValue, "extensions", "queues", "maxDequeueCount") ?? 5,
            hostJson.GetTimeSpan(TimeSpan.Zero, SevenDays, "extensions", "queues", "visibilityTimeout") ?? TimeSpan.Zero,
            hostJson.GetTimeSpan(TimeSpan.FromMilliseconds(100), TimeSpan.FromDays(1), "extensions", "queues", "maxPollingInterval") ?? TimeSpan.FromMinutes(1),
            ReadEncoding(hostJson),
            ReadLockTime(configuration));
    }

    private static QueueMessageEncoding ReadEncoding(HostJson hostJson) => hostJson.GetString("extensions", "queues", "messageEncoding")?.ToUpperInvariant() switch
    {
        null or "BASE64" => QueueMessageEncoding.Base64,
        "NONE" => QueueMessageEncoding.None,
        var other => throw new LocalRuntimeException($"{hostJson.Path}: extensions.queues.messageEncoding must be \"base64\" or \"none\", not \"{other.ToLowerInvariant()}\"."),
    };

    private static TimeSpan ReadLockTime(IConfiguration configuration)
    {
        if (configuration[LockTimeSetting] is not { Length: > 0 } text)
            return TimeSpan.FromMinutes(10);
        return TimeSpan.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out TimeSpan time) && time >= TimeSpan.FromSeconds(2) && time <= SevenDays
            ? time
            : throw new LocalRuntimeException($"The setting {LockTimeSetting} must be a time from 00:00:02 to 7.00:00:00, not '{text}'.");
    }
}
