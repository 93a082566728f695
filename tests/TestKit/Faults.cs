namespace Abm.TestKit;

/// <summary>A crash at a chosen point: the process dies right after a call to the outside world took effect.</summary>
public sealed class Faults
{
    private readonly Lock _lock = new();
    private readonly List<string> _calls = [];
    private int _crashAfter;

    /// <summary>The calls made since the last <see cref="CrashAfter"/> or <see cref="Off"/>, in order.</summary>
    public IReadOnlyList<string> Calls => _calls;

    /// <summary>Dies after the n-th call from now on, counted from 1.</summary>
    public void CrashAfter(int call)
    {
        lock (_lock)
        {
            _calls.Clear();
            _crashAfter = call;
        }
    }

    /// <summary>Nothing dies any more.</summary>
    public void Off() => CrashAfter(0);

    internal void Happened(string call)
    {
        bool dies;
        lock (_lock)
        {
            _calls.Add(call);
            dies = _calls.Count == _crashAfter;
        }

        if (dies)
            throw new InjectedCrashException($"Died after call {_crashAfter}: {call}.");
    }
}

/// <summary>The end of a process, as far as a test is concerned.</summary>
public sealed class InjectedCrashException(string message) : Exception(message);
