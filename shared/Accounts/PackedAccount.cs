using System.Collections.ObjectModel;
using System.Globalization;
using Abm.Decisions;

namespace Abm.Accounts;

/// <summary>One account as bytes: first what is compared, then the account's own fields.</summary>
/// <remarks>What is compared follows from the fields and the build's normalisers and lists; it lies beside them so that loading a million accounts does not read a million names anew.</remarks>
internal static class PackedAccount
{
    // How websites are mostly written, when the domain is known; the place in this list is stored.
    private static readonly string[] WebsiteForms = ["{0}", "www.{0}", "https://{0}", "https://www.{0}", "http://{0}", "http://www.{0}", "https://{0}/", "https://www.{0}/", "http://{0}/", "http://www.{0}/"];

    private static readonly ReadOnlyDictionary<string, string> NoCustom = ReadOnlyDictionary<string, string>.Empty;

    /// <summary>Where in a block an account lies, and where in it begin its telephone number, its street, and its own fields.</summary>
    public readonly record struct Places(int Place, int Phone, int Street, int Raw);

    public static void Write(AccountKeys keys, PackedWriter to, BlockTexts texts)
    {
        WriteCompared(keys, to, texts);
        WriteAccount(keys.Account, keys.Domains, to, texts);
    }

    public static (CompanyDomain[] Domains, bool[] BearName) ReadDomains(ref PackedReader from)
    {
        int count = from.Count();
        CompanyDomain[] domains = count == 0 ? [] : new CompanyDomain[count];
        bool[] bear = count == 0 ? [] : new bool[count];
        for (int i = 0; i < count; i++)
        {
            string host = from.Required();
            uint start = from.Number();
            if (start >> 1 >= host.Length)
                throw new InvalidDataException("A packed domain is shorter than it says.");
            domains[i] = CompanyDomain.Restore(host, (int)(start >> 1));
            bear[i] = (start & 1) == 1;
        }

        return (domains, bear);
    }

    public static Place ReadPlace(AccountKeys keys, AccountBlock block, Places at)
    {
        PackedReader from = block.Read(at.Place, at.Street);
        return new(keys.Country, keys.Region, keys.City, from.Text(), from.Text());
    }

    /// <summary>City, state and country as they are written.</summary>
    public static (string? City, string? State, string? Country) ReadWrittenPlace(AccountBlock block, Places at)
    {
        PackedReader from = block.Read(at.Place, at.Raw);
        from.SkipText();
        for (int left = from.Count(); left > 0; left--)
        {
            if (from.Number() == 0)
                from.SkipText();
        }

        if (from.Number() == 0)
            from.SkipText();
        from.SkipText();
        from.SkipText();
        string? city = block.Text(from.Number());
        string? state = block.Text(from.Number());
        from.SkipText();
        return (city, state, block.Text(from.Number()));
    }

    public static Account ReadAccount(AccountKeys keys, AccountBlock block, Places at)
    {
        PackedReader from = block.Read(at.Place, at.Raw);
        string name = from.Required();
        string[] domains = ReadOwnDomains(ref from, keys.Domains);
        string? website = ReadWebsite(ref from, keys.Domains);
        return new Account
        {
            Id = keys.Id,
            Name = name,
            Domains = domains,
            Website = website,
            Phone = from.Text(),
            Street = from.Text(),
            City = block.Text(from.Number()),
            State = block.Text(from.Number()),
            Zip = from.Text(),
            Country = block.Text(from.Number()),
            Industry = block.Text(from.Number()),
            EmployeeCount = from.Number() == 0 ? null : from.Signed(),
            Aliases = ReadTexts(ref from),
            ParentId = from.Text() is { } parent ? AccountId.Parse(parent) : null,
            OwnerId = block.Text(from.Number()) is { } owner ? RepId.Parse(owner) : null,
            Tier = (AccountTier)from.Number(),
            Status = (AccountStatus)from.Number(),
            HasOpenOpportunity = from.Number() != 0,
            OpportunityOwnerId = block.Text(from.Number()) is { } opportunityOwner ? RepId.Parse(opportunityOwner) : null,
            ContactCount = from.Signed(),
            LeadCount = from.Signed(),
            OpportunityCount = from.Signed(),
            CreatedAt = ReadInstant(ref from),
            Custom = ReadCustom(ref from, block),
        };
    }

    private static void WriteCompared(AccountKeys keys, PackedWriter to, BlockTexts texts)
    {
        to.Text(keys.Id.Value);
        to.Number(keys.IsMailProvider ? 1u : 0);
        to.Number((uint)keys.Names.Length);
        foreach (NameKey name in keys.Names)
        {
            to.Text(name.Full);
            to.Text(name.AsWritten);
        }

        to.Number((uint)keys.Domains.Length);
        for (int i = 0; i < keys.Domains.Length; i++)
        {
            CompanyDomain domain = keys.Domains[i];
            to.Text(domain.Host);
            to.Number(((uint)(domain.Host.Length - domain.Registrable.Length) << 1) | (keys.DomainBearsName[i] ? 1u : 0));
        }

        to.Text(keys.Phone);
        to.Number(texts.Of(keys.Place.Country));
        to.Number(texts.Of(keys.Place.Region));
        to.Number(texts.Of(keys.Place.City));
        to.Text(keys.Place.Street);
        to.Text(keys.Place.Zip);
    }

    private static void WriteAccount(Account account, CompanyDomain[] read, PackedWriter to, BlockTexts texts)
    {
        to.Text(account.Name);
        to.Number((uint)account.Domains.Count);
        foreach (string domain in account.Domains)
        {
            int same = Array.FindIndex(read, one => one.Host == domain);
            to.Number((uint)(same + 1));
            if (same < 0)
                to.Text(domain);
        }

        WriteWebsite(account.Website, read, to);
        to.Text(account.Phone);
        to.Text(account.Street);
        to.Number(texts.Of(account.City));
        to.Number(texts.Of(account.State));
        to.Text(account.Zip);
        to.Number(texts.Of(account.Country));
        to.Number(texts.Of(account.Industry));
        to.Number(account.EmployeeCount is null ? 0u : 1);
        if (account.EmployeeCount is { } employees)
            to.Signed(employees);
        to.Number((uint)account.Aliases.Count);
        foreach (string alias in account.Aliases)
            to.Text(alias);
        to.Text(account.ParentId?.Value);
        to.Number(texts.Of(account.OwnerId?.Value));
        to.Number((uint)account.Tier);
        to.Number((uint)account.Status);
        to.Number(account.HasOpenOpportunity ? 1u : 0);
        to.Number(texts.Of(account.OpportunityOwnerId?.Value));
        to.Signed(account.ContactCount);
        to.Signed(account.LeadCount);
        to.Signed(account.OpportunityCount);
        to.Number(account.CreatedAt is null ? 0u : 1);
        if (account.CreatedAt is { } at)
        {
            to.Long(at.Ticks);
            to.Signed((int)at.Offset.TotalMinutes);
        }

        to.Number((uint)account.Custom.Count);
        foreach ((string key, string value) in account.Custom)
        {
            to.Number(texts.Of(key));
            to.Text(value);
        }
    }

    private static string[] ReadOwnDomains(ref PackedReader from, CompanyDomain[] read)
    {
        int count = from.Count();
        string[] domains = count == 0 ? [] : new string[count];
        for (int i = 0; i < count; i++)
        {
            uint same = from.Number();
            domains[i] = same == 0 ? from.Required() : same <= read.Length ? read[same - 1].Host : throw new InvalidDataException("A packed domain names one that there is not.");
        }

        return domains;
    }

    private static void WriteWebsite(string? website, CompanyDomain[] read, PackedWriter to)
    {
        for (int domain = 0; domain < read.Length && website is not null; domain++)
        {
            for (int form = 0; form < WebsiteForms.Length; form++)
            {
                if (website != Website(form, read[domain]))
                    continue;
                to.Number((uint)((domain * WebsiteForms.Length) + form + 1));
                return;
            }
        }

        to.Number(0);
        to.Text(website);
    }

    private static string? ReadWebsite(ref PackedReader from, CompanyDomain[] read)
    {
        uint form = from.Number();
        if (form == 0)
            return from.Text();
        (uint domain, form) = Math.DivRem(form - 1, (uint)WebsiteForms.Length);
        return domain < read.Length ? Website((int)form, read[domain]) : throw new InvalidDataException("A packed website names a domain that there is not.");
    }

    private static string Website(int form, CompanyDomain domain) => string.Format(CultureInfo.InvariantCulture, WebsiteForms[form], domain.Host);

    private static string[] ReadTexts(ref PackedReader from)
    {
        int count = from.Count();
        string[] texts = count == 0 ? [] : new string[count];
        for (int i = 0; i < count; i++)
            texts[i] = from.Required();
        return texts;
    }

    private static DateTimeOffset? ReadInstant(ref PackedReader from)
    {
        if (from.Number() == 0)
            return null;
        long ticks = from.Long();
        return new DateTimeOffset(ticks, TimeSpan.FromMinutes(from.Signed()));
    }

    private static IReadOnlyDictionary<string, string> ReadCustom(ref PackedReader from, AccountBlock block)
    {
        int count = from.Count();
        if (count == 0)
            return NoCustom;
        var custom = new Dictionary<string, string>(count, StringComparer.Ordinal);
        for (int i = 0; i < count; i++)
            custom[block.Text(from.Number()) ?? ""] = from.Required();
        return custom;
    }
}
