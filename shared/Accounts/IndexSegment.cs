using System.Numerics;
using System.Text;
using Abm.Decisions;

namespace Abm.Accounts;

/// <summary>A part of the account index: some accounts, packed, by row, with the keys that find them. Immutable; which rows have been replaced since is the index's business.</summary>
internal sealed class IndexSegment
{
    /// <summary>Words in more accounts than this are not looked for misspelt: the rest of the name finds the account.</summary>
    private const int CommonFrom = 2 * FuzzyWords.CommonFrom;

    /// <summary>Accounts that are kept unpacked, at most: those that leads met lately. Some 600 bytes each.</summary>
    private const int MostReady = 1 << 17;

    /// <summary>Fewer blocks are not worth a second thread.</summary>
    private const int WorthThreads = 4;

    private readonly AccountBlock[] _blocks;
    private readonly PostingMap _postings;
    private readonly PostingMap _fuzzy;
    private readonly WordList _words;
    private readonly AccountKeys?[] _ready;
    private readonly int _readyShift;

    public IndexSegment(AccountBlock[] blocks)
        : this(blocks, ScanAll(blocks))
    {
    }

    /// <param name="scans">What was found in these blocks; emptied on the way.</param>
    public IndexSegment(AccountBlock[] blocks, IReadOnlyList<SegmentScan> scans)
    {
        _blocks = blocks;
        Count = blocks.Sum(block => block.Count);
        int readyBits = BitOperations.Log2(BitOperations.RoundUpToPowerOf2((uint)Math.Clamp(Count, 2, MostReady)));
        _ready = new AccountKeys?[1 << readyBits];
        _readyShift = 32 - readyBits;
        HashSet<string> words = scans[0].Words;
        foreach (SegmentScan scan in scans.Skip(1))
        {
            words.UnionWith(scan.Words);
            scan.Words.Clear();
        }

        _postings = PostingMap.Of([.. scans.Select(scan => scan.Keys)]);
        words.RemoveWhere(word => _postings.Rows(IndexKey.Of(IndexKey.Token, word)).Length > CommonFrom);
        _words = new(words);
        _fuzzy = FuzzyWords.Index(_words);
    }

    public ReadOnlySpan<AccountBlock> Blocks => _blocks;

    /// <summary>Accounts in it. Rows have gaps between blocks.</summary>
    public int Count { get; }

    /// <summary>Number of the row at a place of a block.</summary>
    public static int RowOf(int block, int place) => (block << AccountBlock.PlaceBits) | place;

    /// <summary>The account, unpacked; the same object as long as it is met again soon.</summary>
    public AccountKeys this[int row]
    {
        get
        {
            // Rows have gaps between blocks; multiplied they are spread over all places.
            ref AccountKeys? ready = ref _ready[((uint)row * 2_654_435_769) >> _readyShift];
            AccountKeys? known = ready;
            (AccountBlock block, int place) = At(row);
            return known is not null && known.IsAt(block, place) ? known : ready = new(block, place);
        }
    }

    /// <summary>The account, unpacked and forgotten: for going through many.</summary>
    public AccountKeys Unpack(int row)
    {
        (AccountBlock block, int place) = At(row);
        return new(block, place);
    }

    /// <summary>The account's id as UTF-8.</summary>
    public ReadOnlySpan<byte> IdOf(int row)
    {
        (AccountBlock block, int place) = At(row);
        return block.IdOf(place);
    }

    /// <summary>Finds an account; of several with one id the last row.</summary>
    public bool TryFind(AccountId id, out int row)
    {
        row = -1;
        Span<byte> utf8 = stackalloc byte[IdText.MaxLength * 3];
        utf8 = utf8[..Encoding.UTF8.GetBytes(id.Value, utf8)];
        foreach (int found in _postings.Rows(IndexKey.Of(IndexKey.Id, id.Value)))
        {
            if (found > row && IdOf(found).SequenceEqual(utf8))
                row = found;
        }

        return row >= 0;
    }

    /// <summary>Whether a later row has the same id.</summary>
    public bool IsRepeated(int row)
    {
        ReadOnlySpan<byte> id = IdOf(row);
        Span<char> text = stackalloc char[IdText.MaxLength];
        foreach (int other in _postings.Rows(IndexKey.Of(IndexKey.Id, text[..Encoding.UTF8.GetChars(id, text)])))
        {
            if (other > row && IdOf(other).SequenceEqual(id))
                return true;
        }

        return false;
    }

    public ReadOnlySpan<int> Rows(ulong key) => _postings.Rows(key);

    /// <summary>Adds the words of this segment that differ from the given one by one letter, or by two swapped neighbours; long ones by two.</summary>
    public void CollectSimilarWords(string word, HashSet<string> similar) => FuzzyWords.Collect(word, _fuzzy, _words, similar);

    private (AccountBlock Block, int Place) At(int row) => (_blocks[row >> AccountBlock.PlaceBits], row & (AccountBlock.MostAccounts - 1));

    private static SegmentScan[] ScanAll(AccountBlock[] blocks)
    {
        int threads = blocks.Length < WorthThreads ? 1 : Environment.ProcessorCount;
        long accounts = blocks.Sum(block => (long)block.Count);
        SegmentScan[] scans = [.. Enumerable.Range(0, threads).Select(_ => new SegmentScan(accounts, threads))];
        if (threads == 1)
            Scan(0);
        else
            Parallel.For(0, threads, Scan);
        return scans;

        void Scan(int first)
        {
            for (int block = first; block < blocks.Length; block += threads)
                scans[first].Add(blocks[block], block);
        }
    }
}
