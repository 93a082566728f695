using System.Runtime.InteropServices;

namespace Abm.Accounts;

/// <summary>Key to rows, for keys that are evenly spread hashes. Immutable; a look-up allocates nothing.</summary>
/// <remarks>
/// Sorted arrays instead of objects: 8 bytes for each key, and 4 more for each row of a key that has several. The highest bits of a key choose the part and the bucket, the 32 bits below are kept to tell it from
/// others there. Two keys that agree in all of these (two in five hundred million) count as one.
/// </remarks>
internal sealed class PostingMap
{
    /// <summary>A part has some this many pairs: what is sorted at once.</summary>
    private const int PairsOfPart = 1 << 15;

    /// <summary>Fewer pairs are not worth a second thread.</summary>
    private const int WorthThreads = 1 << 18;

    private readonly Part[] _parts;
    private readonly int _bits;

    private PostingMap(Part[] parts, int bits)
    {
        _parts = parts;
        _bits = bits;
    }

    /// <summary>The rows of a key, in no particular order.</summary>
    public ReadOnlySpan<int> Rows(ulong key) => _parts[PartOf(key, _bits)].Rows(key);

    /// <summary>Arranges what was collected; the collections are emptied on the way.</summary>
    /// <param name="collected">Made for the same number of pairs.</param>
    public static PostingMap Of(params Collector[] collected)
    {
        int bits = collected[0].Bits;
        var parts = new Part[1 << bits];
        if (collected.Sum(one => (long)one.Count) < WorthThreads)
        {
            for (int i = 0; i < parts.Length; i++)
                Arrange(i);
        }
        else
        {
            Parallel.For(0, parts.Length, Arrange);
        }

        return new(parts, bits);

        void Arrange(int i) => parts[i] = new(Collector.Take(collected, i), bits);
    }

    private static int PartOf(ulong key, int bits) => bits == 0 ? 0 : (int)(key >> (64 - bits));

    /// <summary>Pairs of key and row, parted by the keys' highest bits. For one thread.</summary>
    public sealed class Collector
    {
        private readonly List<Pair>?[] _parts;

        /// <param name="expected">About how many pairs all collectors together will have; it decides how they are parted.</param>
        /// <param name="share">This collector's share of them.</param>
        public Collector(long expected, double share = 1)
        {
            while (Bits < 12 && expected >> Bits > PairsOfPart)
                Bits++;
            _parts = new List<Pair>?[1 << Bits];
            int each = (int)(expected * share / _parts.Length * 1.05) + 4;
            for (int i = 0; i < _parts.Length; i++)
                _parts[i] = new(each);
        }

        public int Bits { get; }
        public int Count { get; private set; }

        public void Add(ulong key, int row)
        {
            _parts[PartOf(key, Bits)]!.Add(new(key, row));
            Count++;
        }

        /// <summary>The pairs of one part, from all collectors, which forget them.</summary>
        public static Span<Pair> Take(Collector[] collectors, int part)
        {
            List<Pair> all = collectors[0]._parts[part]!;
            for (int i = 1; i < collectors.Length; i++)
                all.AddRange(CollectionsMarshal.AsSpan(collectors[i]._parts[part]));
            foreach (Collector collector in collectors)
                collector._parts[part] = null;
            return CollectionsMarshal.AsSpan(all);
        }
    }

    /// <summary>A key and a row that has it. Twelve bytes.</summary>
    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    public readonly record struct Pair(ulong Key, int Row) : IComparable<Pair>
    {
        public int CompareTo(Pair other) => Key != other.Key ? Key.CompareTo(other.Key) : Row.CompareTo(other.Row);
    }

    /// <summary>The keys with the same highest bits.</summary>
    private sealed class Part
    {
        /// <summary>Keys in one bucket, about.</summary>
        private const int KeysOfBucket = 8;

        private readonly int _shift;
        private readonly int _mask;
        private readonly int[] _buckets;
        private readonly uint[] _marks;

        // A row; or, for a key with several, the complement of the place in _lists where their number stands, and behind it they.
        private readonly int[] _values;
        private readonly int[] _lists;

        public Part(Span<Pair> pairs, int bits)
        {
            pairs.Sort();
            int bucketBits = 0;
            while (pairs.Length >> bucketBits > KeysOfBucket)
                bucketBits++;
            _shift = 64 - bits - bucketBits;
            _mask = (1 << bucketBits) - 1;
            (int keys, int listed) = Measure(pairs, _shift - 32);
            _buckets = new int[_mask + 2];
            _marks = new uint[keys];
            _values = new int[keys];
            _lists = listed == 0 ? [] : new int[listed];
            Fill(pairs);
        }

        public ReadOnlySpan<int> Rows(ulong key)
        {
            int bucket = _shift == 64 ? 0 : (int)(key >> _shift) & _mask;
            int start = _buckets[bucket];
            int found = _marks.AsSpan(start, _buckets[bucket + 1] - start).IndexOf((uint)(key >> (_shift - 32)));
            if (found < 0)
                return [];
            ref readonly int value = ref _values[start + found];
            return value >= 0 ? new ReadOnlySpan<int>(in value) : _lists.AsSpan(~value + 1, _lists[~value]);
        }

        // Same bucket and same mark: the same key. Duplicates of a pair count once.
        private static (int Keys, int Listed) Measure(ReadOnlySpan<Pair> pairs, int shift)
        {
            int keys = 0;
            int listed = 0;
            for (int i = 0; i < pairs.Length; keys++)
            {
                (int end, int rows) = EndOf(pairs, i, shift);
                listed += rows == 1 ? 0 : rows + 1;
                i = end;
            }

            return (keys, listed);
        }

        private static (int End, int Rows) EndOf(ReadOnlySpan<Pair> pairs, int start, int shift)
        {
            ulong key = pairs[start].Key >> shift;
            int end = start + 1;
            int rows = 1;
            for (; end < pairs.Length && pairs[end].Key >> shift == key; end++)
                rows += pairs[end].Row == pairs[end - 1].Row ? 0 : 1;
            return (end, rows);
        }

        private void Fill(ReadOnlySpan<Pair> pairs)
        {
            int key = 0;
            int listed = 0;
            int bucket = 0;
            for (int i = 0; i < pairs.Length; key++)
            {
                int own = _shift == 64 ? 0 : (int)(pairs[i].Key >> _shift) & _mask;
                while (bucket < own)
                    _buckets[++bucket] = key;
                (int end, int rows) = EndOf(pairs, i, _shift - 32);
                _marks[key] = (uint)(pairs[i].Key >> (_shift - 32));
                if (rows == 1)
                {
                    _values[key] = pairs[i].Row;
                }
                else
                {
                    _values[key] = ~listed;
                    _lists[listed++] = rows;
                    for (int at = i; at < end; at++)
                    {
                        if (at == i || pairs[at].Row != pairs[at - 1].Row)
                            _lists[listed++] = pairs[at].Row;
                    }
                }

                i = end;
            }

            while (bucket <= _mask)
                _buckets[++bucket] = key;
        }
    }
}
