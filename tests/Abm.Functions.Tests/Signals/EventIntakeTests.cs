using System.Globalization;
using System.Text.Json.Nodes;
using Abm.Accounts;
using Abm.Decisions;
using Abm.Functions.Signals;
using Abm.Plays;
using Abm.Ports;
using Abm.Signals;
using Abm.TestKit;

namespace Abm.Functions.Tests.Signals;

public sealed class EventIntakeTests
{
    private static readonly Account Acme = new() { Id = AccountId.Parse("A1"), Name = "Acme", Domains = ["acme.example"], OwnerId = RepId.Parse("R1") };
    private readonly SignalWorld _world = new();

    private static CancellationToken None => CancellationToken.None;

    private string At(double hoursAgo = 1) => _world.Clock.GetUtcNow().AddHours(-hoursAgo).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    [Theory]
    [InlineData("\"accountId\":\"A1\"")]
    [InlineData("\"domain\":\"www.acme.example\"")]
    [InlineData("\"email\":\"ada@acme.example\"")]
    [InlineData("\"email\":\"somebody@gmail.com\"")] // a contact's own address
    [InlineData("\"personId\":\"C1\"")]
    public async Task An_event_finds_its_account_by_id_domain_address_or_person(string subject)
    {
        await _world.SaveAsync(new AccountChange.Saved(Acme), new AccountChange.ContactSaved(new Contact { Id = ContactId.Parse("C1"), AccountId = Acme.Id, Email = "somebody@gmail.com", Title = "CEO" }));

        ApiAnswer answer = await _world.PostAsync($$"""{"kind":"visit","at":"{{At()}}",{{subject}}}""");

        Assert.Equal(202, answer.Status);
        StoredEntry entry = Assert.Single(_world.Timelines.All("A1"));
        Assert.Equal("page.view", entry.Entry.Event.Kind);
    }

    [Fact]
    public async Task A_repeat_is_known_and_starts_nothing_twice()
    {
        await _world.SaveAsync(new AccountChange.Saved(Acme));
        string body = $$"""{"kind":"page.view","at":"{{At()}}","accountId":"A1","page":"/x"}""";

        ApiAnswer first = await _world.PostAsync(body);
        await _world.DeliverAsync();
        ApiAnswer second = await _world.PostAsync(body);
        await _world.DeliverAsync();

        Assert.Equal((202, 200), (first.Status, second.Status));
        Assert.Equal("duplicate", (string?)second.Json["items"]![0]!["result"]);
        Assert.Single(_world.Timelines.All("A1"));
        Assert.Single(_world.Asked);
    }

    [Fact]
    public async Task What_is_wrong_is_named_item_by_item_and_the_others_go_on()
    {
        await _world.SaveAsync(new AccountChange.Saved(Acme));
        string body = string.Join('\n',
            $$"""{"kind":"page.view","at":"{{At()}}","accountId":"A1"}""",
            $$"""{"kind":"page.view","at":"{{At()}}"}""",
            $$"""{"at":"{{At()}}","accountId":"A1"}""",
            """{"kind":"page.view","accountId":"A1"}""",
            $$"""{"kind":"page.view","at":"{{At(-2)}}","accountId":"A1"}""",
            """{"kind":"page.view","at":"2019-01-01T00:00:00Z","accountId":"A1"}""",
            $$"""{"kind":"surge.started","at":"{{At()}}","accountId":"A1"}""",
            $$"""{"kind":"page.view","at":"{{At()}}","email":"x@gmail.com"}""",
            """{"kind":"page.view","at":"yesterday","accountId":"A1"}""",
            """not json""",
            $$"""{"kind":"Badge scanned","at":"{{At()}}","accountId":"A1","booth":7,"custom":{"hall":"B"} }""");

        ApiAnswer answer = await _world.PostAsync(body, "application/x-ndjson");

        Assert.Equal(202, answer.Status);
        Assert.Equal(
            ["kept", "noSubject", "required", "required", "inTheFuture", "tooOld", "reserved", "noAccount", "wrongType", "notJson", "kept"],
            answer.Json["items"]!.AsArray().Select(i => i!["problems"]!.AsArray() is [{ } problem, ..] ? (string)problem["code"]! : (string)i["result"]!));
        AccountEvent own = _world.Timelines.All("A1").Select(e => e.Entry.Event).Single(e => e.Kind == "Badge_scanned");
        Assert.Equal(("7", "B"), (own.Custom["booth"], own.Custom["hall"]));
    }

    [Theory]
    [InlineData("[]", "empty")]
    [InlineData("{}", "noSubject")]
    [InlineData("[1]", "wrongType")]
    [InlineData("\"x\"", "wrongType")]
    [InlineData("nonsense", "notJson")]
    [InlineData("""{"kind":"x y/z","at":"2026-11-18T09:00:00Z","accountId":"A1"}""", "invalidValue")]
    [InlineData("""{"kind":"x","at":"2026-11-18T09:00:00Z","accountId":"A1","score":"much"}""", "wrongType")]
    [InlineData("""{"kind":"x","at":"2026-11-18T09:00:00Z","accountId":"a/b"}""", "invalidId")]
    [InlineData("""{"kind":"x","at":"2026-11-18T09:00:00Z","personId":"nobody"}""", "unknownPerson")]
    public async Task A_call_with_nothing_right_is_refused_by_name(string body, string code)
    {
        ApiAnswer answer = await _world.PostAsync(body);

        Assert.Equal(400, answer.Status);
        Assert.Contains(answer.Json["problems"]!.AsArray(), p => (string?)p!["code"] == code);
    }

    [Fact]
    public async Task More_than_a_thousand_events_and_more_than_a_mebibyte_are_refused()
    {
        string one = $$"""{"kind":"page.view","at":"{{At()}}","accountId":"A1"}""";

        Assert.Equal(400, (await _world.PostAsync($"[{string.Join(',', Enumerable.Repeat(one, 1_001))}]")).Status);
        Assert.Equal(413, (await _world.PostAsync($"[{string.Join(',', Enumerable.Repeat(one, 20_000))}]")).Status);
        Assert.Equal(415, (await _world.PostAsync(one, "text/csv")).Status);
    }

    [Fact]
    public async Task A_sender_s_clock_that_is_a_little_ahead_is_named_and_taken_as_now()
    {
        await _world.SaveAsync(new AccountChange.Saved(Acme));

        ApiAnswer answer = await _world.PostAsync($$"""{"kind":"page.view","at":"{{At(-0.1)}}","accountId":"A1"}""");

        Assert.Equal(360, (int)answer.Json["items"]![0]!["aheadSeconds"]!);
        Assert.Equal(_world.Clock.GetUtcNow(), _world.Timelines.All("A1").Single().Entry.Event.At);
    }

    [Fact]
    public async Task A_flood_is_bounded_and_says_so()
    {
        await _world.SaveAsync(new AccountChange.Saved(Acme));
        string body = $"[{string.Join(',', Enumerable.Range(0, 600).Select(i => $$"""{"eventId":"{{i}}","kind":"email.open","at":"{{At()}}","accountId":"A1"}"""))}]";

        ApiAnswer answer = await _world.PostAsync(body);

        Assert.Equal(100, answer.Json["items"]!.AsArray().Count(i => (string?)i!["result"] == "counted"));
        Assert.Equal(SignalState.MostEventsOfDay, _world.Timelines.All("A1").Count(e => !e.Entry.IsOurs));
    }

    [Fact]
    public async Task Events_of_an_unknown_account_wait_for_it_and_are_told_when_it_comes()
    {
        ApiAnswer byDomain = await _world.PostAsync($$"""{"kind":"page.view","at":"{{At()}}","domain":"acme.example"}""");
        ApiAnswer byId = await _world.PostAsync($$"""{"kind":"page.view","at":"{{At(2)}}","accountId":"A1"}""");
        Assert.Equal(("waiting", "waiting"), ((string?)byDomain.Json["items"]![0]!["result"], (string?)byId.Json["items"]![0]!["result"]));

        await _world.SaveAsync(new AccountChange.Saved(Acme));
        await _world.DeliverAsync();

        Assert.Equal(2, _world.Timelines.All("A1").Count);
        Assert.Equal(2, _world.Asked.Count);
        Assert.Empty(_world.Waiting.Subjects);
    }

    [Fact]
    public async Task Too_many_events_that_wait_for_one_account_are_refused_by_name()
    {
        string body = $"[{string.Join(',', Enumerable.Range(0, 201).Select(i => $$"""{"eventId":"{{i}}","kind":"page.view","at":"{{At()}}","domain":"acme.example"}"""))}]";

        ApiAnswer answer = await _world.PostAsync(body);

        Assert.Equal("tooManyWaiting", (string?)answer.Json["items"]!.AsArray().Single(i => (string?)i!["result"] == "rejected")!["problems"]![0]!["code"]);
    }

    [Fact]
    public async Task A_change_of_an_account_is_told_once_even_when_its_message_comes_again()
    {
        await _world.SaveAsync(new AccountChange.Saved(Acme));
        await _world.SaveAsync(new AccountChange.Saved(Acme with { HasOpenOpportunity = true }));

        await _world.DeliverAsync();
        await _world.RedeliverAsync();

        Assert.Equal("opportunity.opened", Assert.Single(_world.Timelines.All("A1")).Entry.Event.Kind);
        Assert.Equal(["Event", "OpportunityChanged"], _world.Asked.Select(a => a.GetType().Name));
        Assert.Empty((await _world.Timelines.StateAsync("A1", None)).Pending);
    }

    [Fact]
    public async Task An_import_of_new_accounts_tells_nothing_and_keeps_nothing()
    {
        await _world.SaveAsync([.. Enumerable.Range(0, 200).Select(i => new AccountChange.Saved(new Account { Id = AccountId.Parse($"N{i}"), Name = $"N {i}", HasOpenOpportunity = true }))]);
        await _world.DeliverAsync();

        Assert.Empty(_world.Queues.Sent);
        Assert.Empty(_world.Asked);
    }

    [Fact]
    public async Task What_dies_while_plays_are_asked_is_asked_again()
    {
        await _world.SaveAsync(new AccountChange.Saved(Acme));
        await _world.PostAsync($$"""{"kind":"page.view","at":"{{At()}}","accountId":"A1"}""");
        _world.BeforeAnswer = () => throw new InvalidOperationException("dead");
        await Assert.ThrowsAsync<InvalidOperationException>(_world.DeliverAsync);

        _world.BeforeAnswer = null;
        await _world.RedeliverAsync();
        await _world.RedeliverAsync();

        Assert.Single(_world.Asked);
    }

    [Fact]
    public async Task A_merged_account_s_timeline_moves_and_comes_back_when_the_merge_is_taken_back()
    {
        Account other = new() { Id = AccountId.Parse("A2"), Name = "Acme Holding", Domains = ["acme-holding.example"] };
        await _world.SaveAsync(new AccountChange.Saved(Acme), new AccountChange.Saved(other));
        await _world.PostAsync($$"""{"kind":"page.view","at":"{{At()}}","accountId":"A1"}""");
        await _world.DeliverAsync();

        MergedAccount merge = new(Acme, other.Id, [], [], [], [], _world.Clock.GetUtcNow(), "ops", "one");
        await _world.SaveAsync(new AccountChange.Saved(MergedAccount.Combine(other, Acme)), new AccountChange.Removed(Acme.Id), new AccountChange.Merged(merge));
        await _world.DeliverAsync();
        Assert.Equal("A1", Assert.Single(_world.Timelines.All("A2")).Entry.Origin);
        Assert.Empty(_world.Timelines.All("A1"));

        await _world.SaveAsync(new AccountChange.Unmerged(Acme.Id), new AccountChange.Saved(Acme));
        await _world.DeliverAsync();
        Assert.Null(Assert.Single(_world.Timelines.All("A1")).Entry.Origin);
        Assert.Empty(_world.Timelines.All("A2"));
    }

    [Fact]
    public async Task A_day_tells_dates_that_come_near_and_who_went_quiet_once_and_forgets_what_is_old()
    {
        await _world.SaveAsync(new AccountChange.Saved(Acme with { Custom = new Dictionary<string, string> { ["renewalDate"] = DateOnly.FromDateTime(_world.Clock.GetUtcNow().UtcDateTime).AddDays(150).ToString("O", CultureInfo.InvariantCulture) } }));
        await _world.PostAsync($$"""{"kind":"page.view","at":"{{At()}}","accountId":"A1"}""");
        await _world.DeliverAsync();
        _world.Asked.Clear();

        for (int day = 0; day < 62; day++)
        {
            _world.Clock.Advance(TimeSpan.FromDays(1));
            await _world.Watch.RunAsync(None);
            await _world.Watch.RunAsync(None);
            await _world.DeliverAsync();
        }

        Assert.Single(_world.Asked.OfType<PlayOccasion.DateNear>(), d => d is { Field: "renewalDate", Days: -90 });
        Assert.Single(_world.Asked.OfType<PlayOccasion.Event>(), e => e.Name == EventKinds.AccountDormant);
        _world.Clock.Advance(TimeSpan.FromDays(500));
        await _world.Watch.RunAsync(None);
        Assert.Empty(_world.Timelines.All("A1"));
        Assert.Empty((await _world.Timelines.LiveAsync(10, null, None)).Items);
    }

    [Fact]
    public async Task A_person_gets_and_erases_what_they_did_however_they_were_named()
    {
        Contact ada = new() { Id = ContactId.Parse("C1"), AccountId = Acme.Id, Email = "ada@acme.example" };
        await _world.SaveAsync(new AccountChange.Saved(Acme), new AccountChange.ContactSaved(ada));
        await _world.PostAsync($$"""{"kind":"page.view","at":"{{At()}}","email":"ADA@acme.example","personId":"web-7"}""");
        await _world.PostAsync($$"""{"kind":"pricing.view","at":"{{At(2)}}","accountId":"A1","personId":"C1"}""");
        await _world.PostAsync($$"""{"kind":"page.view","at":"{{At(3)}}","accountId":"A1","personId":"web-7"}""");
        await _world.PostAsync($$"""{"kind":"page.view","at":"{{At(4)}}","domain":"unknown.example","personId":"web-7"}""");
        await _world.PostAsync($$"""{"kind":"page.view","at":"{{At(5)}}","email":"bo@acme.example"}""");
        PersonEvents persons = new(_world.Timelines, _world.Waiting, new PlainPersonKeys());

        IReadOnlyList<PersonEventResponse> all = await persons.OfAsync("ada@acme.example", [ada], None);
        int erased = await persons.EraseAsync("ada@acme.example", [ada], None);

        Assert.Equal(4, all.Count);
        Assert.Equal(4, erased);
        Assert.Empty(await persons.OfAsync("ada@acme.example", [ada], None));
        Assert.Equal("person-bo@acme.example", Assert.Single(_world.Timelines.All("A1"), e => !e.Entry.IsOurs).Entry.Event.PersonKey);
        Assert.Equal("4", AccountSignals.Facts(await _world.Timelines.StateAsync("A1", None), new(), _world.Clock.GetUtcNow())["signal.events30d"]);
    }
}
