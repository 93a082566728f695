using System.Buffers.Binary;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Abm.Accounts;
using Abm.Decisions;
using Abm.Functions.Storage.Accounts;

namespace Abm.Functions.Import;

/// <summary>What importing accounts and contacts has in common: rows become changes of one state, a batch is one commit.</summary>
internal sealed class CatalogueImport(IAccountCatalogue catalogue)
{
    /// <summary>Hashes of the ids that a dry run has met: sixteen bytes a row, so that a file of any length can be checked.</summary>
    private readonly HashSet<UInt128> _met = [];

    /// <summary>What a dry run is checked against: the state at its beginning.</summary>
    private AccountsState? _atFirst;

    /// <summary>What a row comes to.</summary>
    /// <param name="Change">What is committed when there are no problems.</param>
    public sealed record Step(AccountChange Change, bool WasKnown, IReadOnlyList<Problem> Problems);

    public static void Require(CsvColumns columns, ICollection<Problem> problems, params ReadOnlySpan<string> names)
    {
        foreach (string name in names)
        {
            if (!columns.Has(name))
                problems.Add(new Problem("missingColumn", name, "The file must have this column."));
        }
    }

    /// <param name="read">Pure: reads a row against the state that the rows before it have made.</param>
    public async Task<IReadOnlyList<RowOutcome>> TakeAsync(
        IReadOnlyList<CsvRow> rows, Func<KnownSoFar, CsvRow, Step> read, bool dryRun, CancellationToken cancellationToken)
    {
        IReadOnlyList<RowOutcome> outcomes = [];
        if (dryRun)
        {
            _atFirst ??= await catalogue.CurrentAsync(cancellationToken);
            (IReadOnlyList<AccountChange> changes, RowOutcome[] checkedRows) = Decide(_atFirst, rows, read);
            int change = 0;
            for (int i = 0; i < checkedRows.Length; i++)
            {
                if (checkedRows[i] is not RowOutcome.Rejected && !_met.Add(HashOf(changes[change++])))
                    checkedRows[i] = RowOutcome.Known;
            }

            outcomes = checkedRows;
        }
        else
        {
            await catalogue.SaveAsync(
                state =>
                {
                    (IReadOnlyList<AccountChange> changes, outcomes) = Decide(state, rows, read);
                    return changes;
                },
                cancellationToken);
        }

        return outcomes;
    }

    private static (IReadOnlyList<AccountChange> Changes, RowOutcome[] Outcomes) Decide(
        AccountsState state, IReadOnlyList<CsvRow> rows, Func<KnownSoFar, CsvRow, Step> read)
    {
        var changes = new List<AccountChange>(rows.Count);
        var outcomes = new List<RowOutcome>(rows.Count);
        var known = new KnownSoFar(state);
        foreach (CsvRow row in rows)
        {
            Step step = read(known, row);
            if (step.Problems.Count > 0)
            {
                outcomes.Add(new RowOutcome.Rejected(step.Problems));
                continue;
            }

            outcomes.Add(step.WasKnown ? RowOutcome.Known : RowOutcome.New);
            changes.Add(step.Change);
            known.Add(step.Change);
        }

        return (changes, [.. outcomes]);
    }

    private static UInt128 HashOf(AccountChange change)
    {
        string id = change switch
        {
            AccountChange.Saved(var account) => account.Id.Value,
            AccountChange.ContactSaved(var contact) => contact.Id.Value,
            _ => throw new UnreachableException(),
        };
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(MemoryMarshal.AsBytes(id.AsSpan()), hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}

/// <summary>What a row is read against: the state, and the rows of the same batch before it.</summary>
internal sealed class KnownSoFar(AccountsState state)
{
    private readonly Dictionary<string, Account> _accounts = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Contact> _contacts = new(StringComparer.Ordinal);

    public Account? Account(string id) => _accounts.GetValueOrDefault(id) ?? state.Accounts.GetValueOrDefault(id);

    /// <summary>The account that this one was merged into; null when it was not.</summary>
    public AccountId? MergedInto(string id) => _accounts.ContainsKey(id) ? null : state.Merges.GetValueOrDefault(id)?.Into;

    public Contact? Contact(string id) => _contacts.GetValueOrDefault(id) ?? state.Contacts.GetValueOrDefault(id);

    public void Add(AccountChange change)
    {
        if (change is AccountChange.Saved(var account))
            _accounts[account.Id.Value] = account;
        else if (change is AccountChange.ContactSaved(var contact))
            _contacts[contact.Id.Value] = contact;
    }
}
