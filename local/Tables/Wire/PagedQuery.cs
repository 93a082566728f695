using System.Runtime.CompilerServices;

namespace Azure.Data.Tables.Wire;

/// <summary>Fetches the page that follows a continuation token (null: the first).</summary>
internal delegate ValueTask<Page<T>> FetchPage<T>(string? continuationToken, int? pageSize, bool async, CancellationToken cancellationToken);

/// <summary>
/// Pages one after another for as long as the service returns a token; an empty page may carry one, so rows are never counted.
/// </summary>
internal sealed class AsyncPagedQuery<T>(FetchPage<T> fetch, int? maxPerPage, CancellationToken cancellationToken) : AsyncPageable<T>(cancellationToken)
    where T : notnull
{
    /// <inheritdoc/>
    public override IAsyncEnumerable<Page<T>> AsPages(string? continuationToken = null, int? pageSizeHint = null)
    {
        TableRules.CheckPageSize(pageSizeHint ?? maxPerPage);
        return PagesAsync(continuationToken, pageSizeHint ?? maxPerPage, CancellationToken);
    }

    private async IAsyncEnumerable<Page<T>> PagesAsync(string? token, int? pageSize, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        do
        {
            Page<T> page = await fetch(token, pageSize, true, cancellationToken).ConfigureAwait(false);
            yield return page;
            token = page.ContinuationToken;
        }
        while (token is not null);
    }
}

/// <summary>The same on the caller's thread.</summary>
internal sealed class PagedQuery<T>(FetchPage<T> fetch, int? maxPerPage, CancellationToken cancellationToken) : Pageable<T>(cancellationToken)
    where T : notnull
{
    /// <inheritdoc/>
    public override IEnumerable<Page<T>> AsPages(string? continuationToken = null, int? pageSizeHint = null)
    {
        TableRules.CheckPageSize(pageSizeHint ?? maxPerPage);
        return Pages(continuationToken, pageSizeHint ?? maxPerPage);
    }

    private IEnumerable<Page<T>> Pages(string? token, int? pageSize)
    {
        do
        {
            Page<T> page = fetch(token, pageSize, false, CancellationToken).Completed();
            yield return page;
            token = page.ContinuationToken;
        }
        while (token is not null);
    }
}
