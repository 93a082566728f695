using Abm.Local.Hosting;

namespace Microsoft.Azure.Functions.Worker.ServiceBus;

/// <summary><c>extensions.serviceBus</c> of host.json, with the platform's defaults.</summary>
/// <param name="MaxConcurrentCalls">Messages of one function that run at once. Default 16.</param>
/// <param name="AutoCompleteMessages">Messages are completed when the function succeeds. Default true.</param>
/// <param name="MaxAutoLockRenewalDuration">How long locks are renewed while a function runs. Default 5 minutes.</param>
/// <param name="MaxMessageBatchSize">Messages that a batched function takes at most. Default 1000.</param>
/// <param name="WithoutEffect">What host.json sets and this runtime does not obey.</param>
internal sealed record ServiceBusSettings(
    int MaxConcurrentCalls, bool AutoCompleteMessages, TimeSpan MaxAutoLockRenewalDuration, int MaxMessageBatchSize, IReadOnlyList<string> WithoutEffect)
{
    private static readonly string[] Ignored =
    [
        "prefetchCount", "maxConcurrentSessions", "sessionIdleTimeout", "minMessageBatchSize", "maxBatchWaitTime", "transportType", "clientRetryOptions", "webProxy",
    ];

    public static ServiceBusSettings Read(HostJson hostJson)
    {
        if (hostJson.GetBoolean("extensions", "serviceBus", "enableCrossEntityTransactions") == true)
            throw new LocalRuntimeException($"{hostJson.Path}: the Local runtime does not support Service Bus transactions; remove extensions.serviceBus.enableCrossEntityTransactions.");
        return new ServiceBusSettings(
            hostJson.GetInt32(1, int.MaxValue, "extensions", "serviceBus", "maxConcurrentCalls") ?? 16,
            hostJson.GetBoolean("extensions", "serviceBus", "autoCompleteMessages") ?? true,
            hostJson.GetTimeSpan(TimeSpan.Zero, TimeSpan.FromDays(1), "extensions", "serviceBus", "maxAutoLockRenewalDuration") ?? TimeSpan.FromMinutes(5),
            hostJson.GetInt32(1, int.MaxValue, "extensions", "serviceBus", "maxMessageBatchSize") ?? 1000,
            [.. Ignored.Where(name => hostJson.Find("extensions", "serviceBus", name) is not null).Select(name => $"extensions.serviceBus.{name}")]);
    }
}
