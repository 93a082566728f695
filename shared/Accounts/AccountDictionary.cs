using System.Collections;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Abm.Decisions;

namespace Abm.Accounts;

/// <summary>The accounts of an index by their own ids, in ordinal order. Each is unpacked when it is asked for; nothing is kept.</summary>
public sealed class AccountDictionary : IReadOnlyDictionary<string, Account>
{
    private readonly ImmutableArray<IndexPart> _parts;
    private IndexRow[]? _order;

    internal AccountDictionary(ImmutableArray<IndexPart> parts)
    {
        _parts = parts;
        Count = parts.Sum(part => part.LiveCount);
    }

    /// <inheritdoc/>
    public int Count { get; }

    /// <inheritdoc/>
    public IEnumerable<string> Keys => After("").Select(account => account.Id.Value);

    /// <inheritdoc/>
    public IEnumerable<Account> Values => After("");

    /// <inheritdoc/>
    public Account this[string key] => TryGetValue(key, out Account? account) ? account : throw new KeyNotFoundException("There is no account of this id.");

    /// <inheritdoc/>
    public bool ContainsKey(string key) => Find(key) is not null;

    /// <inheritdoc/>
    public bool TryGetValue(string key, [MaybeNullWhen(false)] out Account value)
    {
        value = Find(key)?.Account;
        return value is not null;
    }

    /// <summary>The account, or null.</summary>
    public Account? GetValueOrDefault(string key) => Find(key)?.Account;

    /// <summary>The accounts whose ids come after this one.</summary>
    public IEnumerable<Account> After(string id)
    {
        IndexRow[] order = InOrder();
        byte[] after = System.Text.Encoding.UTF8.GetBytes(id);
        int low = 0;
        int high = order.Length;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (IdOf(order[middle]).SequenceCompareTo(after) <= 0)
                low = middle + 1;
            else
                high = middle;
        }

        for (int i = low; i < order.Length; i++)
            yield return _parts[order[i].Part].Segment.Unpack(order[i].Row).Account;
    }

    /// <summary>All accounts in the order of what is asked of each, then of their ids. Holds a few bytes for each, not the accounts.</summary>
    public IReadOnlyList<Account> OrderedBy(Func<Account, string> text, StringComparer comparer)
    {
        IndexRow[] order = InOrder();
        string[] texts = Array.ConvertAll(order, row => text(_parts[row.Part].Segment.Unpack(row.Row).Account));
        int[] places = [.. Enumerable.Range(0, order.Length).Order(Comparer<int>.Create((a, b) => comparer.Compare(texts[a], texts[b]) is var by && by != 0 ? by : a.CompareTo(b)))];
        return new Ordered(_parts, Array.ConvertAll(places, place => order[place]));
    }

    /// <inheritdoc/>
    public IEnumerator<KeyValuePair<string, Account>> GetEnumerator() => After("").Select(account => KeyValuePair.Create(account.Id.Value, account)).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    private AccountKeys? Find(string id)
    {
        if (!IdText.IsValid(id))
            return null;
        AccountId wanted = AccountId.Parse(id);
        foreach (IndexPart part in _parts)
        {
            if (part.TryFind(wanted, out int row))
                return part.Segment[row];
        }

        return null;
    }

    // Sorted when somebody goes through them, once for each version.
    private IndexRow[] InOrder()
    {
        if (_order is { } known)
            return known;
        var rows = new List<IndexRow>(Count);
        for (int part = 0; part < _parts.Length; part++)
        {
            IndexSegment segment = _parts[part].Segment;
            for (int block = 0; block < segment.Blocks.Length; block++)
            {
                for (int place = 0; place < segment.Blocks[block].Count; place++)
                {
                    int row = IndexSegment.RowOf(block, place);
                    if (_parts[part].IsLive(row))
                        rows.Add(new(part, row));
                }
            }
        }

        rows.Sort((a, b) => IdOf(a).SequenceCompareTo(IdOf(b)));
        return _order = [.. rows];
    }

    private ReadOnlySpan<byte> IdOf(IndexRow row) => _parts[row.Part].Segment.IdOf(row.Row);

    private sealed class Ordered(ImmutableArray<IndexPart> parts, IndexRow[] order) : IReadOnlyList<Account>
    {
        public int Count => order.Length;

        public Account this[int index] => parts[order[index].Part].Segment.Unpack(order[index].Row).Account;

        public IEnumerator<Account> GetEnumerator()
        {
            for (int i = 0; i < order.Length; i++)
                yield return this[i];
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
