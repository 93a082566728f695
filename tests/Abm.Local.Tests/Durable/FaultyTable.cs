using Abm.Local.Durable.Storage;

namespace Abm.Local.Tests.Durable;

/// <summary>How a storage call goes wrong.</summary>
public enum FaultKind
{
    /// <summary>The process dies before the call does anything.</summary>
    CrashBefore,

    /// <summary>The call is done, then the process dies.</summary>
    CrashAfter,

    /// <summary>The call fails without doing anything; the process lives.</summary>
    FailBefore,

    /// <summary>The call is done but its answer is lost; the process lives.</summary>
    FailAfter,
}

/// <summary>Lets one storage call of a process go wrong. After a crash nothing of that process reaches storage any more.</summary>
internal sealed class Fault(int at, FaultKind kind)
{
    private readonly Lock _gate = new();
    private int _calls;

    public static Fault None => new(int.MaxValue, FaultKind.CrashBefore);

    public bool IsDead { get; private set; }

    public int Calls => _calls;

    /// <summary>Ends the process now.</summary>
    public void Kill() => IsDead = true;

    public async Task<T> CallAsync<T>(Func<Task<T>> call)
    {
        bool now;
        lock (_gate)
        {
            if (IsDead)
                throw new IOException("The process is dead.");
            now = ++_calls == at;
            if (now && kind is FaultKind.CrashBefore or FaultKind.CrashAfter)
                IsDead |= now;
        }

        if (now && kind is FaultKind.CrashBefore or FaultKind.FailBefore && now)
            throw new IOException("Failed before the call.");
        T result = await call();
        return now ? throw new IOException("Failed after the call.") : result;
    }
}

/// <summary>A table seen through a process that may fail.</summary>
internal sealed class FaultyTable(ITable inner, Fault fault) : ITable
{
    public ITable Inner => inner;

    public Task CreateIfMissingAsync(CancellationToken cancellationToken) => fault.CallAsync(async () =>
    {
        await inner.CreateIfMissingAsync(cancellationToken);
        return true;
    });

    public Task<TableRow?> GetAsync(string partitionKey, string rowKey, IReadOnlyList<string>? select, CancellationToken cancellationToken) =>
        fault.CallAsync(() => inner.GetAsync(partitionKey, rowKey, select, cancellationToken));

    public Task<string?> AddAsync(TableRow row, CancellationToken cancellationToken) => fault.CallAsync(() => inner.AddAsync(row, cancellationToken));

    public Task<string?> UpdateAsync(TableRow row, string etag, bool merge, CancellationToken cancellationToken) =>
        fault.CallAsync(() => inner.UpdateAsync(row, etag, merge, cancellationToken));

    public Task UpsertAsync(TableRow row, CancellationToken cancellationToken) => fault.CallAsync(async () =>
    {
        await inner.UpsertAsync(row, cancellationToken);
        return true;
    });

    public Task<bool> DeleteAsync(string partitionKey, string rowKey, string? etag, CancellationToken cancellationToken) =>
        fault.CallAsync(() => inner.DeleteAsync(partitionKey, rowKey, etag, cancellationToken));

    public Task<TablePage> QueryAsync(TableRange range, int pageSize, string? continuation, CancellationToken cancellationToken) =>
        fault.CallAsync(() => inner.QueryAsync(range, pageSize, continuation, cancellationToken));
}
