using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Abm.Accounts;
using Abm.Benchmarks.Harness;
using Abm.Configuration;
using Abm.Functions.Storage;
using Abm.Functions.Storage.Accounts;
using Abm.Leads;
using Abm.Local.Azurite;
using Abm.Matching;
using Abm.TestKit;
using Azure.Data.Tables;

namespace Abm.Benchmarks.Matching;

/// <summary>Matching with a thousand exceptions, and over HTTP.</summary>
internal sealed class BatchBenchmarks(BenchmarkOptions options, Report report)
{
    private const int Seed = 20_260_102;
    private const int Exceptions = 1_000;

    public async Task RunAsync()
    {
        int size = options.Count(100_000, 2_000);
        Report.Note("matching with exceptions, and over HTTP");
        var directory = new InventedCompanies(Seed);
        AccountIndex index = AccountIndex.Build(directory.Accounts(size), [], 1);
        Account[] some = [.. new InventedCompanies(Seed).Accounts(size).Where((_, i) => i % Math.Max(1, size / 20_000) == 0)];
        List<Lead> leads = directory.Leads(some, options.Count(20_000, 500));
        report.Line("");
        report.Line(string.Create(CultureInfo.InvariantCulture, $"Among {size:N0} such accounts:"));
        report.Table("figure", "measured", "beside");
        await WithExceptionsAsync(index, some, leads);
        await OverHttpAsync(index, leads);
    }

    /// <summary>Half pin or forbid by the lead's domain, a quarter are about an account, a quarter ask for country and kind of address.</summary>
    private async Task WithExceptionsAsync(AccountIndex index, Account[] accounts, List<Lead> leads)
    {
        ExceptionRule[] rules = [.. Enumerable.Range(0, Exceptions).Select(i => Rule(i, accounts[i * 7 % accounts.Length]))];
        AbmConfig none = AbmConfig.Default, many = none with { MatchingExceptions = rules };
        Rate(none);
        Rate(many);
        Stats without = new(await Quiet.BestAsync(options, options.Repetitions, _ => Task.Run(() => Rate(none))));
        Stats with = new(await Quiet.BestAsync(options, options.Repetitions, _ => Task.Run(() => Rate(many))));
        report.Row(string.Create(CultureInfo.InvariantCulture, $"a lead, with {Exceptions:N0} matching exceptions"), $"{Figure.Of(1e6 / with.Median)} µs", $"without: {Figure.Of(1e6 / without.Median)} µs; {Figure.Of(100 * ((without.Median / with.Median) - 1))} % more");

        double Rate(AbmConfig config)
        {
            Lead[] arriving = [.. leads.Select(lead => new Lead(lead.Id, lead.Submitted, lead.ReceivedAt))];
            long begun = Stopwatch.GetTimestamp();
            foreach (Lead lead in arriving)
                LeadMatcher.Match(lead, index, config, DateTimeOffset.UnixEpoch);
            return arriving.Length / Stopwatch.GetElapsedTime(begun).TotalSeconds;
        }
    }

    private static ExceptionRule Rule(int number, Account account)
    {
        Predicate at = new Predicate.Test("lead.domain", PredicateOp.Equals, [account.Domains.Count > 0 ? account.Domains[0] : FormattableString.Invariant($"nobody{number}.com")]);
        (ExceptionEffect effect, Predicate? when) = (number % 8) switch
        {
            0 or 1 => (ExceptionEffect.Pin, at),
            2 or 3 => (ExceptionEffect.Forbid, at),
            4 or 5 => (ExceptionEffect.Forbid, null),
            _ => (ExceptionEffect.ForceReview, (Predicate?)new Predicate.All([new Predicate.Test("lead.countryCode", PredicateOp.Equals, ["de"]), at])),
        };
        return new ExceptionRule
        {
            Name = FormattableString.Invariant($"rule {number}"),
            Effect = effect,
            When = when,
            Account = account.Id.Value,
            Owner = "ops",
            Why = "a benchmark",
            Expires = new DateOnly(2030, 1, 1),
        };
    }

    private async Task OverHttpAsync(AccountIndex index, List<Lead> leads)
    {
        await using AzuriteServer azurite = await AzuriteServer.StartAsync(new AzuriteOptions(), CancellationToken.None);
        TableClient table = new TableServiceClient(azurite.ConnectionString).GetTableClient(AccountTables.Feeds);
        await table.CreateIfNotExistsAsync(CancellationToken.None);
        await SnapshotLoading.WriteAsync(index, table, FeedAccountCatalogue.Feed);
        await using AppProcess app = await AppProcess.StartAsync(new AppOptions { Storage = azurite.ConnectionString }, CancellationToken.None);
        using var client = new HttpClient(new SocketsHttpHandler { AutomaticDecompression = System.Net.DecompressionMethods.None }) { BaseAddress = app.BaseAddress, Timeout = TimeSpan.FromMinutes(5) };
        byte[] plain = Encoding.UTF8.GetBytes(string.Join('\n', leads.Select((lead, i) => Line(lead, i))));
        byte[] packed = Packed(plain);
        await PostAsync(client, plain, isPacked: false);
        (Stats rates, long answered) = await MeasureAsync(plain, isPacked: false);
        (Stats packedRates, long packedAnswered) = await MeasureAsync(packed, isPacked: true);
        report.Row("`POST /api/match/batch`, one stream", $"{Figure.Spread(rates, "leads/s")}; {Figure.Of((double)plain.Length / leads.Count)} bytes a lead, {Figure.Of((double)answered / leads.Count)} an answer", "");
        report.Row("– packed with gzip both ways", $"{Figure.Spread(packedRates, "leads/s")}; {Figure.Of((double)packed.Length / leads.Count)} bytes a lead, {Figure.Of((double)packedAnswered / leads.Count)} an answer", "");

        async Task<(Stats Rates, long Bytes)> MeasureAsync(byte[] body, bool isPacked)
        {
            IReadOnlyList<(double Rate, long Bytes)> turns = await Quiet.BestAsync(options, options.Repetitions, async _ =>
            {
                long begun = Stopwatch.GetTimestamp();
                long bytes = await PostAsync(client, body, isPacked);
                return (leads.Count / Stopwatch.GetElapsedTime(begun).TotalSeconds, bytes);
            });
            return (new Stats(turns.Select(turn => turn.Rate)), turns[^1].Bytes);
        }
    }

    /// <returns>Bytes of the answer, as they came.</returns>
    private static async Task<long> PostAsync(HttpClient client, byte[] body, bool isPacked)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "api/match/batch") { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/x-ndjson");
        if (isPacked)
        {
            request.Content.Headers.ContentEncoding.Add("gzip");
            request.Headers.AcceptEncoding.Add(new StringWithQualityHeaderValue("gzip"));
        }

        using HttpResponseMessage response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        response.EnsureSuccessStatusCode();
        await using Stream answer = await response.Content.ReadAsStreamAsync();
        byte[] buffer = new byte[64 * 1024];
        long bytes = 0;
        for (int read; (read = await answer.ReadAsync(buffer)) > 0;)
            bytes += read;
        return bytes;
    }

    private static string Line(Lead lead, int number) => JsonSerializer.Serialize(new Dictionary<string, object?>
    {
        ["leadId"] = number,
        ["email"] = lead.Submitted.Email,
        ["company"] = lead.Submitted.Company ?? lead.Submitted.Website,
        ["website"] = lead.Submitted.Website,
        ["phone"] = lead.Submitted.Phone,
        ["city"] = lead.Submitted.City,
        ["country"] = lead.Submitted.Country,
    });

    private static byte[] Packed(byte[] bytes)
    {
        using var packed = new MemoryStream();
        using (var packing = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true))
            packing.Write(bytes);
        return packed.ToArray();
    }
}
