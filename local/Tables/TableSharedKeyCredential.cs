using System.Security.Cryptography;
using System.Text;

namespace Azure.Data.Tables;

/// <summary>The name of a storage account and one of its two keys. The key can be exchanged while clients use it.</summary>
public class TableSharedKeyCredential
{
    private byte[] _key;

    /// <param name="accountName">The storage account.</param>
    /// <param name="accountKey">The key, in base64 as the portal shows it.</param>
    /// <exception cref="FormatException">The key is not base64.</exception>
    public TableSharedKeyCredential(string accountName, string accountKey)
    {
        ArgumentException.ThrowIfNullOrEmpty(accountName);
        ArgumentException.ThrowIfNullOrEmpty(accountKey);
        AccountName = accountName;
        _key = Convert.FromBase64String(accountKey);
    }

    /// <summary>The storage account.</summary>
    public string AccountName { get; }

    /// <summary>Exchanges the key; requests that start from now on use it.</summary>
    public void SetAccountKey(string accountKey)
    {
        ArgumentException.ThrowIfNullOrEmpty(accountKey);
        Volatile.Write(ref _key, Convert.FromBase64String(accountKey));
    }

    /// <summary>HMAC-SHA256 of the text's UTF-8 bytes, in base64.</summary>
    internal string Sign(string text)
    {
        Span<byte> hash = stackalloc byte[HMACSHA256.HashSizeInBytes];
        HMACSHA256.HashData(Volatile.Read(ref _key), Encoding.UTF8.GetBytes(text), hash);
        return Convert.ToBase64String(hash);
    }
}
