using System.Linq.Expressions;
using Azure.Core;
using Azure.Data.Tables.Filters;
using Azure.Data.Tables.Models;
using Azure.Data.Tables.Wire;

namespace Azure.Data.Tables;

/// <summary>The tables of one account. Safe to share between threads; make one and keep it: its table clients share its connections and sign-in.</summary>
public class TableServiceClient
{
    private readonly TablePipeline _pipeline;

    /// <summary>The account that a connection string names.</summary>
    /// <exception cref="FormatException">The connection string is malformed.</exception>
    public TableServiceClient(string connectionString)
        : this(connectionString, null)
    {
    }

    /// <inheritdoc cref="TableServiceClient(string)"/>
    public TableServiceClient(string connectionString, TableClientOptions? options = null)
        : this(TablePipeline.From(connectionString, options))
    {
    }

    /// <summary>The account at this address, with a shared access signature that can be renewed.</summary>
    public TableServiceClient(Uri endpoint, AzureSasCredential credential)
        : this(endpoint, credential, null)
    {
    }

    /// <inheritdoc cref="TableServiceClient(Uri, AzureSasCredential)"/>
    public TableServiceClient(Uri endpoint, AzureSasCredential credential, TableClientOptions? options = null)
        : this(TablePipeline.From(TableAddress.Parse(endpoint), credential, options))
    {
    }

    /// <summary>The account at this https address, with a token.</summary>
    public TableServiceClient(Uri endpoint, TokenCredential tokenCredential, TableClientOptions? options = null)
        : this(TablePipeline.From(TableAddress.Parse(endpoint), tokenCredential, options))
    {
    }

    /// <summary>The account at this address, which carries a shared access signature in its query.</summary>
    public TableServiceClient(Uri endpoint, TableClientOptions? options = null)
        : this(TablePipeline.From(TableAddress.Parse(endpoint), options))
    {
    }

    /// <summary>The account at this address, with its key.</summary>
    public TableServiceClient(Uri endpoint, TableSharedKeyCredential credential)
        : this(endpoint, credential, null)
    {
    }

    /// <inheritdoc cref="TableServiceClient(Uri, TableSharedKeyCredential)"/>
    public TableServiceClient(Uri endpoint, TableSharedKeyCredential credential, TableClientOptions? options)
        : this(TablePipeline.From(TableAddress.Parse(endpoint), credential, options))
    {
    }

    /// <summary>For test doubles that override the members they need.</summary>
    protected TableServiceClient()
    {
        _pipeline = null!;
        AccountName = "";
        Uri = null!;
    }

    private TableServiceClient(TablePipeline pipeline)
    {
        _pipeline = pipeline;
        AccountName = pipeline.AccountName;
        Uri = pipeline.Service;
    }

    /// <summary>The storage account.</summary>
    public virtual string AccountName { get; }

    /// <summary>The account's endpoint, without any signature.</summary>
    public virtual Uri Uri { get; }

    /// <summary>A client for one table; nothing is sent.</summary>
    public virtual TableClient GetTableClient(string tableName) => new(_pipeline, tableName);

    /// <summary>Creates a table.</summary>
    /// <exception cref="RequestFailedException">409 TableAlreadyExists: it exists; 409 TableBeingDeleted: it was deleted just now.</exception>
    public virtual Response<TableItem> CreateTable(string tableName, CancellationToken cancellationToken = default) =>
        TableOperations.CreateAsync(_pipeline, tableName, existingIsFine: false, async: false, cancellationToken).Completed();

    /// <inheritdoc cref="CreateTable"/>
    public virtual async Task<Response<TableItem>> CreateTableAsync(string tableName, CancellationToken cancellationToken = default) =>
        await TableOperations.CreateAsync(_pipeline, tableName, existingIsFine: false, async: true, cancellationToken).ConfigureAwait(false);

    /// <summary>Creates a table unless it exists.</summary>
    public virtual Response<TableItem> CreateTableIfNotExists(string tableName, CancellationToken cancellationToken = default) =>
        TableOperations.CreateAsync(_pipeline, tableName, existingIsFine: true, async: false, cancellationToken).Completed();

    /// <inheritdoc cref="CreateTableIfNotExists"/>
    public virtual async Task<Response<TableItem>> CreateTableIfNotExistsAsync(string tableName, CancellationToken cancellationToken = default) =>
        await TableOperations.CreateAsync(_pipeline, tableName, existingIsFine: true, async: true, cancellationToken).ConfigureAwait(false);

    /// <summary>Deletes a table and all its rows. A table that is not there comes back as status 404, not as an exception.</summary>
    public virtual Response DeleteTable(string tableName, CancellationToken cancellationToken = default) =>
        TableOperations.DeleteAsync(_pipeline, tableName, async: false, cancellationToken).Completed();

    /// <inheritdoc cref="DeleteTable"/>
    public virtual async Task<Response> DeleteTableAsync(string tableName, CancellationToken cancellationToken = default) =>
        await TableOperations.DeleteAsync(_pipeline, tableName, async: true, cancellationToken).ConfigureAwait(false);

    /// <summary>The tables that match, page after page while they are enumerated.</summary>
    /// <param name="filter">A filter on <c>TableName</c>; null for all tables.</param>
    /// <param name="maxPerPage">Tables of a page, 1 to 1,000.</param>
    /// <param name="cancellationToken">Ends the enumeration.</param>
    public virtual Pageable<TableItem> Query(string? filter = null, int? maxPerPage = null, CancellationToken cancellationToken = default) =>
        new PagedQuery<TableItem>(Fetch(filter), maxPerPage, cancellationToken);

    /// <inheritdoc cref="Query(string, int?, CancellationToken)"/>
    public virtual AsyncPageable<TableItem> QueryAsync(string? filter = null, int? maxPerPage = null, CancellationToken cancellationToken = default) =>
        new AsyncPagedQuery<TableItem>(Fetch(filter), maxPerPage, cancellationToken);

    /// <inheritdoc cref="Query(string, int?, CancellationToken)"/>
    public virtual Pageable<TableItem> Query(FormattableString filter, int? maxPerPage = null, CancellationToken cancellationToken = default) =>
        Query(CreateQueryFilter(filter), maxPerPage, cancellationToken);

    /// <inheritdoc cref="Query(string, int?, CancellationToken)"/>
    public virtual AsyncPageable<TableItem> QueryAsync(FormattableString filter, int? maxPerPage = null, CancellationToken cancellationToken = default) =>
        QueryAsync(CreateQueryFilter(filter), maxPerPage, cancellationToken);

    /// <inheritdoc cref="Query(string, int?, CancellationToken)"/>
    public virtual Pageable<TableItem> Query(
        Expression<Func<TableItem, bool>> filter, int? maxPerPage = null, CancellationToken cancellationToken = default) =>
        Query(CreateQueryFilter(filter), maxPerPage, cancellationToken);

    /// <inheritdoc cref="Query(string, int?, CancellationToken)"/>
    public virtual AsyncPageable<TableItem> QueryAsync(
        Expression<Func<TableItem, bool>> filter, int? maxPerPage = null, CancellationToken cancellationToken = default) =>
        QueryAsync(CreateQueryFilter(filter), maxPerPage, cancellationToken);

    /// <summary>Builds a filter from interpolated text: values are quoted, escaped and given the marks of their type.</summary>
    public static string CreateQueryFilter(FormattableString filter) => FilterLiteral.Format(filter);

    /// <summary>Builds a filter from a condition on a table's name.</summary>
    public static string CreateQueryFilter(Expression<Func<TableItem, bool>> filter) => FilterTranslator.Translate(filter);

    private FetchPage<TableItem> Fetch(string? filter) => (token, pageSize, async, cancellationToken) =>
        TableOperations.ListAsync(_pipeline, filter, pageSize, token, async, cancellationToken);
}
