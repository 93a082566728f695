using Abm.Accounts;
using Abm.Configuration;
using Abm.Functions.Messages;
using Abm.Functions.Rematch;
using Abm.Functions.Settings;
using Abm.Functions.Signals;
using Abm.Functions.Storage.Accounts;
using Abm.Functions.Tests.Accounts;
using Abm.Plays;
using Abm.Ports;
using Abm.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Abm.Functions.Tests.Signals;

/// <summary>Accounts, timelines and queues in memory; plays only note what they are asked.</summary>
internal sealed class SignalWorld : IPlayOccasions, IDayMarks
{
    private readonly Dictionary<string, DateOnly> _days = [];
    private int _delivered;

    public SignalWorld()
    {
        Facts = new InMemoryFacts(
            A.Config() with
            {
                Plays =
                [
                    Play("visits", PlayTrigger.Event, new PlayTriggerRule { Events = ["page.view", "opportunity.opened", "account.dormant"] }),
                    Play("renewal", PlayTrigger.Date, new PlayTriggerRule { Field = "renewalDate", Days = [-90] }),
                ],
            },
            new[] { A.Rep("R1") }.ToDictionary(r => r.Id),
            AccountIndex.Empty);
        Feed = new FeedAccountCatalogue(new InMemoryFeed(), NullLogger<FeedAccountCatalogue>.Instance);
        Notices = new SignalNotices(Queues);
        Accounts = new SignallingCatalogue(new RematchingCatalogue(Feed, new RematchNotices(new InMemoryQueues(), Clock)), Notices, Waiting, Facts);
        Intake = new EventIntake(Accounts, Timelines, Waiting, Notices, Facts, new PlainPersonKeys(), Clock);
        Run = new SignalRun(Accounts, Timelines, Waiting, Intake, this, new RunningPlays(new InMemoryPlayFiles(), Facts), Facts, Notices, Facts, Clock, NullLogger<SignalRun>.Instance);
    }

    public Faults Faults { get; } = new();
    public ManualTimeProvider Clock { get; } = new(ManualTimeProvider.WednesdayMorning);
    public InMemoryFacts Facts { get; }
    public FeedAccountCatalogue Feed { get; }
    public InMemoryQueues Queues { get; } = new();
    public InMemoryTimelines Timelines { get; } = new();
    public InMemoryWaitingEvents Waiting { get; } = new();
    public SignalNotices Notices { get; }
    public SignallingCatalogue Accounts { get; }
    public EventIntake Intake { get; }
    public SignalRun Run { get; }

    /// <summary>What plays were asked about.</summary>
    public List<PlayOccasion> Asked { get; } = [];

    public Action? BeforeAnswer { get; set; }

    public WatchAccounts Watch => new(Accounts, Timelines, Waiting, Run, Notices, Facts, this, Clock, NullLogger<WatchAccounts>.Instance);

    /// <summary>Which sources sign; none.</summary>
    public SigningOptions Signing { get; } = new();

    public PostEvents Post => new(Intake, new EventSignatures(Options.Create(Signing), Clock, NullLogger<EventSignatures>.Instance), Facts, Clock, NullLogger<PostEvents>.Instance);

    public Task SaveAsync(params AccountChange[] changes) => Accounts.SaveAsync(_ => changes, CancellationToken.None);

    public async Task<ApiAnswer> PostAsync(string body, string type = "application/json", string? signature = null)
    {
        HttpRequest request = ApiAnswer.Request("", body);
        request.ContentType = type;
        if (signature is not null)
            request.Headers["X-Abm-Signature"] = signature;
        return await ApiAnswer.OfAsync(await Post.RunAsync(request, CancellationToken.None));
    }

    /// <summary>Every message that waits is delivered, and what those put on the queue.</summary>
    public async Task DeliverAsync()
    {
        while (_delivered < Queues.Sent.Count)
            await Run.RunAsync(RunSignals.Read(Queues.Sent[_delivered++].Text)!, new InMemoryPlays(), CancellationToken.None);
    }

    /// <summary>The last message comes again.</summary>
    public Task RedeliverAsync() => Run.RunAsync(RunSignals.Read(Queues.Sent[^1].Text)!, new InMemoryPlays(), CancellationToken.None);

    Task<IReadOnlyList<EnrolmentDecision>> IPlayOccasions.HappenedAsync(PlayOccasion occasion, IReadOnlyDictionary<string, string> properties, IPlayStarter starter, CancellationToken cancellationToken)
    {
        BeforeAnswer?.Invoke();
        Asked.Add(occasion);
        return Task.FromResult<IReadOnlyList<EnrolmentDecision>>([]);
    }

    Task<DateOnly?> IDayMarks.ReadAsync(string mark, CancellationToken cancellationToken) => Task.FromResult<DateOnly?>(_days.TryGetValue(mark, out DateOnly day) ? day : null);

    Task IDayMarks.SaveAsync(string mark, DateOnly day, CancellationToken cancellationToken)
    {
        _days[mark] = day;
        return Task.CompletedTask;
    }

    private static PlayRules Play(string name, PlayTrigger on, PlayTriggerRule trigger) => new() { Name = name, On = on, Trigger = trigger };
}
