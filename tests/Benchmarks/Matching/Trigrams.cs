using System.Diagnostics;
using System.Globalization;
using Abm.Benchmarks.Harness;
using Abm.Leads;
using Npgsql;
using NpgsqlTypes;

namespace Abm.Benchmarks.Matching;

/// <summary>
/// The names in PostgreSQL with a GIN index over their trigrams, asked for the nearest by <c>similarity</c>: what a team does that has a database at hand. Only names are compared there, no domains, places
/// or telephone numbers.
/// </summary>
internal sealed class Trigrams : IAsyncDisposable
{
    /// <summary>Connection string of a database that may be written to; <c>tools/with-postgres.sh</c> sets it.</summary>
    private const string Variable = "ABM_BENCHMARK_POSTGRES";

    /// <summary>Longer is not waited for a single question.</summary>
    private const int TimeoutSeconds = 60;

    private readonly NpgsqlDataSource _source;

    private Trigrams(NpgsqlDataSource source) => _source = source;

    /// <summary>Null when no database is named, or it has no trigrams.</summary>
    public static async Task<Trigrams?> OpenAsync()
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } connection)
            return null;
        NpgsqlDataSource source = new NpgsqlDataSourceBuilder(connection).Build();
        try
        {
            await using NpgsqlCommand extension = source.CreateCommand("CREATE EXTENSION IF NOT EXISTS pg_trgm");
            await extension.ExecuteNonQueryAsync();
            return new(source);
        }
        catch (NpgsqlException e)
        {
            Report.Note($"PostgreSQL cannot be used: {e.Message}");
            await source.DisposeAsync();
            return null;
        }
    }

    /// <summary>The figures in words, and leads a second.</summary>
    public async Task<(string Text, double Rate)> MeasureAsync(string[] names, List<Lead> leads, BenchmarkOptions options)
    {
        await using NpgsqlConnection connection = await _source.OpenConnectionAsync();
        await RunAsync(connection, "DROP TABLE IF EXISTS accounts");
        await RunAsync(connection, "CREATE UNLOGGED TABLE accounts (name text NOT NULL)");
        await using (NpgsqlBinaryImporter import = await connection.BeginBinaryImportAsync("COPY accounts (name) FROM STDIN (FORMAT BINARY)"))
        {
            foreach (string name in names)
            {
                await import.StartRowAsync();
                await import.WriteAsync(name, NpgsqlDbType.Text);
            }

            await import.CompleteAsync();
        }

        long begun = Stopwatch.GetTimestamp();
        await RunAsync(connection, "CREATE INDEX accounts_trigrams ON accounts USING gin (name gin_trgm_ops)");
        double indexed = Stopwatch.GetElapsedTime(begun).TotalSeconds;
        await RunAsync(connection, "VACUUM ANALYZE accounts");

        await using NpgsqlCommand nearest = connection.CreateCommand();
        nearest.CommandText = "SELECT name FROM accounts WHERE name % $1 ORDER BY similarity(name, $1) DESC LIMIT 1";
        nearest.CommandTimeout = TimeoutSeconds;
        NpgsqlParameter<string> asked = new() { TypedValue = "", NpgsqlDbType = NpgsqlDbType.Text };
        nearest.Parameters.Add(asked);
        await nearest.PrepareAsync();
        int count = options.Count(names.Length >= 1_000_000 ? 30 : names.Length > 50_000 ? 100 : 300, 10);
        string[] sample = [.. leads.Select(lead => lead.Submitted.Company).OfType<string>().Take(count + 5)];
        var taken = new List<double>(count);
        for (int i = 0; i < sample.Length; i++)
        {
            long from = Stopwatch.GetTimestamp();
            asked.TypedValue = sample[i];
            await nearest.ExecuteScalarAsync();
            if (i >= 5)
                taken.Add(Stopwatch.GetElapsedTime(from).TotalMilliseconds);
        }

        long bytes = (long)(await ScalarAsync(connection, "SELECT pg_total_relation_size('accounts')"))!;
        string version = (string)(await ScalarAsync(connection, "SHOW server_version"))!;
        await RunAsync(connection, "DROP TABLE accounts");
        double rate = taken.Count / (taken.Sum() / 1000);
        string text = string.Create(CultureInfo.InvariantCulture, $"{Figure.Of(rate)} leads/s ({taken.Count} leads; {Figure.Latency(new Stats(taken))}; {Figure.Megabytes(bytes)}, indexed in {Figure.Of(indexed)} s; {version.Split(' ')[0]})");
        return (text, rate);
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static async Task RunAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync();
    }

    private static async Task<object?> ScalarAsync(NpgsqlConnection connection, string sql)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
