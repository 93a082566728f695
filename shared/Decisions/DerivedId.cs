using System.Security.Cryptography;
using System.Text;

namespace Abm.Decisions;

/// <summary>Makes ids from what arrived, so that the same thing arriving again has the same id.</summary>
public static class DerivedId
{
    private const string Alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

    /// <summary>A prefix and 26 characters of Crockford base 32: the first 130 bits of SHA-256 over the parts.</summary>
    /// <param name="prefix">One short lower-case word that tells what the id names.</param>
    /// <param name="parts">What identifies the thing. Each part is length-prefixed, so ("ab","c") and ("a","bc") differ.</param>
    /// <returns>An id that is safe as a table key, queue text, URL segment and durable instance id.</returns>
    public static string From(string prefix, params ReadOnlySpan<string> parts)
    {
        ArgumentException.ThrowIfNullOrEmpty(prefix);
        var text = new StringBuilder();
        foreach (string part in parts)
            text.Append(part.Length).Append(':').Append(part).Append(';');
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString()), hash);
        Span<char> id = stackalloc char[26];
        for (int i = 0, bit = 0; i < id.Length; i++, bit += 5)
        {
            int word = (hash[bit / 8] << 8) | hash[(bit / 8) + 1];
            id[i] = Alphabet[(word >> (11 - (bit % 8))) & 31];
        }

        return $"{prefix}-{id}";
    }
}
