using System.Diagnostics;
using System.Net;
using System.Reflection;
using Abm.Local.Hosting;

namespace Microsoft.Azure.Functions.Worker.Queues;

/// <summary>
/// Notices when this process puts a message on a queue with any client, the app's own included, and wakes the queue's listener: the platform's
/// host does so for its own sends. It listens to the HTTP client's diagnostics for an answered <c>POST …/messages</c>.
/// </summary>
internal sealed class QueueSendObserver(QueueWakeUp wakeUp) : IObserver<DiagnosticListener>, IObserver<KeyValuePair<string, object?>>, IDisposable
{
    private const string ListenerName = "HttpHandlerDiagnosticListener";
    private const string ResponseEvent = "System.Net.Http.Response";
    private readonly List<IDisposable> _subscriptions = [];
    private PropertyInfo? _response;

    public void Start() => _subscriptions.Add(DiagnosticListener.AllListeners.Subscribe(this));

    void IObserver<DiagnosticListener>.OnNext(DiagnosticListener value)
    {
        if (value.Name == ListenerName)
            _subscriptions.Add(value.Subscribe(this, static (name, _, _) => name == ResponseEvent));
    }

    void IObserver<KeyValuePair<string, object?>>.OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Key != ResponseEvent || value.Value is not { } payload)
            return;
        _response ??= payload.GetType().GetProperty("Response");
        if (_response?.GetValue(payload) is HttpResponseMessage { StatusCode: HttpStatusCode.Created, RequestMessage: { } request } && request.Method == HttpMethod.Post)
            Sent(request.RequestUri);
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

    private void Sent(Uri? address)
    {
        const string Messages = "/messages";
        string? path = address?.GetLeftPart(UriPartial.Path);
        if (path is not null && path.EndsWith(Messages, StringComparison.Ordinal) && !HasDelay(address!.Query))
            wakeUp.Signal(new Uri(path[..^Messages.Length]));
    }

    /// <summary>A message that is hidden at first is found by polling.</summary>
    private static bool HasDelay(string query)
    {
        const string Name = "visibilitytimeout=";
        int at = query.IndexOf(Name, StringComparison.OrdinalIgnoreCase);
        return at >= 0 && at + Name.Length < query.Length && query[at + Name.Length] != '0';
    }
}
