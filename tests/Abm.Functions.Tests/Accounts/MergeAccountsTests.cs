using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Accounts;
using Abm.Functions.Http;
using Abm.Functions.Storage.Accounts;
using Abm.Functions.Tests.Unmatched;
using Abm.Journeys;
using Abm.Leads;
using Abm.Matching;
using Abm.Ports;
using Abm.Replays;
using Abm.TestKit;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Abm.Functions.Tests.Accounts;

public sealed class MergeAccountsTests
{
    private static readonly Account Gone = new() { Id = AccountId.Parse("A1"), Name = "Nord Wind AG", Domains = ["nord-wind.example"], Aliases = ["NW"], ContactCount = 1, OwnerId = RepId.Parse("R1") };
    private static readonly Account Stays = new() { Id = AccountId.Parse("A2"), Name = "Nordwind Energie", Domains = ["nordwind.example"], ContactCount = 2 };
    private static readonly Account Child = new() { Id = AccountId.Parse("A3"), Name = "Nordwind Service", ParentId = Gone.Id };
    private static readonly Contact Eva = new() { Id = ContactId.Parse("C1"), AccountId = Gone.Id, Email = "eva@elsewhere.example" };
    private readonly InMemoryFeed _feed = new();
    private readonly FeedAccountCatalogue _catalogue;

    public MergeAccountsTests() => _catalogue = new(_feed, NullLogger<FeedAccountCatalogue>.Instance);

    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task The_very_next_lead_in_another_process_finds_the_account_that_stays()
    {
        await SaveAsync();
        FeedAccountCatalogue other = new(_feed, NullLogger<FeedAccountCatalogue>.Instance);
        await other.CurrentAsync(None);

        ApiAnswer answer = await MergeAsync("A1", """{"into":"A2","reason":"One company"}""");

        Assert.Equal((200, false, 1, 1), (answer.Status, (bool)answer.Json["duplicate"]!, (int)answer.Json["contacts"]!, (int)answer.Json["children"]!));
        AccountsState state = await other.CurrentAsync(None);
        Assert.Equal("A2", state.Index.Find(Gone.Id)!.Id.Value);
        foreach (Submission lead in new[]
        {
            new Submission { Email = "x@nord-wind.example", Company = "Nord Wind" },
            new Submission { AccountId = "A1" },
            new Submission { Email = "eva@elsewhere.example" },
        })
            Assert.Equal("A2", ((MatchDecision.Matched)LeadMatcher.Match(new Lead(LeadId.From("t", "1"), lead, DateTimeOffset.UnixEpoch), state.Index, MatchModel.Default)).Account.Value);
        Account stays = state.Accounts["A2"];
        Assert.Equal(["nordwind.example", "nord-wind.example"], stays.Domains);
        Assert.Equal((3, "R1"), (stays.ContactCount, stays.OwnerId?.Value));
        Assert.Equal("A2", state.Accounts["A3"].ParentId?.Value);
        Assert.False(state.Accounts.ContainsKey("A1"));
        ApiAnswer gone = await ApiAnswer.OfAsync(await new AccountFunctions(_catalogue).GetAccount(ApiAnswer.Request(), "A1", None));
        Assert.Equal((404, "It was merged into A2."), (gone.Status, (string?)gone.Json["detail"]));
    }

    [Fact]
    public async Task A_decision_about_a_former_id_is_made_again_from_what_it_read()
    {
        await SaveAsync();
        await MergeAsync("A1", """{"into":"A2","reason":"x"}""");
        AbmConfig config = A.Config();
        Lead lead = new(LeadId.From("t", "1"), new Submission { AccountId = "A1" }, ManualTimeProvider.WednesdayMorning);
        JourneyContext context = new(config, (await _catalogue.CurrentAsync(None)).Index, new Dictionary<RepId, Abm.People.Rep>(), new Dictionary<string, Abm.Routing.PoolState>());
        JourneyDecision decision = RecordedJourney.Decide(lead, context, ManualTimeProvider.WednesdayMorning);
        DecisionInputs inputs = Abm.Functions.Storage.Decisions.InputsPacking.Unpack(Abm.Functions.Storage.Decisions.InputsPacking.Pack(decision.Inputs!));

        ReplayResult again = DecisionReplay.Compare(decision, inputs, config, config, context.Reps, today: null, JourneySteps.All);

        Assert.Equal("A2", ((MatchDecision.Matched)decision.Match).Account.Value);
        Assert.True(again.IsSame, $"{again.First}");
        Assert.Empty(again.NotRecorded);
    }

    [Fact]
    public async Task Taking_it_back_restores_both_but_for_what_was_changed_since()
    {
        await SaveAsync();
        AccountsState before = await _catalogue.CurrentAsync(None);
        await MergeAsync("A1", """{"into":"A2","reason":"x"}""");
        Account merged = (await _catalogue.CurrentAsync(None)).Accounts["A2"];
        await _catalogue.SaveAsync(_ => [new AccountChange.Saved(merged with { City = "Kiel" })], None);

        Assert.Equal(200, (await ApiAnswer.OfAsync(await Functions.UnmergeAsync(ApiAnswer.Request(), "A1", None))).Status);

        AccountsState after = await _catalogue.CurrentAsync(None);
        Assert.Equal(AccountResponse.TagOf(before.Accounts["A1"]), AccountResponse.TagOf(after.Accounts["A1"]));
        Assert.Equal(("Kiel", 1, 2), (after.Accounts["A2"].City, after.Accounts["A2"].Domains.Count, after.Accounts["A2"].ContactCount));
        Assert.Equal(("A1", "A1"), (after.Contacts["C1"].AccountId.Value, after.Accounts["A3"].ParentId!.Value));
        Assert.Equal("A1", after.Index.Find(Gone.Id)!.Id.Value);
        Assert.Empty(after.Merges);
        Assert.Equal(404, (await ApiAnswer.OfAsync(await Functions.UnmergeAsync(ApiAnswer.Request(), "A1", None))).Status);
    }

    [Fact]
    public async Task The_same_merge_again_is_done_once_and_another_is_a_conflict()
    {
        await SaveAsync();
        await MergeAsync("A1", """{"into":"A2","reason":"x"}""");

        Assert.True((bool)(await MergeAsync("A1", """{"into":"A2","reason":"x"}""")).Json["duplicate"]!);
        Assert.Equal(409, (await MergeAsync("A1", """{"into":"A3","reason":"x"}""")).Status);
        Assert.Equal("invalidValue into", Assert.Single((await MergeAsync("A2", """{"into":"A1","reason":"x"}""")).Codes));
        Assert.Equal(200, (await MergeAsync("A3", """{"into":"A1","reason":"a former id names the one that stays"}""")).Status);
        Assert.Equal("A2", (await _catalogue.CurrentAsync(None)).Index.Find(Child.Id)!.Id.Value);
    }

    [Theory]
    [InlineData("A1", """{"reason":"x"}""", 400, "required into")]
    [InlineData("A1", """{"into":"A2"}""", 400, "required reason")]
    [InlineData("A1", """{"into":"A1","reason":"x"}""", 400, "invalidValue into")]
    [InlineData("A1", """{"into":"nobody","reason":"x"}""", 400, "unknownValue into")]
    [InlineData("A1", """{"into":5,"reason":"x"}""", 400, "wrongType into")]
    [InlineData("nobody", """{"into":"A2","reason":"x"}""", 404, "")]
    public async Task Bad_input_is_named_and_changes_nothing(string id, string json, int status, string problem)
    {
        await SaveAsync();
        long version = (await _catalogue.CurrentAsync(None)).Index.Version;

        ApiAnswer answer = await MergeAsync(id, json);

        Assert.Equal((status, problem), (answer.Status, string.Join(',', answer.Codes)));
        Assert.Equal(version, (await _catalogue.CurrentAsync(None)).Index.Version);
    }

    private MergeAccounts Functions => new(_catalogue, new Abm.Functions.Tests.Plays.PlayWorld().Endings, new Callers(Options.Create(new AuthOptions())), TimeProvider.System);

    private Task SaveAsync() => _catalogue.SaveAsync(
        _ => [new AccountChange.Saved(Gone), new AccountChange.Saved(Stays), new AccountChange.Saved(Child), new AccountChange.ContactSaved(Eva)], None);

    private async Task<ApiAnswer> MergeAsync(string id, string json) => await ApiAnswer.OfAsync(await Functions.MergeAsync(ApiAnswer.Request("", json), id, None));
}
