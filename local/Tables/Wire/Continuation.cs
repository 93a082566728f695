namespace Azure.Data.Tables.Wire;

/// <summary>Where the next page begins: two headers of the service, joined with one space into one opaque token.</summary>
internal static class Continuation
{
    /// <summary>The token of an answer, or null when it was the last page.</summary>
    public static string? Read(Response response)
    {
        if (!response.Headers.TryGetValue("x-ms-continuation-NextPartitionKey", out string? partition) || string.IsNullOrEmpty(partition))
            return null;
        response.Headers.TryGetValue("x-ms-continuation-NextRowKey", out string? row);
        return $"{partition} {row}";
    }

    /// <summary>The two values of a token; the second may be missing.</summary>
    /// <exception cref="ArgumentException">The token is no token of a query.</exception>
    public static (string? Partition, string? Row) Split(string? token)
    {
        if (string.IsNullOrEmpty(token))
            return (null, null);
        string[] parts = token.Split(' ');
        return parts is [{ Length: > 0 } partition, var row]
            ? (partition, row)
            : throw new ArgumentException("This is no continuation token of a table query.", nameof(token));
    }
}
