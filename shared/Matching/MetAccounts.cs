using Abm.Accounts;

namespace Abm.Matching;

/// <summary>The accounts that were met in one search, and how strongly. Emptied at once, however many they were; for one thread.</summary>
internal sealed class MetAccounts
{
    // Where each account stands in _rows; a slot of an earlier search is free.
    private Slot[] _slots = new Slot[1024];
    private ulong[] _rows = new ulong[512];
    private double[] _strengths = new double[512];
    private int _search = 1;

    public int Count { get; private set; }

    /// <summary>Strength of the strongest.</summary>
    public double Highest { get; private set; }

    /// <summary>How strongly each was met, in the order of first meetings.</summary>
    public ReadOnlySpan<double> Strengths => _strengths.AsSpan(0, Count);

    public IndexRow this[int place] => new((int)(_rows[place] >> 32), (int)(uint)_rows[place]);

    public void Clear()
    {
        Count = 0;
        Highest = 0;
        if (_search == int.MaxValue)
        {
            Array.Clear(_slots);
            _search = 0;
        }

        _search++;
    }

    /// <summary>Meets an account, perhaps once more: strengths add up.</summary>
    public void Add(int part, int row, double strength)
    {
        ulong key = ((ulong)(uint)part << 32) | (uint)row;
        ref Slot slot = ref Find(key);
        if (slot.Search == _search)
        {
            strength = _strengths[slot.Place] += strength;
        }
        else
        {
            slot = new(key, Count, _search);
            if (Count == _rows.Length)
            {
                Array.Resize(ref _rows, Count * 2);
                Array.Resize(ref _strengths, Count * 2);
            }

            _rows[Count] = key;
            _strengths[Count++] = strength;
            if (Count > _slots.Length / 2)
                Grow();
        }

        Highest = Math.Max(Highest, strength);
    }

    private ref Slot Find(ulong key)
    {
        Slot[] slots = _slots;
        int mask = slots.Length - 1;
        int at = (int)((key * 0x9E3779B97F4A7C15UL) >> 40) & mask;
        while (slots[at].Search == _search && slots[at].Row != key)
            at = (at + 1) & mask;
        return ref slots[at];
    }

    private void Grow()
    {
        _slots = new Slot[_slots.Length * 2];
        for (int i = 0; i < Count; i++)
            Find(_rows[i]) = new(_rows[i], i, _search);
    }

    private readonly record struct Slot(ulong Row, int Place, int Search);
}
