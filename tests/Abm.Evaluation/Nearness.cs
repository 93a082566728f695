using Abm.Accounts;

namespace Abm.Evaluation;

/// <summary>How many of some accounts have others near them in a directory: what makes matching hard grows with the directory, and how fast shows whether invented neighbours are as many as real ones.</summary>
/// <param name="SameName">Share of the accounts whose name, but for fillers and legal form, another has.</param>
/// <param name="SharedDomain">Whose domain another has.</param>
/// <param name="NearSpelling">Whose name becomes another's when a letter is left out of either or both.</param>
/// <param name="Contained">Whose whole name is the beginning of another's.</param>
/// <param name="SameStart">Whose first two words another has.</param>
internal sealed record Nearness(double SameName, double SharedDomain, double NearSpelling, double Contained, double SameStart)
{
    private const int ShortestSpelt = 5;

    /// <summary>Of the accounts in question among all.</summary>
    public static Nearness Of(IReadOnlyCollection<Account> accounts, IEnumerable<Account> all)
    {
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        var domains = new Dictionary<string, int>(StringComparer.Ordinal);
        var starts = new Dictionary<string, int>(StringComparer.Ordinal);
        var spellings = new Dictionary<string, HashSet<string>>(StringComparer.Ordinal);
        foreach ((NameKey name, string[] own) in all.Select(Read))
        {
            Add(names, name.Squashed);
            foreach (string domain in own)
                Add(domains, domain);
            string[] words = name.Core.Split(' ');
            for (int count = 1; count < words.Length; count++)
                Add(starts, string.Join(' ', words.Take(count)));
            foreach (string spelling in Spellings(name.Squashed))
            {
                if (!spellings.TryGetValue(spelling, out HashSet<string>? spelt))
                    spellings[spelling] = spelt = new(StringComparer.Ordinal);
                spelt.Add(name.Squashed);
            }
        }

        int same = 0, shared = 0, near = 0, contained = 0, start = 0;
        foreach ((NameKey name, string[] own) in accounts.Select(Read))
        {
            string[] words = name.Core.Split(' ');
            same += names[name.Squashed] > 1 ? 1 : 0;
            shared += own.Any(domain => domains[domain] > 1) ? 1 : 0;
            near += Spellings(name.Squashed).Any(spelling => spellings[spelling].Count > 1) ? 1 : 0;
            contained += starts.ContainsKey(name.Core) ? 1 : 0;
            start += words.Length > 2 && starts[string.Join(' ', words.Take(2))] > 1 ? 1 : 0;
        }

        double count1 = accounts.Count;
        return new(same / count1, shared / count1, near / count1, contained / count1, start / count1);
    }

    /// <summary>What another directory would have, <paramref name="times"/> as large as this one, if each share goes on to grow as it did from a smaller one.</summary>
    public Nearness Extrapolated(Nearness smaller, double grown, double times)
    {
        return new(Next(smaller.SameName, SameName), Next(smaller.SharedDomain, SharedDomain), Next(smaller.NearSpelling, NearSpelling), Next(smaller.Contained, Contained), Next(smaller.SameStart, SameStart));

        // Pairs grow with the square of the directory, so that no share grows faster than the directory does.
        double Next(double before, double now) => before <= 0 ? now * times : now * Math.Pow(times, Math.Clamp(Math.Log(now / before) / Math.Log(grown), 0, 1));
    }

    private static void Add(Dictionary<string, int> counts, string key) => counts[key] = counts.GetValueOrDefault(key) + 1;

    private static (NameKey Name, string[] Domains) Read(Account account) => (
        NameKey.Read(account.Name) ?? NameKey.Read("-0-")!,
        [.. account.Domains.Select(CompanyDomain.Read).Append(CompanyDomain.ReadWebsite(account.Website)).Select(domain => domain?.Registrable).OfType<string>().Distinct(StringComparer.Ordinal)]);

    private static IEnumerable<string> Spellings(string squashed)
    {
        if (squashed.Length < ShortestSpelt)
            yield break;
        yield return squashed;
        for (int i = 0; i < squashed.Length; i++)
            yield return squashed.Remove(i, 1);
    }
}
