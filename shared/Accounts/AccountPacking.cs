using System.Collections.Concurrent;

namespace Abm.Accounts;

/// <summary>Accounts in packed form, ready for an index. For one index: it takes over what was collected.</summary>
/// <param name="about">How many accounts there will be, roughly: decides how what is collected is parted, nothing else.</param>
public sealed class PackedAccounts(long about)
{
    private readonly Lock _gate = new();
    private readonly ConcurrentBag<SegmentScan> _scans = [];
    private readonly List<AccountBlock> _blocks = [];
    private int _renewed;

    /// <summary>Whether some were packed by another build, so that what is compared was read anew from their fields.</summary>
    public bool WereRenewed => _renewed > 0;

    /// <summary>Whether these bytes are packed accounts, of whatever format.</summary>
    public static bool IsPacked(ReadOnlySpan<byte> bytes) => bytes.StartsWith(AccountPacking.Mark);

    /// <summary>Adds what <see cref="AccountIndex.Pack"/> gave, in any order; safe for several threads. What accounts are found by is collected at once, while others are still being read.</summary>
    /// <exception cref="InvalidDataException">The bytes are damaged, or of a format that this build does not know.</exception>
    public void Add(ReadOnlySpan<byte> packed)
    {
        (List<AccountBlock> blocks, bool isRenewed) = AccountPacking.Read(packed);
        if (isRenewed)
            Interlocked.Increment(ref _renewed);
        foreach (AccountBlock block in blocks)
        {
            int number;
            lock (_gate)
            {
                number = _blocks.Count;
                _blocks.Add(block);
            }

            if (!_scans.TryTake(out SegmentScan? scan))
                scan = new(about, Environment.ProcessorCount);
            scan.Add(block, number);
            _scans.Add(scan);
        }
    }

    /// <summary>The segment of all that was added; null when nothing was.</summary>
    internal IndexSegment? ToSegment() => _blocks.Count == 0 ? null : new([.. _blocks], [.. _scans]);
}

/// <summary>Accounts to packed form and back.</summary>
internal static class AccountPacking
{
    /// <summary>The format of a piece; another one is not read.</summary>
    private const byte Format = 1;

    /// <summary>Accounts that one thread packs at once.</summary>
    private const int AtOnce = 2048;

    /// <summary>What every piece begins with.</summary>
    public static ReadOnlySpan<byte> Mark => "ABMA"u8;

    /// <summary>Names the code that read the accounts: with another build, what is compared is read anew.</summary>
    private static readonly byte[] Build = typeof(AccountPacking).Module.ModuleVersionId.ToByteArray();

    /// <summary>Reads the accounts' names, domains and places, and packs them; on all processors when there are many.</summary>
    public static List<AccountBlock> Pack(IEnumerable<Account> accounts)
    {
        var packed = new List<AccountBlock>();
        foreach (Account[][] some in accounts.Chunk(AtOnce).Chunk(Environment.ProcessorCount * 4))
        {
            var blocks = new List<AccountBlock>[some.Length];
            if (some.Length == 1)
                blocks[0] = PackSome(some[0]);
            else
                Parallel.For(0, some.Length, i => blocks[i] = PackSome(some[i]));
            foreach (List<AccountBlock> one in blocks)
                packed.AddRange(one);
        }

        return packed;
    }

    /// <summary>Each block as a piece of its own.</summary>
    public static IEnumerable<byte[]> Bytes(List<AccountBlock> blocks)
    {
        foreach (AccountBlock block in blocks)
        {
            var to = new PackedWriter();
            to.Bytes(Mark);
            to.Bytes([Format]);
            to.Bytes(Build);
            block.WriteTo(to);
            yield return to.Written.ToArray();
        }
    }

    /// <summary>Reads a piece.</summary>
    public static (List<AccountBlock> Blocks, bool IsRenewed) Read(ReadOnlySpan<byte> packed)
    {
        int head = Mark.Length + 1 + Build.Length;
        if (packed.Length < head || !packed.StartsWith(Mark))
            throw new InvalidDataException("These are no packed accounts.");
        if (packed[Mark.Length] != Format)
            throw new InvalidDataException($"The accounts are packed in format {packed[Mark.Length]}; this build reads format {Format}.");
        bool isSame = packed.Slice(Mark.Length + 1, Build.Length).SequenceEqual(Build);
        try
        {
            AccountBlock block = AccountBlock.FromBytes(packed[head..]);
            if (isSame)
                return ([block], false);
            return (PackSome([.. Enumerable.Range(0, block.Count).Select(place => new AccountKeys(block, place).Account)]), true);
        }
        catch (Exception e) when (e is ArgumentException or OverflowException or FormatException)
        {
            throw new InvalidDataException("Packed accounts are damaged.", e);
        }
    }

    private static List<AccountBlock> PackSome(Account[] accounts)
    {
        var writer = new BlockWriter();
        foreach (Account account in accounts)
            writer.Add(new AccountKeys(account));
        return writer.Finish();
    }
}
