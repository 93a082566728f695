using System.Collections.Concurrent;
using System.Diagnostics;
using System.Reflection;

namespace Abm.Benchmarks.Harness;

/// <summary>What a request to storage does, as far as its cost is concerned.</summary>
internal enum StorageAct
{
    /// <summary>Reads one row.</summary>
    Read,

    /// <summary>Reads a range of rows.</summary>
    Query,

    Insert,
    Update,
    Delete,
    Transaction,
    QueueSend,
    QueueReceive,
    QueueDelete,

    /// <summary>What is done again and again however much or little there is to do: signs of life, looking for due work, empty receives.</summary>
    Upkeep,
}

/// <summary>Counts the storage requests of this process, by listening to the HTTP client's diagnostics as the runtime itself does.</summary>
internal sealed class RequestCounter : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private const string ListenerName = "HttpHandlerDiagnosticListener";
    private const string RequestEvent = "System.Net.Http.Request";
    private readonly ConcurrentDictionary<StorageAct, int> _counts = new();
    private readonly List<IDisposable> _subscriptions = [];
    private PropertyInfo? _request;

    private RequestCounter()
    {
    }

    public static RequestCounter Start()
    {
        var counter = new RequestCounter();
        counter._subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(counter));
        return counter;
    }

    /// <summary>What was counted since the last time.</summary>
    public IReadOnlyDictionary<StorageAct, int> Take()
    {
        var taken = new Dictionary<StorageAct, int>();
        foreach (StorageAct act in Enum.GetValues<StorageAct>())
        {
            if (_counts.TryRemove(act, out int count))
                taken[act] = count;
        }

        return taken;
    }

    /// <summary>What a request does. The address tells tables from queues and single rows from ranges.</summary>
    public static StorageAct Classify(string method, string path, string query)
    {
        if (path.Contains("/messages", StringComparison.Ordinal))
        {
            return method switch
            {
                "POST" => StorageAct.QueueSend,
                "GET" => StorageAct.QueueReceive,
                "PUT" => StorageAct.Upkeep,
                _ => StorageAct.QueueDelete,
            };
        }

        string decoded = Uri.UnescapeDataString(path);
        bool isWakeIndex = decoded.EndsWith("LocalWakes()", StringComparison.Ordinal) || (decoded.EndsWith("LocalWakes", StringComparison.Ordinal) && method == "GET");
        if (isWakeIndex || decoded.Contains("PartitionKey='sessions'", StringComparison.Ordinal))
            return StorageAct.Upkeep;
        return method switch
        {
            "POST" when decoded.EndsWith("$batch", StringComparison.Ordinal) => StorageAct.Transaction,
            "POST" => StorageAct.Insert,
            "PUT" or "MERGE" or "PATCH" => StorageAct.Update,
            "DELETE" => StorageAct.Delete,
            _ => decoded.Contains("RowKey='", StringComparison.Ordinal) ? StorageAct.Read : StorageAct.Query,
        };
    }

    void IObserver<DiagnosticListener>.OnNext(DiagnosticListener value)
    {
        if (value.Name == ListenerName)
            _subscriptions.Add(value.Subscribe(this, static (name, _, _) => name == RequestEvent));
    }

    void IObserver<KeyValuePair<string, object?>>.OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Key != RequestEvent || value.Value is not { } payload)
            return;
        _request ??= payload.GetType().GetProperty("Request");
        if (_request?.GetValue(payload) is HttpRequestMessage { RequestUri: { } address } request)
            _counts.AddOrUpdate(Classify(request.Method.Method, address.AbsolutePath, address.Query), 1, static (_, count) => count + 1);
    }

    void IObserver<DiagnosticListener>.OnCompleted()
    {
    }

    void IObserver<DiagnosticListener>.OnError(Exception error)
    {
    }

    void IObserver<KeyValuePair<string, object?>>.OnCompleted()
    {
    }

    void IObserver<KeyValuePair<string, object?>>.OnError(Exception error)
    {
    }

    public void Dispose()
    {
        foreach (IDisposable subscription in _subscriptions)
            subscription.Dispose();
    }
}
