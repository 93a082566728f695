using Abm.Functions.Configuration.Versions;
using Abm.Functions.Health;
using Abm.Ports;
using Abm.TestKit;
using Microsoft.Extensions.Logging.Abstractions;

namespace Abm.Functions.Tests.Explain;

public sealed class HealthTests
{
    [Fact]
    public async Task A_healthy_app_says_what_it_stands_on()
    {
        Journeys.JourneyWorld world = new();
        using HealthProbe probe = Probe(world, world.Quarantine);

        ApiAnswer answer = await ApiAnswer.OfAsync(await new GetHealth(probe).RunAsync(ApiAnswer.Request(), CancellationToken.None));

        Assert.Equal(200, answer.Status);
        Assert.Equal(("ok", "test", true, 1), ((string?)answer.Json["status"], (string?)answer.Json["configVersion"], (bool)answer.Json["accounts"]!["isLoaded"]!, (int)answer.Json["accounts"]!["count"]!));
        Assert.Equal(0, (int)answer.Json["quarantined"]!);
        Assert.Equal(("test", false), ((string?)answer.Json["config"]!["version"], (bool)answer.Json["config"]!["isCurrent"]!));
    }

    [Fact]
    public async Task Without_storage_it_is_unhealthy()
    {
        Journeys.JourneyWorld world = new();
        CountingQuarantine quarantine = new() { IsDown = true };
        using HealthProbe probe = Probe(world, quarantine);

        ApiAnswer answer = await ApiAnswer.OfAsync(await new GetHealth(probe).RunAsync(ApiAnswer.Request(), CancellationToken.None));

        Assert.Equal((503, "unhealthy", false), (answer.Status, (string?)answer.Json["status"], (bool)answer.Json["storage"]!["isReachable"]!));
    }

    [Fact]
    public async Task Within_a_second_it_looks_once_however_many_ask()
    {
        Journeys.JourneyWorld world = new();
        CountingQuarantine quarantine = new();
        using HealthProbe probe = Probe(world, quarantine);

        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => probe.ReadAsync(CancellationToken.None)));
        Assert.Equal(1, quarantine.Reads);

        world.Clock.Advance(TimeSpan.FromSeconds(1));
        await probe.ReadAsync(CancellationToken.None);
        Assert.Equal(2, quarantine.Reads);
    }

    private static HealthProbe Probe(Journeys.JourneyWorld world, IQuarantine quarantine) =>
        new(quarantine, new InMemoryQueues(), world.Facts, world.Facts, new Known(), world.Clock, NullLogger<HealthProbe>.Instance);

    private sealed class Known : IConfigStatus
    {
        public ConfigStatus Status { get; } = new("test", IsCurrent: false, null);
    }

    private sealed class CountingQuarantine : IQuarantine
    {
        public int Reads { get; private set; }

        public bool IsDown { get; init; }

        public Task AddAsync(QuarantinedMessage message, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<QuarantinedMessage?> FindAsync(string id, CancellationToken cancellationToken) => Task.FromResult<QuarantinedMessage?>(null);

        public Task MarkReplayedAsync(string id, DateTimeOffset at, CancellationToken cancellationToken) => Task.CompletedTask;

        public Task<ListPage<QuarantinedMessage>> ListAsync(int limit, string? after, CancellationToken cancellationToken)
        {
            Reads++;
            return IsDown ? throw new HttpRequestException("down") : Task.FromResult(new ListPage<QuarantinedMessage>([], null));
        }
    }
}
