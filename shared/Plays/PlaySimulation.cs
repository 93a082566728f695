using Abm.Accounts;
using Abm.Clocks;
using Abm.Configuration;
using Abm.Decisions;
using Abm.People;
using Abm.Routing;

namespace Abm.Plays;

/// <summary>What is to be tried.</summary>
/// <param name="Play">One of <paramref name="Config"/>'s.</param>
/// <param name="Account">Null: none.</param>
/// <param name="For">How far the virtual clock goes at most.</param>
public sealed record SimulationScript(PlayRules Play, AbmConfig Config, IReadOnlyDictionary<RepId, Rep> Reps, Account? Account, DateTimeOffset StartAt, TimeSpan For)
{
    /// <summary>Who works it at first; null: as the play says, and a lead's play as <see cref="PlaySimulation.FirstOwner"/> does.</summary>
    public string? OwnerId { get; init; }

    /// <summary>The pool that the owner came from; null: a named owner.</summary>
    public string? Pool { get; init; }

    /// <summary>What conditions can ask about, by field, beside the account.</summary>
    public IReadOnlyDictionary<string, string> Facts { get; init; } = new Dictionary<string, string>();

    public IReadOnlyList<ScriptedEvent> Events { get; init; } = [];
}

/// <summary>Something that happens in a script.</summary>
/// <param name="After">The start.</param>
/// <param name="Name">An event of the play; <c>touch, disqualified, merged, erased</c> for a lead; <c>cancel</c>, and <c>pause</c> and <c>resume</c> of every open clock with the reason.</param>
/// <param name="Facts">What is known otherwise from then on.</param>
public sealed record ScriptedEvent(TimeSpan After, string Name, string? By = null, string? Reason = null, IReadOnlyDictionary<string, string>? Facts = null);

/// <summary>One thing that would happen.</summary>
/// <param name="After">The start.</param>
/// <param name="What">Such as <c>notify, task, breach, reassign, went, heard, skipped, waits, ended</c>.</param>
/// <param name="Step">Id of the step; null: none.</param>
/// <param name="To">Whom or what it goes to; null: nobody.</param>
public sealed record SimulatedLine(DateTimeOffset At, TimeSpan After, string What, string? Step, string? To, string Says);

/// <summary>Everything that would happen.</summary>
/// <param name="Outcome">Null: it runs still when the time is over.</param>
/// <param name="IsCut">It was cut off after <see cref="PlaySimulation.MostLines"/> lines.</param>
public sealed record SimulatedPlay(IReadOnlyList<SimulatedLine> Timeline, PlayOutcome? Outcome, string? Result, string? OwnerId, IReadOnlyList<ClockRecord> Clocks, PlayProgress Progress, bool IsCut);

/// <summary>Tries a play on a virtual clock. It asks the same <see cref="PlayDecider"/> as a real one and lets the same pools take turns; only nobody is told. Pure.</summary>
public static class PlaySimulation
{
    /// <summary>Lines of a timeline.</summary>
    public const int MostLines = 2_000;

    /// <summary>What would happen.</summary>
    /// <exception cref="ArgumentException">The configuration does not have the play or one of its policies; or the play is about a lead, and nobody has it.</exception>
    public static SimulatedPlay Run(SimulationScript script) =>
        new Stage(script with { OwnerId = FirstOwner(script) ?? (script.Play.Subject == PlaySubjectKind.Lead ? throw new ArgumentException("A lead's play starts when somebody got the lead.", nameof(script)) : null) }).Run();

    /// <summary>Who has it when it starts: whom the script names; of a lead's play else the account's owner, else the next of the script's pool, else of a pool of the play. Null: nobody, which a lead's play cannot start with.</summary>
    public static string? FirstOwner(SimulationScript script)
    {
        if (script.OwnerId is not null || script.Play.Subject != PlaySubjectKind.Lead)
            return script.OwnerId;
        RouteTarget[] targets =
        [
            .. script.Pool is null ? [new RouteTarget.AccountOwner()] : Array.Empty<RouteTarget>(),
            .. new[] { script.Pool, script.Play.ReassignPool, script.Play.FallbackPool }.OfType<string>().Distinct(StringComparer.Ordinal).Select(pool => new RouteTarget.Pool(pool)),
        ];
        return PlayOwners.Choose(targets, script.Account, "first", [], script.Config, script.Reps, new Dictionary<string, PoolState>(), script.StartAt).Owner?.Value;
    }

    private sealed class Stage
    {
        private readonly SimulationScript _script;
        private readonly PlayStartInput _start;
        private readonly Dictionary<string, string> _facts;
        private readonly Dictionary<string, PoolState> _pools = new(StringComparer.Ordinal);
        private readonly List<SimulatedLine> _lines = [];
        private readonly Queue<ScriptedEvent> _coming;
        private PlayProgress _progress;
        private IReadOnlyList<ClockRecord> _clocks = [];
        private PlayStop? _stop;
        private DateTimeOffset _now;
        private int _told;

        public Stage(SimulationScript script)
        {
            _script = script;
            _facts = new Dictionary<string, string>(script.Facts, StringComparer.Ordinal);
            _coming = new Queue<ScriptedEvent>(script.Events.OrderBy(e => e.After));
            _now = script.StartAt;
            PlayRules play = script.Play;
            bool isLead = play.Subject == PlaySubjectKind.Lead;
            string? policy = isLead ? play.FirstTouch.First(c => PredicateEvaluator.Evaluate(c.When, Known()).IsTrue).Policy : null;
            string account = script.Account?.Id.Value ?? "account";
            _start = new PlayStartInput(
                1, "play-simulated", play.Name, isLead ? "lead" : null, account, null, script.Config.Version, script.OwnerId, script.Pool, policy, script.StartAt, script.StartAt)
            {
                OpportunityId = play.Subject == PlaySubjectKind.Opportunity ? "opportunity" : null,
                Trigger = "simulated",
            };
            _progress = PlayProgress.Start with { OwnerId = isLead ? null : script.OwnerId };
        }

        public SimulatedPlay Run()
        {
            DateTimeOffset end = _script.StartAt + _script.For;
            while (_lines.Count < MostLines)
            {
                while (_coming.TryPeek(out ScriptedEvent? due) && _script.StartAt + due.After <= _now)
                    Happen(_coming.Dequeue());
                PlaySituation situation = Situation();
                switch (PlayDecider.Next(situation, _now))
                {
                    case PlayStep.Do { Step: var step }:
                        Do(situation, step);
                        break;
                    case PlayStep.Skip skip:
                        _progress = PlayDecider.Done(_progress, skip.Step, new PlayStepResult("skipped", skip.Says), _now);
                        Say("skipped", skip.Step.Id, null, skip.Says);
                        break;
                    case PlayStep.Move { To: var move }:
                        Move(situation, move);
                        break;
                    case PlayStep.Wait wait:
                        _progress = PlayDecider.Waits(_progress, wait);
                        DateTimeOffset until = _coming.TryPeek(out ScriptedEvent? next) && _script.StartAt + next.After < wait.Until ? _script.StartAt + next.After : wait.Until;
                        if (until > end)
                            return Over(null);
                        _now = until;
                        break;
                    case PlayStep.End over:
                        _progress = PlayDecider.Ended(_progress, over);
                        _clocks = PlayClocks.Ended(_clocks, _ => true, over.Outcome == PlayOutcome.Touched, over.At, _now);
                        Say("ended", null, null, over.Result is null ? $"It ends: {over.Outcome}." : $"It ends: {over.Outcome}, {over.Result}.");
                        return Over(over);
                }
            }

            return new SimulatedPlay(_lines, null, null, Situation().OwnerId, _clocks, _progress, IsCut: true);
        }

        private SimulatedPlay Over(PlayStep.End? end) => new(_lines, end?.Outcome, end?.Result, Situation().OwnerId, _clocks, _progress, IsCut: false);

        private Facts Known() => new(_script.Account, new Dictionary<string, string>(_facts, StringComparer.Ordinal));

        private PlaySituation Situation()
        {
            PlaySituation situation = new(_start, _script.Play, _script.Config, _script.Reps, _progress) { Clocks = _clocks, Stop = _stop };
            if (!PlayDecider.AsksFacts(_script.Play))
                return situation;
            foreach ((string field, string value) in PlayDecider.OwnFacts(_script.Play, _progress))
                _facts[field] = value;
            return situation with { Facts = Known() };
        }

        private void Do(PlaySituation situation, PlannedStep step)
        {
            PlayStepResult result = PlayStepResult.Done;
            switch (step.Action)
            {
                case PlayAction.StartClocks:
                    PlayPlan begun = PlayDecider.ClocksOf(situation, step, Place());
                    _clocks = [.. _clocks, .. PlayClocks.Of(begun)];
                    Say("clock", step.Id, begun.OwnerId, FormattableString.Invariant($"The clock of {begun.OwnerClock.Policy} starts, due by {begun.OwnerClock.DueAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC."));
                    break;
                case PlayAction.RecordOwnerBreach or PlayAction.RecordAccountBreach:
                    string id = step.Action == PlayAction.RecordAccountBreach ? PlayDecider.AccountClockId(_start.PlayId, step.Stage!) : PlayDecider.OwnerClockId(_start.PlayId, step.Stage!, situation.Hop);
                    _clocks = [.. _clocks.Select(c => c.ClockId == id ? ClockChanges.Breached(c, _now) ?? c : c)];
                    Say("breach", step.Id, situation.OwnerId, step.Action == PlayAction.RecordAccountBreach ? "The account has waited too long." : "The owner's deadline is missed.");
                    break;
                case PlayAction.Reassign:
                    result = Reassign(situation, step);
                    break;
                case PlayAction.Assign:
                    result = Assign(situation, step);
                    break;
                case PlayAction.NoteOwner:
                    break;
                default:
                    Say(Word(step.Action), step.Id, step.To, step.Template is null ? $"{step.Action} {step.To}." : $"{step.Action} {step.To} with {step.Template}.");
                    break;
            }

            _progress = PlayDecider.After(situation, step, result, _now);
        }

        private PlayStepResult Reassign(PlaySituation situation, PlannedStep step)
        {
            PlayPlan? plan = PlayDecider.LadderOf(situation, step.Stage!);
            PlayOwnerChoice choice = plan?.ReassignPool is { } pool
                ? Choose([new RouteTarget.Pool(pool)], PlayDecider.AssignmentId(plan), PlayDecider.ExcludedOwners(plan), situation)
                : new PlayOwnerChoice(null, null, "There is no pool to take it from.", null);
            Say("reassign", step.Id, choice.Owner?.Value, choice.Says);
            if (choice.Owner is not { } owner)
                return new PlayStepResult("nobody", choice.Says);
            Give(situation, plan!, owner, isAfterBreach: true);
            return new PlayStepResult("given", choice.Says, owner.Value);
        }

        private PlayStepResult Assign(PlaySituation situation, PlannedStep step)
        {
            (IReadOnlyList<RouteTarget> targets, string? person) = PlayDecider.ReceiversOf(situation, step);
            RepId[] excluded = situation.OwnerId is null ? [] : [RepId.Parse(situation.OwnerId)];
            PlayOwnerChoice choice = person is not null ? new PlayOwnerChoice(RepId.Parse(person), null, $"{person} gets it.", null) : Choose(targets, step.Id, excluded, situation);
            Say("assign", step.Id, choice.Owner?.Value, choice.Says);
            if (choice.Owner is not { } owner)
                return new PlayStepResult("nobody", choice.Says);
            if (owner.Value == situation.OwnerId)
                return new PlayStepResult("same", choice.Says);
            if (_start.LeadId is not null && PlayDecider.LadderOf(situation, "") is { } plan)
                Give(situation, plan, owner, isAfterBreach: false);
            return new PlayStepResult("given", choice.Says, owner.Value);
        }

        private void Give(PlaySituation situation, PlayPlan plan, RepId owner, bool isAfterBreach)
        {
            PlayPlan next = PlayDecider.Replan(plan, owner, _now, situation.Config, situation.Reps, Place(), isAfterBreach);
            _clocks = PlayClocks.Given(_clocks, plan, PlayClocks.Record(next.OwnerClock, next));
        }

        private PlayOwnerChoice Choose(IReadOnlyList<RouteTarget> targets, string assignmentId, IReadOnlyList<RepId> excluded, PlaySituation situation)
        {
            PlayOwnerChoice choice = PlayOwners.Choose(targets, _script.Account, assignmentId, excluded, situation.Config, situation.Reps, _pools, _now, facts: situation.Facts ?? Known());
            if (choice is { Pool: { } pool, PoolAfter: { } after })
                _pools[pool] = after;
            return choice;
        }

        private void Move(PlaySituation situation, PlayMove move)
        {
            if (PlayDecider.StepAt(situation) is { Deadline: not null })
            {
                IReadOnlySet<string> ids = PlayClocks.IdsOf(_start.PlayId, PlayDecider.StageOf(_progress), situation.Hop);
                _clocks = PlayClocks.Ended(_clocks, c => ids.Contains(c.ClockId), move.EventId is not null, move.At, _now);
            }

            _progress = PlayDecider.Moved(_progress, move);
            Say(move.Code, move.From, move.To, move.Says);
        }

        private void Happen(ScriptedEvent happened)
        {
            foreach ((string field, string value) in happened.Facts ?? new Dictionary<string, string>())
                _facts[field] = value;
            DateTimeOffset at = _script.StartAt + happened.After;
            PlayStopKind? stop = happened.Name switch
            {
                "touch" when _start.LeadId is not null => PlayStopKind.Touched,
                "disqualified" when _start.LeadId is not null => PlayStopKind.Disqualified,
                "merged" => PlayStopKind.Merged,
                "erased" when _start.LeadId is not null => PlayStopKind.Erased,
                "cancel" => PlayStopKind.Cancelled,
                _ => null,
            };
            string says = happened.Reason is null ? $"{happened.Name} happens" : $"{happened.Name} happens ({happened.Reason})";
            if (stop is { } kind)
            {
                Say("heard", null, happened.By, $"{says}.");
                _stop ??= new PlayStop(kind, at, happened.Reason);
            }
            else if (happened.Name is "pause" or "resume")
            {
                ClockAnswer[] answers = [.. _clocks.Select(c => Changed(c, happened, at))];
                _clocks = [.. _clocks.Zip(answers, (clock, answer) => answer is ClockAnswer.Changed { Clock: var changed } ? changed : clock)];
                if (answers.Any(a => a is not ClockAnswer.Refused))
                    Say("heard", null, happened.By, $"{says}.");
                else
                    Say("refused", null, happened.By, $"{says}, and is refused: {answers.OfType<ClockAnswer.Refused>().LastOrDefault()?.Says ?? "No clock has started."}");
            }
            else if (happened.Reason is null && PlayDecider.NeedsReason(_script.Play, happened.Name))
            {
                Say("refused", null, happened.By, $"{says}, and is refused: it needs a reason.");
            }
            else
            {
                bool isHeard = PlayDecider.Hears(_script.Play).Contains(happened.Name, StringComparer.Ordinal);
                Say(isHeard ? "heard" : "unheard", null, happened.By, isHeard ? $"{says}." : $"{says}; the play does not listen to it.");
                if (isHeard)
                    _progress = PlayDecider.Heard(_progress, new PlayEvent($"evt-{_told++}", happened.Name, at, happened.By, happened.Reason));
            }
        }

        private ClockAnswer Changed(ClockRecord clock, ScriptedEvent happened, DateTimeOffset at) => happened.Name == "pause"
            ? ClockChanges.Pause(clock, _script.Config.SlaPolicies.GetValueOrDefault(clock.Policy), happened.Reason ?? "", happened.By ?? "", at)
            : ClockChanges.Resume(clock, happened.Reason, happened.By ?? "", at, ClockChanges.CalendarOf(clock, _script.Config));

        private AccountPlace? Place() => _script.Account is { } account ? AccountPlace.Of(account) : null;

        private void Say(string what, string? step, string? to, string says) => _lines.Add(new SimulatedLine(_now, _now - _script.StartAt, what, step, to, says));

        private static string Word(PlayAction action) => action switch
        {
            PlayAction.Notify => "notify",
            PlayAction.Task => "task",
            PlayAction.Enrol => "sequence",
            PlayAction.Enrich => "enrich",
            PlayAction.CallWebhook => "webhook",
            PlayAction.StartPlay => "start",
            PlayAction.HandToRevOps => "revOps",
            _ => "step",
        };
    }
}
