using System.Buffers.Binary;
using System.Collections.Frozen;
using System.Security.Cryptography;
using System.Text;

namespace Abm.Lists;

/// <summary>Which domains are mail providers', where an address says nothing about the company.</summary>
internal static class MailProviders
{
    private const int HashLength = 6;

    private static readonly Lazy<FrozenSet<string>> Free = new(() => EmbeddedList.Lines("freeMail.txt").Concat(EmbeddedList.Lines("freeMailTypos.txt")).ToFrozenSet(StringComparer.Ordinal));
    private static readonly Lazy<byte[]> Disposable = new(LoadDisposable);

    private static readonly LookedUp?[] Lately = new LookedUp?[4096];

    // A university or employer lends these to people who have left.
    private static readonly FrozenSet<string> AlumniLabels = new[]
    {
        "alum", "alumni", "alumnus", "alumna", "alumnos", "alumnes", "exalumnos", "exalumno", "egresados", "alumniportal", "anciens", "ancien", "ehemalige", "absolvent", "absolventen", "graduate", "graduates", "alumno", "alunos",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Whether people get a mailbox there without belonging to the domain's owner: free providers, and alumni addresses.</summary>
    public static bool IsFree(HostName host) =>
        Free.Value.Contains(host.Registrable) || (host.Host.Length != host.Registrable.Length && (Free.Value.Contains(host.Host) || IsAlumni(host)));

    /// <summary>Whether addresses there are thrown away after use.</summary>
    public static bool IsDisposable(HostName host) =>
        IsListed(host.Registrable) || (host.Host.Length != host.Registrable.Length && IsListed(host.Host));

    private static bool IsAlumni(HostName host)
    {
        var labels = AlumniLabels.GetAlternateLookup<ReadOnlySpan<char>>();
        ReadOnlySpan<char> sub = host.Host.AsSpan(0, host.Host.Length - host.Registrable.Length);
        foreach (Range part in sub.Split('.'))
        {
            if (labels.Contains(sub[part]))
                return true;
        }

        return false;
    }

    // What was looked up lately: a lead's domain is asked about several times, and many leads have the same. Bounded; safe for several threads.
    private static bool IsListed(string domain)
    {
        ref LookedUp? place = ref Lately[string.GetHashCode(domain, StringComparison.Ordinal) & (Lately.Length - 1)];
        LookedUp? last = place;
        if (last is null || last.Domain != domain)
            place = last = new(domain, Contains(domain));
        return last.IsListed;
    }

    // The list is kept as sorted 48-bit starts of SHA-256 hashes: found by halving, nothing to parse.
    private static bool Contains(string domain)
    {
        Span<byte> utf8 = stackalloc byte[256];
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(utf8[..Encoding.UTF8.GetBytes(domain, utf8)], hash);
        ulong wanted = Prefix(hash);
        ReadOnlySpan<byte> all = Disposable.Value;
        int low = 0;
        int high = (all.Length / HashLength) - 1;
        while (low <= high)
        {
            int middle = (low + high) >>> 1;
            ulong found = Prefix(all[(middle * HashLength)..]);
            if (found == wanted)
                return true;
            if (found < wanted)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return false;
    }

    private static ulong Prefix(ReadOnlySpan<byte> hash) =>
        ((ulong)BinaryPrimitives.ReadUInt32BigEndian(hash) << 16) | BinaryPrimitives.ReadUInt16BigEndian(hash[4..]);

    private static byte[] LoadDisposable()
    {
        using Stream stream = EmbeddedList.Open("disposable.bin");
        var all = new byte[stream.Length];
        stream.ReadExactly(all);
        return all;
    }

    private sealed record LookedUp(string Domain, bool IsListed);
}
