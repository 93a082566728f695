namespace Abm.Accounts;

/// <summary>Key to rows, for keys that are evenly spread hashes. Immutable after building; a look-up allocates nothing.</summary>
internal sealed class PostingMap
{
    private readonly ulong[] _keys;
    private readonly int[] _starts;
    private readonly int[] _rows;
    private readonly int _mask;

    /// <param name="keys">One for each pair; sorted by this call.</param>
    /// <param name="rows">The row of the key at the same place; ordered along by this call.</param>
    public PostingMap(ulong[] keys, int[] rows)
    {
        Array.Sort(keys, rows);
        _rows = rows;
        int distinct = 0;
        for (int i = 0; i < keys.Length; i++)
        {
            if (i == 0 || keys[i] != keys[i - 1])
                distinct++;
        }

        int size = 4;
        while (size < distinct * 3 / 2)
            size *= 2;
        _mask = size - 1;
        _keys = new ulong[size];
        _starts = new int[size * 2];
        for (int i = 0; i < keys.Length;)
        {
            int end = i + 1;
            while (end < keys.Length && keys[end] == keys[i])
                end++;
            int slot = (int)(keys[i] & (ulong)_mask);
            while (_keys[slot] != 0)
                slot = (slot + 1) & _mask;
            _keys[slot] = keys[i];
            _starts[slot * 2] = i;
            _starts[(slot * 2) + 1] = end - i;
            i = end;
        }
    }

    /// <summary>The rows of a key, in no particular order.</summary>
    public ReadOnlySpan<int> Rows(ulong key)
    {
        int slot = (int)(key & (ulong)_mask);
        while (_keys[slot] != 0)
        {
            if (_keys[slot] == key)
                return _rows.AsSpan(_starts[slot * 2], _starts[(slot * 2) + 1]);
            slot = (slot + 1) & _mask;
        }

        return [];
    }
}
