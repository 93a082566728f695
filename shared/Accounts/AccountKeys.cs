using Abm.Decisions;
using Abm.Lists;

namespace Abm.Accounts;

/// <summary>An account, normalised once: what the matcher compares, and the keys it is found by.</summary>
internal sealed class AccountKeys
{
    private static readonly System.Buffers.SearchValues<char> Umlauts = System.Buffers.SearchValues.Create("äöüåøÄÖÜÅØ");

    private static readonly bool[][] AllAlike = [[], [false], [true]];

    private readonly AccountBlock? _block;
    private readonly PackedAccount.Places _at;
    private readonly Word[][] _words;
    private AccountId? _id;
    private Account? _account;
    private string? _name;
    private string? _phone;
    private Place? _place;
    private string? _legalForm;

    public AccountKeys(Account account)
    {
        _account = account;
        _id = account.Id;
        IdHash = IndexKey.OfId(account.Id.Value);
        _place = Place.Read(account.Street, account.City, account.State, account.Zip, account.Country);
        (Country, Region, City) = (_place.Country, _place.Region, _place.City);
        _phone = PhoneNumber.Read(account.Phone, Country)?.E164;
        HasPhone = _phone is not null;
        HasStreet = _place.Street is not null;
        Names = ReadNames(account);
        _words = Array.ConvertAll(Names, static name => Word.Of(name));
        Domains = ReadDomains(account);
        DomainBearsName = [.. Domains.Select(domain => Bears(LabelOf(domain.Registrable)))];
        IsMailProvider = IsTelephoneCompany(account);
    }

    /// <summary>An account that lies packed in a block. What of it is compared with most leads is unpacked now, the rest when it is asked for.</summary>
    /// <param name="place">Its place in the block.</param>
    public AccountKeys(AccountBlock block, int place)
    {
        _block = block;
        PackedReader from = block.Read(place);
        IdHash = IndexKey.OfId(from.Utf8());
        IsMailProvider = from.Number() != 0;
        Names = new NameKey[from.Count()];
        _words = new Word[Names.Length][];
        for (int i = 0; i < Names.Length; i++)
            Names[i] = NameKey.Restore(from.Required(), from.Text(), out _words[i]);
        (Domains, DomainBearsName) = PackedAccount.ReadDomains(ref from);
        if (DomainBearsName.Length == 1)
            DomainBearsName = AllAlike[DomainBearsName[0] ? 2 : 1];
        int phone = from.At;
        HasPhone = from.SkipText();
        Country = block.Text(from.Number());
        Region = block.Text(from.Number());
        City = block.Text(from.Number());
        int street = from.At;
        HasStreet = from.SkipText();
        from.SkipText();
        _at = new(place, phone, street, from.At);
    }

    public AccountId Id => _id ??= AccountId.Parse(_block!.Read(_at.Place).Required());

    /// <summary>A hash of the id: most questions whether an account is meant are answered by it.</summary>
    public uint IdHash { get; }

    /// <summary>The account itself; unpacked when it is first asked for.</summary>
    public Account Account => _account ??= PackedAccount.ReadAccount(this, _block!, _at);

    /// <summary>The account's name as it is written.</summary>
    public string Name => _account?.Name ?? (_name ??= _block!.Read(_at.Place, _at.Raw).Required());

    /// <summary>City, state and country as they are written, without unpacking the rest.</summary>
    public (string? City, string? State, string? Country) Written => _account is { } known ? (known.City, known.State, known.Country) : PackedAccount.ReadWrittenPlace(_block!, _at);

    /// <summary>The name first, then its parts ("X dba Y"), spellings and aliases.</summary>
    public NameKey[] Names { get; }

    /// <summary>The words of the name at the same place.</summary>
    public Word[][] Words => _words;

    /// <summary>The account's domains, primary first, the website's last; mail providers' left out.</summary>
    public CompanyDomain[] Domains { get; }

    /// <summary>Whether the domain at the same place looks like the account's own, not one that it shares with a system or a host: it has its name, a word of it or its initials in it.</summary>
    public bool[] DomainBearsName { get; }

    /// <summary>A telephone company or the like, whose customers have mailboxes at its domains.</summary>
    public bool IsMailProvider { get; }

    /// <summary>Whether there is a <see cref="Phone"/>.</summary>
    public bool HasPhone { get; }
    public string? Phone => HasPhone ? _phone ??= _block!.Read(_at.Place, _at.Phone).Text() : null;

    /// <summary>Code of the country; null when unknown, like the region and the city.</summary>
    public string? Country { get; }
    public string? Region { get; }
    public string? City { get; }

    /// <summary>Whether the street is known.</summary>
    public bool HasStreet { get; }

    /// <summary>Where it is, street and all.</summary>
    public Place Place => _place ??= PackedAccount.ReadPlace(this, _block!, _at);

    /// <summary>Initials that it may be known by, three letters at least.</summary>
    public IEnumerable<string> Acronyms => Words.SelectMany(AcronymsOf).Distinct(StringComparer.Ordinal);

    /// <summary>Whether it may be known by these initials: whether they are among its <see cref="Acronyms"/>.</summary>
    public bool HasAcronym(ReadOnlySpan<char> initials)
    {
        foreach (Word[] name in Words)
        {
            if (IsAcronym(initials, name))
                return true;
        }

        return false;
    }

    /// <summary>The legal form that its name ends in, in one spelling; null when none that we know.</summary>
    public string? LegalForm => (_legalForm ??= Accounts.LegalForm.Of(Name) ?? "") is { Length: > 0 } form ? form : null;

    /// <summary>Whether it lies at this place of this block.</summary>
    public bool IsAt(AccountBlock block, int place) => _at.Place == place && ReferenceEquals(_block, block);

    /// <summary>First label of a registrable domain: <c>acme</c> of <c>acme.co.uk</c>.</summary>
    public static ReadOnlySpan<char> LabelOf(string registrable) => registrable.AsSpan(0, registrable.IndexOf('.', StringComparison.Ordinal));

    /// <summary>Adds the keys that the account is found by; some perhaps twice, which postings do not mind.</summary>
    public void CollectKeys(List<ulong> keys)
    {
        string? city = City;
        for (int n = 0; n < Names.Length; n++)
        {
            NameKey name = Names[n];
            keys.Add(IndexKey.Of(IndexKey.Name, name.Squashed));
            if (name.SquashedFull.Length != name.Squashed.Length)
                keys.Add(IndexKey.Of(IndexKey.Name, name.SquashedFull));
            if (name.AsWritten is { } asWritten)
                keys.Add(IndexKey.Of(IndexKey.Name, asWritten));
            if (city is not null)
                keys.Add(IndexKey.Of(IndexKey.NameInCity, name.Squashed, city));
            string? previous = null;
            foreach (Word word in Words[n])
            {
                if (word.IsFiller)
                    continue;
                keys.Add(word.Key);
                if (city is not null)
                    keys.Add(IndexKey.Of(IndexKey.TokenInCity, word.Text, city));
                if (previous is not null)
                    keys.Add(IndexKey.Of(IndexKey.Pair, previous, word.Text));
                previous = word.Text;
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

        }

        return HasAcronym(plain);
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

    private const int FewestInitials = 3;
    private const int MostInitials = 12;

    private static IEnumerable<string> AcronymsOf(Word[] name)
    {
        if (name.Length is < FewestInitials or > MostInitials)
            yield break;
        yield return string.Concat(name.Select(word => word.Text[0]));
        string heavy = string.Concat(name.Where(word => !word.IsFiller).Select(word => word.Text[0]));
        if (heavy.Length >= FewestInitials && heavy.Length != name.Length)
            yield return heavy;
    }

    private static bool IsAcronym(ReadOnlySpan<char> initials, Word[] name)
    {
        if (initials.Length < FewestInitials || initials.Length > name.Length || name.Length > MostInitials)
            return false;
        int at = 0;
        bool isAll = initials.Length == name.Length;
        foreach (Word word in name)
        {
            if (word.IsFiller && !isAll)
                continue;
            if (at == initials.Length || word.Text[0] != initials[at++])
                return false;
        }

        return at == initials.Length;
    }
}
