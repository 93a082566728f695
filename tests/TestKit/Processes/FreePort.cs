using System.Net;
using System.Net.Sockets;

namespace Abm.TestKit;

/// <summary>Ports for the processes that tests start and start again.</summary>
public static class FreePort
{
    // Below the range that the system hands out for outgoing connections: a port stays ours while the app on it is killed and started again.
    private const int First = 21000;
    private const int Count = 8000;
    private static int _next = Environment.ProcessId * 37 % Count;

    /// <summary>A port of 127.0.0.1 that nothing listens on and that this process has not handed out before.</summary>
    public static int Take()
    {
        for (int attempt = 0; attempt < Count; attempt++)
        {
            int port = First + (Interlocked.Increment(ref _next) % Count);
            using TcpListener listener = new(IPAddress.Loopback, port);
            try
            {
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                continue; // taken
            }
        }

        throw new InvalidOperationException("No free port on 127.0.0.1.");
    }
}
