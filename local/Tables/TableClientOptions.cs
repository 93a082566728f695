using Azure.Core;

namespace Azure.Data.Tables;

/// <summary>How clients talk to the service: protocol version, sign-in audience, and what every Azure client has (retries, transport, diagnostics).</summary>
public class TableClientOptions : ClientOptions
{
    /// <param name="serviceVersion">The protocol version that is sent as <c>x-ms-version</c>.</param>
    /// <exception cref="ArgumentOutOfRangeException">No known version.</exception>
    public TableClientOptions(ServiceVersion serviceVersion = ServiceVersion.V2020_12_06) => VersionString = serviceVersion switch
    {
        ServiceVersion.V2019_02_02 => "2019-02-02",
        ServiceVersion.V2020_12_06 => "2020-12-06",
        _ => throw new ArgumentOutOfRangeException(nameof(serviceVersion), serviceVersion, "Unknown version of the Table service."),
    };

    /// <summary>Whom tokens are asked for. Default: the public cloud.</summary>
    public TableAudience? Audience { get; set; }

    /// <summary>
    /// Learning the tenant from a challenge of the service. Only false is supported: true makes client construction
    /// with a token credential fail.
    /// </summary>
    public bool EnableTenantDiscovery { get; set; }

    internal string VersionString { get; }

    /// <summary>Versions of the protocol.</summary>
    public enum ServiceVersion
    {
#pragma warning disable CA1707 // the names are the published ones
        /// <summary>2019-02-02.</summary>
        V2019_02_02 = 1,

        /// <summary>2020-12-06.</summary>
        V2020_12_06 = 2,
#pragma warning restore CA1707
    }
}
