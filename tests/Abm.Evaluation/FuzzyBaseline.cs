using Abm.Accounts;
using Abm.Leads;
using FuzzySharp;

namespace Abm.Evaluation;

/// <summary>What comparing a lead's company with every account's name by FuzzySharp's token-set ratio reaches.</summary>
/// <remarks>It has no other ground than the name: the account with the highest ratio is matched, from 90 of 100 and if no other has as much.</remarks>
internal sealed class FuzzyBaseline(IReadOnlyList<Account> accounts)
{
    private const int MatchedFrom = 90;

    /// <summary>So many comparisons take about a minute on two cores.</summary>
    private const int MostComparisons = 4_000_000;

    private readonly (string Id, string Name)[] _names = [.. accounts.Select(account => (account.Id.Value, account.Name.ToLowerInvariant()))];

    /// <summary>Which leads are tried: all, or evenly spread as many as take about a minute.</summary>
    public static List<int> Sample(int leads, int accounts)
    {
        int every = Math.Max(1, (int)Math.Ceiling((double)leads * accounts / MostComparisons));
        return [.. Enumerable.Range(0, leads).Where(lead => lead % every == 0)];
    }

    public Answer Match(Lead lead)
    {
        if (string.IsNullOrWhiteSpace(lead.Submitted.Company))
            return Answer.Of((string?)null);
        string company = lead.Submitted.Company.ToLowerInvariant();
        int best = 0;
        string? found = null;
        foreach ((string id, string name) in _names)
        {
            int ratio = Fuzz.TokenSetRatio(company, name);
            if (ratio < best)
                continue;
            found = ratio == best ? null : id;
            best = ratio;
        }

        return Answer.Of(best >= MatchedFrom ? found : null);
    }
}
