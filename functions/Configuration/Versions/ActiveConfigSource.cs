using System.Collections.Concurrent;
using System.Collections.Frozen;
using Abm.Configuration;
using Abm.Functions.Http;
using Abm.Ports;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Configuration.Versions;

/// <summary>How well this process knows which configuration is in force.</summary>
/// <param name="Version">The one it decides by; null before the first was read.</param>
/// <param name="IsCurrent">False: the storage could not be asked lately, and the last known one goes on.</param>
/// <param name="CheckedAt">When the storage was last asked with success.</param>
public sealed record ConfigStatus(string? Version, bool IsCurrent, DateTimeOffset? CheckedAt);

/// <summary>Tells how well this process knows the configuration in force.</summary>
public interface IConfigStatus
{
    ConfigStatus Status { get; }
}

/// <summary>The configuration in force, as the log of activations says. Whoever decides asks once and goes on with what it got.</summary>
/// <remarks>
/// While it is asked for, the head of the log is read at most every two seconds and never twice at the same time; while nobody asks, never. So every process decides by a new
/// version within the time of one look after that. When the storage is out of reach, the last known version goes on; it never falls back to defaults.
/// </remarks>
public sealed class ActiveConfigSource(IConfigVersions versions, IConfigActivations activations, TimeProvider clock, ILogger<ActiveConfigSource> logger)
    : IConfigSource, IConfigStatus
{
    /// <summary>From the start of one look to the next.</summary>
    public static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(2);

    /// <summary>A decision waits this long for a look, then goes on with what is known.</summary>
    public static readonly TimeSpan WaitAtMost = TimeSpan.FromSeconds(2);

    /// <summary>A look that takes longer has failed.</summary>
    private static readonly TimeSpan LookAtMost = TimeSpan.FromSeconds(4);

    /// <summary>Versions kept in memory beside those that may come into force: those of running plays.</summary>
    private const int MaxKnown = 64;

    private readonly ConcurrentDictionary<string, AbmConfig> _known = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private Task _look = Task.CompletedTask;
    private long _lookedAt;
    private bool _hasLooked;
    private volatile Known? _last;

    /// <inheritdoc/>
    public ConfigStatus Status => _last is { } last
        ? new ConfigStatus(last.At(clock.GetUtcNow()).Version, last.IsCurrent, last.CheckedAt)
        : new ConfigStatus(null, false, null);

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">Nothing was ever published: the app has not finished starting.</exception>
    public async ValueTask<AbmConfig> CurrentAsync(CancellationToken cancellationToken)
    {
        (Task look, TimeSpan patience) = Look();
        if (!look.IsCompleted && (_last is null || patience > TimeSpan.Zero))
        {
            try
            {
                await (_last is null ? look.WaitAsync(cancellationToken) : look.WaitAsync(patience, clock, cancellationToken));
            }
            catch (TimeoutException)
            {
                // The storage is slow: what is known goes on, and the look goes on as well.
            }
        }

        return (_last ?? await LoadAsync(cancellationToken)).At(clock.GetUtcNow());
    }

    /// <summary>Looks now, whenever it was last looked: after a publication by this process, and at start.</summary>
    /// <exception cref="Azure.RequestFailedException">The storage cannot be asked.</exception>
    /// <exception cref="ConfigurationRefusedException">This build cannot use the version in force.</exception>
    public async Task RefreshAsync(CancellationToken cancellationToken) => await LoadAsync(cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="ConfigurationRefusedException">This build cannot use it any more.</exception>
    public async ValueTask<AbmConfig?> FindAsync(string version, CancellationToken cancellationToken)
    {
        if (_known.TryGetValue(version, out AbmConfig? known))
            return known;
        if (await versions.FindAsync(version, cancellationToken) is not { } kept)
            return null;
        if (_known.Count >= MaxKnown)
            Forget();
        return _known.GetOrAdd(version, ConfigDraft.OfKept(kept).Config);
    }

    private (Task Look, TimeSpan Patience) Look()
    {
        lock (_gate)
        {
            if (_look.IsCompleted && (!_hasLooked || clock.GetElapsedTime(_lookedAt) >= LookEvery))
            {
                _hasLooked = true;
                _lookedAt = clock.GetTimestamp();
                _look = LookAsync();
            }

            return (_look, WaitAtMost - clock.GetElapsedTime(_lookedAt));
        }
    }

    /// <summary>Never fails: what it could not learn is said by <see cref="Status"/> and in the log.</summary>
    private async Task LookAsync()
    {
        try
        {
            using CancellationTokenSource limit = new(LookAtMost, clock);
            await LoadAsync(limit.Token);
        }
        catch (Exception failure) when (failure is OperationCanceledException || StorageFailures.IsUnavailable(failure))
        {
            NoteFailure();
            logger.ConfigurationNotChecked(_last?.At(clock.GetUtcNow()).Version ?? "", failure.GetType().Name);
        }
        catch (Exception failure)
        {
            NoteFailure();
            logger.ConfigurationUnusable(_last?.At(clock.GetUtcNow()).Version ?? "", failure);
        }
    }

    private void NoteFailure()
    {
        lock (_gate)
        {
            if (_last is { } last)
                _last = last with { IsCurrent = false };
        }
    }

    private async Task<Known> LoadAsync(CancellationToken cancellationToken)
    {
        ActivationHead head = await activations.ReadAsync(cancellationToken);
        DateTimeOffset now = clock.GetUtcNow();
        if (head.List.InForceAt(now) is not { } inForce)
            throw new InvalidOperationException("No configuration was published yet.");
        Known? before = _last;
        Known read;
        if (before is not null && before.Tag == head.Tag && before.Loaded.ContainsKey(inForce.Version))
        {
            read = before with { IsCurrent = true, CheckedAt = now };
        }
        else
        {
            Dictionary<string, AbmConfig> loaded = new(StringComparer.Ordinal) { [inForce.Version] = await ListedAsync(inForce, cancellationToken) };
            foreach (Activation pending in head.List.PendingAt(now).Where(a => !loaded.ContainsKey(a.Version)))
            {
                // Loaded now, a scheduled version needs no storage when its instant comes.
                try
                {
                    loaded[pending.Version] = await ListedAsync(pending, cancellationToken);
                }
                catch (ConfigurationRefusedException refused)
                {
                    logger.ConfigurationUnusable(inForce.Version, refused);
                }
            }

            read = new Known(head.List, head.LastSequence, head.Tag, loaded.ToFrozenDictionary(StringComparer.Ordinal), loaded[inForce.Version], IsCurrent: true, now);
        }

        lock (_gate)
        {
            // Of two looks that crossed, the one that saw more counts.
            if (_last is null || _last.LastSequence <= read.LastSequence)
                _last = read;
            read = _last;
        }

        if (before is null || before.At(now).Version != read.At(now).Version)
            logger.ConfigurationInForce(read.At(now).Version, inForce.Sequence, inForce.By);
        return read;
    }

    private async Task<AbmConfig> ListedAsync(Activation entry, CancellationToken cancellationToken) =>
        await FindAsync(entry.Version, cancellationToken) ?? throw new InvalidOperationException($"Version {entry.Version} is in the log of activations and not in the store.");

    private void Forget()
    {
        foreach (string version in _known.Keys)
        {
            if (_last?.Loaded.ContainsKey(version) != true)
                _known.TryRemove(version, out _);
        }
    }

    /// <param name="Otherwise">For an instant at which something was in force that is not loaded: a clock that was set back.</param>
    private sealed record Known(
        ActivationList List, long LastSequence, string? Tag, FrozenDictionary<string, AbmConfig> Loaded, AbmConfig Otherwise, bool IsCurrent, DateTimeOffset CheckedAt)
    {
        public AbmConfig At(DateTimeOffset now) => Loaded.GetValueOrDefault(List.InForceAt(now)!.Version) ?? Otherwise;
    }
}
