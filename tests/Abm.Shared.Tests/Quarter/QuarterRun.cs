using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Abm.Accounts;
using Abm.Clocks;
using Abm.Configuration;
using Abm.Decisions;
using Abm.Journeys;
using Abm.Leads;
using Abm.People;
using Abm.Plays;
using Abm.Routing;

namespace Abm.Shared.Tests.Quarter;

/// <summary>A quarter of the company on a virtual clock, through the very decisions that the app makes: journeys, pools, plays and clocks. Only storage and messages are missing.</summary>
internal sealed class QuarterRun(PoolPick pick = PoolPick.Smooth)
{
    private readonly AccountIndex _accounts = AccountIndex.Build(QuarterCompany.Accounts, [], 1);
    private readonly IReadOnlyDictionary<RepId, Rep> _reps = QuarterCompany.Reps;
    private readonly Dictionary<string, PoolState> _pools = new(StringComparer.Ordinal);
    private readonly PriorityQueue<Action, (DateTimeOffset At, long Number)> _events = new();
    private readonly StringBuilder _story = new();
    private readonly List<LeadRun> _runs = [];
    private AbmConfig _config = QuarterCompany.Before(pick);
    private DateTimeOffset _now = QuarterCompany.Begin;
    private long _number;

    /// <summary>For each member: what the turns that the member could take come to by weight, less the turns that the member got; as it stands.</summary>
    private readonly Dictionary<(string Pool, RepId Rep), double> _balances = [];

    /// <summary>For each period the greatest balance, either way, that any member had at any moment of it.</summary>
    public Dictionary<string, double> WorstBalances { get; } = [];

    /// <summary>For each period the most that a turn brought anybody above their weight's share of the period's turns of all who could take it.</summary>
    public Dictionary<string, double> GreatestExcess { get; } = [];

    /// <summary>For each pool and period how far, after its last turn, anybody who could take it was from that share, either way.</summary>
    public Dictionary<(string Pool, string Period), double> GapsAtEnd { get; } = [];

    public IReadOnlyList<ClockRecord> Clocks => [.. _runs.SelectMany(r => r.Clocks)];

    public int Plays => _runs.Count;

    public int Reassigned { get; private set; }

    public int Waited { get; private set; }

    public int Unplaced { get; private set; }

    public int Steps { get; private set; }

    /// <summary>Whether anybody got a lead while away, in closed hours of a pool, or a second time.</summary>
    public List<string> Wrongs { get; } = [];

    public string Digest => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(_story.ToString())));

    public QuarterRun Run()
    {
        for (int i = 0; i < QuarterCompany.Leads; i++)
        {
            Lead lead = QuarterCompany.Lead(i);
            At(lead.ReceivedAt, () => Arrive(lead, 1, null));
        }

        At(QuarterCompany.PublishedAt, Publish);
        while (_events.TryDequeue(out Action? happen, out (DateTimeOffset At, long Number) when))
        {
            _now = when.At;
            happen();
        }

        foreach (LeadRun run in _runs)
        {
            foreach (ClockRecord clock in run.Clocks)
                Tell($"{clock.ClockId} {clock.State} {clock.OwnerId} {Text(clock.DueAt)} {Text(clock.StoppedAt)} {Text(clock.BreachedAt)} {clock.History.Count}");
        }

        foreach (MemberState member in _pools.Values.SelectMany(p => p.Members))
            Tell(string.Create(CultureInfo.InvariantCulture, $"{member.Rep} {member.Assigned} {member.Adjustment:R} {member.Share:R}"));
        return this;
    }

    private void At(DateTimeOffset at, Action happens) => _events.Enqueue(happens, (at < _now ? _now : at, _number++));

    private void Tell(string line) => _story.Append(line).Append('\n');

    private static string Text(DateTimeOffset? at) => at?.UtcTicks.ToString(CultureInfo.InvariantCulture) ?? "-";

    private void Arrive(Lead lead, int attempt, DateTimeOffset? waitsUntil)
    {
        JourneyContext context = new(_config, _accounts, _reps, _pools) { Attempt = attempt, IsDrain = attempt > 1 };
        JourneyDecision decision = LeadJourney.Decide(lead, context, _now);
        Count(decision.Ledger, decision.PoolAfter);
        if (decision.PoolAfter is { } pool)
            _pools[pool.Pool] = pool;
        if (decision.Route is RouteDecision.Queued waiting)
        {
            DateTimeOffset until = waitsUntil ?? waiting.WaitsUntil ?? _now;
            if (waiting.WaitsUntil is null || _now >= until)
            {
                Unplaced++;
                return;
            }

            Waited += attempt == 1 ? 1 : 0;
            DateTimeOffset again = waiting.OpensAt is { } opens && opens > _now ? opens : _now.AddMinutes(20);
            At(again < until ? again : until, () => Arrive(lead, attempt + 1, until));
            return;
        }

        PlayStartInput start = PlayStart.From(decision) ?? throw new InvalidOperationException($"Nothing follows {lead.Id} up.");
        LeadRun run = new(lead, start, _config, start.AccountId is { } id ? _accounts.Find(AccountId.Parse(id)) : null);
        _runs.Add(run);
        Check(run, RepId.Parse(start.OwnerId!), start.Pool);
        Tell($"{lead.Id} {Text(_now)} {start.OwnerId} {start.Policy}");
        Advance(run);
    }

    /// <summary>The rules change for everything that is open: the same walk as the app's.</summary>
    private void Publish()
    {
        _config = QuarterCompany.After(pick);
        foreach (LeadRun run in _runs.Where(r => !r.IsOver))
        {
            ClockRecord[] counted = [.. run.Clocks.Select(c => ClockRecount.Of(c, c.OwnerId is { } owner ? _reps.GetValueOrDefault(owner) : null, _config, _now).After)];
            bool isMoved = counted.Zip(run.Clocks).Any(c => c.First.DueAt != c.Second.DueAt);
            run.Clocks = counted;
            if (isMoved)
                Advance(run);
        }
    }

    /// <summary>The turns of a play until there is nothing to do but wait.</summary>
    private void Advance(LeadRun run)
    {
        while (!run.IsOver)
        {
            Steps++;
            AbmConfig rules = ClockRules.InForce(run.Config, _config);
            PlaySituation situation = new(run.Start, rules.Plays[0], rules, _reps, run.Progress) { Clocks = run.Clocks, Stop = run.Stop };
            switch (PlayDecider.Next(situation, _now))
            {
                case PlayStep.Do { Step: var step }:
                    PlayStepResult result = Do(run, situation, step);
                    run.Progress = PlayDecider.After(situation, step, result, _now);
                    break;
                case PlayStep.Skip skip:
                    run.Progress = PlayDecider.Done(run.Progress, skip.Step, new PlayStepResult("skipped", skip.Says), _now);
                    break;
                case PlayStep.Move { To: var move }:
                    run.Progress = PlayDecider.Moved(run.Progress, move);
                    break;
                case PlayStep.Wait wait:
                    run.Progress = PlayDecider.Waits(run.Progress, wait);
                    At(wait.Until, () => Advance(run));
                    return;
                case PlayStep.End end:
                    run.Progress = PlayDecider.Ended(run.Progress, end);
                    run.Clocks = PlayClocks.Ended(run.Clocks, _ => true, end.Outcome == PlayOutcome.Touched, end.At, _now);
                    Tell($"{run.Lead.Id} {Text(_now)} {end.Outcome}");
                    return;
            }
        }
    }

    private PlayStepResult Do(LeadRun run, PlaySituation situation, PlannedStep step)
    {
        AccountTier tier = run.Account?.Tier ?? AccountTier.None;
        switch (step.Action)
        {
            case PlayAction.StartClocks:
                PlayPlan begun = PlayDecider.ClocksOf(situation, step);
                run.Clocks = [.. run.Clocks, .. PlayClocks.Of(begun, _reps.GetValueOrDefault(RepId.Parse(begun.OwnerId!)), tier)];
                Behave(run, situation.Config, begun);
                break;
            case PlayAction.RecordOwnerBreach or PlayAction.RecordAccountBreach:
                string id = step.Action == PlayAction.RecordAccountBreach ? PlayDecider.AccountClockId(run.Start.PlayId, step.Stage!) : PlayDecider.OwnerClockId(run.Start.PlayId, step.Stage!, situation.Hop);
                run.Clocks = [.. run.Clocks.Select(c => c.ClockId == id ? ClockChanges.Breached(c, _now) ?? c : c)];
                break;
            case PlayAction.Reassign when PlayDecider.LadderOf(situation, step.Stage!) is { ReassignPool: { } pool } plan:
                RouteOutcome outcome = LeadRouter.Reassign(pool, PlayDecider.AssignmentId(plan), PlayDecider.ExcludedOwners(plan), [], situation.Config, _reps, _pools, _now, run.Lead.Id);
                Count(outcome.Ledger, outcome.PoolAfter);
                if (outcome.PoolAfter is { } after)
                    _pools[pool] = after;
                if (outcome.Decision is not RouteDecision.Assigned { Owner: var owner })
                    return new PlayStepResult("nobody", "Nobody is there.");
                Reassigned++;
                Check(run, owner, pool);
                PlayPlan next = PlayDecider.Replan(plan, owner, _now, situation.Config, _reps, isAfterBreach: true);
                run.Clocks = PlayClocks.Given(run.Clocks, plan, PlayClocks.Record(next.OwnerClock, next, _reps[owner], tier));
                Behave(run, situation.Config, next);
                Tell($"{run.Lead.Id} {Text(_now)} went to {owner}");
                return new PlayStepResult("given", "", owner.Value);
        }

        return PlayStepResult.Done;
    }

    /// <summary>What this owner does about this lead: touches it in time or late, waits for the customer, ends it, tells of it late, or nothing at all.</summary>
    private void Behave(LeadRun run, AbmConfig rules, PlayPlan plan)
    {
        string key = $"{run.Lead.Id}|{plan.OwnerId}";
        PlannedClock clock = plan.OwnerClock;
        BusinessCalendar calendar = clock.Calendar == BusinessCalendar.AlwaysName ? BusinessCalendar.Always : WorkingTimes.Named(clock.Calendar, clock.Zone, rules);
        DateTimeOffset After(double share) => calendar.Deadline(clock.StartAt, clock.Budget * share).DueAt;
        double some = QuarterCompany.Roll(key + "|when", 1000) / 1000.0;
        switch (QuarterCompany.Roll(key, 100))
        {
            case < 58:
                At(After(0.05 + (some * 0.9)), () => Touch(run, _now));
                break;
            case < 66:
                At(After(1.02 + (some * 0.2)), () => Touch(run, _now));
                break;
            case < 72:
                At(After(0.3 + (some * 0.4)), () => Change(run, c => ClockChanges.Pause(c, rules.SlaPolicies[c.Policy], "waitingForCustomer", plan.OwnerId!, _now)));
                DateTimeOffset back = After(0.7).AddHours(20 + (some * 60));
                At(back, () => Change(run, c => ClockChanges.Resume(c, null, plan.OwnerId!, _now, ClockChanges.CalendarOf(c, _config))));
                if (some < 0.8)
                    At(back.AddMinutes(5), () => Touch(run, _now));
                break;
            case < 76:
                At(After(0.4), () => End(run));
                break;
            case < 79:
                DateTimeOffset happened = After(0.8);
                At(After(1.1), () => Touch(run, happened));
                break;
        }
    }

    private void Touch(LeadRun run, DateTimeOffset at)
    {
        if (run.IsOver)
            return;
        if (run.Stop is null || at < run.Stop.At)
            run.Stop = new PlayStop(PlayStopKind.Touched, at);
        run.Clocks = [.. run.Clocks.Select(c => ClockChanges.Touched(c, at, _now))];
        Advance(run);
    }

    private void End(LeadRun run)
    {
        if (run.IsOver)
            return;
        run.Stop ??= new PlayStop(PlayStopKind.Disqualified, _now);
        run.Clocks = [.. run.Clocks.Select(c => ClockChanges.Cancelled(c, _now))];
        Advance(run);
    }

    private void Change(LeadRun run, Func<ClockRecord, ClockAnswer> change)
    {
        if (run.IsOver)
            return;
        run.Clocks = [.. run.Clocks.Select(c => change(c) is ClockAnswer.Changed(var changed) ? changed : c)];
        Advance(run);
    }

    /// <summary>A turn is shared among those who could take it, by weight.</summary>
    private void Count(LedgerEntry? ledger, PoolState? after)
    {
        if (ledger is null || after is null || ledger.Lines.FirstOrDefault(l => l.Kind == LedgerKind.Credit) is not { } credit)
            return;
        HashSet<RepId> skipped = [.. ledger.Lines.Where(l => l.Kind == LedgerKind.Skip).Select(l => l.Rep)];
        MemberState[] eligible = [.. after.Members.Where(m => !skipped.Contains(m.Rep))];
        double weight = eligible.Sum(m => m.Weight);
        double turns = eligible.Sum(m => m.Assigned + m.Adjustment);
        double Excess(MemberState m) => m.Assigned + m.Adjustment - (turns * m.Weight / weight);
        GreatestExcess[after.Period] = Math.Max(GreatestExcess.GetValueOrDefault(after.Period), Excess(eligible.Single(m => m.Rep == credit.Rep)));
        GapsAtEnd[(after.Pool, after.Period)] = eligible.Max(m => Math.Abs(Excess(m)));
        foreach (MemberState member in eligible)
        {
            double balance = _balances.GetValueOrDefault((after.Pool, member.Rep)) + (member.Weight / weight) - (member.Rep == credit.Rep ? 1 : 0);
            _balances[(after.Pool, member.Rep)] = balance;
            WorstBalances[after.Period] = Math.Max(WorstBalances.GetValueOrDefault(after.Period), Math.Abs(balance));
        }
    }

    private void Check(LeadRun run, RepId owner, string? pool)
    {
        Rep rep = _reps[owner];
        if (rep.IsAwayAt(_now))
            Wrongs.Add($"{run.Lead.Id} went to {owner}, who was away.");
        if (pool is not null && !WorkingTimes.Of(rep, _config).IsOpenAt(_now))
            Wrongs.Add($"{run.Lead.Id} went to {owner} in closed hours.");
        if (!run.Owners.Add(owner))
            Wrongs.Add($"{run.Lead.Id} went to {owner} twice.");
    }

    private sealed class LeadRun(Lead lead, PlayStartInput start, AbmConfig config, Account? account)
    {
        public Lead Lead { get; } = lead;

        public PlayStartInput Start { get; } = start;

        /// <summary>The version that the play is pinned to.</summary>
        public AbmConfig Config { get; } = config;

        public Account? Account { get; } = account;

        public HashSet<RepId> Owners { get; } = [];

        public PlayProgress Progress { get; set; } = PlayProgress.Start;

        public IReadOnlyList<ClockRecord> Clocks { get; set; } = [];

        public PlayStop? Stop { get; set; }

        public bool IsOver => Progress.EndedAt is not null;
    }
}
