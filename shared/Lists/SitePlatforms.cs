using System.Collections.Frozen;

namespace Abm.Lists;

/// <summary>Sites where anybody has a page, so that an address there is not its writer's domain.</summary>
internal static class SitePlatforms
{
    private static readonly Lazy<FrozenSet<string>> Hosts = new(() => EmbeddedList.Lines("sitePlatforms.txt").ToFrozenSet(StringComparer.Ordinal));

    /// <summary>Whether the address is a page there, and not the platform's own front page.</summary>
    public static bool IsPage(HostName host, string address)
    {
        if (Hosts.Value.Contains(host.Host))
            return HasPath(address);
        return host.Host.Length != host.Registrable.Length && Hosts.Value.Contains(host.Registrable) && HasPath(address);
    }

    private static bool HasPath(string address)
    {
        ReadOnlySpan<char> rest = address.AsSpan().Trim();
        int scheme = rest.IndexOf("://");
        if (scheme >= 0)
            rest = rest[(scheme + 3)..];
        int slash = rest.IndexOf('/');
        return slash >= 0 && rest[(slash + 1)..].Trim("/ ").Length > 0;
    }
}
