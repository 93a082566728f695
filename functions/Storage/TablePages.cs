using Azure;
using Azure.Data.Tables;
using Abm.Ports;

namespace Abm.Functions.Storage;

/// <summary>Reads part of a query and says where to go on.</summary>
internal static class TablePages
{
    /// <summary>Requests one page may cost: the service may answer with few or no rows and a continuation, wherever a partition ends or a filter is sparse.</summary>
    private const int MaxRequests = 10;

    /// <exception cref="FormatException"><c>after</c> is none of ours.</exception>
    public static async Task<ListPage<T>> ReadAsync<T>(
        TableClient table, string? filter, Func<TableEntity, T> read, int limit, string? after, CancellationToken cancellationToken, int maxRequests = MaxRequests)
    {
        string? token = string.IsNullOrEmpty(after) ? null : after;
        List<T> items = [];
        for (int request = 0; request < maxRequests; request++)
        {
            try
            {
                AsyncPageable<TableEntity> query = table.QueryAsync<TableEntity>(filter, limit - items.Count, cancellationToken: cancellationToken);
                await foreach (Page<TableEntity> page in query.AsPages(token, limit - items.Count).WithCancellation(cancellationToken))
                {
                    items.AddRange(page.Values.Select(read));
                    token = page.ContinuationToken;
                    break; // the next request asks for what is still lacking
                }
            }
            catch (Exception refused) when (refused is ArgumentException or RequestFailedException { Status: 400 } && after is not null && request == 0)
            {
                throw new FormatException("The cursor is none of this list.", refused);
            }

            if (items.Count >= limit || string.IsNullOrEmpty(token))
                break;
        }

        return new ListPage<T>(items, string.IsNullOrEmpty(token) ? null : token);
    }
}

/// <summary>Row keys that sort by time.</summary>
internal static class TimeKey
{
    /// <summary>Oldest first.</summary>
    public static string Rising(DateTimeOffset at) => at.UtcTicks.ToString("D19", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Newest first.</summary>
    public static string Falling(DateTimeOffset at) =>
        (DateTimeOffset.MaxValue.UtcTicks - at.UtcTicks).ToString("D19", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The day, latest first.</summary>
    public static string FallingDay(DateTimeOffset at)
    {
        DateTime day = at.UtcDateTime;
        return (99_999_999 - ((day.Year * 10_000) + (day.Month * 100) + day.Day)).ToString("D8", System.Globalization.CultureInfo.InvariantCulture);
    }
}
