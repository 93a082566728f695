using Azure.Core;
using Azure.Data.Tables.Entities;
using Azure.Data.Tables.Models;
using Azure.Data.Tables.Wire;

namespace Azure.Data.Tables;

public partial class TableClient
{
    /// <summary>Inserts a row. The new version's tag is in the answer's headers; the row itself is not changed.</summary>
    /// <exception cref="RequestFailedException">409 EntityAlreadyExists; 404 TableNotFound; 400 when the row breaks a limit.</exception>
    public virtual Response AddEntity<T>(T entity, CancellationToken cancellationToken = default)
        where T : ITableEntity => AddAsync(entity, async: false, cancellationToken).Completed();

    /// <inheritdoc cref="AddEntity{T}"/>
    public virtual async Task<Response> AddEntityAsync<T>(T entity, CancellationToken cancellationToken = default)
        where T : ITableEntity => await AddAsync(entity, async: true, cancellationToken).ConfigureAwait(false);

    /// <summary>Inserts a row or, whatever its version, merges into it or replaces it.</summary>
    public virtual Response UpsertEntity<T>(T entity, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity => WriteAsync(entity, null, mode, async: false, cancellationToken).Completed();

    /// <inheritdoc cref="UpsertEntity{T}"/>
    public virtual async Task<Response> UpsertEntityAsync<T>(
        T entity, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity => await WriteAsync(entity, null, mode, async: true, cancellationToken).ConfigureAwait(false);

    /// <summary>Merges into or replaces an existing row whose current version has this tag; <see cref="ETag.All"/> takes any version.</summary>
    /// <exception cref="ArgumentException">No tag was given.</exception>
    /// <exception cref="RequestFailedException">412 UpdateConditionNotSatisfied: somebody wrote first; 404 ResourceNotFound: there is no such row.</exception>
    public virtual Response UpdateEntity<T>(
        T entity, ETag ifMatch, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity => WriteAsync(entity, Required(ifMatch), mode, async: false, cancellationToken).Completed();

    /// <inheritdoc cref="UpdateEntity{T}"/>
    public virtual async Task<Response> UpdateEntityAsync<T>(
        T entity, ETag ifMatch, TableUpdateMode mode = TableUpdateMode.Merge, CancellationToken cancellationToken = default)
        where T : ITableEntity => await WriteAsync(entity, Required(ifMatch), mode, async: true, cancellationToken).ConfigureAwait(false);

    /// <summary>Deletes a row whose current version has this tag, or any version by default. A row that is not there comes back as status 404, not as an exception.</summary>
    /// <exception cref="RequestFailedException">412 UpdateConditionNotSatisfied: somebody wrote first.</exception>
    public virtual Response DeleteEntity(string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default) =>
        RemoveAsync(partitionKey, rowKey, ifMatch, async: false, cancellationToken).Completed();

    /// <inheritdoc cref="DeleteEntity(string, string, ETag, CancellationToken)"/>
    public virtual async Task<Response> DeleteEntityAsync(
        string partitionKey, string rowKey, ETag ifMatch = default, CancellationToken cancellationToken = default) =>
        await RemoveAsync(partitionKey, rowKey, ifMatch, async: true, cancellationToken).ConfigureAwait(false);

    /// <summary>Deletes a row by its keys; the row's own tag does not count, only <paramref name="ifMatch"/> does.</summary>
    public virtual Response DeleteEntity(ITableEntity entity, ETag ifMatch = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return RemoveAsync(entity.PartitionKey, entity.RowKey, ifMatch, async: false, cancellationToken).Completed();
    }

    /// <inheritdoc cref="DeleteEntity(ITableEntity, ETag, CancellationToken)"/>
    public virtual async Task<Response> DeleteEntityAsync(ITableEntity entity, ETag ifMatch = default, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(entity);
        return await RemoveAsync(entity.PartitionKey, entity.RowKey, ifMatch, async: true, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Reads one row.</summary>
    /// <exception cref="RequestFailedException">404 ResourceNotFound: there is no such row; 404 TableNotFound.</exception>
    public virtual Response<T> GetEntity<T>(
        string partitionKey, string rowKey, IEnumerable<string>? select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity => GetAsync<T>(partitionKey, rowKey, select, async: false, cancellationToken).Completed();

    /// <inheritdoc cref="GetEntity{T}"/>
    public virtual async Task<Response<T>> GetEntityAsync<T>(
        string partitionKey, string rowKey, IEnumerable<string>? select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity => await GetAsync<T>(partitionKey, rowKey, select, async: true, cancellationToken).ConfigureAwait(false);

    /// <summary>Reads one row, or nothing when the row or the table is missing.</summary>
    public virtual NullableResponse<T> GetEntityIfExists<T>(
        string partitionKey, string rowKey, IEnumerable<string>? select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity => FindAsync<T>(partitionKey, rowKey, select, async: false, cancellationToken).Completed();

    /// <inheritdoc cref="GetEntityIfExists{T}"/>
    public virtual async Task<NullableResponse<T>> GetEntityIfExistsAsync<T>(
        string partitionKey, string rowKey, IEnumerable<string>? select = null, CancellationToken cancellationToken = default)
        where T : class, ITableEntity => await FindAsync<T>(partitionKey, rowKey, select, async: true, cancellationToken).ConfigureAwait(false);

    private async ValueTask<Response> AddAsync(ITableEntity? entity, bool async, CancellationToken cancellationToken)
    {
        ThrowIfIncomplete(entity);
        using HttpMessage message = EntityRequests.Add(_pipeline, Name, EntitySerializer.Serialize(entity));
        return await _pipeline.SendAsync(message, async, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<Response> WriteAsync(ITableEntity? entity, ETag? ifMatch, TableUpdateMode mode, bool async, CancellationToken cancellationToken)
    {
        ThrowIfIncomplete(entity);
        string address = EntityRequests.Address(_pipeline, Name, entity.PartitionKey, entity.RowKey);
        using HttpMessage message = EntityRequests.Write(_pipeline, address, EntitySerializer.Serialize(entity), mode, ifMatch);
        return await _pipeline.SendAsync(message, async, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<Response> RemoveAsync(string partitionKey, string rowKey, ETag ifMatch, bool async, CancellationToken cancellationToken)
    {
        CheckKeys(partitionKey, rowKey);
        using HttpMessage message = EntityRequests.Delete(_pipeline, EntityRequests.Address(_pipeline, Name, partitionKey, rowKey), ifMatch);
        TablePipeline.AllowNotFound(message);
        return await _pipeline.SendAsync(message, async, cancellationToken).ConfigureAwait(false);
    }

    private async ValueTask<Response<T>> GetAsync<T>(
        string partitionKey, string rowKey, IEnumerable<string>? select, bool async, CancellationToken cancellationToken)
        where T : class, ITableEntity
    {
        CheckKeys(partitionKey, rowKey);
        using HttpMessage message = EntityRequests.Get(_pipeline, EntityRequests.Address(_pipeline, Name, partitionKey, rowKey), select);
        Response response = await _pipeline.SendAsync(message, async, cancellationToken).ConfigureAwait(false);
        return Response.FromValue(EntitySerializer.Deserialize<T>(response), response);
    }

    private async ValueTask<NullableResponse<T>> FindAsync<T>(
        string partitionKey, string rowKey, IEnumerable<string>? select, bool async, CancellationToken cancellationToken)
        where T : class, ITableEntity
    {
        CheckKeys(partitionKey, rowKey);
        using HttpMessage message = EntityRequests.Get(_pipeline, EntityRequests.Address(_pipeline, Name, partitionKey, rowKey), select);
        TablePipeline.AllowNotFound(message);
        Response response = await _pipeline.SendAsync(message, async, cancellationToken).ConfigureAwait(false);
        return response.Status == 404
            ? new NoValueResponse<T>(response)
            : Response.FromValue(EntitySerializer.Deserialize<T>(response), response);
    }

    private static ETag Required(ETag ifMatch) => ifMatch == default
        ? throw new ArgumentException("An update needs the tag of the version it changes, or ETag.All for any version.", nameof(ifMatch))
        : ifMatch;

    private static void ThrowIfIncomplete([System.Diagnostics.CodeAnalysis.NotNull] ITableEntity? entity)
    {
        ArgumentNullException.ThrowIfNull(entity);
        ArgumentNullException.ThrowIfNull(entity.PartitionKey);
        ArgumentNullException.ThrowIfNull(entity.RowKey);
    }

    private static void CheckKeys(string partitionKey, string rowKey)
    {
        ArgumentNullException.ThrowIfNull(partitionKey);
        ArgumentNullException.ThrowIfNull(rowKey);
        EntitySerializer.CheckKeys(partitionKey, rowKey);
    }
}
