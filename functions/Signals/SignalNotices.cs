using System.Text.Json;
using Abm.Accounts;
using Abm.Configuration;
using Abm.Functions.Messages;
using Abm.Functions.Storage;
using Abm.Functions.Storage.Accounts;
using Abm.Ports;
using Abm.Signals;

namespace Abm.Functions.Signals;

/// <summary>Puts on the queue at which accounts something happened.</summary>
public sealed class SignalNotices(IMessageSender queues)
{
    /// <summary>These accounts have entries that plays were not asked about.</summary>
    public async Task HappenedAsync(IEnumerable<string> accounts, CancellationToken cancellationToken)
    {
        foreach (string[] some in accounts.Distinct(StringComparer.Ordinal).Chunk(SignalsMessage.MaxAccounts))
            await SendAsync(new SignalsMessage(1, [.. some.Select(a => new ChangedAccount(a))]), TimeSpan.Zero, cancellationToken);
    }

    internal Task SendAsync(SignalsMessage message, TimeSpan after, CancellationToken cancellationToken) =>
        queues.SendAsync(SignalsMessage.Queue, JsonSerializer.Serialize(message, StoredJson.Options), after, cancellationToken);
}

/// <summary>The accounts, whose changes are told to plays when plays may listen to them.</summary>
/// <remarks>As with re-matching, the message is put on its queue before the change is committed and waits there for it: a crash in between costs a look in vain, never a change that nobody hears of.</remarks>
public sealed class SignallingCatalogue(Rematch.RematchingCatalogue accounts, SignalNotices notices, IWaitingEvents waiting, IConfigSource config) : IAccountCatalogue
{
    /// <summary>The change is committed meanwhile.</summary>
    private static readonly TimeSpan Head = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public ValueTask<AccountsState> CurrentAsync(CancellationToken cancellationToken) => accounts.CurrentAsync(cancellationToken);

    /// <inheritdoc/>
    public Task ForgetPastAsync(CancellationToken cancellationToken) => accounts.ForgetPastAsync(cancellationToken);

    /// <inheritdoc/>
    public async Task<AccountsState> SaveAsync(Func<AccountsState, IReadOnlyCollection<AccountChange>> decide, CancellationToken cancellationToken)
    {
        AbmConfig current = await config.CurrentAsync(cancellationToken);
        AccountsState before = await accounts.CurrentAsync(cancellationToken);
        (Dictionary<string, ChangedAccount> announced, bool hasNew) = Changed(before, decide(before), current);
        await SendAsync(announced.Values, hasNew, before.Index.Version, Head, cancellationToken);

        Dictionary<string, ChangedAccount> committed = announced;
        bool hasMoreNew = hasNew;
        AccountsState after = await accounts.SaveAsync(
            state =>
            {
                before = state;
                IReadOnlyCollection<AccountChange> changes = decide(state);
                (committed, hasMoreNew) = Changed(state, changes, current);
                return changes;
            },
            cancellationToken);
        await SendAsync(committed.Values.Except(announced.Values), hasMoreNew && !hasNew, before.Index.Version, TimeSpan.Zero, cancellationToken);
        return after;
    }

    private async Task SendAsync(IEnumerable<ChangedAccount> changed, bool hasNew, long version, TimeSpan after, CancellationToken cancellationToken)
    {
        bool adopts = hasNew && (await waiting.SubjectsAsync(1, null, cancellationToken)).Items.Count > 0;
        ChangedAccount[][] chunks = [.. changed.OrderBy(c => c.AccountId, StringComparer.Ordinal).Chunk(SignalsMessage.MaxAccounts)];
        if (chunks.Length == 0 && adopts)
            chunks = [[]];
        for (int i = 0; i < chunks.Length; i++)
            await notices.SendAsync(new SignalsMessage(1, chunks[i], version, adopts && i == 0), after, cancellationToken);
    }

    /// <summary>Accounts that are another in what plays listen to, or are merged or taken apart; and whether there are new ones, or new keys to recognise some by.</summary>
    internal static (Dictionary<string, ChangedAccount> Changed, bool HasNew) Changed(AccountsState state, IReadOnlyCollection<AccountChange> changes, AbmConfig config)
    {
        Dictionary<string, ChangedAccount> changed = new(StringComparer.Ordinal);
        bool hasNew = false;
        foreach (AccountChange change in changes)
        {
            switch (change)
            {
                case AccountChange.Saved(var account):
                    if (state.Accounts.GetValueOrDefault(account.Id.Value) is not { } known)
                    {
                        hasNew = true;
                        break;
                    }

                    hasNew |= account.Website != known.Website || !account.Domains.SequenceEqual(known.Domains);
                    AccountSnapshot before = AccountSnapshot.Of(known, config);
                    if (before != AccountSnapshot.Of(account, config))
                        changed[account.Id.Value] = new ChangedAccount(account.Id.Value, before);
                    break;
                case AccountChange.Merged(var merge):
                    changed[merge.Account.Id.Value] = new ChangedAccount(merge.Account.Id.Value);
                    break;
                case AccountChange.Unmerged(var id):
                    changed[id.Value] = new ChangedAccount(id.Value, TakenBackFrom: state.Merges.GetValueOrDefault(id.Value)?.Into.Value);
                    break;
                case AccountChange.ContactSaved:
                    hasNew = true;
                    break;
            }
        }

        return (changed, hasNew);
    }
}
