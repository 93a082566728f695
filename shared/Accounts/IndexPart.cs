using System.Collections.Immutable;
using Abm.Decisions;

namespace Abm.Accounts;

/// <summary>A row of the index: which of its parts, and which row there. Means something in one version of the index only.</summary>
internal readonly record struct IndexRow(int Part, int Row);

/// <summary>A segment of the index with what of it counts no more. Immutable.</summary>
internal sealed class IndexPart
{
    /// <summary>So few rows may be gone before it is worth packing the rest anew.</summary>
    private const int FewGone = 1 << 12;

    private const int WordBits = 64;

    // A bit for each account of a block that has been replaced or removed; null for blocks without any.
    private readonly ulong[]?[] _gone;
    private readonly ImmutableArray<Gone> _goneKeys;

    /// <summary>All of a segment.</summary>
    public IndexPart(IndexSegment segment)
        : this(segment, new ulong[]?[segment.Blocks.Length], [], segment.Count)
    {
    }

    private IndexPart(IndexSegment segment, ulong[]?[] gone, ImmutableArray<Gone> goneKeys, int liveCount)
    {
        Segment = segment;
        _gone = gone;
        _goneKeys = goneKeys;
        LiveCount = liveCount;
    }

    public IndexSegment Segment { get; }

    /// <summary>Accounts that count.</summary>
    public int LiveCount { get; }

    /// <summary>It is time to leave out what is gone.</summary>
    public bool IsMostlyGone => Segment.Count - LiveCount > Math.Max(FewGone, Segment.Count / 4);

    /// <summary>A segment in which an id may stand twice: the last one counts.</summary>
    public static IndexPart WithoutRepeats(IndexSegment segment)
    {
        var repeats = new List<int>();
        for (int block = 0; block < segment.Blocks.Length; block++)
        {
            for (int place = 0; place < segment.Blocks[block].Count; place++)
            {
                int row = IndexSegment.RowOf(block, place);
                if (segment.IsRepeated(row))
                    repeats.Add(row);
            }
        }

        return new IndexPart(segment).Without([.. repeats]);
    }

    /// <summary>The blocks of what counts in all of these.</summary>
    public static List<AccountBlock> BlocksOf(ImmutableArray<IndexPart> parts)
    {
        var blocks = new BlockWriter();
        foreach (IndexPart part in parts)
            part.WriteTo(blocks);
        return blocks.Finish();
    }

    public bool IsLive(int row) => _gone[row >> AccountBlock.PlaceBits] is not { } gone || !IsSet(gone, row & (AccountBlock.MostAccounts - 1));

    /// <summary>How many accounts have this key.</summary>
    public int Count(ulong key)
    {
        int count = Segment.Rows(key).Length;
        if (count == 0)
            return 0;
        foreach (Gone gone in _goneKeys)
            count -= gone.Keys.Rows(key).Length;
        return count;
    }

    public bool TryFind(AccountId id, out int row) => Segment.TryFind(id, out row) && IsLive(row);

    /// <summary>The part without these accounts, as far as they are in it.</summary>
    public IndexPart Without(IEnumerable<AccountId> ids)
    {
        var rows = new List<int>();
        foreach (AccountId id in ids)
        {
            if (TryFind(id, out int row))
                rows.Add(row);
        }

        return rows.Count == 0 ? this : Without([.. rows]);
    }

    /// <summary>The same accounts without what is gone.</summary>
    public IndexPart Compacted() => new(new IndexSegment([.. BlocksOf([this])]));

    /// <summary>Adds what counts.</summary>
    public void WriteTo(BlockWriter blocks)
    {
        for (int i = 0; i < _gone.Length; i++)
        {
            ulong[]? gone = _gone[i];
            blocks.AddAll(Segment.Blocks[i], place => gone is null || !IsSet(gone, place));
        }
    }

    private IndexPart Without(int[] rows)
    {
        if (rows.Length == 0)
            return this;
        ulong[]?[] gone = [.. _gone];
        var own = new HashSet<ulong[]>(ReferenceEqualityComparer.Instance);
        foreach (int row in rows)
        {
            ref ulong[]? block = ref gone[row >> AccountBlock.PlaceBits];
            if (block is null || !own.Contains(block))
                own.Add(block = block is null ? new ulong[((Segment.Blocks[row >> AccountBlock.PlaceBits].Count - 1) / WordBits) + 1] : [.. block]);
            int place = row & (AccountBlock.MostAccounts - 1);
            block[place / WordBits] |= 1UL << (place % WordBits);
        }

        // Like the segments themselves: what is of like size becomes one.
        List<Gone> keys = [.. _goneKeys];
        int[] all = rows;
        while (keys.Count > 0 && keys[^1].Rows.Length <= all.Length * 2)
        {
            all = [.. keys[^1].Rows, .. all];
            keys.RemoveAt(keys.Count - 1);
        }

        keys.Add(new(all, KeysOf(all)));
        return new(Segment, gone, [.. keys], LiveCount - rows.Length);
    }

    private PostingMap KeysOf(int[] rows)
    {
        var collected = new PostingMap.Collector(rows.Length * 20L);
        var own = new List<ulong>();
        foreach (int row in rows)
        {
            own.Clear();
            Segment.Unpack(row).CollectKeys(own);
            foreach (ulong key in own)
                collected.Add(key, row);
        }

        return PostingMap.Of(collected);
    }

    private static bool IsSet(ulong[] bits, int place) => (bits[place / WordBits] & (1UL << (place % WordBits))) != 0;

    /// <summary>Rows that are gone, and their keys: frequencies are exact without touching the segment.</summary>
    private sealed record Gone(int[] Rows, PostingMap Keys);
}
