using System.Globalization;
using System.Security.Cryptography;

namespace Abm.Functions.Delivery;

/// <summary>What a signature that came with a body is worth.</summary>
public enum SignatureVerdict
{
    Valid,

    /// <summary>There is none.</summary>
    Missing,

    /// <summary>It is not of the form <c>t={seconds},v1={hex}</c>.</summary>
    Malformed,

    /// <summary>Its instant lies too far from now: an old one that is sent again, or a clock that is wrong.</summary>
    Stale,

    /// <summary>It was made with another secret, or over another body.</summary>
    Wrong,
}

/// <summary>Checks signatures of the scheme that notifications go out with, see <see cref="WebhookSignature"/>, on bodies that come in.</summary>
public static class SignatureCheck
{
    private const int MaxHeaderLength = 1_024;
    private const int MaxSignatures = 8;

    /// <summary>Whether one of these secrets signed the body lately. Every secret is tried with every signature, in the same time whatever they are.</summary>
    /// <param name="header">As it came; null or empty: none did.</param>
    /// <param name="body">The very bytes that came.</param>
    /// <param name="tolerance">How far the instant of the signature may lie from now, either way.</param>
    public static SignatureVerdict Of(string? header, ReadOnlySpan<byte> body, IReadOnlyList<string> secrets, DateTimeOffset now, TimeSpan tolerance)
    {
        if (string.IsNullOrEmpty(header))
            return SignatureVerdict.Missing;
        if (header.Length > MaxHeaderLength || !TryRead(header, out string seconds, out List<byte[]> signatures))
            return SignatureVerdict.Malformed;
        if (!long.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out long at) || Math.Abs((double)at - now.ToUnixTimeSeconds()) > tolerance.TotalSeconds)
            return SignatureVerdict.Stale;
        bool isValid = false;
        foreach (string secret in secrets)
        {
            byte[] expected = WebhookSignature.Of(secret, seconds, body);
            foreach (byte[] signature in signatures)
                isValid |= CryptographicOperations.FixedTimeEquals(expected, signature);
        }

        return isValid ? SignatureVerdict.Valid : SignatureVerdict.Wrong;
    }

    private static bool TryRead(string header, out string seconds, out List<byte[]> signatures)
    {
        seconds = "";
        signatures = [];
        foreach (string part in header.Split(',', StringSplitOptions.TrimEntries))
        {
            if (part.StartsWith("t=", StringComparison.Ordinal))
            {
                if (seconds.Length > 0 || part.Length == 2)
                    return false;
                seconds = part[2..];
                if (!seconds.All(char.IsAsciiDigit))
                    return false;
            }
            else if (part.StartsWith("v1=", StringComparison.Ordinal))
            {
                byte[] signature = new byte[HMACSHA256.HashSizeInBytes];
                if (signatures.Count == MaxSignatures || part.Length != 3 + (2 * signature.Length) || Convert.FromHexString(part.AsSpan(3), signature, out _, out _) != System.Buffers.OperationStatus.Done)
                    return false;
                signatures.Add(signature);
            }
        }

        return seconds.Length > 0 && signatures.Count > 0;
    }
}
