using Abm.Local.Azurite;

namespace Abm.TestKit;

/// <summary>One Azurite, in memory, on free ports, for all tests of the process; it ends when the process ends, in whatever way.</summary>
public static class SharedAzurite
{
    private static readonly Lazy<Task<AzuriteServer>> Server = new(() => AzuriteServer.StartAsync(new AzuriteOptions(), CancellationToken.None));

    /// <summary>Its connection string; the first call starts it.</summary>
    public static async Task<string> ConnectionStringAsync() => (await Server.Value).ConnectionString;
}
