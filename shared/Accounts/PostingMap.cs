using System.Runtime.InteropServices;

namespace Abm.Accounts;

/// <summary>Key to rows, for keys that are evenly spread hashes. Immutable; a look-up allocates nothing.</summary>
/// <remarks>
/// Open addressing in the order of the keys: some 11 bytes for each key, and 4 more for each row of a key that has several; most look-ups touch one line of memory. The highest bits of a key choose the part,
/// the 32 bits below them the slot where the search begins; its lowest 32 bits are kept to tell it from others there. Of two keys that agree in both (two in five hundred million) one is taken for the other.
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
        /// <summary>Slots for each key. With fewer the searches become long.</summary>
        private const double SlotsOfKey = 1.3;

        private const int Empty = int.MinValue;

        private readonly int _bits;
        private readonly uint _homes;

        // The last slot is empty.
        private readonly Slot[] _slots;
        private readonly int[] _lists;

        public Part(Span<Pair> pairs, int bits)
        {
            pairs.Sort();
            _bits = bits;
            (int keys, int listed) = Measure(pairs);
            _homes = (uint)(keys * SlotsOfKey) + 1;
            _slots = new Slot[Slots(pairs)];
            _lists = listed == 0 ? [] : new int[listed];
            Fill(pairs);
        }

        public ReadOnlySpan<int> Rows(ulong key)
        {
            for (uint slot = Home(key); ; slot++)
            {
                ref readonly Slot at = ref _slots[slot];
                if (at.Mark == (uint)key && at.Value != Empty)
                    return at.Value >= 0 ? new ReadOnlySpan<int>(in at.Value) : _lists.AsSpan(~at.Value + 1, _lists[~at.Value]);
                if (at.Value == Empty)
                    return [];
            }
        }

        // Where the search begins: even where the keys are, since they are evenly spread; and in their order.
        private uint Home(ulong key) => (uint)((((key << _bits) >> 32) * _homes) >> 32);

        // Duplicates of a pair count once.
        private static (int Keys, int Listed) Measure(ReadOnlySpan<Pair> pairs)
        {
            int keys = 0;
            int listed = 0;
            for (int i = 0; i < pairs.Length; keys++)
            {
                (int end, int rows) = EndOf(pairs, i);
                listed += rows == 1 ? 0 : rows + 1;
                i = end;
            }

            return (keys, listed);
        }

        private static (int End, int Rows) EndOf(ReadOnlySpan<Pair> pairs, int start)
        {
            ulong key = pairs[start].Key;
            int end = start + 1;
            int rows = 1;
            for (; end < pairs.Length && pairs[end].Key == key; end++)
                rows += pairs[end].Row == pairs[end - 1].Row ? 0 : 1;
            return (end, rows);
        }

        // Each key in the first free slot from its home on; the last slot stays free.
        private uint Slots(ReadOnlySpan<Pair> pairs)
        {
            uint free = 0;
            for (int i = 0; i < pairs.Length; i++)
            {
                if (i == 0 || pairs[i].Key != pairs[i - 1].Key)
                    free = Math.Max(free, Home(pairs[i].Key)) + 1;
            }

            return Math.Max(free, _homes) + 1;
        }

        private void Fill(ReadOnlySpan<Pair> pairs)
        {
            _slots.AsSpan().Fill(new(0, Empty));
            uint free = 0;
            int listed = 0;
            for (int i = 0; i < pairs.Length; free++)
            {
                free = Math.Max(free, Home(pairs[i].Key));
                (int end, int rows) = EndOf(pairs, i);
                int value = pairs[i].Row;
                if (rows > 1)
                {
                    value = ~listed;
                    _lists[listed++] = rows;
                    for (int at = i; at < end; at++)
                    {
                        if (at == i || pairs[at].Row != pairs[at - 1].Row)
                            _lists[listed++] = pairs[at].Row;
                    }
                }

                _slots[free] = new((uint)pairs[i].Key, value);
                i = end;
            }
        }
    }

    /// <param name="mark">The lowest half of the key.</param>
    /// <param name="value">A row; or, for a key with several, the complement of the place among the lists where their number stands, and behind it they.</param>
    private readonly struct Slot(uint mark, int value)
    {
        public readonly uint Mark = mark;
        public readonly int Value = value;
    }
}
