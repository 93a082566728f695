using System.Runtime.InteropServices;

namespace Abm.Accounts;

/// <summary>Some accounts as bytes in one piece: what the index keeps in memory, and what a snapshot keeps in storage. Immutable.</summary>
/// <remarks>An account takes some 250 bytes here, a fifth of what it takes as objects. Texts that many accounts have (cities, countries, owners) stand once in the block.</remarks>
internal sealed class AccountBlock
{
    /// <summary>Accounts of one block at most.</summary>
    public const int MostAccounts = 1 << PlaceBits;

    /// <summary>How many bits the place of an account in its block has.</summary>
    public const int PlaceBits = 12;

    /// <summary>A block ends when it has so many bytes, so that it fits in one row of a table however badly it compresses.</summary>
    public const int EnoughBytes = 352 * 1024;

    private readonly byte[] _bytes;
    private readonly int[] _starts;
    private readonly string[] _texts;

    internal AccountBlock(byte[] bytes, int[] starts, string[] texts)
    {
        _bytes = bytes;
        _starts = starts;
        _texts = texts;
    }

    /// <summary>Accounts in it.</summary>
    public int Count => _starts.Length;

    /// <summary>Nothing is won by putting it together with others.</summary>
    public bool IsFull => Count > MostAccounts / 2 || _bytes.Length > EnoughBytes / 2;

    public PackedReader Read(int place) => new(_bytes, _starts[place]);

    /// <summary>Reads on at a place that was reached before.</summary>
    public PackedReader Read(int place, int at) => at > _starts[place] ? new(_bytes, at) : throw new ArgumentOutOfRangeException(nameof(at));

    /// <summary>A text of the block; null for number 0.</summary>
    public string? Text(uint number) => number == 0 ? null : number <= _texts.Length ? _texts[number - 1] : throw new InvalidDataException("A packed account names a text that its block does not have.");

    /// <summary>The id of the account at this place, as UTF-8: in ordinal order like the ids themselves, since ids have no surrogates.</summary>
    public ReadOnlySpan<byte> IdOf(int place) => Read(place).Utf8();

    /// <summary>The whole block as bytes that <see cref="FromBytes"/> reads.</summary>
    public void WriteTo(PackedWriter to)
    {
        to.Number((uint)_texts.Length);
        foreach (string text in _texts)
            to.Text(text);
        to.Number((uint)_starts.Length);
        for (int i = 0; i < _starts.Length; i++)
            to.Number((uint)(_starts[i] - (i == 0 ? 0 : _starts[i - 1])));
        to.Number((uint)_bytes.Length);
        to.Bytes(_bytes);
    }

    /// <summary>Reads a block.</summary>
    /// <exception cref="InvalidDataException">It is damaged.</exception>
    public static AccountBlock FromBytes(ReadOnlySpan<byte> packed)
    {
        PackedReader from = new(packed, 0);
        var texts = new string[from.Count()];
        for (int i = 0; i < texts.Length; i++)
            texts[i] = from.Required();
        int count = from.Count();
        if (count > MostAccounts)
            throw new InvalidDataException("A block of accounts has more of them than it may.");
        var starts = new int[count];
        long start = 0;
        for (int i = 0; i < count; i++)
            starts[i] = (int)(start += from.Number());
        byte[] bytes = from.Take((int)from.Number()).ToArray();
        if (start > bytes.Length)
            throw new InvalidDataException("A block of accounts is shorter than it says.");
        return new(bytes, starts, texts);
    }
}

/// <summary>Texts that accounts of a block have in common, each once, numbered from 1.</summary>
internal sealed class BlockTexts
{
    private readonly Dictionary<string, uint> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _texts = [];

    /// <summary>The text's number; 0 for null.</summary>
    public uint Of(string? text)
    {
        if (text is null)
            return 0;
        ref uint number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, text, out bool isKnown);
        if (!isKnown)
        {
            _texts.Add(text);
            number = (uint)_texts.Count;
        }

        return number;
    }

    public string[] ToArray() => [.. _texts];
}

/// <summary>Packs accounts into blocks.</summary>
internal sealed class BlockWriter
{
    private readonly List<AccountBlock> _blocks = [];
    private PackedWriter _bytes = new();
    private BlockTexts _texts = new();
    private List<int> _starts = [];

    public void Add(AccountKeys account)
    {
        if (_starts.Count == AccountBlock.MostAccounts || _bytes.Length >= AccountBlock.EnoughBytes)
            End();
        _starts.Add(_bytes.Length);
        PackedAccount.Write(account, _bytes, _texts);
    }

    /// <summary>Adds the accounts of a block at places that count. A block that is full, and all of it counts, is taken as it is.</summary>
    public void AddAll(AccountBlock block, Func<int, bool> counts)
    {
        int kept = 0;
        for (int place = 0; place < block.Count; place++)
            kept += counts(place) ? 1 : 0;
        if (kept == block.Count && block.IsFull)
        {
            _blocks.Add(block);
            return;
        }

        for (int place = 0; place < block.Count; place++)
        {
            if (counts(place))
                Add(new AccountKeys(block, place));
        }
    }

    /// <summary>The blocks, the last one perhaps small.</summary>
    public List<AccountBlock> Finish()
    {
        End();
        return _blocks;
    }

    private void End()
    {
        if (_starts.Count == 0)
            return;
        _blocks.Add(new(_bytes.Written.ToArray(), [.. _starts], _texts.ToArray()));
        (_bytes, _texts, _starts) = (new(), new(), []);
    }
}
