namespace Abm.Local.Hosting;

/// <summary>Settings of host.json that change nothing here, so that nobody relies on them unawares: those that only the platform obeys, and misspelt ones.</summary>
internal static class HostJsonCoverage
{
    // Not among them: storageProvider.maxQueuePollingInterval, because nothing waits longer here than what anybody writes there.
    private static readonly string[][] Ignored =
    [
        ["functionTimeout"], ["retry"], ["functions"], ["singleton"], ["aggregator"], ["healthMonitor"], ["customHandler"], ["concurrency"],
        ["extensions", "http", "hsts"], ["extensions", "http", "customHeaders"], ["extensions", "http", "maxOutstandingRequests"],
        ["extensions", "http", "maxConcurrentRequests"], ["extensions", "http", "dynamicThrottlesEnabled"],
        .. Durable("maxConcurrentEntityFunctions", "extendedSessionsEnabled", "extendedSessionIdleTimeoutInSeconds", "maxOrchestrationActions", "maxEntityOperationBatchSize", "useAppLease",
            "useGracefulShutdown", "storeInputsInOrchestrationHistory", "defaultVersion", "versionMatchStrategy", "versionFailureStrategy", "maxGrpcMessageSizeInBytes", "grpcHttpClientTimeout",
            "tracing", "httpSettings", "notifications"),
        .. Provider("partitionCount", "controlQueueBatchSize", "controlQueueBufferThreshold", "controlQueueVisibilityTimeout", "workItemQueueVisibilityTimeout",
            "useTablePartitionManagement", "useLegacyPartitionManagement", "fetchLargeMessagesAutomatically", "queueClientMessageEncoding", "trackingStoreConnectionName", "trackingStoreNamePrefix"),
    ];

    /// <summary>What the platform reads at the root.</summary>
    private static readonly HashSet<string> Roots = Set(
        "$schema", "version", "functionTimeout", "retry", "functions", "http", "watchDirectories", "watchFiles", "queues", "serviceBus", "eventHub", "singleton", "logging", "aggregator", "healthMonitor",
        "extensionBundle", "managedDependencies", "customHandler", "httpWorker", "extensions", "concurrency", "sendCanceledInvocationsToWorker", "metadataProviderTimeout", "telemetryMode");

    /// <summary>What the platform reads for the extensions that this runtime has; of other extensions nothing is known.</summary>
    private static readonly Dictionary<string, HashSet<string>> Extensions = new(StringComparer.OrdinalIgnoreCase)
    {
        ["http"] = Set("routePrefix", "maxOutstandingRequests", "maxConcurrentRequests", "dynamicThrottlesEnabled", "hsts", "customHeaders"),
        ["queues"] = Set("batchSize", "newBatchThreshold", "maxDequeueCount", "visibilityTimeout", "maxPollingInterval", "messageEncoding"),
        ["durableTask"] = Set(
            "hubName", "maxConcurrentActivityFunctions", "maxConcurrentOrchestratorFunctions", "maxConcurrentEntityFunctions", "extendedSessionsEnabled", "extendedSessionIdleTimeoutInSeconds",
            "maxOrchestrationActions", "maxEntityOperationBatchSize", "useAppLease", "useGracefulShutdown", "storeInputsInOrchestrationHistory", "overridableExistingInstanceStates",
            "throwStatusExceptionsOnRaiseEvent", "defaultVersion", "versionMatchStrategy", "versionFailureStrategy", "maxGrpcMessageSizeInBytes", "grpcHttpClientTimeout", "tracing", "httpSettings",
            "notifications", "storageProvider"),
        ["serviceBus"] = Set(
            "prefetchCount", "autoCompleteMessages", "maxAutoLockRenewalDuration", "maxConcurrentCalls", "maxConcurrentCallsPerSession", "maxConcurrentSessions", "sessionIdleTimeout",
            "maxMessageBatchSize", "minMessageBatchSize", "maxBatchWaitTime", "enableCrossEntityTransactions", "transportType", "clientRetryOptions", "webProxy"),
    };

    /// <summary>What only the platform obeys.</summary>
    public static IEnumerable<string> WithoutEffect(HostJson hostJson) =>
        Ignored.Where(path => hostJson.Find(path) is not null).Select(path => string.Join('.', path));

    /// <summary>What nobody obeys as far as is known here: mostly a misspelling.</summary>
    public static IEnumerable<string> Unknown(HostJson hostJson)
    {
        IEnumerable<string> roots = hostJson.Names().Where(name => !Roots.Contains(name));
        IEnumerable<string> extensions = hostJson.Names("extensions").SelectMany(extension => Extensions.TryGetValue(extension, out HashSet<string>? known)
            ? hostJson.Names("extensions", extension).Where(name => !known.Contains(name)).Select(name => $"extensions.{extension}.{name}")
            : [$"extensions.{extension}"]);
        return roots.Concat(extensions);
    }

    private static IEnumerable<string[]> Durable(params string[] names) => names.Select(name => (string[])["extensions", "durableTask", name]);

    private static IEnumerable<string[]> Provider(params string[] names) => names.Select(name => (string[])["extensions", "durableTask", "storageProvider", name]);

    private static HashSet<string> Set(params string[] names) => names.ToHashSet(StringComparer.OrdinalIgnoreCase);
}
