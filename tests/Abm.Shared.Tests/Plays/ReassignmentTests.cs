using Abm.Configuration;
using Abm.Decisions;
using Abm.People;
using Abm.Plays;
using Abm.TestKit;

namespace Abm.Shared.Tests.Plays;

/// <summary>What uses up the reassignments that a play may make, and what counts as one answer.</summary>
public sealed class ReassignmentTests
{
    private static readonly DateTimeOffset Start = ManualTimeProvider.WednesdayMorning;
    private static readonly AbmConfig Config = A.Config().RoutingToPool(new PoolRules { Name = "inbound" });
    private static readonly IReadOnlyDictionary<RepId, Rep> Reps = new[] { A.Rep("ann"), A.Rep("bob"), A.Rep("cat"), A.Rep("dee") }.ById();

    [Fact]
    public void Only_missed_deadlines_use_up_reassignments_and_not_people_or_steps_that_give_it_away()
    {
        PlayPlan plan = PlayDecider.Plan(new PlayStartInput(1, "play-1", "inbound", "lead-1", null, "dec-1", Config.Version, "ann", "inbound", "first-touch", Start, Start), Config, Reps);
        PlayPlan byHand = Next(Next(Next(plan, "bob", false), "cat", false), "ann", false);
        PlayPlan once = Next(byHand, "dee", true);
        PlayPlan twice = Next(once, "bob", true);

        Assert.Equal((3, 0, "inbound"), (byHand.Hop, byHand.Reassigned, byHand.ReassignPool));
        Assert.Equal((1, "inbound"), (once.Reassigned, once.ReassignPool));
        Assert.Equal((2, null), (twice.Reassigned, twice.ReassignPool)); // the default is two
        Assert.Equal((true, false), (once.OwnerClock.IsAfterBreach, byHand.OwnerClock.IsAfterBreach));
        Assert.True(PlayClocks.Record(once.OwnerClock, once).IsAfterBreach);
    }

    [Fact]
    public void The_situation_counts_missed_deadlines_by_the_clocks_of_a_lead_and_by_the_progress_of_an_account()
    {
        PlayStartInput lead = new(1, "play-1", "inbound", "lead-1", null, "dec-1", Config.Version, "ann", "inbound", "first-touch", Start, Start);
        PlayPlan plan = PlayDecider.Plan(lead, Config, Reps);
        PlayPlan byHand = Next(plan, "bob", false), missed = Next(byHand, "cat", true);
        PlaySituation situation = new(lead, PlayDecider.PlayOf(lead, Config), Config, Reps, PlayProgress.Start)
        {
            Clocks = [.. PlayClocks.Of(plan), PlayClocks.Record(byHand.OwnerClock, byHand), PlayClocks.Record(missed.OwnerClock, missed)],
        };

        Assert.Equal((2, 1), (situation.Hop, situation.Reassigned));
        Assert.Equal(("inbound", 1), (PlayDecider.LadderOf(situation, "")!.ReassignPool, PlayDecider.LadderOf(situation, "")!.Reassigned));

        PlaySituation account = situation with { Start = lead with { LeadId = null, AccountId = "A1", Policy = null }, Clocks = [] };
        PlayProgress assigned = PlayDecider.After(account, new PlannedStep("s", PlayAction.Assign, null, null, Start, Start) { Stage = "x" }, new PlayStepResult("given", OwnerId: "bob"), Start);
        PlayProgress breached = PlayDecider.After(account with { Progress = assigned }, new PlannedStep("r", PlayAction.Reassign, null, null, Start, Start) { Stage = "x" }, new PlayStepResult("given", OwnerId: "cat"), Start);
        Assert.Equal((1, 0, 2, 1), (assigned.Hop, assigned.Reassigned, breached.Hop, breached.Reassigned));
    }

    [Fact]
    public void One_question_has_one_answer_of_a_person_until_it_is_asked_again()
    {
        PlayRules play = new()
        {
            Name = "hand-off",
            On = PlayTrigger.Manual,
            Stop = [new PlayStopRule { Event = "lost" }],
            Steps =
            [
                new PlayStepRule { Name = "answer", Wait = ["accepted", "rejected", "opened"] },
                new PlayStepRule { Name = "pause", Delay = TimeSpan.FromDays(1) },
                new PlayStepRule { Name = "later", Wait = ["opened", "closed"] },
            ],
        };
        PlayEvent no = new("e1", "rejected", Start, "ann", "No time");
        PlayProgress asked = PlayProgress.Start with { At = "answer", Visit = 1, EnteredAt = Start };
        PlayProgress told = PlayDecider.Heard(asked, no);
        PlayProgress gone = told with { At = "pause", Visit = 2, AnsweredBy = ["e1"] };

        Assert.Null(PlayDecider.AnswerOf(play, asked, "rejected", "ann"));
        Assert.Equal(no, PlayDecider.AnswerOf(play, told, "rejected", "ann")); // kept, and not taken yet
        Assert.Equal(no, PlayDecider.AnswerOf(play, told, "accepted", "ann"));
        Assert.Equal(no, PlayDecider.AnswerOf(play, gone, "rejected", "ann"));
        Assert.Equal(no, PlayDecider.AnswerOf(play, gone, "accepted", "ann"));
        Assert.Equal(no, PlayDecider.AnswerOf(play, gone with { At = null, EndedAt = Start }, "accepted", "ann"));
        Assert.Null(PlayDecider.AnswerOf(play, gone, "accepted", "bob")); // another person
        Assert.Null(PlayDecider.AnswerOf(play, gone, "opened", "ann")); // another wait listens to it
        Assert.Null(PlayDecider.AnswerOf(play, gone, "lost", "ann")); // it stops the play
        Assert.Null(PlayDecider.AnswerOf(play, gone with { At = "answer", Visit = 3 }, "rejected", "ann")); // asked again
    }

    private static PlayPlan Next(PlayPlan plan, string owner, bool isAfterBreach) => PlayDecider.Replan(plan, RepId.Parse(owner), Start.AddHours(1), Config, Reps, isAfterBreach: isAfterBreach);
}
