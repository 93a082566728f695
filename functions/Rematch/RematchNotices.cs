using System.Globalization;
using System.Text.Json;
using Abm.Accounts;
using Abm.Decisions;
using Abm.Functions.Messages;
using Abm.Functions.Storage;
using Abm.Functions.Storage.Accounts;
using Abm.Matching;
using Abm.Ports;

namespace Abm.Functions.Rematch;

/// <summary>Puts on the queue that leads are to be matched anew.</summary>
public sealed class RematchNotices(IMessageSender queues, TimeProvider clock)
{
    /// <summary>The change that causes it is committed meanwhile.</summary>
    private static readonly TimeSpan Head = TimeSpan.FromSeconds(2);

    /// <summary>Accounts change: leads with these keys.</summary>
    /// <param name="before">The version of the accounts before the change.</param>
    internal async Task AccountsAsync(IReadOnlyCollection<string> keys, long before, CancellationToken cancellationToken)
    {
        string version = before.ToString(CultureInfo.InvariantCulture);
        foreach (string[] some in keys.Order(StringComparer.Ordinal).Chunk(RematchMessage.MaxKeys))
        {
            string reportId = DerivedId.From("rem", version, string.Join(',', some));
            await SendAsync(new RematchMessage(1, reportId, RematchMessage.OfAccounts, null, DryRun: false, clock.GetUtcNow(), some, before, Since: null), Head, cancellationToken);
        }
    }

    internal Task SendAsync(RematchMessage message, TimeSpan after, CancellationToken cancellationToken) =>
        queues.SendAsync(RematchMessage.Queue, JsonSerializer.Serialize(message, StoredJson.Options), after, cancellationToken);
}

/// <summary>The accounts, whose every change has the leads that it may concern matched anew.</summary>
/// <remarks>
/// The message is put on its queue before the change is committed, with what it is going to be, and waits there for it: a crash in between costs a look in vain, never a change that nobody hears of. When
/// somebody else commits first and the change becomes another one, what it concerns beyond that follows in a second message.
/// </remarks>
public sealed class RematchingCatalogue(FeedAccountCatalogue accounts, RematchNotices notices) : IAccountCatalogue
{
    /// <inheritdoc/>
    public ValueTask<AccountsState> CurrentAsync(CancellationToken cancellationToken) => accounts.CurrentAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<AccountsState> SaveAsync(Func<AccountsState, IReadOnlyCollection<AccountChange>> decide, CancellationToken cancellationToken)
    {
        AccountsState before = await accounts.CurrentAsync(cancellationToken);
        HashSet<string> announced = Keys(before, decide(before));
        if (announced.Count > 0)
            await notices.AccountsAsync(announced, before.Index.Version, cancellationToken);

        HashSet<string> committed = announced;
        AccountsState after = await accounts.SaveAsync(
            state =>
            {
                before = state;
                IReadOnlyCollection<AccountChange> changes = decide(state);
                committed = Keys(state, changes);
                return changes;
            },
            cancellationToken);
        committed.ExceptWith(announced);
        if (committed.Count > 0)
            await notices.AccountsAsync(committed, before.Index.Version, cancellationToken);
        return after;
    }

    /// <inheritdoc/>
    public Task ForgetPastAsync(CancellationToken cancellationToken) => accounts.ForgetPastAsync(cancellationToken);

    /// <summary>What the leads are found by that these changes may concern.</summary>
    internal static HashSet<string> Keys(AccountsState state, IReadOnlyCollection<AccountChange> changes)
    {
        HashSet<string> keys = new(StringComparer.Ordinal);
        Dictionary<string, Account?> accounts = new(StringComparer.Ordinal);
        foreach (AccountChange change in changes)
        {
            switch (change)
            {
                case AccountChange.Saved(var account):
                    keys.UnionWith(RematchKeys.Of(Known(account.Id), account));
                    accounts[account.Id.Value] = account;
                    break;
                case AccountChange.Removed(var id):
                    if (Known(id) is { } gone)
                        keys.UnionWith(RematchKeys.Of(gone, null));
                    accounts[id.Value] = null;
                    break;
                case AccountChange.ContactSaved(var contact):
                    Contact? old = state.Contacts.GetValueOrDefault(contact.Id.Value);
                    if (old is null || old.AccountId != contact.AccountId || old.Email != contact.Email)
                        keys.UnionWith([.. RematchKeys.Of(contact), .. old is null ? [] : RematchKeys.Of(old)]);
                    break;
                case AccountChange.ContactRemoved(var id):
                    if (state.Contacts.GetValueOrDefault(id.Value) is { } removed)
                        keys.UnionWith(RematchKeys.Of(removed));
                    break;
            }
        }

        return keys;

        Account? Known(AccountId id) => accounts.TryGetValue(id.Value, out Account? changed) ? changed : state.Accounts.GetValueOrDefault(id.Value);
    }
}
