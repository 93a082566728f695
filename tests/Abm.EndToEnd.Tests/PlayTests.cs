using System.Net;
using System.Text.Json.Nodes;
using Abm.TestKit;

namespace Abm.EndToEnd.Tests;

/// <summary>Plays with a budget of three seconds, seen from outside: in what is delivered and over HTTP.</summary>
[Collection<QuickPlaysCollection>]
public sealed class PlayTests(QuickPlays plays)
{
    /// <summary>Two owners with a card, two reminders and a backup each, two breaches, one handover, one reassignment.</summary>
    private const int AllThatIsTold = 12;
    private static readonly TimeSpan Soon = Patience.OfBusyMachines;
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_untouched_lead_is_reminded_of_missed_escalated_and_reassigned_each_once()
    {
        SkipWhenDeployed();
        JsonNode lead = await plays.PostAsync("untouched@corvane.example", Token);

        await AssertRunsItsCourseAsync(lead);
    }

    [Fact]
    public async Task A_play_goes_on_where_it_was_when_the_app_is_killed_in_its_middle()
    {
        SkipWhenDeployed();
        JsonNode lead = await plays.PostAsync("killed@corvane.example", Token);
        await plays.UntilToldAsync((string)lead["leadId"]!, 2, Soon, Token);
        plays.App.Kill();
        await plays.App.RestartAsync(Token);

        await AssertRunsItsCourseAsync(lead);
    }

    [Fact]
    public async Task A_touch_in_time_meets_the_clock_and_nobody_is_told_any_more()
    {
        SkipWhenDeployed();
        JsonNode lead = await plays.PostAsync("touched@corvane.example", Token);
        string leadId = (string)lead["leadId"]!;
        JsonObject touch = new() { ["by"] = (string?)lead["ownerId"], ["kind"] = "call" };

        (await plays.Client.PostJsonAsync($"api/leads/{leadId}/touch", touch, Token)).Expect(HttpStatusCode.OK);
        JsonNode later = await plays.PostAsync("later@corvane.example", Token);
        await plays.UntilToldAsync((string)later["leadId"]!, 5, Soon, Token); // the lead posted after it has been missed by now

        JsonNode touched = await plays.LeadAsync(leadId, Token);
        Assert.All(touched["clocks"]!.AsArray(), clock => Assert.Equal("met", (string?)clock!["state"]));
        Assert.All(plays.Told(leadId), told => Assert.StartsWith("context-card", told, StringComparison.Ordinal));
        Assert.Equal((string?)lead["ownerId"], (string?)touched["ownerId"]);
    }

    [Fact]
    public async Task Every_delivery_is_signed_and_a_refused_one_comes_again_under_its_id()
    {
        SkipWhenDeployed();
        plays.Receiver.AnswerNext(HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable);
        JsonNode lead = await plays.PostAsync("signed@corvane.example", Token);
        string leadId = (string)lead["leadId"]!;
        await plays.UntilToldAsync(leadId, 3, Soon, Token);

        IReadOnlyList<Delivery> all = await AbmClient.UntilAsync(() => Task.FromResult(plays.Receiver.Deliveries), CameAgain, Soon, "A refused delivery comes again", Token);
        Assert.All(all, delivery => Assert.True(delivery.IsSignedWith(QuickPlays.Secret)));
        Assert.All(all, delivery => Assert.False(delivery.IsSignedWith(QuickPlays.Secret + "?")));

        static bool CameAgain(IReadOnlyList<Delivery> all) => all.GroupBy(delivery => delivery.Headers["X-Abm-Delivery"], StringComparer.Ordinal).Any(attempts => attempts.Count() > 1);
    }

    /// <summary>The documented example of the scheme: receivers check their own code against it, and here it checks the receiver of these tests.</summary>
    [Fact]
    public void The_signature_of_the_documented_example_is_the_documented_one() =>
        Assert.Equal("dbf4da1cf9dac6d1d1777c3966c715d80d223a0b2e8dc3df22154d0620896d49", Delivery.Sign("secret", "1700000000", """{"event_id":"e1","event_type":"form_response"}"""));

    private static void SkipWhenDeployed() => Assert.SkipWhen(AbmClient.DeployedApp is not null, "A deployed app's deadlines are not seconds, and it tells somebody else.");

    private async Task AssertRunsItsCourseAsync(JsonNode lead)
    {
        string leadId = (string)lead["leadId"]!;
        string first = (string)lead["ownerId"]!;

        IReadOnlyList<string> told = await plays.UntilToldAsync(leadId, AllThatIsTold, Soon, Token);
        JsonNode ended = await AbmClient.UntilAsync(
            () => plays.LeadAsync(leadId, Token), now => (string?)now["plays"]![0]!["status"] == "completed", Soon, "The play ended", Token);

        string second = (string)ended["ownerId"]!;
        Assert.NotEqual(first, second);
        string[] expected =
        [
            $"context-card {first}", $"reminder {first}", $"reminder {first}", "backup R002", "breach R002",
            $"context-card {second}", $"reassigned {first}", $"reminder {second}", $"reminder {second}", "backup R002", "breach R002", "revops revops",
        ];
        Assert.Equal(expected.Order(StringComparer.Ordinal), plays.Told(leadId).Order(StringComparer.Ordinal));
        Assert.True(told.ToList().IndexOf($"context-card {second}") > told.ToList().IndexOf("breach R002"));
        Assert.All(ended["clocks"]!.AsArray(), clock => Assert.StartsWith("breached", (string?)clock!["state"], StringComparison.Ordinal));
        Assert.Equal(3, ended["clocks"]!.AsArray().Count); // the account's and each owner's
    }
}
