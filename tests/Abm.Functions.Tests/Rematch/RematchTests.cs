using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Http;
using Abm.Functions.Messages;
using Abm.Functions.Plays;
using Abm.Functions.Rematch;
using Abm.Functions.Storage;
using Abm.Functions.Tests.Plays;
using Abm.Functions.Tests.Unmatched;
using Abm.Journeys;
using Abm.Leads;
using Abm.Matching;
using Abm.Plays;
using Abm.Ports;
using Abm.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Abm.Functions.Tests.Rematch;

public sealed class RematchTests
{
    private static readonly Account Other = new() { Id = AccountId.Parse("A18"), Name = "Nordwind Holding", Domains = ["nordwind-holding.example"] };
    private readonly ReviewWorld _world = new();
    private readonly InMemoryRematchReports _reports = new();
    private readonly InMemoryQueues _queues = new();
    private int _delivered;

    private static CancellationToken None => CancellationToken.None;

    private RematchNotices Notices => new(_queues, _world.World.Clock);

    private RematchingCatalogue Accounts => new(_world.Catalogue, Notices);

    private RematchRun Run => new(
        _world.World.Leads, _world.World.Leads, _world.World.Lists, _reports, _world.Redeciding, _world.Processing, Notices, _world.World.Clock, NullLogger<RematchRun>.Instance);

    [Fact]
    public async Task A_new_account_takes_the_leads_that_waited_for_it_and_their_plays_start()
    {
        LeadId waiting = await _world.DecideAsync(ReviewWorld.Unknown);
        LeadId stranger = await _world.DecideAsync(new Submission { Email = "x@elsewhere.example", Company = "Elsewhere" }, "2");

        await SaveAsync(new AccountChange.Saved(ReviewWorld.Nordwind));
        await DeliverAsync();

        LeadFile file = await _world.FileAsync(waiting);
        Assert.Equal((LeadJourney.DecisionId(waiting, 2), "matched", "A17"), (file.Lead.DecisionId, file.Lead.Outcome, file.Lead.AccountId?.Value));
        Assert.Equal(waiting.Value, Assert.Single(_world.World.Plays.Started).LeadId);
        Assert.DoesNotContain(_world.World.Lists.Waiting, w => w.LeadId == waiting);
        Assert.Equal(LeadJourney.DecisionId(stranger, 1), (await _world.FileAsync(stranger)).Lead.DecisionId);
        RematchItem item = Assert.Single(_reports.Items);
        Assert.Equal(("moved", "unmatched", "matched", "A17"), (item.Became, item.FromOutcome, item.ToOutcome, item.To?.Value));
        Assert.Equal(1, Assert.Single(_reports.Reports).Counts["moved"]);
        Assert.Contains(await _world.World.Leads.EventsAsync(waiting, None), e => e.Kind == "rematched" && e.By is null && e.Details["reportId"] == _reports.Reports[0].ReportId);
    }

    [Fact]
    public async Task An_account_that_is_gone_gives_its_leads_back_and_the_play_goes_on()
    {
        await SaveAsync(new AccountChange.Saved(ReviewWorld.Nordwind));
        await DeliverAsync();
        LeadId lead = await _world.DecideAsync(ReviewWorld.Unknown);
        PlayStartInput start = _world.World.Plays.Started.Single();
        await _world.World.TurnAsync(start);

        await SaveAsync(new AccountChange.Removed(ReviewWorld.Nordwind.Id));
        await DeliverAsync();

        LeadFile file = await _world.FileAsync(lead);
        Assert.Equal(("unmatched", null, start.OwnerId), (file.Lead.Outcome, file.Lead.AccountId, file.Lead.OwnerId?.Value));
        Assert.Equal(PlayStatus.Running, Assert.Single(file.Plays).Status);
        Assert.Contains(_world.World.Lists.Waiting, w => w.LeadId == lead);
    }

    [Fact]
    public async Task A_lead_whose_play_runs_goes_to_the_new_accounts_owner_and_so_does_the_play()
    {
        await SaveAsync(new AccountChange.Saved(ReviewWorld.Nordwind));
        _world.World.Facts.Config = _world.World.Facts.Config with
        {
            Routing = [new RoutingRule { Name = "owner", When = A.Test("account.owner", PredicateOp.Exists), To = new RouteTarget.AccountOwner() }, .. _world.World.Facts.Config.Routing],
        };
        LeadId lead = await _world.DecideAsync(ReviewWorld.Unknown);
        PlayStartInput start = _world.World.Plays.Started.Single();
        await _world.World.TurnAsync(start);

        await SaveAsync(new AccountChange.Removed(ReviewWorld.Nordwind.Id), new AccountChange.Saved(ReviewWorld.Nordwind with { Id = AccountId.Parse("A99"), OwnerId = RepId.Parse("M1") }));
        await DeliverAsync();

        LeadFile file = await _world.FileAsync(lead);
        Assert.Equal(("A99", "M1"), (file.Lead.AccountId?.Value, file.Lead.OwnerId?.Value));
        Assert.Equal(2, file.Clocks.Count(c => c.Scope == "owner"));
        Assert.Single(_world.World.Plays.Started);
        Assert.Equal("M1", file.Clocks.Single(c => c.Scope == "account").OwnerId?.Value);
    }

    [Fact]
    public async Task What_a_person_chose_or_works_on_stays_and_the_report_says_what_the_matcher_would_have_said()
    {
        await SaveAsync(new AccountChange.Saved(ReviewWorld.Nordwind), new AccountChange.Saved(Other));
        await DeliverAsync();
        LeadId pinned = await _world.DecideAsync(ReviewWorld.Unknown), worked = await _world.DecideAsync(ReviewWorld.Unknown, "2");
        await PlayBegunAsync(pinned);
        Assert.Equal(200, (await _world.ResolveAsync(pinned, """{"action":"pin","accountId":"A18","reason":"x"}""", "*")).Status);
        await _world.World.Touches.ApplyAsync(worked.Value, new ActionRead("call", "R1", null, null, null), "touch", PlayStopKind.Touched, _world.World.Plays, None);
        string before = (await _world.FileAsync(pinned)).Lead.DecisionId!;

        await SaveAsync(new AccountChange.Removed(ReviewWorld.Nordwind.Id), new AccountChange.Saved(ReviewWorld.Nordwind with { Id = AccountId.Parse("A99") }));
        await DeliverAsync();

        Assert.Equal((before, "A18"), ((await _world.FileAsync(pinned)).Lead.DecisionId, (await _world.FileAsync(pinned)).Lead.AccountId?.Value));
        Assert.Equal(("manual", "A99"), _reports.Items.Single(i => i.Lead == pinned) is { } a ? (a.Became, a.To?.Value) : default);
        Assert.Equal(LeadJourney.DecisionId(worked, 1), (await _world.FileAsync(worked)).Lead.DecisionId);
        Assert.Equal("worked", _reports.Items.Single(i => i.Lead == worked).Became);
    }

    [Fact]
    public async Task A_change_that_moves_nobody_makes_no_decision_and_no_report()
    {
        await SaveAsync(new AccountChange.Saved(ReviewWorld.Nordwind));
        LeadId lead = await _world.DecideAsync(ReviewWorld.Unknown);

        await SaveAsync(new AccountChange.Saved(ReviewWorld.Nordwind with { OwnerId = RepId.Parse("R1") })); // nothing that matching looks at
        Assert.Single(_queues.Sent);
        await SaveAsync(new AccountChange.Saved(ReviewWorld.Nordwind with { Aliases = ["Nordwind Erneuerbare"] }));
        await DeliverAsync();

        Assert.Equal(LeadJourney.DecisionId(lead, 1), (await _world.FileAsync(lead)).Lead.DecisionId);
        Assert.Empty(_reports.Reports);
    }

    [Fact]
    public async Task A_message_that_comes_twice_or_to_two_processes_moves_a_lead_once()
    {
        LeadId[] leads = [.. await Task.WhenAll(Enumerable.Range(0, 6).Select(i => _world.DecideAsync(ReviewWorld.Unknown, $"{i}")))];
        await SaveAsync(new AccountChange.Saved(ReviewWorld.Nordwind));
        RematchMessage message = RematchLeads.Read(_queues.Sent[0].Text)!;

        await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Run(() => Run.RunAsync(message, _world.World.Plays, None))));
        await Run.RunAsync(message, _world.World.Plays, None);

        Assert.Equal(leads.Length * 2, _world.World.Leads.DecisionCount);
        Assert.Equal(leads.Length, _world.World.Plays.Started.Count);
        foreach (LeadId lead in leads)
        {
            Assert.Equal(LeadJourney.DecisionId(lead, 2), (await _world.FileAsync(lead)).Lead.DecisionId);
            Assert.Single(await _world.World.Leads.EventsAsync(lead, None), e => e.Kind == "rematched");
        }

        Assert.Equal(leads.Length, Assert.Single(_reports.Reports).Counts["moved"]);
    }

    [Fact]
    public async Task A_crash_anywhere_is_mended_by_the_next_delivery()
    {
        for (int call = 1; call < 40; call++)
        {
            RematchTests fresh = new();
            if (!await fresh.SurvivesAsync(call))
                return; // there were fewer calls than that
        }

        Assert.Fail("There are more calls than were tried.");
    }

    [Fact]
    public async Task A_message_waits_for_the_change_that_causes_it()
    {
        LeadId lead = await _world.DecideAsync(ReviewWorld.Unknown);
        await Notices.AccountsAsync(RematchKeys.Of(null, ReviewWorld.Nordwind), (await _world.Catalogue.CurrentAsync(None)).Index.Version, None);

        await DeliverAsync(1);
        Assert.Equal((2, 1), (_queues.Sent.Count, RematchLeads.Read(_queues.Sent[1].Text)!.Tries));
        await _world.SaveAsync(new AccountChange.Saved(ReviewWorld.Nordwind));
        await DeliverAsync();

        Assert.Equal("A17", (await _world.FileAsync(lead)).Lead.AccountId?.Value);
    }

    [Fact]
    public async Task Many_leads_are_looked_at_in_bounded_parts_that_follow_each_other()
    {
        for (int i = 0; i < RematchRun.MaxLeads + 30; i++)
            await _world.DecideAsync(ReviewWorld.Unknown, $"{i}");
        await SaveAsync(new AccountChange.Saved(ReviewWorld.Nordwind));

        await DeliverAsync(1);
        Assert.Equal(RematchRun.MaxLeads, _reports.Items.Count);
        await DeliverAsync();

        RematchReport report = Assert.Single(_reports.Reports);
        Assert.Equal((RematchRun.MaxLeads + 30, true), (report.Counts["moved"], report.FinishedAt is not null));
    }

    [Fact]
    public async Task Nothing_moves_while_matching_is_switched_off_and_the_message_waits()
    {
        LeadId lead = await _world.DecideAsync(ReviewWorld.Unknown);
        await SaveAsync(new AccountChange.Saved(ReviewWorld.Nordwind));
        AbmConfig on = _world.World.Facts.Config;
        _world.World.Facts.Config = on with { Version = "off", Features = on.Features with { Matching = false } };

        await DeliverAsync(1);
        Assert.Equal(LeadJourney.DecisionId(lead, 1), (await _world.FileAsync(lead)).Lead.DecisionId);
        _world.World.Facts.Config = on;
        await DeliverAsync();

        Assert.Equal("A17", (await _world.FileAsync(lead)).Lead.AccountId?.Value);
    }

    [Fact]
    public async Task A_change_of_rules_moves_nobody_until_somebody_asks_and_a_dry_run_only_tells()
    {
        await _world.SaveAsync(new AccountChange.Saved(ReviewWorld.Nordwind));
        AbmConfig rules = _world.World.Facts.Config;
        _world.World.Facts.Config = rules with { Version = "strict", Matching = rules.Matching with { AutomaticFrom = 1_000, ReviewFrom = 1 } };
        LeadId lead = await _world.DecideAsync(ReviewWorld.Unknown);
        _world.World.Facts.Config = rules;
        Assert.Equal("review", (await _world.FileAsync(lead)).Lead.Outcome);

        string since = _world.World.Clock.GetUtcNow().AddHours(-1).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
        ApiAnswer dry = await AskAsync($$"""{"since":"{{since}}","dryRun":true}""");
        await DeliverAsync();
        Assert.Equal((202, "review"), (dry.Status, (await _world.FileAsync(lead)).Lead.Outcome));
        Assert.Equal("wouldMove", Assert.Single(_reports.Items).Became);

        ApiAnswer real = await AskAsync($$"""{"since":"{{since}}"}""");
        await AskAsync($$"""{"since":"{{since}}"}"""); // once more within the minute
        await DeliverAsync();

        Assert.Equal(("matched", "A17"), ((await _world.FileAsync(lead)).Lead.Outcome, (await _world.FileAsync(lead)).Lead.AccountId?.Value));
        Assert.Equal(2, _queues.Sent.Count);
        JsonNode shown = (await ApiAnswer.OfAsync(await Endpoints.GetAsync(ApiAnswer.Request(), (string)real.Json["reportId"]!, None))).Json;
        Assert.Equal((1, "moved", "local"), ((int)shown["report"]!["counts"]!["moved"]!, (string)shown["items"]![0]!["became"]!, (string)shown["report"]!["by"]!));
        Assert.Equal(2, (await ApiAnswer.OfAsync(await Endpoints.ListAsync(ApiAnswer.Request(), None))).Json["items"]!.AsArray().Count);
    }

    [Theory]
    [InlineData("""{}""", "required since")]
    [InlineData("""{"since":"yesterday"}""", "wrongType since")]
    [InlineData("""{"since":"\ud800"}""", "wrongType since")]
    [InlineData("""{"since":"2020-01-01T00:00:00Z"}""", "outOfRange since")]
    [InlineData("""{"since":5,"dryRun":"no"}""", "wrongType dryRun,wrongType since")]
    [InlineData("""[]""", "wrongType ")]
    public async Task Bad_input_is_named(string json, string problems)
    {
        ApiAnswer answer = await AskAsync(json);

        Assert.Equal((400, problems), (answer.Status, string.Join(',', answer.Codes)));
        Assert.Empty(_queues.Sent);
    }

    [Theory]
    [InlineData("")]
    [InlineData("nonsense")]
    [InlineData("{}")]
    [InlineData("""{"version":2,"reportId":"rem-1","keys":[]}""")]
    [InlineData("""{"version":1,"reportId":"a/b","keys":[]}""")]
    [InlineData("""{"version":1,"reportId":"rem-1"}""")]
    public void A_message_that_nobody_can_read_is_none(string body) => Assert.Null(RematchLeads.Read(body));

    [Fact]
    public void The_largest_message_fits_into_a_queue()
    {
        RematchMessage message = new(
            1, DerivedId.From("rem", "x"), RematchMessage.OfAccounts, null, false, DateTimeOffset.UnixEpoch, [.. Enumerable.Range(0, RematchMessage.MaxKeys).SelectMany(i => RematchKeys.Of(null, A.Account($"{i}")).Take(1))], 1, null);

        Assert.Equal(RematchMessage.MaxKeys, message.Keys!.Count);
        Assert.InRange(JsonSerializer.Serialize(message, StoredJson.Options).Length, 1, 47 * 1024);
    }

    /// <summary>False: the call was not reached.</summary>
    private async Task<bool> SurvivesAsync(int failing)
    {
        LeadId lead = await _world.DecideAsync(ReviewWorld.Unknown);
        await SaveAsync(new AccountChange.Saved(ReviewWorld.Nordwind));
        RematchMessage message = RematchLeads.Read(_queues.Sent[0].Text)!;
        _world.World.Faults.CrashAfter(failing);
        bool failed = false;
        try
        {
            await Run.RunAsync(message, _world.World.Plays, None);
        }
        catch (InjectedCrashException)
        {
            failed = true;
        }

        _world.World.Faults.Off();
        await Run.RunAsync(message, _world.World.Plays, None);
        Assert.Equal(LeadJourney.DecisionId(lead, 2), (await _world.FileAsync(lead)).Lead.DecisionId);
        Assert.Equal(2, _world.World.Leads.DecisionCount);
        Assert.Single(_world.World.Plays.Started.Concat(_world.World.Plays.Started).DistinctBy(p => p.PlayId));
        Assert.DoesNotContain(_world.World.Lists.Waiting, w => w.LeadId == lead);
        Assert.Equal("moved", Assert.Single(_reports.Items).Became);
        return failed;
    }

    private Task SaveAsync(params AccountChange[] changes) => Accounts.SaveAsync(_ => changes, None);

    /// <summary>What lies on the queue, and what that puts on it.</summary>
    private async Task DeliverAsync(int most = 100)
    {
        for (int i = 0; i < most && _delivered < _queues.Sent.Count; i++)
            await Run.RunAsync(RematchLeads.Read(_queues.Sent[_delivered++].Text)!, _world.World.Plays, None);
    }

    private RematchFunctions Endpoints => new(Notices, _reports, new Callers(Options.Create(new AuthOptions())), _world.World.Clock);

    private async Task<ApiAnswer> AskAsync(string json) => await ApiAnswer.OfAsync(await Endpoints.AskAsync(ApiAnswer.Request("", json), None));

    private async Task PlayBegunAsync(LeadId lead) => await _world.World.TurnAsync(_world.World.Plays.Started.Single(s => s.LeadId == lead.Value));
}
