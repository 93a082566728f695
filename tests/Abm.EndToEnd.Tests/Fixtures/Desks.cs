using System.Globalization;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using Abm.TestKit;

namespace Abm.EndToEnd.Tests;

/// <summary>Pools, plays and people beside those of the invented company, for what only desks do: leads that wait, that are offered, that change hands. A lead comes to a desk by the source that it names.</summary>
public static class Desks
{
    public const string Waiting = "desk-waiting";
    public const string Offers = "desk-offers";
    public const string Silent = "desk-silent";

    /// <summary>The deadline of leads at desks: nobody misses it while a test runs.</summary>
    public const string Budget = "2h";

    private const string Rules = """
        routing:
          - { name: Waiting, when: { field: lead.source, op: equals, value: desk-waiting }, to: { pool: desk-waiting } }
          - { name: Offers, when: { field: lead.source, op: equals, value: desk-offers }, to: { pool: desk-offers } }
          - { name: Silent, when: { field: lead.source, op: equals, value: desk-silent }, to: { pool: desk-silent } }

        """;

    private const string Pools = """
        pools:
          desk-waiting: { drainPerHour: 1, caps: [{ per: day, max: 1, rolling: true }] }
          desk-offers: { acceptWithin: 10m }
          desk-silent: { acceptWithin: 1s }

        """;

    /// <summary>Leads at desks have hours, and those whom a hand-off goes to have them too.</summary>
    private const string Patient = """
        slaPolicies:
          patient:
            budget: 2h
            hours: always
            urgent: true

        """;

    private const string HandOff = """

          - name: hand-off
            on: manual
            steps:
              - { name: give, assign: { rep: R005 } }
              - { name: offer, notify: owner, template: context-card, urgent: true }
              - { name: answer, wait: [accepted, rejected], needsReason: [rejected], deadline: patient, on: { accepted: taken, rejected: back }, otherwise: escalate }
              - name: back
                branch:
                  - { when: { field: play.events.rejected, op: gte, value: 2 }, goTo: escalate }
                  - { goTo: return }
              - { name: return, assignTo: sender }
              - { name: again, wait: [offeredAgain], within: 5d, on: { offeredAgain: give }, otherwise: escalate }
              - { name: escalate, notify: manager, template: breach, urgent: true }
              - { name: over, end: escalated }
              - { name: taken, end: accepted }

        """;

    private static readonly string People = string.Join('\n', (string[])
    [
        "rep_id,name,email,role,manager_id,team,time_zone,calendar,pools,active,out_of_office",
        .. new[] { ("W", Waiting, 2), ("O", Offers, 3), ("S", Silent, 3) }.SelectMany(desk => Enumerable.Range(1, desk.Item3).Select(i =>
            string.Create(CultureInfo.InvariantCulture, $"{desk.Item1}{i},{desk.Item2} {i},{desk.Item1}{i}@larkwell.example,SDR,R002,{desk.Item2},Etc/UTC,,{desk.Item2},true,"))),
    ]);

    /// <summary>Adds the rules of the desks to a configuration.</summary>
    public static void AddTo(string folder)
    {
        Replace(folder, "routing.yaml", "routing:\n", Rules);
        Replace(folder, "routing.yaml", "pools:\n", Pools);
        Replace(folder, "plays.yaml", "slaPolicies:\n", Patient);
        Replace(folder, "plays.yaml", "      - policy: quick\n", "      - { when: { field: lead.source, op: startsWith, value: desk }, policy: patient }\n      - policy: quick\n");
        File.AppendAllText(Path.Combine(folder, "plays.yaml"), HandOff);
    }

    /// <summary>Brings the people of the desks in; those who wait do not work yet.</summary>
    public static async Task StaffAsync(AbmClient client, CancellationToken cancellationToken)
    {
        JsonNode report = (await client.PostCsvAsync("api/import/reps", People, cancellationToken)).Expect(HttpStatusCode.OK).Json;
        if ((int)report["rejected"]! != 0)
            throw new InvalidOperationException($"People are refused: {report}");
        foreach (string rep in new[] { "W1", "W2" })
            (await client.PostJsonAsync($"api/reps/{rep}/pause", """{"minutes":90}""", cancellationToken)).Expect(HttpStatusCode.OK);
    }

    /// <summary>Posts a lead to a desk and returns it decided.</summary>
    public static Task<JsonNode> PostAsync(AbmClient client, string desk, string email, CancellationToken cancellationToken) =>
        LeadJson.PostDecidedAsync(client, new JsonObject { ["email"] = email, ["source"] = desk, ["externalId"] = Run.Name() }, cancellationToken);

    /// <summary>Has a timer's function run now.</summary>
    public static async Task RunAsync(AbmClient client, string function, CancellationToken cancellationToken) =>
        (await client.PostJsonAsync($"admin/functions/{function}", "{}", cancellationToken)).Expect(HttpStatusCode.Accepted);

    public static async Task PutAccountAsync(AbmClient client, string id, string json, CancellationToken cancellationToken)
    {
        using HttpRequestMessage request = new(HttpMethod.Put, $"api/accounts/{id}") { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        if (await client.GetAsync($"api/accounts/{id}", cancellationToken) is { Status: HttpStatusCode.OK, Headers.ETag: { } tag })
            request.Headers.IfMatch.Add(tag);
        Answer answer = await client.SendAsync(request, cancellationToken);
        if (answer.Status is not (HttpStatusCode.Created or HttpStatusCode.OK))
            throw new InvalidOperationException($"Account {id} was refused: {answer.Body}");
    }

    private static void Replace(string folder, string file, string what, string with)
    {
        string path = Path.Combine(folder, file), text = File.ReadAllText(path);
        int at = text.IndexOf(what, StringComparison.Ordinal);
        if (at < 0 || text.IndexOf(what, at + 1, StringComparison.Ordinal) >= 0)
            throw new InvalidOperationException($"{file} does not have '{what.Trim()}' once.");
        File.WriteAllText(path, string.Concat(text.AsSpan(0, at), with, text.AsSpan(at + what.Length)));
    }
}
