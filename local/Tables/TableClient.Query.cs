using System.Linq.Expressions;
using Azure.Core;
using Azure.Data.Tables.Entities;
using Azure.Data.Tables.Filters;
using Azure.Data.Tables.Wire;

namespace Azure.Data.Tables;

public partial class TableClient
{
    /// <summary>Builds a filter from interpolated text: values are quoted, escaped and given the marks of their type.</summary>
    /// <example><c>TableClient.CreateQueryFilter($"PartitionKey eq {partition} and Seen ge {since}")</c></example>
    /// <exception cref="ArgumentException">A value's type has no literal in a filter.</exception>
    public static string CreateQueryFilter(FormattableString filter) => FilterLiteral.Format(filter);

    /// <summary>Builds a filter from a condition on a row. See <see cref="QueryAsync{T}(Expression{Func{T, bool}}, int?, IEnumerable{string}, CancellationToken)"/>.</summary>
    /// <exception cref="NotSupportedException">The condition uses something that filters cannot say.</exception>
    public static string CreateQueryFilter<T>(Expression<Func<T, bool>> filter) => FilterTranslator.Translate(filter);

    /// <summary>The rows that match, ordered by partition key, then row key, page after page while they are enumerated.</summary>
    /// <param name="filter">A filter in the service's language; null for all rows.</param>
    /// <param name="maxPerPage">Rows of a page, 1 to 1,000; 1,000 by default.</param>
    /// <param name="select">The columns to read; null for all.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <exception cref="RequestFailedException">400 InvalidInput: the filter is malformed. 404 TableNotFound.</exception>
    public virtual Pageable<T> Query<T>(
        string? filter = null, int? maxPerPage = null, IEnumerable<string>? select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity => new PagedQuery<T>(Fetch<T>(filter, select), maxPerPage, cancellationToken);

    /// <inheritdoc cref="Query{T}(string, int?, IEnumerable{string}, CancellationToken)"/>
    public virtual AsyncPageable<T> QueryAsync<T>(
        string? filter = null, int? maxPerPage = null, IEnumerable<string>? select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity => new AsyncPagedQuery<T>(Fetch<T>(filter, select), maxPerPage, cancellationToken);

    /// <summary>The rows that match a condition.</summary>
    /// <param name="filter">
    /// Comparisons of a column with a value, joined by <c>&amp;&amp;</c>, <c>||</c> and <c>!</c>; text is compared in order with
    /// <c>string.Compare(x.Column, value) &gt;= 0</c> or <c>x.Column.CompareTo(value) &gt;= 0</c>.
    /// </param>
    /// <param name="maxPerPage">Rows of a page, 1 to 1,000; 1,000 by default.</param>
    /// <param name="select">The columns to read; null for all.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    /// <exception cref="NotSupportedException">The condition uses something that filters cannot say.</exception>
    public virtual Pageable<T> Query<T>(
        Expression<Func<T, bool>> filter, int? maxPerPage = null, IEnumerable<string>? select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity => Query<T>(FilterTranslator.Translate(filter), maxPerPage, select, cancellationToken);

    /// <inheritdoc cref="Query{T}(Expression{Func{T, bool}}, int?, IEnumerable{string}, CancellationToken)"/>
    public virtual AsyncPageable<T> QueryAsync<T>(
        Expression<Func<T, bool>> filter, int? maxPerPage = null, IEnumerable<string>? select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity => QueryAsync<T>(FilterTranslator.Translate(filter), maxPerPage, select, cancellationToken);

    private FetchPage<T> Fetch<T>(string? filter, IEnumerable<string>? select)
        where T : class, ITableEntity
    {
        string? columns = select is null ? null : string.Join(',', select);
        return (token, pageSize, async, cancellationToken) => FetchPageAsync<T>(filter, columns, token, pageSize, async, cancellationToken);
    }

    private async ValueTask<Page<T>> FetchPageAsync<T>(
        string? filter, string? columns, string? token, int? pageSize, bool async, CancellationToken cancellationToken)
        where T : class, ITableEntity
    {
        (string? nextPartition, string? nextRow) = Continuation.Split(token);
        string address = new QueryString(EntityRequests.TableAddress(_pipeline, Name) + "()")
            .Add("$filter", filter)
            .Add("$select", columns)
            .Add("$top", pageSize)
            .Add("NextPartitionKey", nextPartition)
            .Add("NextRowKey", nextRow)
            .ToString();
        using HttpMessage message = _pipeline.CreateMessage(RequestMethod.Get, address);
        Response response = await _pipeline.SendAsync(message, async, cancellationToken).ConfigureAwait(false);
        return Page<T>.FromValues(EntitySerializer.DeserializePage<T>(response), Continuation.Read(response), response);
    }
}
