using System.Buffers.Binary;
using System.Text;

namespace Abm.Accounts;

/// <summary>Writes values one after the other into bytes that grow: whole numbers in as few bytes as they need, texts as UTF-8.</summary>
internal sealed class PackedWriter
{
    private byte[] _bytes = new byte[1024];

    /// <summary>Bytes so far.</summary>
    public int Length { get; private set; }

    public ReadOnlySpan<byte> Written => _bytes.AsSpan(0, Length);

    /// <summary>0 and above, in groups of seven bits, the lowest first.</summary>
    public void Number(uint value)
    {
        Reserve(5);
        while (value >= 0x80)
        {
            _bytes[Length++] = (byte)(value | 0x80);
            value >>= 7;
        }

        _bytes[Length++] = (byte)value;
    }

    /// <summary>Any whole number; small ones of either sign are short.</summary>
    public void Signed(int value) => Number((uint)((value << 1) ^ (value >> 31)));

    public void Long(long value)
    {
        Reserve(8);
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(Length), value);
        Length += 8;
    }

    /// <summary>A text or null. What is no valid UTF-16 is kept as it is.</summary>
    public void Text(string? text)
    {
        if (text is null)
        {
            Number(0);
            return;
        }

        int most = Encoding.UTF8.GetMaxByteCount(text.Length);
        Reserve(most + 5);
        Span<byte> utf8 = most <= 1024 ? stackalloc byte[most] : new byte[most];
        int length = Encoding.UTF8.GetBytes(text, utf8);
        if (utf8[..length].IndexOf("\uFFFD"u8) < 0)
        {
            Number(((uint)length << 1) + 1);
            Bytes(utf8[..length]);
            return;
        }

        // A lone surrogate has no UTF-8.
        Number(((uint)text.Length << 1) + 2);
        foreach (char c in text)
            Number(c);
    }

    public void Bytes(ReadOnlySpan<byte> bytes)
    {
        Reserve(bytes.Length);
        bytes.CopyTo(_bytes.AsSpan(Length));
        Length += bytes.Length;
    }

    private void Reserve(int more)
    {
        if (_bytes.Length - Length < more)
            Array.Resize(ref _bytes, Math.Max(_bytes.Length * 2, Length + more));
    }
}

/// <summary>Reads what a <see cref="PackedWriter"/> wrote.</summary>
/// <remarks>Damaged bytes end in an exception (<see cref="InvalidDataException"/> or <see cref="ArgumentException"/>), never in endless work.</remarks>
internal ref struct PackedReader(ReadOnlySpan<byte> bytes, int at)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Where the next value begins.</summary>
    public int At { get; private set; } = at;

    public uint Number()
    {
        uint value = 0;
        for (int shift = 0; shift < 35; shift += 7)
        {
            if (At >= _bytes.Length)
                break;
            byte part = _bytes[At++];
            value |= (uint)(part & 0x7F) << shift;
            if (part < 0x80)
                return value;
        }

        throw new InvalidDataException("Packed bytes end within a number.");
    }

    /// <summary>How many of something follow; each of them takes a byte at least.</summary>
    public int Count()
    {
        uint count = Number();
        return count <= _bytes.Length - At ? (int)count : throw new InvalidDataException("Packed bytes say that there are more values than bytes.");
    }

    public int Signed()
    {
        uint value = Number();
        return (int)(value >> 1) ^ -(int)(value & 1);
    }

    public long Long() => BinaryPrimitives.ReadInt64LittleEndian(Take(8));

    public string? Text()
    {
        uint head = Number();
        if (head == 0)
            return null;
        if ((head & 1) == 1)
        {
            ReadOnlySpan<byte> utf8 = Take((int)(head >> 1));
            return Ascii.IsValid(utf8) ? Encoding.Latin1.GetString(utf8) : Encoding.UTF8.GetString(utf8);
        }

        int length = (int)((head - 2) >> 1);
        if (length > _bytes.Length - At)
            throw new InvalidDataException("Packed bytes end within a text.");
        var text = new char[length];
        for (int i = 0; i < length; i++)
            text[i] = (char)Number();
        return new(text);
    }

    /// <summary>Passes over a text.</summary>
    /// <returns>Whether there is one.</returns>
    public bool SkipText()
    {
        uint head = Number();
        if (head == 0)
            return false;
        if ((head & 1) == 1)
        {
            Take((int)(head >> 1));
            return true;
        }

        for (uint left = (head - 2) >> 1; left > 0; left--)
            Number();
        return true;
    }

    /// <summary>A text that must be there.</summary>
    public string Required() => Text() ?? throw new InvalidDataException("A packed text is missing.");

    /// <summary>The UTF-8 of a text; empty for null.</summary>
    public ReadOnlySpan<byte> Utf8()
    {
        uint head = Number();
        return head == 0 ? default : Take((int)(head >> 1));
    }

    public ReadOnlySpan<byte> Take(int length)
    {
        if ((uint)length > (uint)(_bytes.Length - At))
            throw new InvalidDataException("Packed bytes end within a value.");
        ReadOnlySpan<byte> taken = _bytes.Slice(At, length);
        At += length;
        return taken;
    }
}
