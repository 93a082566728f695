using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Http;
using Abm.Functions.Plays;
using Abm.Functions.Routing;
using Abm.People;
using Abm.Plays;
using Abm.Ports;
using Abm.Routing;
using Abm.TestKit;

namespace Abm.Functions.Tests.Routing;

public sealed class PoolTests
{
    private readonly RoutingWorld _routing = new();

    private static CancellationToken None => CancellationToken.None;

    [Theory]
    [InlineData("junk", PlayStopKind.Disqualified, 23, 0)]
    [InlineData("duplicate", PlayStopKind.Merged, 1, 0)]
    [InlineData("test", PlayStopKind.Cancelled, 1, 0)]
    [InlineData("noShow", PlayStopKind.Disqualified, 1, 0)]
    [InlineData("junk", PlayStopKind.Disqualified, 25, 1)]
    [InlineData("disqualified", PlayStopKind.Disqualified, 1, 1)]
    public async Task A_worthless_lead_gives_the_turn_back_within_a_day(string word, PlayStopKind kind, int hours, int assigned)
    {
        LeadFile file = await _routing.DecideAsync("1");
        _routing.World.Clock.Advance(TimeSpan.FromHours(hours));

        await _routing.DisposeAsync(file, word, kind);
        await _routing.World.Credits.SettleAsync(await _routing.FileAsync(file.Lead.Lead.Id), word, None);

        Assert.Equal(assigned, _routing.Member("R1").Assigned);
        Assert.Equal(1 - assigned, _routing.World.Pools.Ledger.SelectMany(e => e.Lines).Count(l => l.Kind == LedgerKind.Refund));
    }

    [Fact]
    public async Task After_a_breach_the_former_owner_keeps_the_charge_though_the_lead_proves_junk()
    {
        LeadFile file = await _routing.DecideAsync("1");
        ApiAnswer given = await _routing.GiveAsync(file.Lead.Lead.Id.Value, """{"pool":"sales","reason":"nobody called"}""");

        await _routing.DisposeAsync(file, "junk");

        Assert.Equal((200, "R2", "sales"), (given.Status, (string?)given.Json["ownerId"], (string?)given.Json["pool"]));
        Assert.Equal((1, 0), (_routing.Member("R1").Assigned, _routing.Member("R2").Assigned));
    }

    [Fact]
    public async Task Giving_to_a_pool_passes_over_everybody_who_had_it_unless_that_is_asked_for_and_says_when_nobody_is_left()
    {
        LeadFile file = await _routing.DecideAsync("1");
        string lead = file.Lead.Lead.Id.Value;
        async Task<ApiAnswer> NextAsync(string more = "")
        {
            _routing.World.Clock.Advance(TimeSpan.FromMinutes(1));
            return await _routing.GiveAsync(lead, $$"""{"pool":"sales","reason":"x"{{more}}}""");
        }

        Assert.Equal("R2", (string?)(await NextAsync()).Json["ownerId"]);
        Assert.Equal("R3", (string?)(await NextAsync()).Json["ownerId"]);
        ApiAnswer nobody = await NextAsync();
        Assert.Equal((409, "nobodyEligible pool"), (nobody.Status, Assert.Single(nobody.Codes)));
        Assert.Equal(200, (await NextAsync(""","excludeFormer":false""")).Status);
        Assert.Equal(400, (await _routing.GiveAsync(lead, """{"pool":"nowhere","reason":"x"}""")).Status);
        Assert.Equal(400, (await _routing.GiveAsync(lead, """{"pool":"sales","ownerId":"R1","reason":"x"}""")).Status);
        Assert.Equal(400, (await _routing.GiveAsync(lead, """{"reason":"x"}""")).Status);
    }

    [Fact]
    public async Task A_lead_that_is_touched_is_open_no_more_and_its_member_is_next_again()
    {
        _routing.Change(p => p with { OpenCap = 1 });
        foreach (string rep in new[] { "R2", "R3" })
            _routing.Change(rep, r => r.Inactive());
        LeadFile file = await _routing.DecideAsync("1");
        Assert.Single(_routing.Member("R1").Open);

        await _routing.DisposeAsync(file, "call", PlayStopKind.Touched);

        Assert.Empty(_routing.Member("R1").Open);
        Assert.Contains(_routing.World.Pools.Ledger, e => e.Lines.Any(l => l.Kind == LedgerKind.Release));
        Assert.Equal("R1", (await _routing.DecideAsync("2")).Lead.OwnerId!.Value);
    }

    [Fact]
    public async Task The_ledger_answers_why_somebody_was_skipped()
    {
        _routing.Change("R2", r => r with { PausedUntil = _routing.World.Clock.GetUtcNow().AddHours(1) });
        LeadFile file = await _routing.DecideAsync("1");
        await _routing.DecideAsync("2");

        ApiAnswer all = await LedgerAsync("");
        ApiAnswer skipped = await LedgerAsync($"?rep=R2&lead={file.Lead.Lead.Id}");

        Assert.Equal(4, all.Json["items"]!.AsArray().Count);
        var line = Assert.Single(skipped.Json["items"]!.AsArray())!;
        Assert.Equal(("skip", "R2", "Everybody"), ((string?)line["kind"], (string?)line["repId"], (string?)line["cause"]));
        Assert.StartsWith("Skipped without charge: paused until", (string?)line["why"], StringComparison.Ordinal);
        Assert.Equal(0, (int)line["after"]!["assigned"]!);
        Assert.Empty((await LedgerAsync("?from=2030-01-01T00:00:00Z")).Json["items"]!.AsArray());
        Assert.Equal(400, (await LedgerAsync("?from=yesterday&rep=a/b")).Status);
        Assert.Equal(404, (await ApiAnswer.OfAsync(await _routing.PoolFunctions.GetPoolLedger(ApiAnswer.Request(), "nowhere", None))).Status);
    }

    [Fact]
    public async Task A_pool_shows_whose_turn_it_is_and_why_it_is_not_others()
    {
        _routing.Change("R1", r => r.Away(_routing.World.Clock.GetUtcNow(), _routing.World.Clock.GetUtcNow().AddDays(1)));
        await _routing.DecideAsync("1");

        ApiAnswer pool = await ApiAnswer.OfAsync(await _routing.PoolFunctions.GetPool(ApiAnswer.Request(), "sales", None));
        ApiAnswer list = await ApiAnswer.OfAsync(await _routing.PoolFunctions.ListPools(ApiAnswer.Request(), None));

        Assert.Equal("R3", (string?)pool.Json["nextId"]);
        var away = pool.Json["members"]!.AsArray().Single(m => (string?)m!["repId"] == "R1")!;
        Assert.Equal((false, "away"), ((bool)away["eligible"]!, (string?)away["why"]));
        Assert.Equal(("sales", 3, 2, "R3"), ((string?)list.Json["items"]![0]!["poolId"], (int)list.Json["items"]![0]!["members"]!, (int)list.Json["items"]![0]!["eligible"]!, (string?)list.Json["items"]![0]!["nextId"]));
        Assert.Equal(404, (await ApiAnswer.OfAsync(await _routing.PoolFunctions.GetPool(ApiAnswer.Request(), "nowhere", None))).Status);
    }

    [Fact]
    public async Task The_same_person_comes_back_to_the_rep_who_had_them_and_works_them()
    {
        RoutingWorld routing = new() { World = new() { Desk = new InMemoryRouting() } };
        LeadFile first = await routing.DecideAsync("1");
        LeadFile second = await routing.DecideAsync("2");
        LeadFile stranger = await routing.DecideAsync("3", s => s with { Email = "bob@elsewhere.example" });
        await routing.DisposeAsync(first, "call", PlayStopKind.Touched);
        LeadFile third = await routing.DecideAsync("4");

        Assert.Equal(("R1", "R1", "R2", "R1"), (first.Lead.OwnerId!.Value, second.Lead.OwnerId!.Value, stranger.Lead.OwnerId!.Value, third.Lead.OwnerId!.Value));
        string Rule(LeadFile file) => routing.World.Leads.FindDecisionAsync(file.Lead.Lead.Id, file.Lead.DecisionId!, None).Result!.Route.Rule;
        Assert.Equal(("Everybody", "check: same rep as before", "check: worked by somebody"), (Rule(first), Rule(second), Rule(third)));
        Assert.Equal((1, 1), (routing.Member("R1").Assigned, routing.Member("R2").Assigned));
    }

    [Fact]
    public async Task An_owner_who_left_and_a_rule_that_changed_leave_orphans_that_are_moved_when_confirmed()
    {
        LeadFile stays = await _routing.DecideAsync("1"), leaves = await _routing.DecideAsync("2"), ended = await _routing.DecideAsync("3");
        await _routing.DisposeAsync(ended, "junk");
        _routing.Change("R2", r => r with { Pools = [] });
        _routing.Change("R3", r => r.Inactive());

        (IReadOnlyList<FoundOrphan> found, int examined, string? next) = await _routing.Orphans.ScanAsync(_routing.World.Clock.GetUtcNow().AddDays(-1), 100, null, None);

        FoundOrphan orphan = Assert.Single(found);
        Assert.Equal((3, null, leaves.Lead.Lead.Id, "R2", "sales", true), (examined, next, orphan.Lead, orphan.Owner!.Value, orphan.Orphan.Pool, orphan.Orphan.CanMove));
        Assert.Equal("R2", (await _routing.FileAsync(leaves.Lead.Lead.Id)).Lead.OwnerId!.Value);

        MovedOrphan moved = await _routing.Orphans.MoveAsync(leaves.Lead.Lead.Id, "boss", "R2 left the team", "now", _routing.World.Plays, None);
        MovedOrphan unmoved = await _routing.Orphans.MoveAsync(stays.Lead.Lead.Id, "boss", "x", "now", _routing.World.Plays, None);

        Assert.Equal(("moved", "R2", "R1"), (moved.Became, moved.From!.Value, moved.To!.Value));
        Assert.Equal(("stays", "missing"), (unmoved.Became, (await _routing.Orphans.MoveAsync(LeadId.Parse("nobody"), "boss", "x", "now", _routing.World.Plays, None)).Became));
        LeadFile file = await _routing.FileAsync(leaves.Lead.Lead.Id);
        Assert.Equal("R1", file.Clocks.Single(c => c.Scope == "owner" && c.IsOpen).OwnerId!.Value);
        LeadEvent rerouted = Assert.Single(await _routing.World.Leads.EventsAsync(leaves.Lead.Lead.Id, None), e => e.Kind == "rerouted");
        Assert.Equal(("boss", "R2 left the team"), (rerouted.By, rerouted.Details["note"]));
        Assert.Empty((await _routing.Orphans.ScanAsync(_routing.World.Clock.GetUtcNow().AddDays(-1), 100, null, None)).Found);
    }

    [Fact]
    public async Task A_turn_that_a_touch_overtook_is_given_back()
    {
        LeadFile file = await _routing.DecideAsync("1");
        LeadId lead = file.Lead.Lead.Id;

        PoolGiven given = await _routing.World.HandOver.NextAsync(
            lead, RoutingWorld.Pool, [file.Lead.OwnerId!], "test", "once", owner => new Abm.Functions.Corrections.LeadGift(owner, null, "x", "once") { IsWanted = _ => false }, None);

        Assert.IsType<PoolGiven.Not>(given);
        Assert.Equal((1, 0), (_routing.Member("R1").Assigned, _routing.Member("R2").Assigned));
        Assert.NotNull(_routing.World.Pools.Turns.Single(t => t.Assignment.Owner.Value == "R2").RefundedAt);
    }

    private async Task<ApiAnswer> LedgerAsync(string query) => await ApiAnswer.OfAsync(await _routing.PoolFunctions.GetPoolLedger(ApiAnswer.Request(query), "sales", None));
}
