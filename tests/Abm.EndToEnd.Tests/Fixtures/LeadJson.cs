using System.Net;
using System.Text.Json.Nodes;
using Abm.TestKit;

namespace Abm.EndToEnd.Tests;

/// <summary>Leads as callers send and see them.</summary>
public static class LeadJson
{
    private static readonly (string Column, string Property)[] Columns =
    [
        ("first_name", "firstName"), ("last_name", "lastName"), ("title", "title"), ("email", "email"), ("company", "company"), ("website", "website"),
        ("phone", "phone"), ("address", "address"), ("city", "city"), ("state", "state"), ("country", "country"), ("account_id", "accountId"),
    ];

    /// <summary>Every row as a lead with the external id <c>{run}-{lead_id}</c>. Only what a form gives is taken: labels stay behind.</summary>
    public static IReadOnlyList<JsonObject> FromCsv(string csv, string run)
    {
        List<JsonObject> leads = [];
        foreach (IReadOnlyDictionary<string, string> row in CsvText.Read(csv))
        {
            JsonObject lead = new() { ["source"] = "endtoend", ["externalId"] = $"{run}-{row["lead_id"]}" };
            foreach ((string column, string property) in Columns)
            {
                if (row.TryGetValue(column, out string? value))
                    lead[property] = value;
            }

            leads.Add(lead);
        }

        return leads;
    }

    /// <summary>Posts the leads with several clients at once and returns their ids, in the order of the leads.</summary>
    public static async Task<string[]> PostAllAsync(AbmClient client, IReadOnlyList<JsonObject> leads, int clients, CancellationToken cancellationToken)
    {
        string[] ids = new string[leads.Count];
        ParallelOptions options = new() { MaxDegreeOfParallelism = clients, CancellationToken = cancellationToken };
        await Parallel.ForAsync(0, leads.Count, options, async (i, token) =>
        {
            Answer answer = (await client.PostJsonAsync("api/leads", leads[i], token)).Expect(HttpStatusCode.Accepted);
            ids[i] = (string)answer.Json["leadId"]!;
        });
        return ids;
    }

    /// <summary>Posts a lead and returns it decided, however long that takes on a busy machine.</summary>
    public static async Task<JsonNode> PostDecidedAsync(AbmClient client, JsonNode lead, CancellationToken cancellationToken, params (string Name, string Value)[] headers)
    {
        Answer answer = await client.PostJsonAsync("api/leads?wait=30", lead, cancellationToken, headers);
        return answer.Status == HttpStatusCode.Accepted
            ? await UntilDecidedAsync(client, (string)answer.Json["leadId"]!, Patience.OfBusyMachines, cancellationToken)
            : answer.Expect(HttpStatusCode.OK).Json;
    }

    /// <summary>Waits until the lead is decided and returns it.</summary>
    public static async Task<JsonNode> UntilDecidedAsync(AbmClient client, string leadId, TimeSpan within, CancellationToken cancellationToken) =>
        await AbmClient.UntilAsync(
            async () => (await client.GetAsync($"api/leads/{leadId}", cancellationToken)).Expect(HttpStatusCode.OK).Json,
            lead => (string?)lead["state"] == "decided",
            within,
            $"Lead {leadId} is decided",
            cancellationToken);
}
