using Abm.Accounts;
using Abm.Lists;

namespace Abm.Leads;

/// <summary>An e-mail address, taken apart.</summary>
public sealed record EmailAddress
{
    private EmailAddress(string normalised, EmailKind kind, CompanyDomain? domain)
    {
        Normalised = normalised;
        Kind = kind;
        Domain = domain;
    }

    /// <summary>Lower case, without display name, comments and plus tag; two ways to write one mailbox are equal in it.</summary>
    public string Normalised { get; }
    public EmailKind Kind { get; }

    /// <summary>The organisation's domain; null when it is a mail provider's.</summary>
    public CompanyDomain? Domain { get; }

    /// <summary>Reads an address as people and machines write it: with a display name, angle brackets, comments, quotes. Null when there is none in the text, several, or its domain is an IP address or a local name.</summary>
    public static EmailAddress? Read(string? text)
    {
        if (string.IsNullOrWhiteSpace(text) || text.Length > 2000)
            return null;
        ReadOnlySpan<char> address = text.AsSpan().Trim();
        if (address.StartsWith("mailto:", StringComparison.OrdinalIgnoreCase))
            address = address[7..];
        int open = address.LastIndexOf('<');
        if (open >= 0)
        {
            int close = address[open..].IndexOf('>');
            address = close < 0 ? address[(open + 1)..] : address[(open + 1)..(open + close)];
        }

        if (address.Contains('('))
            address = WithoutComments(address);
        address = address.Trim().TrimEnd(['.', ',', ';']);
        int at = address.LastIndexOf('@');
        if (at <= 0 || HostName.Read(address[(at + 1)..].ToString()) is not { } host)
            return null;
        string? local = Local(address[..at].Trim());
        if (local is null)
            return null;

        // "www." is never part of a mail domain that people mean; sub-domains are.
        string normalised = $"{local}@{host.Host}";
        CompanyDomain? domain = CompanyDomain.From(host);
        return new(normalised, KindOf(local, host), domain);
    }

    private static EmailKind KindOf(string local, HostName host) =>
        Mailboxes.IsAutomated(local) ? EmailKind.Automated
        : MailProviders.IsDisposable(host) ? EmailKind.Disposable
        : MailProviders.IsFree(host) ? EmailKind.Free
        : Mailboxes.IsRole(local) ? EmailKind.Role
        : EmailKind.Business;

    private static string? Local(ReadOnlySpan<char> local)
    {
        bool quoted = local.Length > 2 && local[0] == '"' && local[^1] == '"';
        if (quoted)
            local = local[1..^1];
        int plus = local.IndexOf('+');
        if (plus > 0)
            local = local[..plus];
        if (local.Length is 0 or > 64)
            return null;
        foreach (char c in local)
        {
            // A second '@', a space or a list of addresses means that we do not know which mailbox is meant.
            if (char.IsWhiteSpace(c) || char.IsControl(c) || char.IsSurrogate(c) || c is '@' or '\uFFFD' or ',' or ';' or ':' or '<' or '>' or '(' or ')' or '[' or ']' or '\\' or '"')
                return null;
        }

        return local.ToString().ToLowerInvariant();
    }

    private static ReadOnlySpan<char> WithoutComments(ReadOnlySpan<char> address)
    {
        var kept = new char[address.Length];
        int length = 0;
        int depth = 0;
        foreach (char c in address)
        {
            if (c == '(')
                depth++;
            else if (c == ')' && depth > 0)
                depth--;
            else if (depth == 0)
                kept[length++] = c;
        }

        return kept.AsSpan(0, length);
    }

    public override string ToString() => Normalised;
}

/// <summary>What a mailbox says about who sits behind it.</summary>
public enum EmailKind
{
    /// <summary>A person's address at an organisation.</summary>
    Business,

    /// <summary>At a free mail provider: says nothing about the company.</summary>
    Free,

    /// <summary>At a throw-away provider.</summary>
    Disposable,

    /// <summary>A shared mailbox of an organisation, such as <c>info@</c>.</summary>
    Role,

    /// <summary>A machine's address, such as <c>no-reply@</c>: may be linked to an account, never stands for a person.</summary>
    Automated,
}
