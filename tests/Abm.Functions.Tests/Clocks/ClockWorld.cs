using Abm.Accounts;
using Abm.Clocks;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Functions.Clocks;
using Abm.Functions.Events;
using Abm.Functions.Http;
using Abm.Functions.Plays;
using Abm.Leads;
using Abm.People;
using Abm.Ports;
using Abm.TestKit;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Abm.Functions.Tests.Clocks;

/// <summary>A lead with a running clock of four hours from nine to five, all in memory. It is Wednesday, ten o'clock.</summary>
internal sealed class ClockWorld
{
    public static readonly DateTimeOffset Begin = ManualTimeProvider.WednesdayMorning;
    private static readonly CancellationToken None = CancellationToken.None;

    public ClockWorld()
    {
        Rules = new InMemoryFacts(Config("v1"), new[] { A.Rep("R1"), A.Rep("R2") }.ById(), AccountIndex.Empty);
        Changes = new LeadFileChanges(Leads, Board, new NoLeadEvents());
        Files = NewFiles();
    }

    public ManualTimeProvider Clock { get; } = new(Begin);

    public InMemoryLeads Leads { get; } = new(new Faults());

    public InMemoryLists Board { get; } = new();

    public InMemoryPlays Plays { get; } = new();

    public InMemoryPlayFiles PlayFiles { get; } = new();

    public InMemoryFacts Rules { get; }

    public LeadFileChanges Changes { get; }

    public ClockFiles Files { get; }

    public ClockFunctions Functions => new(Files, Rules, new Callers(Options.Create(new AuthOptions())), Clock);

    public PreviewRecount Preview => new(Board, Rules, Rules, new Callers(Options.Create(new AuthOptions())), Clock);

    public static AbmConfig Config(string version, params Holiday[] holidays) => AbmConfig.Default with
    {
        Version = version,
        Calendars = new Dictionary<string, CalendarRules> { ["default"] = CalendarRules.Default with { Holidays = holidays } },
        SlaPolicies = new Dictionary<string, SlaPolicy> { ["touch"] = new() { Name = "touch", Budget = TimeSpan.FromHours(4) } },
    };

    /// <summary>Another process, which knows nothing of what the first one has done.</summary>
    public ClockRecounting NewRecounting() => new(Board, Board, NewFiles(), Rules, Rules, Clock, NullLogger<ClockRecounting>.Instance);

    public async Task<ClockRecord> StartAsync(string source = "1")
    {
        Lead lead = A.Lead() with { Id = LeadId.From("test", source) };
        await Leads.AdmitAsync(lead, "f", None);
        LeadFile file = (await Leads.ReadAsync(lead.Id, None))!;
        ClockRecord clock = new()
        {
            ClockId = DerivedId.From("clk", source),
            LeadId = lead.Id,
            PlayId = $"play-{source}",
            Policy = "touch",
            Scope = ClockScopes.Owner,
            State = ClockState.Running,
            StartedAt = Begin,
            DueAt = Begin.AddHours(4),
            Budget = TimeSpan.FromHours(4),
            Calendar = "default",
            ConfigVersion = "v1",
            OwnerId = RepId.Parse("R1"),
        };
        await Leads.SaveAsync(file with { Clocks = [clock] }, new LeadEvent($"evt-{source}", "playStarted", Begin, null, new Dictionary<string, string>()), None);
        await Board.PutAsync([clock], None);
        return clock;
    }

    public async Task<ClockRecord> InFileAsync(ClockRecord clock) => (await Leads.ReadAsync(clock.LeadId!, None))!.Clocks.Single(c => c.ClockId == clock.ClockId);

    public async Task<IReadOnlyList<LeadEvent>> EventsAsync(ClockRecord clock) => await Leads.EventsAsync(clock.LeadId!, None);

    public async Task<ApiAnswer> PauseAsync(string id, string json) => await ApiAnswer.OfAsync(await Functions.ChangeAsync(ApiAnswer.Request("", json), id, isPause: true, Plays, None));

    public async Task<ApiAnswer> ResumeAsync(string id, string? json = null) => await ApiAnswer.OfAsync(await Functions.ChangeAsync(ApiAnswer.Request("", json), id, isPause: false, Plays, None));

    public async Task<ApiAnswer> GetAsync(string id) => await ApiAnswer.OfAsync(await Functions.GetClock(ApiAnswer.Request(), id, None));

    private ClockFiles NewFiles() => new(Board, Leads, PlayFiles, Changes, new NoLeadEvents(), Rules);
}
