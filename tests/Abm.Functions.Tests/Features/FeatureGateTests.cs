using Abm.Configuration;
using Abm.Functions.Features;
using Abm.Functions.OpenApi;
using Abm.Functions.Plays;
using Abm.Functions.Tests.Plays;
using Abm.Journeys;
using Abm.Plays;

namespace Abm.Functions.Tests.Features;

public sealed class FeatureGateTests
{
    private static readonly string[] All = [.. OpenApiDocument.Triggers(typeof(FeatureGate).Assembly).Select(f => f.Name)];

    [Fact]
    public void Everything_is_shown_unless_it_is_switched_off() => Assert.Equal(All, Shown(new FeatureSwitches()));

    [Fact]
    public void Switched_off_as_a_whole_only_health_configuration_its_audit_and_the_description_answer()
    {
        string[] routes = [.. OpenApiDocument.Triggers(typeof(FeatureGate).Assembly).Where(f => Shown(new FeatureSwitches { Abm = false }).Contains(f.Name)).Select(f => f.Trigger.Route!)];

        Assert.Contains("config/publish", routes);
        Assert.Contains("health", routes);
        Assert.All(routes, route => Assert.Contains(route.Split('/')[0], (string[])["health", "openapi.json", "config", "audit"]));
    }

    [Fact]
    public void One_capability_hides_its_own_addresses_only()
    {
        Assert.Equal(["MatchBatch", "MatchLead"], Hidden(new FeatureSwitches { MatchQueries = false }));
        Assert.Equal(["ImportCsv"], Hidden(new FeatureSwitches { Imports = false }));
        Assert.Empty(Hidden(new FeatureSwitches { Delivery = false, Plays = false, Routing = false }));
    }

    [Fact]
    public async Task Steps_of_a_play_wait_while_the_product_is_switched_off_and_go_on_afterwards()
    {
        PlayWorld world = new();
        PlayStartInput start = await world.DecideAsync();
        PlayedContext context = new(world, start) { IsHeldUntil = world.Clock.GetUtcNow().AddDays(3) };
        Task<PlayOutput?> play = context.PlayAsync();

        await context.UntilAsync(play, world.Clock.GetUtcNow().AddDays(3).AddMinutes(-1));
        Assert.Empty(await world.EventsAsync(start));
        Assert.Empty(world.Outbox.Items);
        Assert.InRange(context.Called.Count, 200, 400); // at most every 15 minutes of three days

        PlayOutput output = await context.ToTheEndAsync(play);
        Assert.NotEqual(PlayOutcome.Touched, output.Outcome);
        Assert.Equal(0, context.OpenTimers);
        Assert.NotEmpty(world.Outbox.Items);
    }

    private static string[] Shown(FeatureSwitches on) => [.. All.Where(f => FeatureGate.IsShown(f, on))];

    private static string[] Hidden(FeatureSwitches on) => [.. All.Except(Shown(on)).Order(StringComparer.Ordinal)];
}
