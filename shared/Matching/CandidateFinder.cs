using Abm.Accounts;

namespace Abm.Matching;

/// <summary>Finds the accounts that are worth comparing with a lead, by keys; never looks at all of them.</summary>
/// <remarks>
/// A key that very many accounts have is not followed on its own but together with the city, so that work stays bounded however alike the accounts are.
/// A list is followed whole or not at all: which accounts are found does not depend on their order.
/// </remarks>
internal sealed class CandidateFinder
{
    /// <summary>A key with more accounts than this is narrowed by the city.</summary>
    private const int LongestList = 256;

    /// <summary>Words are followed, rarest first, until this many accounts have been met.</summary>
    private const int WordBudget = 300;

    /// <summary>Accounts that are compared in full.</summary>
    private const int MostCompared = 24;

    /// <summary>Shorter initials are many domains'.</summary>
    private const int ShortestInitials = 4;

    /// <summary>Accounts that were met with less than this share of the best's keys cannot come near it.</summary>
    private const double EnoughOfStrongest = 0.2;

    [ThreadStatic]
    private static CandidateFinder? _own;

    private readonly MetAccounts _met = new();
    private readonly List<AccountKeys> _strongest = new(MostCompared);
    private readonly HashSet<string> _similar = new(StringComparer.Ordinal);
    private readonly List<(int Count, double Bits, ulong Key)> _words = new(64);

    /// <summary>The accounts worth comparing, at most 24. The list is good until the next search on this thread.</summary>
    public static List<AccountKeys> Find(LeadProfile lead, AccountKeys? contactAccount, AccountIndex index)
    {
        CandidateFinder finder = _own ??= new();
        finder._met.Clear();
        if (contactAccount is not null && index.TryFind(contactAccount.Id, out IndexRow row))
            finder._met.Add(row.Part, row.Row, 100);
        finder.FollowDomains(lead, index);
        finder.FollowPhoneAndStreet(lead, index);
        finder.FollowNames(lead, index);
        return finder.Strongest(contactAccount, index);
    }

    private void FollowDomains(LeadProfile lead, AccountIndex index)
    {
        foreach (CompanyDomain? domain in (ReadOnlySpan<CompanyDomain?>)[lead.EmailDomain, lead.WebsiteDomain])
        {
            if (domain is null)
                continue;
            string? city = lead.Identity.Place.City;
            Follow(IndexKey.Of(IndexKey.Domain, domain.Registrable), city is null ? 0 : IndexKey.Of(IndexKey.DomainInCity, domain.Registrable, city), 20, index);
            if (domain.Host.Length != domain.Registrable.Length)
                Follow(IndexKey.Of(IndexKey.Host, domain.Host), 0, 5, index);
            ReadOnlySpan<char> label = AccountKeys.LabelOf(domain.Registrable);
            Follow(IndexKey.Of(IndexKey.Name, label), city is null ? 0 : IndexKey.Of(IndexKey.NameInCity, label, city), 8, index);
            Follow(IndexKey.Of(IndexKey.Label, label), 0, 6, index);
            if (label.Length is >= 3 and <= 8)
                Follow(IndexKey.Of(IndexKey.Acronym, label), 0, 4, index);
        }
    }

    private void FollowPhoneAndStreet(LeadProfile lead, AccountIndex index)
    {
        if (lead.Identity.Phone is { } phone)
            Follow(IndexKey.Of(IndexKey.Phone, phone.E164), 0, 20, index);
        if (lead.Identity.Place is { Street: { } street, City: { } city })
            Follow(IndexKey.Of(IndexKey.Street, street, city), 0, 15, index);
    }

    private void FollowNames(LeadProfile lead, AccountIndex index)
    {
        if (lead.Names.Length == 0)
            return;
        string? city = lead.Identity.Place.City;
        _words.Clear();
        foreach (LeadName name in lead.Names)
        {
            FollowWhole(name.Key, city, index);
            AddWords(name, city, index);
        }

        if (lead.Initials.Length >= ShortestInitials)
        {
            Follow(IndexKey.Of(IndexKey.Label, lead.Initials), 0, 5, index);
            if (lead.TellingInitials.Length >= ShortestInitials && !lead.TellingInitials.SequenceEqual(lead.Initials))
                Follow(IndexKey.Of(IndexKey.Label, lead.TellingInitials), 0, 5, index);
        }

        // Rarest first; keys with equal counts in an order of their own, not of the accounts.
        _words.Sort(static (a, b) => a.Count != b.Count ? a.Count.CompareTo(b.Count) : a.Key.CompareTo(b.Key));
        double left = 0;
        foreach ((int _, double bits, ulong _) in _words)
            left += bits;
        int met = 0;
        foreach ((int count, double bits, ulong key) in _words)
        {
            // Whoever has only the commoner words left could not come near the strongest.
            met += count;
            if (met > WordBudget || left < EnoughOfStrongest / 2 * _met.Highest)
                break;
            Follow(key, 0, bits, index);
            left -= bits;
        }
    }

    private void FollowWhole(NameKey name, string? city, AccountIndex index)
    {
        Follow(IndexKey.Of(IndexKey.Name, name.Squashed), city is null ? 0 : IndexKey.Of(IndexKey.NameInCity, name.Squashed, city), 20, index);
        if (name.SquashedFull.Length != name.Squashed.Length)
            Follow(IndexKey.Of(IndexKey.Name, name.SquashedFull), 0, 20, index);
        if (name.AsWritten is { } written)
            Follow(IndexKey.Of(IndexKey.Name, written), 0, 20, index);
        Follow(IndexKey.Of(IndexKey.Label, name.Squashed), 0, 8, index);
        if (name.Squashed.Length is >= 3 and <= 8)
            Follow(IndexKey.Of(IndexKey.Acronym, name.Squashed), 0, 8, index);
    }

    private void AddWords(LeadName name, string? city, AccountIndex index)
    {
        int previous = -1;
        for (int i = 0; i < name.Bits.Length; i++)
        {
            if (name.Bits[i] == 0)
                continue;
            string word = name.Words[i].Text;
            AddWord(name.Words[i].Key, name.Bits[i], index);
            if (city is not null)
                AddWord(IndexKey.Of(IndexKey.TokenInCity, word, city), Math.Min(name.Bits[i], 4), index);
            if (previous >= 0)
                AddWord(IndexKey.Of(IndexKey.Pair, name.Words[previous].Text, word), Math.Min(name.Bits[i], name.Bits[previous]), index);
            previous = i;
            if (!name.IsKnown[i])
                AddMisspelt(word, IndexKey.Token, index);
        }

        // A name that some account has to the letter is hardly misspelt.
        if (name.Key.TokenCount <= 3 && index.Count(IndexKey.Of(IndexKey.Name, name.Key.Squashed)) == 0)
            AddMisspelt(name.Key.Squashed, IndexKey.Name, index);
    }

    private void AddMisspelt(string word, char kind, AccountIndex index)
    {
        _similar.Clear();
        index.CollectSimilarWords(word, _similar);
        foreach (string similar in _similar)
        {
            ulong key = IndexKey.Of(kind, similar);
            if (index.Count(key) <= FuzzyWords.CommonFrom)
                AddWord(key, 6, index);
        }
    }

    private void AddWord(ulong key, double bits, AccountIndex index)
    {
        int count = index.Count(key);
        if (count is > 0 and <= LongestList)
            _words.Add((count, bits, key));
    }

    private void Follow(ulong key, ulong keyInCity, double strength, AccountIndex index)
    {
        if (!index.TryMeet(key, LongestList, strength, _met) && keyInCity != 0)
            index.TryMeet(keyInCity, LongestList, strength, _met);
    }

    // Those that come near the strongest; of these the first 24 by strength, equal ones by id.
    private List<AccountKeys> Strongest(AccountKeys? contactAccount, AccountIndex index)
    {
        ReadOnlySpan<double> strengths = _met.Strengths;
        Span<double> first = stackalloc double[MostCompared];
        int count = 0;
        double enough = EnoughOfStrongest * _met.Highest;
        foreach (double strength in strengths)
        {
            if (strength >= enough && (count < MostCompared || strength > first[^1]))
                Insert(strength, first, ref count);
        }

        _strongest.Clear();
        double last = count == MostCompared ? first[^1] : double.NegativeInfinity;
        int tied = 0;
        for (int i = 0; i < strengths.Length; i++)
        {
            if (strengths[i] > last && strengths[i] >= enough)
                Take(_met[i]);
            else if (strengths[i] == last)
                tied++;
        }

        if (tied > 0)
        {
            Span<IndexRow> lowest = stackalloc IndexRow[MostCompared - _strongest.Count];
            foreach (IndexRow row in lowest[..LowestIds(last, tied, lowest, index)])
                Take(row);
        }

        return _strongest;

        void Take(IndexRow row)
        {
            AccountKeys account = index[row];
            _strongest.Add(contactAccount is not null && account.Id == contactAccount.Id ? contactAccount : account);
        }
    }

    private static void Insert(double strength, Span<double> first, ref int count)
    {
        int at = count < first.Length ? count++ : first.Length - 1;
        for (; at > 0 && first[at - 1] < strength; at--)
            first[at] = first[at - 1];
        first[at] = strength;
    }

    // Of those that were met so strongly, as many as there is room for.
    private int LowestIds(double strength, int tied, Span<IndexRow> lowest, AccountIndex index)
    {
        int count = 0;
        for (int i = 0; i < _met.Count; i++)
        {
            if (_met.Strengths[i] != strength)
                continue;
            IndexRow row = _met[i];
            if (tied <= lowest.Length)
            {
                lowest[count++] = row;
                continue;
            }

            ReadOnlySpan<byte> id = index.IdOf(row);
            if (count == lowest.Length && id.SequenceCompareTo(index.IdOf(lowest[^1])) > 0)
                continue;
            int at = count < lowest.Length ? count++ : lowest.Length - 1;
            for (; at > 0 && index.IdOf(lowest[at - 1]).SequenceCompareTo(id) > 0; at--)
                lowest[at] = lowest[at - 1];
            lowest[at] = row;
        }

        return count;
    }
}
