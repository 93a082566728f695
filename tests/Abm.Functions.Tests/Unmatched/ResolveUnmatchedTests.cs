using System.Text;
using System.Text.Json.Nodes;
using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Configuration.Versions;
using Abm.Functions.Http;
using Abm.Functions.Tests.Configuration.Versions;
using Abm.Functions.Unmatched;
using Abm.Journeys;
using Abm.Leads;
using Abm.Matching;
using Abm.Plays;
using Abm.Ports;
using Abm.Replays;
using Abm.Routing;
using Abm.TestKit;

namespace Abm.Functions.Tests.Unmatched;

public sealed class ResolveUnmatchedTests
{
    private const string Pin = """{"action":"pin","accountId":"A17","by":"R1","reason":"Same company"}""";
    private readonly ReviewWorld _world = new();

    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task A_pin_makes_a_new_decision_that_is_routed_and_followed_up()
    {
        LeadId lead = await WaitingAsync();

        ApiAnswer answer = await _world.ResolveAsync(lead, Pin);

        Assert.Equal((200, false, true), (answer.Status, (bool)answer.Json["duplicate"]!, (bool)answer.Json["isCaseKept"]!));
        LeadFile file = await _world.FileAsync(lead);
        Assert.Equal((LeadJourney.DecisionId(lead, 2), "matched", "A17", "A17"), (file.Lead.DecisionId, file.Lead.Outcome, file.Lead.AccountId?.Value, file.Lead.PinnedAccountId?.Value));
        JourneyDecision decision = (await _world.World.Leads.FindDecisionAsync(lead, file.Lead.DecisionId!, None))!;
        Assert.Equal([JourneyReasons.Pinned, JourneyReasons.WouldHaveBeen], decision.Match.Reasons.Select(r => r.Code));
        Assert.Equal((lead.Value, ((RouteDecision.Assigned)decision.Route).Owner.Value), (_world.World.Plays.Started.Single().LeadId, file.Lead.OwnerId!.Value));
        Assert.Empty(_world.World.Lists.Waiting);
        Assert.Equal(("pin", "A17", "R1"), _world.World.Lists.Resolved.Single().Resolution is { } r ? (r.Action, r.AccountId!.Value, r.By) : default);
        Assert.Equal("A17", _world.World.Lists.Leads.Single().AccountId?.Value);
        LabelledCase kept = Assert.Single(_world.Cases.Cases);
        Assert.Equal(("account", "A17", LeadJourney.DecisionId(lead, 1)), (kept.Facet, kept.Expected, kept.Inputs.DecisionId));
        LeadEvent happened = Assert.Single(await _world.World.Leads.EventsAsync(lead, None), e => e.Kind == "resolved");
        Assert.Equal(("R1", "Same company"), (happened.By, happened.Details["note"]));
    }

    [Fact]
    public async Task The_same_again_changes_nothing_and_another_word_is_a_conflict_until_it_is_looked_at()
    {
        LeadId lead = await WaitingAsync();
        await _world.ResolveAsync(lead, Pin);
        string stale = (string)(await _world.ShowAsync(lead)).Json["etag"]!;

        ApiAnswer again = await _world.ResolveAsync(lead, Pin);
        ApiAnswer other = await _world.ResolveAsync(lead, """{"action":"ignore","by":"R2","reason":"Spam"}""");

        Assert.Equal((200, true), (again.Status, (bool)again.Json["duplicate"]!));
        Assert.Equal((409, "urn:abm:problem:resolved-otherwise"), (other.Status, (string?)other.Json["type"]));
        Assert.Equal(LeadJourney.DecisionId(lead, 2), (await _world.FileAsync(lead)).Lead.DecisionId);
        await PlayBegunAsync(lead);
        Assert.Equal(412, (await _world.ResolveAsync(lead, """{"action":"ignore","by":"R2","reason":"Spam"}""", stale)).Status);
        string tag = (string)(await _world.ShowAsync(lead)).Json["etag"]!;
        Assert.Equal(200, (await _world.ResolveAsync(lead, """{"action":"ignore","by":"R2","reason":"Spam"}""", tag)).Status);
        LeadFile file = await _world.FileAsync(lead);
        Assert.Equal((true, null, "unmatched"), (file.Lead.IsIgnored, file.Lead.PinnedAccountId, file.Lead.Outcome));
    }

    [Fact]
    public async Task An_ignored_lead_goes_to_nobody_and_stays_so()
    {
        LeadId lead = await WaitingAsync();

        Assert.Equal(200, (await _world.ResolveAsync(lead, """{"action":"ignore","by":"R1","reason":"A student"}""")).Status);
        await _world.RunAsync(lead); // its message comes again

        JourneyDecision decision = (await _world.World.Leads.FindDecisionAsync(lead, (await _world.FileAsync(lead)).Lead.DecisionId!, None))!;
        Assert.Equal(UnmatchedReason.Ignored, ((MatchDecision.Unmatched)decision.Match).Why);
        Assert.IsType<RouteDecision.Suppressed>(decision.Route);
        Assert.Empty(_world.World.Lists.Waiting);
        Assert.Empty(_world.World.Plays.Started);
        Assert.Equal(("outcome", "unmatched"), (_world.Cases.Cases.Single().Facet, _world.Cases.Cases.Single().Expected));
    }

    [Fact]
    public async Task An_account_is_created_once_and_the_lead_belongs_to_it()
    {
        LeadId lead = await _world.DecideAsync(ReviewWorld.Unknown);
        const string create = """{"action":"createAccount","account":{"name":"Nordwind Energie","domains":["nordwind.example"]},"by":"R1","reason":"New"}""";

        ApiAnswer first = await _world.ResolveAsync(lead, create);
        ApiAnswer again = await _world.ResolveAsync(lead, create);

        string id = (string)first.Json["accountId"]!;
        Assert.Equal((200, 200, id, true), (first.Status, again.Status, (string)again.Json["accountId"]!, (bool)again.Json["duplicate"]!));
        Assert.Equal("Nordwind Energie", Assert.Single((await _world.Catalogue.CurrentAsync(None)).Accounts.Values).Name);
        Assert.Equal(id, (await _world.FileAsync(lead)).Lead.PinnedAccountId!.Value);
        LeadId next = await _world.DecideAsync(ReviewWorld.Unknown, "2");
        Assert.Equal(id, (await _world.FileAsync(next)).Lead.AccountId?.Value);
        ApiAnswer taken = await _world.ResolveAsync(await WaitingAsync("3"), $$$"""{"action":"createAccount","accountId":"{{{id}}}","account":{"name":"Another"},"reason":"x"}""");
        Assert.Equal((409, "urn:abm:problem:account-exists"), (taken.Status, (string?)taken.Json["type"]));
    }

    [Fact]
    public async Task A_lead_that_is_put_off_comes_back_by_itself()
    {
        LeadId lead = await WaitingAsync();

        ApiAnswer answer = await _world.ResolveAsync(lead, """{"action":"snooze","until":"2099-01-01T00:00:00Z","reason":"x"}""");
        Assert.Equal("outOfRange until", Assert.Single(answer.Codes));
        string until = (_world.World.Clock.GetUtcNow() + TimeSpan.FromHours(3)).UtcDateTime.ToString("yyyy-MM-ddTHH:mm:ssZ", System.Globalization.CultureInfo.InvariantCulture);
        ApiAnswer snoozed = await _world.ResolveAsync(lead, $$"""{"action":"snooze","until":"{{until}}","reason":"They call back"}""");

        Assert.Equal((200, "snoozed"), (snoozed.Status, (string?)snoozed.Json["state"]));
        Assert.Empty((await _world.ListAsync()).Json["items"]!.AsArray());
        await _world.RunAsync(lead); // written again, it stays put off
        Assert.Equal("snoozed", (string?)Assert.Single((await _world.ListAsync("?state=snoozed")).Json["items"]!.AsArray())!["state"]);
        _world.World.Clock.Advance(TimeSpan.FromHours(30));
        JsonNode back = Assert.Single((await _world.ListAsync()).Json["items"]!.AsArray())!;
        Assert.Equal(("open", true), ((string?)back["state"], (bool)back["isOverdue"]!));
    }

    [Fact]
    public async Task The_list_shows_the_best_candidates_with_what_speaks_for_them()
    {
        LeadId lead = await WaitingAsync();

        JsonNode item = Assert.Single((await _world.ListAsync()).Json["items"]!.AsArray())!;
        JsonNode candidate = item["candidates"]![0]!;
        Assert.Equal("A17", (string?)candidate["accountId"]);
        Assert.NotEmpty(candidate["evidence"]!.AsArray());
        JsonNode shown = (await _world.ShowAsync(lead)).Json["candidates"]![0]!;
        Assert.Contains(shown["evidence"]!.AsArray(), e => ((string)e!["says"]!).Length > 0);
        await _world.ResolveAsync(lead, Pin);
        Assert.Equal("pin", (string?)Assert.Single((await _world.ListAsync("?state=resolved")).Json["items"]!.AsArray())!["resolution"]!["action"]);
    }

    [Fact]
    public async Task An_exception_that_comes_with_it_is_kept_as_a_draft_and_never_published()
    {
        LeadId lead = await WaitingAsync();
        const string rule = """{"name":"Nordwind's agency","when":{"field":"lead.domain","op":"equals","value":"nordwind.example"},"effect":"pin","account":"A17","owner":"RevOps","why":"Agency","expires":"2099-06-30"}""";

        ApiAnswer answer = await _world.ResolveAsync(lead, Pin.Replace("}", $$""","exceptionRule":{{rule}}}""", StringComparison.Ordinal));

        string version = (string)answer.Json["exceptionDraft"]!["version"]!;
        ConfigVersion kept = (await _world.Publishing.Store.FindAsync(version, None))!;
        Assert.Equal("Nordwind's agency", Assert.Single(ConfigDraft.OfKept(kept).Config.MatchingExceptions).Name);
        Assert.Null((await _world.Publishing.Publisher.InForceAsync(None)).Activation);
        Assert.Equal(200, (await _world.ResolveAsync(await WaitingAsync("2"), Pin)).Status);
    }

    [Fact]
    public async Task A_rule_that_is_wrong_resolves_nothing()
    {
        LeadId lead = await WaitingAsync();

        ApiAnswer answer = await _world.ResolveAsync(lead, """{"action":"pin","accountId":"A17","reason":"x","exceptionRule":{"name":"No end","when":{"field":"lead.domain","op":"equals","value":"x"},"effect":"pin","account":"A17","owner":"o","why":"w"}}""");

        Assert.Equal((400, "required exceptionRule"), (answer.Status, Assert.Single(answer.Codes)));
        Assert.Equal(LeadJourney.DecisionId(lead, 1), (await _world.FileAsync(lead)).Lead.DecisionId);
    }

    [Theory]
    [InlineData("matchingExceptions:\n  - name: a\n    effect: ignore\n    when: { field: lead.isTest, op: equals, value: true }\n    owner: o\n    why: w\n    expires: 2099-01-01\n\n# next\nfeatures:\n  abm: true\n")]
    [InlineData("features:\n  abm: true\nmatchingExceptions: []\n")]
    [InlineData("features:\n  abm: true\n")]
    [InlineData("matchingExceptions:\n- name: a\n  effect: ignore\n  when: { field: lead.isTest, op: equals, value: true }\n  owner: o\n  why: w\n  expires: 2099-01-01")]
    public void A_rule_is_added_behind_the_others_and_every_other_line_stays(string text)
    {
        JsonObject rule = (JsonObject)JsonNode.Parse("""{"name":"b","effect":"ignore","when":{"field":"lead.city","op":"equals","value":"Ä \"x\""},"owner":"o","why":"w","expires":"2099-01-01"}""")!;

        IReadOnlyList<ConfigSourceFile> files = ExceptionRuleDraft.Add([new ConfigSourceFile("a.yaml", Encoding.UTF8.GetBytes(text))], rule)!;

        ConfigDraftReading reading = ConfigDraft.Read(files);
        AbmConfig config = Assert.IsType<ConfigDraftReading.Accepted>(reading).Draft.Config;
        Assert.Equal("b", config.MatchingExceptions[^1].Name);
        Assert.Equal(text.Contains("name: a", StringComparison.Ordinal) ? 2 : 1, config.MatchingExceptions.Count);
        string all = string.Concat(files.Select(f => Encoding.UTF8.GetString(f.Bytes.Span)));
        Assert.All(text.Split('\n').Where(l => l != "matchingExceptions: []"), l => Assert.Contains(l, all, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"reason":"x"}""", "required action")]
    [InlineData("""{"action":"merge","reason":"x"}""", "unknownValue action")]
    [InlineData("""{"action":"pin","accountId":"A17"}""", "required reason")]
    [InlineData("""{"action":"pin","reason":"x"}""", "required accountId")]
    [InlineData("""{"action":"pin","accountId":"A/1","reason":"x"}""", "invalidId accountId")]
    [InlineData("""{"action":"pin","accountId":"nobody","reason":"x"}""", "unknownValue accountId")]
    [InlineData("""{"action":"ignore","accountId":"A17","reason":"x"}""", "notApplicable accountId")]
    [InlineData("""{"action":"createAccount","reason":"x"}""", "required account")]
    [InlineData("""{"action":"createAccount","account":{"domains":["x.example"]},"reason":"x"}""", "required account.name")]
    [InlineData("""{"action":"snooze","reason":"x"}""", "required until")]
    [InlineData("""{"action":"snooze","until":"tomorrow","reason":"x"}""", "wrongType until")]
    [InlineData("""{"action":"pin","accountId":"A17","reason":"x","exceptionRule":"ignore them"}""", "wrongType exceptionRule")]
    public async Task Bad_input_is_named_and_changes_nothing(string json, string problem)
    {
        LeadId lead = await WaitingAsync();

        ApiAnswer answer = await _world.ResolveAsync(lead, json);

        Assert.Equal((400, problem), (answer.Status, Assert.Single(answer.Codes)));
        Assert.Equal(LeadJourney.DecisionId(lead, 1), (await _world.FileAsync(lead)).Lead.DecisionId);
        Assert.Equal(404, (await _world.ResolveAsync(LeadId.From("no", "body"), Pin)).Status);
    }

    [Fact]
    public async Task Ten_at_once_make_one_decision()
    {
        LeadId lead = await WaitingAsync();

        ApiAnswer[] answers = await Task.WhenAll(Enumerable.Range(0, 10).Select(_ => Task.Run(() => _world.ResolveAsync(lead, Pin))));

        Assert.All(answers, a => Assert.Equal(200, a.Status));
        Assert.Equal(2, _world.World.Leads.DecisionCount);
        Assert.Single(_world.World.Plays.Started);
        Assert.Single(await _world.World.Leads.EventsAsync(lead, None), e => e.Kind == "resolved");
    }

    [Fact]
    public async Task A_lead_that_somebody_works_on_is_placed_and_stays_with_them()
    {
        LeadId lead = await WaitingAsync();
        await _world.World.Touches.ApplyAsync(lead.Value, new Abm.Functions.Plays.ActionRead("call", "R1", null, null, null), "touch", PlayStopKind.Touched, _world.World.Plays, None);

        ApiAnswer answer = await _world.ResolveAsync(lead, Pin);

        LeadFile file = await _world.FileAsync(lead);
        Assert.Equal((200, LeadJourney.DecisionId(lead, 1), "A17"), (answer.Status, file.Lead.DecisionId, file.Lead.AccountId?.Value));
        Assert.Empty(_world.World.Plays.Started);
        Assert.Empty(_world.World.Lists.Waiting);
    }

    /// <summary>A lead that the matcher leaves to people: only the name speaks for the account, and not enough.</summary>
    private async Task<LeadId> WaitingAsync(string id = "1")
    {
        _world.World.Facts.Config = _world.World.Facts.Config with { Matching = _world.World.Facts.Config.Matching with { AutomaticFrom = 1_000, ReviewFrom = 1 } };
        await _world.SaveAsync(new AccountChange.Saved(ReviewWorld.Nordwind));
        LeadId lead = await _world.DecideAsync(ReviewWorld.Unknown, id);
        Assert.Equal("review", (await _world.FileAsync(lead)).Lead.Outcome);
        return lead;
    }

    private async Task PlayBegunAsync(LeadId lead) => await _world.World.TurnAsync(_world.World.Plays.Started.Single(s => s.LeadId == lead.Value));
}
