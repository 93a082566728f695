using System.Net;
using System.Net.Sockets;
using Abm.Local.Azurite;

namespace Abm.Local.Tests.Azurite;

/// <summary>Who listens on the emulator's ports is told apart by patience: apart from the other tests, since these mostly wait.</summary>
public sealed class StoragePortTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_port_that_another_program_holds_is_named_in_one_line()
    {
        using TcpListener other = new(IPAddress.Loopback, 0);
        other.Start();
        int port = ((IPEndPoint)other.LocalEndpoint).Port;
        Task greeting = HangUpAsync();
        string connection = $"AccountName=devstoreaccount1;QueueEndpoint=http://127.0.0.1:{port}/devstoreaccount1";

        AzuriteException refused = await Assert.ThrowsAsync<AzuriteException>(() => AzuriteServer.EnsureRunningAsync(connection, _ => { }, Token));

        Assert.Contains($"Port {port} (Queue) is taken by another program", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', refused.Message);
        await greeting;

        async Task HangUpAsync()
        {
            for (int call = 0; call < 2; call++)
                (await other.AcceptTcpClientAsync(Token)).Dispose();
        }
    }

    [Fact]
    public async Task An_emulator_too_busy_to_take_a_call_or_to_answer_at_once_is_there_all_the_same()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere callers beyond the queue are refused, not left waiting.");
        using TcpListener busy = new(IPAddress.Loopback, 0);
        busy.Start(backlog: 0);
        int port = ((IPEndPoint)busy.LocalEndpoint).Port;
        List<TcpClient> callers = await FillAsync(port);

        Task<AzuriteServer?> asked = AzuriteServer.EnsureRunningAsync($"AccountName=devstoreaccount1;QueueEndpoint=http://127.0.0.1:{port}/devstoreaccount1", _ => { }, Token);
        await Task.Delay(TimeSpan.FromSeconds(4.5), Token); // longer than two calls are tried for
        Task answering = AnswerAsync();

        Assert.Null(await asked);
        callers.ForEach(caller => caller.Dispose());
        busy.Stop();
        await answering;

        static async Task<List<TcpClient>> FillAsync(int port)
        {
            List<TcpClient> waiting = [];
            while (true)
            {
                TcpClient next = new();
                waiting.Add(next);
                Task call = next.ConnectAsync("127.0.0.1", port);
                if (await Task.WhenAny(call, Task.Delay(300, Token)) != call)
                    return waiting;
                await call;
            }
        }

        async Task AnswerAsync()
        {
            List<Task> answers = [];
            try
            {
                while (true)
                    answers.Add(AnswerOneAsync(await busy.AcceptTcpClientAsync(Token)));
            }
            catch (Exception stopped) when (stopped is SocketException or ObjectDisposedException)
            {
                await Task.WhenAll(answers);
            }
        }

        static async Task AnswerOneAsync(TcpClient caller)
        {
            using (caller)
            {
                try
                {
                    if (await caller.GetStream().ReadAsync(new byte[4096], Token) > 0)
                        await caller.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\nServer: Azurite-Queue/3.35.0\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"u8.ToArray(), Token);
                }
                catch (IOException)
                {
                    // a caller that was only there to fill the queue
                }
            }
        }
    }
}
