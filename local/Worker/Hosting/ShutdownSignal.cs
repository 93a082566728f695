namespace Abm.Local.Hosting;

/// <summary>Running invocations get time to end when the runtime shuts down; then this token asks them to.</summary>
public sealed class ShutdownSignal : IDisposable
{
    private readonly CancellationTokenSource _source = new();

    /// <summary>Cancelled when the patience is over.</summary>
    public CancellationToken Token => _source.Token;

    /// <summary>Cancels the token after the delay.</summary>
    internal void RaiseAfter(TimeSpan patience) => _source.CancelAfter(patience);

    /// <inheritdoc/>
    public void Dispose() => _source.Dispose();
}
