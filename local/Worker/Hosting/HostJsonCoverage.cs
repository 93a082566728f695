namespace Abm.Local.Hosting;

/// <summary>Settings of host.json that the platform obeys and this runtime does not, so that nobody relies on them unawares.</summary>
internal static class HostJsonCoverage
{
    private static readonly string[][] Ignored =
    [
        ["functionTimeout"], ["retry"], ["functions"], ["singleton"], ["aggregator"], ["healthMonitor"], ["customHandler"], ["concurrency"],
        ["extensions", "http", "hsts"], ["extensions", "http", "customHeaders"], ["extensions", "http", "maxOutstandingRequests"],
        ["extensions", "http", "maxConcurrentRequests"], ["extensions", "http", "dynamicThrottlesEnabled"],
    ];

    public static IEnumerable<string> WithoutEffect(HostJson hostJson) =>
        Ignored.Where(path => hostJson.Find(path) is not null).Select(path => string.Join('.', path));
}
