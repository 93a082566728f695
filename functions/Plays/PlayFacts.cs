using Abm.Clocks;
using Abm.Configuration;
using Abm.Decisions;
using Abm.People;
using Abm.Ports;

namespace Abm.Functions.Plays;

/// <summary>The configuration that a play started with, counting deadlines by the calendars and times of today; and the people of today.</summary>
public sealed class PlayFacts(IConfigSource config, IRepDirectory reps)
{
    /// <exception cref="InvalidOperationException">The version is not known here: it was never in force, or its storage is gone.</exception>
    public async Task<AbmConfig> ConfigAsync(string version, CancellationToken cancellationToken) =>
        await config.FindAsync(version, cancellationToken) is { } ofPlay
            ? ClockRules.InForce(ofPlay, await config.CurrentAsync(cancellationToken))
            : throw new InvalidOperationException($"Configuration {version} is not known here.");

    public ValueTask<IReadOnlyDictionary<RepId, Rep>> RepsAsync(CancellationToken cancellationToken) => reps.CurrentAsync(cancellationToken);
}
