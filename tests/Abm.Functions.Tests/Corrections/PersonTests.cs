using System.Text;
using System.Text.Json.Nodes;
using Abm.Accounts;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Http;
using Abm.Functions.Retention;
using Abm.Functions.Signals;
using Abm.Functions.Storage.Accounts;
using Abm.Functions.Tests.Plays;
using Abm.Plays;
using Abm.Ports;
using Abm.TestKit;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Abm.Functions.Tests.Corrections;

/// <summary>Persons and old decisions, as they are asked about over HTTP and by the clock.</summary>
public sealed class PersonTests
{
    private static CancellationToken None => CancellationToken.None;

    [Fact]
    public async Task A_person_gets_leads_decisions_and_history_and_what_they_are_as_a_contact()
    {
        PlayWorld world = new();
        PlayStartInput start = await world.DecideAsync();
        await world.TouchAsync(start);
        (PersonFunctions functions, _) = Make(world, LeadId.Parse(start.LeadId!));

        JsonNode answer = (await ApiAnswer.OfAsync(await functions.ExportPerson(ApiAnswer.Request("", """{"email":"Ada@ACME.example"}"""), None))).Json;

        JsonNode lead = Assert.Single(answer["leads"]!.AsArray())!;
        Assert.Equal(("ada@acme.example", start.DecisionId), ((string?)lead["lead"]!["submitted"]!["email"], (string?)lead["decision"]!["decisionId"]));
        Assert.Equal("touch", (string?)Assert.Single(lead["history"]!.AsArray())!["kind"]);
        Assert.Equal("C1", (string?)Assert.Single(answer["contacts"]!.AsArray())!["contactId"]);
        Assert.False((bool)answer["isCut"]!);
    }

    [Fact]
    public async Task An_erasure_takes_the_contact_out_of_the_accounts_and_out_of_their_past_and_gives_a_receipt()
    {
        PlayWorld world = new();
        PlayStartInput start = await world.DecideAsync();
        (PersonFunctions functions, Catalogue catalogue) = Make(world, LeadId.Parse(start.LeadId!));

        ApiAnswer first = await ApiAnswer.OfAsync(await functions.ErasePerson(ApiAnswer.Request("", """{"email":"ada@acme.example"}"""), None));
        ApiAnswer second = await ApiAnswer.OfAsync(await functions.ErasePerson(ApiAnswer.Request("", """{"email":"ada@acme.example"}"""), None));

        Assert.Equal((200, 1, 1, 2), (first.Status, (int)first.Json["leads"]!, (int)first.Json["contacts"]!, (int)first.Json["decisions"]!));
        Assert.DoesNotContain("ada", first.Body, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(["C2"], catalogue.State.Contacts.Keys);
        Assert.Equal(1, catalogue.Forgotten);
        Assert.Equal(0, (int)second.Json["contacts"]!);
    }

    [Theory]
    [InlineData("{}", "required email")]
    [InlineData("[]", "required email")]
    [InlineData("""{"email":7}""", "required email")]
    [InlineData("""{"email":" "}""", "required email")]
    [InlineData("""{"email":"a\u0007@b.example"}""", "controlCharacters email")]
    public async Task A_request_without_an_address_is_refused(string body, string problem)
    {
        (PersonFunctions functions, _) = Make(new PlayWorld());

        ApiAnswer answer = await ApiAnswer.OfAsync(await functions.ErasePerson(ApiAnswer.Request("", body), None));

        Assert.Equal((400, problem), (answer.Status, Assert.Single(answer.Codes)));
    }

    [Fact]
    public async Task Decisions_are_exported_one_a_line_in_the_order_of_time()
    {
        PlayWorld world = new();
        List<string> ids = [];
        for (int i = 0; i < 40; i++)
        {
            ids.Add((await world.DecideAsync(A.Lead($"form-{i}"))).DecisionId!);
            world.Clock.Advance(TimeSpan.FromSeconds(1));
        }

        using MemoryStream output = new();
        await new DecisionExport(world.Leads, world.Leads, ManualTimeProvider.WednesdayMorning, ManualTimeProvider.WednesdayMorning.AddSeconds(35)).RunAsync(output, None);

        JsonNode[] lines = [.. Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => JsonNode.Parse(l)!)];
        Assert.Equal(ids.Take(35), lines.Select(l => (string)l["decision"]!["decisionId"]!));
        Assert.All(lines, l => Assert.NotNull(l["leadId"]));
    }

    [Fact]
    public async Task The_clock_removes_what_is_older_than_the_configuration_says_in_steps_that_end()
    {
        PlayWorld world = new();
        world.Facts.Config = world.Facts.Config with { Retention = new RetentionRules { DecisionsFor = TimeSpan.FromDays(10) } };
        Retention retention = new() { Left = (PurgeDecisions.MaxSteps + 5) * PurgeDecisions.StepSize };

        await new PurgeDecisions(retention, world.Facts, world.Clock, NullLogger<PurgeDecisions>.Instance).RunAsync(new TimerInfo(), None);

        Assert.Equal(5 * PurgeDecisions.StepSize, retention.Left);
        Assert.All(retention.Asked, before => Assert.Equal(world.Clock.GetUtcNow().AddDays(-10), before));
    }

    private static (PersonFunctions Functions, Catalogue Catalogue) Make(PlayWorld world, params LeadId[] leads)
    {
        Catalogue catalogue = new();
        return (new PersonFunctions(
            new Persons(leads), world.Leads, new InMemoryCases(), catalogue, new PersonEvents(world.Timelines, new InMemoryWaitingEvents(), new PlainPersonKeys()), world.Endings, new Callers(Options.Create(new AuthOptions())), world.Clock, NullLogger<PersonFunctions>.Instance), catalogue);
    }

    private sealed class Persons(LeadId[] leads) : IPersonStore
    {
        public Task<IReadOnlyList<LeadId>> LeadsAsync(string email, CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<LeadId>>(leads);

        public Task<ErasedLead> EraseAsync(LeadId lead, string email, DateTimeOffset at, CancellationToken cancellationToken) => Task.FromResult(new ErasedLead(2, 3, 4, false));

        public Task<int> EraseQuarantineAsync(string email, CancellationToken cancellationToken) => Task.FromResult(0);

        public Task<ErasureReceipt> NoteAsync(string email, ErasureReceipt done, CancellationToken cancellationToken) => Task.FromResult(done with { ReceiptId = "erasure-1" });
    }

    private sealed class Catalogue : IAccountCatalogue
    {
        public AccountsState State { get; private set; } = AccountsState.Empty.With(
            [
                new AccountChange.ContactSaved(new Contact { Id = ContactId.Parse("C1"), AccountId = AccountId.Parse("A1"), Email = "Ada <ada@acme.example>", FirstName = "Ada" }),
                new AccountChange.ContactSaved(new Contact { Id = ContactId.Parse("C2"), AccountId = AccountId.Parse("A1"), Email = "bob@acme.example" }),
            ],
            1);

        public int Forgotten { get; private set; }

        public ValueTask<AccountsState> CurrentAsync(CancellationToken cancellationToken) => ValueTask.FromResult(State);

        public Task<AccountsState> SaveAsync(Func<AccountsState, IReadOnlyCollection<AccountChange>> decide, CancellationToken cancellationToken) =>
            Task.FromResult(State = State.With(decide(State), 2));

        public Task ForgetPastAsync(CancellationToken cancellationToken)
        {
            Forgotten++;
            return Task.CompletedTask;
        }
    }

    private sealed class Retention : IDecisionRetention
    {
        public int Left { get; set; }

        public List<DateTimeOffset> Asked { get; } = [];

        public Task<int> PurgeAsync(DateTimeOffset before, int limit, CancellationToken cancellationToken)
        {
            Asked.Add(before);
            int some = Math.Min(Left, limit);
            Left -= some;
            return Task.FromResult(some);
        }

        public Task<IReadOnlyList<DecisionCount>> CountsAsync(CancellationToken cancellationToken) => Task.FromResult<IReadOnlyList<DecisionCount>>([]);
    }
}
