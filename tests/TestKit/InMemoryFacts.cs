using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.People;
using Abm.Ports;

namespace Abm.TestKit;

/// <summary>What decisions know of the world, given by the test.</summary>
public sealed class InMemoryFacts(AbmConfig config, IReadOnlyDictionary<RepId, Rep> reps, IAccountIndex accounts) : IConfigSource, IRepDirectory, IAccountDirectory
{
    public AbmConfig Config { get; set; } = config;

    public IReadOnlyDictionary<RepId, Rep> Reps { get; set; } = reps;

    public IAccountIndex Accounts { get; set; } = accounts;

    /// <summary>Every version that was ever in force.</summary>
    public Dictionary<string, AbmConfig> Versions { get; } = new() { [config.Version] = config };

    ValueTask<AbmConfig> IConfigSource.CurrentAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Versions[Config.Version] = Config);

    ValueTask<AbmConfig?> IConfigSource.FindAsync(string version, CancellationToken cancellationToken) => ValueTask.FromResult(Versions.GetValueOrDefault(version));

    /// <summary>What somebody else does just before the people are read; null: nothing.</summary>
    public Func<Task>? BeforeReps { get; set; }

    async ValueTask<IReadOnlyDictionary<RepId, Rep>> IRepDirectory.CurrentAsync(CancellationToken cancellationToken)
    {
        if (BeforeReps is { } before)
            await before();
        return Reps;
    }

    /// <summary>What somebody else does once, just before the accounts are read; null: nothing.</summary>
    public Func<Task>? BeforeAccounts { get; set; }

    async ValueTask<IAccountIndex> IAccountDirectory.CurrentAsync(CancellationToken cancellationToken)
    {
        if (BeforeAccounts is { } before)
        {
            BeforeAccounts = null;
            await before();
        }

        return Accounts;
    }
}
