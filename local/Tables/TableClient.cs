using Azure.Core;
using Azure.Data.Tables.Models;
using Azure.Data.Tables.Wire;

namespace Azure.Data.Tables;

/// <summary>
/// One table: rows in, out and changed. Safe to share between threads; make one and keep it. Members that end in Async do not block;
/// the others do the same on the caller's thread.
/// </summary>
public partial class TableClient
{
    private readonly TablePipeline _pipeline;

    /// <summary>A table of the account that a connection string names.</summary>
    /// <exception cref="FormatException">The connection string is malformed.</exception>
    public TableClient(string connectionString, string tableName)
        : this(connectionString, tableName, null)
    {
    }

    /// <inheritdoc cref="TableClient(string, string)"/>
    public TableClient(string connectionString, string tableName, TableClientOptions? options = null)
        : this(TablePipeline.From(connectionString, options), tableName)
    {
    }

    /// <summary>A table by its address, which carries a shared access signature in its query.</summary>
    public TableClient(Uri endpoint, TableClientOptions? options = null)
        : this(TablePipeline.From(TableAddress.Parse(endpoint), options), TableOf(endpoint))
    {
    }

    /// <summary>A table by its address, with a shared access signature that can be renewed.</summary>
    public TableClient(Uri endpoint, AzureSasCredential credential, TableClientOptions? options = null)
        : this(TablePipeline.From(TableAddress.Parse(endpoint), credential, options), TableOf(endpoint))
    {
    }

    /// <summary>A table of the account at this address, with the account's key.</summary>
    public TableClient(Uri endpoint, string tableName, TableSharedKeyCredential credential)
        : this(endpoint, tableName, credential, null)
    {
    }

    /// <inheritdoc cref="TableClient(Uri, string, TableSharedKeyCredential)"/>
    public TableClient(Uri endpoint, string tableName, TableSharedKeyCredential credential, TableClientOptions? options = null)
        : this(TablePipeline.From(TableAddress.Parse(endpoint), credential, options), tableName)
    {
    }

    /// <summary>A table of the account at this https address, with a token.</summary>
    public TableClient(Uri endpoint, string tableName, TokenCredential tokenCredential, TableClientOptions? options = null)
        : this(TablePipeline.From(TableAddress.Parse(endpoint), tokenCredential, options), tableName)
    {
    }

    /// <summary>For test doubles that override the members they need.</summary>
    protected TableClient()
    {
        _pipeline = null!;
        Name = "";
        AccountName = "";
        Uri = null!;
    }

    internal TableClient(TablePipeline pipeline, string tableName)
    {
        ArgumentException.ThrowIfNullOrEmpty(tableName);
        _pipeline = pipeline;
        Name = tableName;
        AccountName = pipeline.AccountName;
        Uri = new Uri($"{pipeline.ServiceText}/{Uri.EscapeDataString(tableName)}");
    }

    /// <summary>The storage account.</summary>
    public virtual string AccountName { get; }

    /// <summary>The table.</summary>
    public virtual string Name { get; }

    /// <summary>The table's address, without any signature.</summary>
    public virtual Uri Uri { get; }

    /// <summary>Creates the table.</summary>
    /// <exception cref="RequestFailedException">409 TableAlreadyExists: it exists; 409 TableBeingDeleted: it was deleted just now.</exception>
    public virtual Response<TableItem> Create(CancellationToken cancellationToken = default) =>
        TableOperations.CreateAsync(_pipeline, Name, existingIsFine: false, async: false, cancellationToken).Completed();

    /// <inheritdoc cref="Create"/>
    public virtual async Task<Response<TableItem>> CreateAsync(CancellationToken cancellationToken = default) =>
        await TableOperations.CreateAsync(_pipeline, Name, existingIsFine: false, async: true, cancellationToken).ConfigureAwait(false);

    /// <summary>Creates the table unless it exists.</summary>
    public virtual Response<TableItem> CreateIfNotExists(CancellationToken cancellationToken = default) =>
        TableOperations.CreateAsync(_pipeline, Name, existingIsFine: true, async: false, cancellationToken).Completed();

    /// <inheritdoc cref="CreateIfNotExists"/>
    public virtual async Task<Response<TableItem>> CreateIfNotExistsAsync(CancellationToken cancellationToken = default) =>
        await TableOperations.CreateAsync(_pipeline, Name, existingIsFine: true, async: true, cancellationToken).ConfigureAwait(false);

    /// <summary>Deletes the table and all its rows. A table that is not there comes back as status 404, not as an exception.</summary>
    public virtual Response Delete(CancellationToken cancellationToken = default) =>
        TableOperations.DeleteAsync(_pipeline, Name, async: false, cancellationToken).Completed();

    /// <inheritdoc cref="Delete"/>
    public virtual async Task<Response> DeleteAsync(CancellationToken cancellationToken = default) =>
        await TableOperations.DeleteAsync(_pipeline, Name, async: true, cancellationToken).ConfigureAwait(false);

    private static string TableOf(Uri endpoint) => TableAddress.Parse(endpoint).TableName
        ?? throw new ArgumentException("The address names no table.", nameof(endpoint));
}
