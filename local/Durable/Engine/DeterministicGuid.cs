using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Abm.Local.Durable.Engine;

/// <summary>Ids that come out the same in every replay: version 5 UUIDs of instance id, episode time and a counter.</summary>
internal static class DeterministicGuid
{
    private static readonly Guid Namespace = new("9e952958-5e33-4daf-827f-2fa12937b875");

    public static Guid Create(string instanceId, DateTime episodeAt, int counter)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"{instanceId}_{episodeAt:o}_{counter}");
        byte[] text = new byte[16 + Encoding.UTF8.GetByteCount(name)];
        Namespace.TryWriteBytes(text, bigEndian: true, out _);
        Encoding.UTF8.GetBytes(name, text.AsSpan(16));

#pragma warning disable CA5350 // version 5 UUIDs are defined on SHA-1; nothing secret is hashed
        Span<byte> hash = SHA1.HashData(text).AsSpan(0, 16);
#pragma warning restore CA5350
        hash[6] = (byte)((hash[6] & 0x0F) | 0x50);
        hash[8] = (byte)((hash[8] & 0x3F) | 0x80);
        return new Guid(hash, bigEndian: true);
    }
}
