using Abm.Accounts;
using Abm.Functions.Storage.Feeds;
using Abm.Ports;
using Microsoft.Extensions.Logging;

namespace Abm.Functions.Storage.Accounts;

/// <summary>Reads and changes accounts and contacts.</summary>
public interface IAccountCatalogue
{
    /// <summary>Everything that was committed before this call.</summary>
    ValueTask<AccountsState> CurrentAsync(CancellationToken cancellationToken);

    /// <summary>Decides on the current state and commits the changes that were decided, all of them or none; decides again when somebody else was first.</summary>
    /// <param name="decide">Pure; may be called several times.</param>
    /// <returns>The state that includes the changes.</returns>
    Task<AccountsState> SaveAsync(Func<AccountsState, IReadOnlyCollection<AccountChange>> decide, CancellationToken cancellationToken);

    /// <summary>Forgets how the present state came about: what was removed from it is gone from the storage as well.</summary>
    Task ForgetPastAsync(CancellationToken cancellationToken);
}

/// <summary>The accounts in memory over their feed in table storage. One instance in the process.</summary>
public sealed class FeedAccountCatalogue(IChangeFeed feed, ILogger<FeedAccountCatalogue> logger) : IAccountCatalogue, IAccountDirectory
{
    /// <summary>Name of the feed.</summary>
    public const string Feed = "accounts";

    private readonly FeedDirectory<AccountsState, AccountChange, AccountChangeRow> _directory = new(feed, new AccountsModel(), logger);

    /// <inheritdoc/>
    public ValueTask<AccountsState> CurrentAsync(CancellationToken cancellationToken) => _directory.CurrentAsync(cancellationToken);

    /// <inheritdoc/>
    public Task<AccountsState> SaveAsync(Func<AccountsState, IReadOnlyCollection<AccountChange>> decide, CancellationToken cancellationToken) =>
        _directory.SaveAsync(decide, cancellationToken);

    /// <inheritdoc/>
    public Task ForgetPastAsync(CancellationToken cancellationToken) => _directory.ForgetPastAsync(cancellationToken);

    /// <summary>Writes the snapshot anew when the one in force could not be read, another build wrote it, or many changes came since.</summary>
    public Task RenewSnapshotAsync(CancellationToken cancellationToken) => _directory.RenewSnapshotAsync(cancellationToken);

    async ValueTask<IAccountIndex> IAccountDirectory.CurrentAsync(CancellationToken cancellationToken) => (await CurrentAsync(cancellationToken)).Index;
}
