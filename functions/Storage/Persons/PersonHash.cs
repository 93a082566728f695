using System.Security.Cryptography;
using System.Text;
using Abm.Decisions;
using Abm.Leads;
using Abm.Ports;
using Azure;
using Azure.Data.Tables;

namespace Abm.Functions.Storage.Persons;

/// <summary>Names a person without naming them: a keyed hash of the e-mail address, by which the person's leads are found again. The key is this installation's own, drawn once and kept in a table.</summary>
public sealed class PersonHash(TableServiceClient service) : IPersonKeys
{
    private const string Partition = "persons";
    private const string Row = "key";
    private const string KeyColumn = "Key";
    private const int KeyBytes = 32;

    private readonly TableClient _table = service.GetTableClient(AccountTables.Marks);
    private byte[]? _key;

    /// <summary>The hash of the address as people may write it; null when there is none. One or two transactions once in a process, to learn the key.</summary>
    public async ValueTask<string?> OfAsync(string? email, CancellationToken cancellationToken)
    {
        if (string.IsNullOrWhiteSpace(email))
            return null;

        // What cannot be read as an address is found by its letters.
        string person = EmailAddress.Read(email)?.Normalised ?? email.Trim().ToLowerInvariant();
        byte[] key = _key ??= await KeyAsync(cancellationToken);
        return DerivedId.From("person", Convert.ToHexStringLower(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(person))));
    }

    private async Task<byte[]> KeyAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            NullableResponse<TableEntity> row = await _table.GetEntityIfExistsAsync<TableEntity>(Partition, Row, cancellationToken: cancellationToken);
            if (row.HasValue && row.Value!.GetBinary(KeyColumn) is { Length: KeyBytes } key)
                return key;
            try
            {
                await _table.AddEntityAsync(new TableEntity(Partition, Row) { [KeyColumn] = RandomNumberGenerator.GetBytes(KeyBytes) }, cancellationToken);
            }
            catch (RequestFailedException drawn) when (drawn.Status == 409)
            {
                // Another process was first: its key counts.
            }
            catch (RequestFailedException missing) when (missing.Status == 404)
            {
                await _table.CreateIfNotExistsAsync(cancellationToken);
            }
        }
    }
}
