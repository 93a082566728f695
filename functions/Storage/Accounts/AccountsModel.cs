using Abm.Accounts;
using Abm.Decisions;
using Abm.Functions.Storage.Feeds;

namespace Abm.Functions.Storage.Accounts;

/// <summary>How the accounts' feed is read and packed.</summary>
internal sealed class AccountsModel : IFeedModel<AccountsState, AccountChange, AccountChangeRow>
{
    /// <summary>About; only for how memory is taken.</summary>
    private const long AccountsOfPart = 1_700;

    public AccountsState Empty => AccountsState.Empty;

    public AccountsState Apply(AccountsState state, IReadOnlyCollection<AccountChange> changes, long version) => state.With(changes, version);

    public AccountChangeRow ToRow(AccountChange change) => AccountChangeRow.From(change);

    public AccountChange FromRow(AccountChangeRow row) => row.ToChange();

    /// <summary>Accounts as the index has them in memory, so that a start need not read a million names anew; everything else as rows.</summary>
    public IEnumerable<byte[]> Pack(AccountsState state)
    {
        foreach (byte[] accounts in state.Index.Pack())
            yield return FeedPacking.Compress(accounts);
        foreach (byte[] rows in FeedPacking.Pack(Others(state).Select(ToRow)))
            yield return rows;
    }

    public ISnapshotLoad<AccountsState> Load(int parts) => new SnapshotLoad(this, parts * AccountsOfPart);

    private static IEnumerable<AccountChange> Others(AccountsState state) =>
    [
        .. state.Contacts.Values.Select(contact => new AccountChange.ContactSaved(contact)),
        .. state.Merges.Values.Select(merge => new AccountChange.Merged(merge)),
        .. state.Orders.Select(order => new AccountChange.Ordered(AccountId.Parse(order.Key), order.Value)),
    ];

    private sealed class SnapshotLoad(AccountsModel model, long about) : ISnapshotLoad<AccountsState>
    {
        private readonly Lock _gate = new();
        private readonly PackedAccounts _accounts = new(about);
        private readonly List<AccountChange> _others = [];

        public bool IsOutdated => _accounts.WereRenewed;

        public void Add(byte[] part)
        {
            byte[] content = FeedPacking.Decompress(part);
            if (PackedAccounts.IsPacked(content))
            {
                _accounts.Add(content);
                return;
            }

            AccountChange[] others = [.. FeedPacking.Rows<AccountChangeRow>(content).Select(model.FromRow)];
            lock (_gate)
                _others.AddRange(others);
        }

        public AccountsState Finish(long version) => model.Apply(AccountsState.Empty with { Index = AccountIndex.Build(_accounts, [], version) }, _others, version);
    }
}
