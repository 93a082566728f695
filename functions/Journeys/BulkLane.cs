using Abm.Decisions;
using Abm.Functions.Messages;
using Abm.Plays;
using Abm.Ports;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Journeys;

/// <summary>
/// Lets leads that came many at once in by turns: two messages at a time in a process, and a message is done only when the last play that it started has begun. So never more
/// plays wait for their first turn than a second or two of work, however long the file was and however slow the storage is, and what is due goes on beside them.
/// </summary>
/// <remarks>That a play has begun is read from its file: the same on every host, and a backlog that other instances of the app made counts too.</remarks>
public sealed class BulkLane(IPlayFiles plays, TimeProvider clock, ILogger<BulkLane> logger) : IDisposable
{
    /// <summary>Messages of this process that are worked on at the same time.</summary>
    public const int AtOnce = 2;

    /// <summary>How long a message waits for its last play; plays that are switched off do not begin.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    /// <summary>After a wait in vain nothing is waited for during this time.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan FirstLook = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestStep = TimeSpan.FromSeconds(2);
    private readonly SemaphoreSlim _turns = new(AtOnce, AtOnce);
    private long _waitsFromTicks;

    /// <summary>Runs a message in its turn.</summary>
    /// <param name="run">Decides its leads, starting plays by what it is given.</param>
    /// <returns>What <paramref name="run"/> returned.</returns>
    public async Task<T> RunAsync<T>(Func<IPlayStarter, Task<T>> run, IPlayStarter starter, CancellationToken cancellationToken)
    {
        await _turns.WaitAsync(cancellationToken);
        try
        {
            BulkStarter bulk = new(starter);
            T came = await run(bulk);
            if (bulk.LastPlayId is { } last && clock.GetUtcNow().UtcTicks >= Interlocked.Read(ref _waitsFromTicks))
                await UntilBegunAsync(last, cancellationToken);
            return came;
        }
        finally
        {
            _turns.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _turns.Dispose();

    private async Task UntilBegunAsync(string playId, CancellationToken cancellationToken)
    {
        TimeSpan step = FirstLook;
        for (TimeSpan waited = TimeSpan.Zero; waited < LongestWait; waited += step, step = step * 2 < LongestStep ? step * 2 : LongestStep)
        {
            await Task.Delay(step, clock, cancellationToken);
            if (await plays.FindAsync(playId, cancellationToken) is not null)
                return;
        }

        Interlocked.Exchange(ref _waitsFromTicks, (clock.GetUtcNow() + Pause).UtcTicks);
        logger.PlaysBeginLate(playId, LongestWait.TotalSeconds);
    }

    /// <summary>Marks the plays that it starts as some of many.</summary>
    private sealed class BulkStarter(IPlayStarter starter) : IPlayStarter
    {
        public string? LastPlayId { get; private set; }

        public async Task StartAsync(PlayStartInput start, CancellationToken cancellationToken)
        {
            await starter.StartAsync(start with { IsBulk = true }, cancellationToken);
            LastPlayId = start.PlayId;
        }

        public Task<bool> StopAsync(string playId, PlayStop stop, CancellationToken cancellationToken) => starter.StopAsync(playId, stop, cancellationToken);

        public Task<bool> ClocksChangedAsync(string playId, CancellationToken cancellationToken) => starter.ClocksChangedAsync(playId, cancellationToken);

        public Task<bool> SignalAsync(string playId, CancellationToken cancellationToken) => starter.SignalAsync(playId, cancellationToken);
    }
}
