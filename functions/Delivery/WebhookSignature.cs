using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Abm.Functions.Delivery;

/// <summary>How a receiver knows that a notification is ours and fresh: <c>X-Abm-Signature: t={seconds},v1={hex HMAC-SHA256(secret, "{t}.{body}")}</c>.</summary>
public static class WebhookSignature
{
    public const string SignatureHeader = "X-Abm-Signature";

    /// <summary>Stable across attempts and replays: receivers drop repeats by it.</summary>
    public const string DeliveryHeader = "X-Abm-Delivery";

    /// <summary>The value of the signature header.</summary>
    /// <param name="body">Exactly the bytes that are sent, as text.</param>
    /// <param name="secrets">One, or the current and the former one while receivers change over.</param>
    public static string Sign(DateTimeOffset at, string body, params IReadOnlyList<string> secrets)
    {
        string seconds = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        byte[] sent = Encoding.UTF8.GetBytes(body);
        StringBuilder header = new($"t={seconds}");
        foreach (string secret in secrets)
            header.Append(",v1=").Append(Convert.ToHexStringLower(Of(secret, seconds, sent)));
        return header.ToString();
    }

    /// <summary>One signature of a body.</summary>
    /// <param name="seconds">The instant as it stands in the header.</param>
    public static byte[] Of(string secret, string seconds, ReadOnlySpan<byte> body)
    {
        using IncrementalHash hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, Encoding.UTF8.GetBytes(secret));
        hash.AppendData(Encoding.UTF8.GetBytes(seconds));
        hash.AppendData("."u8);
        hash.AppendData(body);
        return hash.GetHashAndReset();
    }
}
