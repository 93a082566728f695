using Abm.Decisions;
using Abm.Lists;

namespace Abm.Accounts;

/// <summary>An account, normalised once: what the matcher compares, and the keys it is found by.</summary>
internal sealed class AccountKeys
{
    private static readonly System.Buffers.SearchValues<char> Umlauts = System.Buffers.SearchValues.Create("äöüåøÄÖÜÅØ");

    private readonly AccountBlock? _block;
    private readonly int _place;
    private readonly int _rawAt;
    private Account? _account;
    private Word[][]? _words;
    private string[]? _acronyms;

    public AccountKeys(Account account)
    {
        _account = account;
        Id = account.Id;
        Place = Place.Read(account.Street, account.City, account.State, account.Zip, account.Country);
        Phone = PhoneNumber.Read(account.Phone, Place.Country)?.E164;
        Names = ReadNames(account);
        Domains = ReadDomains(account);
        DomainBearsName = [.. Domains.Select(domain => Bears(LabelOf(domain.Registrable)))];
        IsMailProvider = IsTelephoneCompany(account);
    }

    /// <summary>An account that lies packed in a block. What of it is compared is unpacked now, the rest when it is asked for.</summary>
    /// <param name="place">Its place in the block.</param>
    public AccountKeys(AccountBlock block, int place)
    {
        _block = block;
        _place = place;
        PackedReader reader = block.Read(place);
        PackedAccount.Compared compared = PackedAccount.ReadCompared(ref reader, block);
        (Id, Names, Domains, DomainBearsName, IsMailProvider, Phone, Place) = compared;
        _rawAt = reader.At;
    }

    public AccountId Id { get; }

    /// <summary>The account itself; unpacked when it is first asked for.</summary>
    public Account Account => _account ??= PackedAccount.ReadAccount(this, _block!, _place, _rawAt);

    /// <summary>The name first, then its parts ("X dba Y"), spellings and aliases.</summary>
    public NameKey[] Names { get; }

    /// <summary>The words of the name at the same place.</summary>
    public Word[][] Words => _words ??= Array.ConvertAll(Names, static name => Word.Of(name));

    /// <summary>The account's domains, primary first, the website's last; mail providers' left out.</summary>
    public CompanyDomain[] Domains { get; }

    /// <summary>Whether the domain at the same place looks like the account's own, not one that it shares with a system or a host: it has its name, a word of it or its initials in it.</summary>
    public bool[] DomainBearsName { get; }

    /// <summary>A telephone company or the like, whose customers have mailboxes at its domains.</summary>
    public bool IsMailProvider { get; }
    public string? Phone { get; }
    public Place Place { get; }

    /// <summary>Initials that it may be known by, three letters at least.</summary>
    public string[] Acronyms => _acronyms ??= [.. Names.SelectMany(AcronymsOf).Distinct(StringComparer.Ordinal)];

    /// <summary>Whether it lies at this place of this block.</summary>
    public bool IsAt(AccountBlock block, int place) => _place == place && ReferenceEquals(_block, block);

    /// <summary>First label of a registrable domain: <c>acme</c> of <c>acme.co.uk</c>.</summary>
    public static ReadOnlySpan<char> LabelOf(string registrable) => registrable.AsSpan(0, registrable.IndexOf('.', StringComparison.Ordinal));

    /// <summary>Adds the keys that the account is found by; some perhaps twice, which postings do not mind.</summary>
    public void CollectKeys(List<ulong> keys)
    {
        string? city = Place.City;
        foreach (NameKey name in Names)
        {
            keys.Add(IndexKey.Of(IndexKey.Name, name.Squashed));
            if (name.SquashedFull.Length != name.Squashed.Length)
                keys.Add(IndexKey.Of(IndexKey.Name, name.SquashedFull));
            if (name.AsWritten is { } asWritten)
                keys.Add(IndexKey.Of(IndexKey.Name, asWritten));
            if (city is not null)
                keys.Add(IndexKey.Of(IndexKey.NameInCity, name.Squashed, city));
            string? previous = null;
            foreach (string token in name.Tokens)
            {
                if (NameWords.Current.Fillers.Contains(token))
                    continue;
                keys.Add(IndexKey.Of(IndexKey.Token, token));
                if (city is not null)
                    keys.Add(IndexKey.Of(IndexKey.TokenInCity, token, city));
                if (previous is not null)
                    keys.Add(IndexKey.Of(IndexKey.Pair, previous, token));
                previous = token;
            }
        }

        foreach (CompanyDomain domain in Domains)
        {
            keys.Add(IndexKey.Of(IndexKey.Domain, domain.Registrable));
            keys.Add(IndexKey.Of(IndexKey.Label, LabelOf(domain.Registrable)));
            if (domain.Host.Length != domain.Registrable.Length)
                keys.Add(IndexKey.Of(IndexKey.Host, domain.Host));
            if (city is not null)
                keys.Add(IndexKey.Of(IndexKey.DomainInCity, domain.Registrable, city));
        }

        foreach (string acronym in Acronyms)
            keys.Add(IndexKey.Of(IndexKey.Acronym, acronym));
        if (city is not null)
            keys.Add(IndexKey.Of(IndexKey.City, city));
        if (Phone is not null)
            keys.Add(IndexKey.Of(IndexKey.Phone, Phone));
        if (Place is { Street: { } street, City: { } at })
            keys.Add(IndexKey.Of(IndexKey.Street, street, at));
    }

    private bool Bears(ReadOnlySpan<char> label)
    {
        Span<char> plain = stackalloc char[label.Length];
        int length = 0;
        foreach (char c in label)
        {
            if (c != '-')
                plain[length++] = c;
        }

        plain = plain[..length];
        foreach (NameKey name in Names)
        {
            if (plain.Length >= 3 && (name.Squashed.AsSpan().StartsWith(plain) || (name.Squashed.Length >= 3 && plain.StartsWith(name.Squashed))))
                return true;
            foreach (string token in name.Tokens)
            {
                if (token.Length >= 4 && !NameWords.Current.CommonShares.ContainsKey(token) && plain.IndexOf(token) >= 0)
                    return true;
            }

            foreach (string acronym in AcronymsOf(name))
            {
                if (plain.SequenceEqual(acronym))
                    return true;
            }
        }

        return false;
    }

    private bool IsTelephoneCompany(Account account)
    {
        if (account.Industry is { } industry && (industry.Contains("telecom", StringComparison.OrdinalIgnoreCase) || industry.Contains("internet service", StringComparison.OrdinalIgnoreCase)))
            return true;
        int telecom = NameWords.Current.Kinds.GetValueOrDefault("telecommunication");
        return Words.Length > 0 && Array.Exists(Words[0], word => (word.Kinds & telecom) != 0);
    }

    private static NameKey[] ReadNames(Account account)
    {
        var names = new List<NameKey>(2);
        Add(account.Name);
        foreach (string part in NameReadings.OfAccount(account.Name))
            Add(part);
        foreach (string alias in account.Aliases)
            Add(alias);

        // German, Danish and Swedish writers spell umlauts out.
        if (account.Name.AsSpan().ContainsAny(Umlauts))
        {
            Add(account.Name.Replace("ä", "ae", StringComparison.Ordinal).Replace("ö", "oe", StringComparison.Ordinal).Replace("ü", "ue", StringComparison.Ordinal)
                .Replace("å", "aa", StringComparison.Ordinal).Replace("ø", "oe", StringComparison.Ordinal)
                .Replace("Ä", "Ae", StringComparison.Ordinal).Replace("Ö", "Oe", StringComparison.Ordinal).Replace("Ü", "Ue", StringComparison.Ordinal)
                .Replace("Å", "Aa", StringComparison.Ordinal).Replace("Ø", "Oe", StringComparison.Ordinal));
        }

        return [.. names];

        void Add(string text)
        {
            if (NameKey.Read(text) is { } name && !names.Contains(name))
                names.Add(name);
        }
    }

    private static CompanyDomain[] ReadDomains(Account account)
    {
        var domains = new List<CompanyDomain>(2);
        foreach (string text in account.Domains)
            Add(CompanyDomain.Read(text));
        Add(CompanyDomain.ReadWebsite(account.Website));
        return [.. domains];

        void Add(CompanyDomain? domain)
        {
            if (domain is not null && !domains.Contains(domain))
                domains.Add(domain);
        }
    }

    private static IEnumerable<string> AcronymsOf(NameKey name)
    {
        if (name.Tokens.Count is < 3 or > 12)
            yield break;
        string all = Initials(name.Tokens);
        string[] heavy = [.. name.Tokens.Where(token => !NameWords.Current.Fillers.Contains(token))];
        if (all.Length >= 3)
            yield return all;
        if (heavy.Length >= 3 && heavy.Length != name.Tokens.Count)
            yield return Initials(heavy);
    }

    private static string Initials(IReadOnlyList<string> tokens) => string.Concat(tokens.Select(token => token[0]));
}
