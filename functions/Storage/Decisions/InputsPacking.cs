using System.Buffers;
using System.Buffers.Binary;
using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Serialization;
using Abm.Accounts;
using Abm.Functions.Storage.Accounts;
using Abm.Replays;

namespace Abm.Functions.Storage.Decisions;

/// <summary>Packs what a decision was made from: the document, each account, and the counts, one after the other, compressed with Brotli.</summary>
/// <remarks>
/// Inside: the format's number (1 byte), then blocks that begin with their length: the document as JSON; the number of accounts, and each account as JSON of its own, so that a reader
/// of many decisions knows an account again by its bytes; the counts as keys of 8 bytes and numbers.
/// </remarks>
internal static class InputsPacking
{
    private const byte Format = 1;

    /// <summary>2: a third smaller than the fastest, for twice its time, which is a few hundred microseconds; above, time rises and size hardly falls.</summary>
    private const int Quality = 4;

    private const int Window = 18;

    private static readonly JsonSerializerOptions Json = new(StoredJson.Options) { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingDefault };

    public static byte[] Pack(DecisionInputs inputs)
    {
        ArrayBufferWriter<byte> raw = new(16 * 1024);
        raw.Write([Format]);
        Block(raw, JsonSerializer.SerializeToUtf8Bytes(InputsDocument.From(inputs), Json));
        Number(raw, (uint)inputs.Accounts.Accounts.Count);
        foreach (Account account in inputs.Accounts.Accounts)
            Block(raw, JsonSerializer.SerializeToUtf8Bytes(AccountRow.From(account), Json));
        Number(raw, (uint)inputs.Accounts.Counts.Count);
        foreach ((ulong key, int count) in inputs.Accounts.Counts.OrderBy(c => c.Key))
        {
            BinaryPrimitives.WriteUInt64LittleEndian(raw.GetSpan(8), key);
            raw.Advance(8);
            Number(raw, (uint)count);
        }

        byte[] packed = new byte[BrotliEncoder.GetMaxCompressedLength(raw.WrittenCount) + 4];
        BinaryPrimitives.WriteInt32LittleEndian(packed, raw.WrittenCount);
        return BrotliEncoder.TryCompress(raw.WrittenSpan, packed.AsSpan(4), out int length, Quality, Window)
            ? packed[..(length + 4)]
            : throw new InvalidOperationException("The compressed form is longer than it can be.");
    }

    /// <param name="accounts">Knows accounts again; shared by whoever reads many. Null: for one alone.</param>
    /// <exception cref="InvalidDataException">Not what <see cref="Pack"/> made.</exception>
    /// <exception cref="JsonException">It is of a version that this build does not know.</exception>
    public static DecisionInputs Unpack(byte[] packed, AccountTexts? accounts = null)
    {
        int length = packed.Length < 4 ? -1 : BinaryPrimitives.ReadInt32LittleEndian(packed);
        if (length is < 1 or > 64 * 1024 * 1024)
            throw new InvalidDataException("Kept inputs say no length.");
        byte[] rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            if (!BrotliDecoder.TryDecompress(packed.AsSpan(4), rented, out int written) || written != length)
                throw new InvalidDataException("Kept inputs are cut off.");
            return Read(rented.AsSpan(0, length), accounts ?? new AccountTexts(0));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented);
        }
    }

    private static DecisionInputs Read(ReadOnlySpan<byte> raw, AccountTexts texts)
    {
        if (raw[0] != Format)
            throw new JsonException($"Inputs format {raw[0]}; this build reads {Format}.");
        raw = raw[1..];
        InputsDocument document = JsonSerializer.Deserialize<InputsDocument>(TakeBlock(ref raw), Json) ?? throw new InvalidDataException("Kept inputs are null.");
        var accounts = new Account[TakeNumber(ref raw)];
        for (int i = 0; i < accounts.Length; i++)
            accounts[i] = texts.Read(TakeBlock(ref raw));
        int count = TakeNumber(ref raw);
        var counts = new Dictionary<ulong, int>(count);
        for (int i = 0; i < count; i++)
        {
            ulong key = BinaryPrimitives.ReadUInt64LittleEndian(raw);
            raw = raw[8..];
            counts[key] = TakeNumber(ref raw);
        }

        return document.ToInputs(accounts, counts);
    }

    private static void Block(ArrayBufferWriter<byte> raw, byte[] bytes)
    {
        Number(raw, (uint)bytes.Length);
        raw.Write(bytes);
    }

    // Seven bits a byte, the least first.
    private static void Number(ArrayBufferWriter<byte> raw, uint number)
    {
        for (; number >= 0x80; number >>= 7)
            raw.Write([(byte)(number | 0x80)]);
        raw.Write([(byte)number]);
    }

    private static ReadOnlySpan<byte> TakeBlock(ref ReadOnlySpan<byte> raw)
    {
        int length = TakeNumber(ref raw);
        if (length > raw.Length)
            throw new InvalidDataException("Kept inputs are cut off.");
        ReadOnlySpan<byte> block = raw[..length];
        raw = raw[length..];
        return block;
    }

    private static int TakeNumber(ref ReadOnlySpan<byte> raw)
    {
        uint number = 0;
        for (int shift = 0; shift < 32 && !raw.IsEmpty; shift += 7)
        {
            byte part = raw[0];
            raw = raw[1..];
            number |= (uint)(part & 0x7F) << shift;
            if (part < 0x80)
                return (int)number;
        }

        throw new InvalidDataException("Kept inputs are cut off.");
    }

    /// <summary>Reads accounts, and knows those again that it has read: the same bytes are the same value. On one thread.</summary>
    /// <param name="most">Accounts that are remembered; when there are more, it begins anew.</param>
    internal sealed class AccountTexts(int most = 20_000)
    {
        private readonly Dictionary<UInt128, Account> _known = [];

        public Account Read(ReadOnlySpan<byte> json)
        {
            if (most == 0)
                return Parse(json);
            Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
            SHA256.HashData(json, hash);
            UInt128 key = BinaryPrimitives.ReadUInt128LittleEndian(hash);
            if (_known.TryGetValue(key, out Account? account))
                return account;
            if (_known.Count >= most)
                _known.Clear();
            return _known[key] = Parse(json);
        }

        private static Account Parse(ReadOnlySpan<byte> json) =>
            (JsonSerializer.Deserialize<AccountRow>(json, Json) ?? throw new InvalidDataException("A kept account is null.")).ToAccount();
    }
}
