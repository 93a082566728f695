namespace Abm.Accounts;

/// <summary>What a segment's accounts are found by, collected block by block. For one thread at a time.</summary>
/// <param name="accounts">How many accounts all scans of the segment together will meet, about.</param>
/// <param name="scans">How many scans share them.</param>
internal sealed class SegmentScan(long accounts, int scans)
{
    /// <summary>Keys that an account has, about; only for how memory is taken.</summary>
    private const int KeysOfAccount = 20;

    private readonly List<ulong> _own = [];

    public PostingMap.Collector Keys { get; } = new(accounts * KeysOfAccount, 1.0 / scans);

    /// <summary>Words that may be misspelt.</summary>
    public HashSet<string> Words { get; } = new(StringComparer.Ordinal);

    /// <param name="number">The block's place in the segment.</param>
    public void Add(AccountBlock block, int number)
    {
        for (int place = 0; place < block.Count; place++)
            Add(new AccountKeys(block, place), IndexSegment.RowOf(number, place));
    }

    private void Add(AccountKeys account, int row)
    {
        _own.Clear();
        account.CollectKeys(_own);
        _own.Add(IndexKey.Of(IndexKey.Id, account.Id.Value));
        foreach (ulong key in _own)
            Keys.Add(key, row);
        for (int i = 0; i < account.Names.Length; i++)
        {
            foreach (Word word in account.Words[i])
                AddWord(word.Text);
            if (account.Words[i].Length == 2)
                AddWord(account.Names[i].Squashed);
        }
    }

    private void AddWord(string word)
    {
        if (FuzzyWords.IsFindable(word))
            Words.Add(word);
    }
}
