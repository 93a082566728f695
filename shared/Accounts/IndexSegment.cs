using Abm.Decisions;
using Abm.Lists;

namespace Abm.Accounts;

/// <summary>A part of the account index: some accounts, by row, with the keys that find them. Immutable; which rows have been replaced since is the index's business.</summary>
internal sealed class IndexSegment
{
    /// <summary>Words in more accounts than this are not looked for misspelt: the rest of the name finds the account.</summary>
    private const int CommonFrom = 2 * FuzzyWords.CommonFrom;

    private readonly AccountKeys[] _rows;
    private readonly Dictionary<AccountId, int> _byId;
    private readonly PostingMap _postings;
    private readonly PostingMap _fuzzy;
    private readonly string[] _words;

    public IndexSegment(AccountKeys[] rows)
    {
        _rows = rows;
        _byId = new(rows.Length);
        var keys = new List<ulong>(rows.Length * 16);
        var owners = new List<int>(rows.Length * 16);
        var own = new HashSet<ulong>();
        for (int row = 0; row < rows.Length; row++)
        {
            _byId[rows[row].Account.Id] = row;
            own.Clear();
            rows[row].CollectKeys(own);
            foreach (ulong key in own)
            {
                keys.Add(key);
                owners.Add(row);
            }
        }

        _postings = new([.. keys], [.. owners]);
        _words = [.. rows.SelectMany(row => row.Names).SelectMany(name => name.Tokens.Count == 2 ? name.Tokens.Append(name.Squashed) : name.Tokens).Distinct(StringComparer.Ordinal)
            .Where(word => word.Length >= FuzzyWords.ShortestWord && _postings.Rows(IndexKey.Of(IndexKey.Token, word)).Length <= CommonFrom)];
        _fuzzy = FuzzyWords.Index(_words);
    }

    public int Count => _rows.Length;

    public AccountKeys this[int row] => _rows[row];

    public bool TryFind(AccountId id, out int row) => _byId.TryGetValue(id, out row);

    public ReadOnlySpan<int> Rows(ulong key) => _postings.Rows(key);

    /// <summary>Adds the words of this segment that differ from the given one by one letter, or by two swapped neighbours; long ones by two.</summary>
    public void CollectSimilarWords(string word, HashSet<string> similar) => FuzzyWords.Collect(word, _fuzzy, _words, similar);
}
