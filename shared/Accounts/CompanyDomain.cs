using System.Collections.Frozen;
using Abm.Lists;

namespace Abm.Accounts;

/// <summary>An internet domain that stands for an organisation: lower case, with its registrable part known, and not a free or disposable mail provider.</summary>
/// <remarks>Two domains are the same organisation's only if their registrable parts are equal; <c>acme.co.uk</c> is not <c>acme.com</c>, and substrings never count.</remarks>
public sealed record CompanyDomain
{
    // Where a company puts pages of its own, not a part of it.
    private static readonly FrozenSet<string> PageLabels = new[]
    {
        "www", "www1", "www2", "www3", "ww1", "ww2", "web", "home", "en", "info", "about", "m", "mobile", "portal", "my", "shop", "store", "blog", "news", "press", "media",
        "ir", "investor", "investors", "corporate", "corp", "company", "global", "group", "international", "careers", "career", "jobs", "mail", "email", "support", "help", "go",
    }.ToFrozenSet(StringComparer.Ordinal);

    private CompanyDomain(string host, string registrable)
    {
        Host = host;
        Registrable = registrable;
    }

    /// <summary>The whole host, without <c>www.</c>: <c>mail.acme.co.uk</c>.</summary>
    public string Host { get; }

    /// <summary>The part that someone registered, by the public suffix list: <c>acme.co.uk</c>.</summary>
    public string Registrable { get; }

    /// <summary>Whether it stands for all of what was registered: the registrable domain itself, or pages of its owner such as <c>investors.acme.com</c>.</summary>
    public bool IsWhole => Host.Length == Registrable.Length || PageLabels.GetAlternateLookup<ReadOnlySpan<char>>().Contains(Host.AsSpan(0, Host.Length - Registrable.Length - 1));

    /// <summary>Reads a domain, web address or e-mail address. Null when there is no domain in it, or it is an IP address, a local name, a bare public suffix, or a free or disposable mail provider.</summary>
    public static CompanyDomain? Read(string? text) =>
        HostName.Read(text) is { } host && !MailProviders.IsFree(host) && !MailProviders.IsDisposable(host) ? new(host.Host, host.Registrable) : null;

    /// <summary>Reads a web address. Null, too, for a page at a platform where anybody has one: <c>facebook.com/acme</c>.</summary>
    public static CompanyDomain? ReadWebsite(string? text) => HostName.Read(text) is { } host && !SitePlatforms.IsPage(host, text!) ? From(host) : null;

    internal static CompanyDomain? From(HostName host) =>
        MailProviders.IsFree(host) || MailProviders.IsDisposable(host) ? null : new(host.Host, host.Registrable);

    /// <summary>A domain that was read before.</summary>
    /// <param name="registrableAt">Where in the host the registrable part begins.</param>
    internal static CompanyDomain Restore(string host, int registrableAt) => new(host, registrableAt == 0 ? host : host[registrableAt..]);

    public override string ToString() => Host;
}
